"""From any source to a pool: the one place where input becomes people."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from matchkit.errors import Finding, ProfileError
from matchkit.profiles import presets, sides
from matchkit.profiles.cells import read_counts, read_hours, read_seniority, read_zones
from matchkit.profiles.cleaning import cleaned
from matchkit.profiles.columnmap import ColumnMap
from matchkit.profiles.grids import joined_grids
from matchkit.profiles.headings import LEFT_OUT, map_headings, one_of_each
from matchkit.profiles.hints import Hints, understood
from matchkit.profiles.identity import compose_names, read_ids
from matchkit.profiles.list_cells import (
    clean_language,
    list_kind,
    read_lists,
    without_levels,
)
from matchkit.profiles.numbers import parse_most
from matchkit.profiles.plain_words import with_truth_values, without_words_for_nothing
from matchkit.profiles.pool import Pool, Role
from matchkit.profiles.presets import Preset
from matchkit.profiles.schema import COLUMNS, heading_key
from matchkit.profiles.skills import clean_skill
from matchkit.profiles.sources import read_table
from matchkit.profiles.tables import Cells, Findings, Form, Table, trim
from matchkit.profiles.twins import note_twins

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCKING: Final = frozenset({"question", "error"})


@dataclass(frozen=True, eq=False)
class Examination:
    """What came of reading a source, faults and all.

    Attributes
    ----------
    pool : Pool or None
        The people; None where something must be mended or answered first.
    findings : tuple of Finding
        Errors and questions first, in the order of the rows, then the rest.
    form : Form or None
        How the source was read; None where it could not be opened.
    mapping : mapping of str to str
        Each heading and the column that it is read as, ``""`` where it is left out.
    sides : mapping of str to int
        How many people take part as mentors and as mentees, where the source says it.
    """

    pool: Pool | None
    findings: tuple[Finding, ...]
    form: Form | None
    mapping: Mapping[str, str]
    sides: Mapping[str, int]


def read_people(
    source: Any,
    *,
    role: Role | None = None,
    columns: ColumnMap | Mapping[str, str] | str | PathLike[str] | None = None,
    preset: Preset | None = None,
    name: str | None = None,
) -> Pool:
    """Read people.

    Parameters
    ----------
    source : str, PathLike, frame, or iterable of Profile or dict
        A CSV file, an Excel workbook (with the extra ``excel``), a JSON file (a list of
        records, or a SCIM 2.0 list response), a pandas or polars frame or another that
        narwhals reads, or one profile or dict for each person. A pool is returned as it is.
    role : {"mentor", "mentee"}, optional
        Which side the people are on. Of a source in which a column says who is a mentor and
        who is a mentee, only the people of this side are read. Without a role everyone is
        read, for no side.
    columns : mapping of str to str, path, or ColumnMap, optional
        Headings and the columns that they mean, or a mapping file that says so.
    preset : {"google-forms", "microsoft-forms", "scim", "none"}, optional
        The kind of export; recognized where it is not given.
    name : str, optional
        What to call the source in findings; by default the file's name, or ``"mentors"`` /
        ``"mentees"``.

    Returns
    -------
    Pool
        The people as columns, with everything that was noticed in its `findings`. A source
        with headings and no people gives an empty pool.

    Raises
    ------
    ProfileError
        Something was not understood: all faults together, each with row, column, value and
        the mend.
    ProgramError
        The mapping, the preset or the role is wrong.

    Examples
    --------
    >>> pool = read_people([{"Employee ID": 7, "Skills": "Python:4; SQL"}], role="mentor")
    >>> pool.ids.tolist(), pool.skills.of(0), pool.skills.levels.tolist()
    (['7'], ('Python', 'SQL'), [4, 0])

    Every fault is reported at once:

    >>> read_people([{"id": 1, "skills": "sql:9"}, {"id": 1}], role="mentor")
    Traceback (most recent call last):
        ...
    matchkit.errors.ProfileError: mentors, row 0, column skills: the level '9' is not a number \
from 1 to 5; write the level as 1 to 5, such as 'python:4', or leave ':' out
    mentors, row 1, column id: the id '1' is also in row 0; give each person an id of their own
    """
    examined = examine_people(source, role=role, columns=columns, preset=preset, name=name)
    if examined.pool is None:
        raise ProfileError(
            replace(finding, severity="error")
            for finding in examined.findings
            if finding.severity in _BLOCKING
        )
    return examined.pool


def examine_people(
    source: Any,
    *,
    role: Role | None = None,
    columns: ColumnMap | Mapping[str, str] | str | PathLike[str] | None = None,
    preset: Preset | None = None,
    name: str | None = None,
) -> Examination:
    """Read people and return all findings, errors and questions too, instead of raising.

    Parameters
    ----------
    source, role, columns, preset, name
        As in `read_people`.

    Returns
    -------
    Examination
        The people, if all is well, and all that was noticed.

    Raises
    ------
    ProgramError
        The mapping, the preset or the role is wrong.

    Examples
    --------
    >>> examined = examine_people([{"id": "di", "timezone": "Mars"}], role="mentor")
    >>> examined.pool is None, examined.findings[0].column, examined.findings[0].value
    (True, 'timezone', 'Mars')
    """
    given = ColumnMap.of(columns)
    kind = presets.chosen_preset(preset or given.preset or None)
    side = sides.chosen_role(role)
    if isinstance(source, Pool):
        known = source if role is None else replace(source, role=side)
        return Examination(known, known.findings, Form("pool"), known.mapping, {})
    findings = Findings(name or _source_name(source, side))
    reading = _Reading(findings, side, given, kind)
    pool: Pool | None = None
    with contextlib.suppress(ProfileError):  # what was wrong is among the findings
        pool = reading.pool(source)
    found = (*findings.errors(), *findings.others())
    if any(finding.severity in _BLOCKING for finding in found):
        pool = None
    pool = pool and replace(pool, findings=found)
    return Examination(pool, found, reading.form, reading.mapping, reading.sides)


def _source_name(source: object, role: Role) -> str:
    if isinstance(source, str | PathLike):
        return Path(source).name
    return "people" if role == "person" else f"{role}s"


@dataclass
class _Reading:
    """One source on its way to a pool; every column passes through once."""

    findings: Findings
    role: Role
    given: ColumnMap
    preset: str | None
    form: Form | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    sides: Mapping[str, int] = field(default_factory=dict)
    columns: dict[str, Cells] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)

    def pool(self, source: Any) -> Pool:
        """Read the source and understand it."""
        chosen = self.given.of_side(self.role)
        told = {heading_key(heading) for heading in chosen}
        hints = Hints(
            knows=lambda heading: heading_key(heading) in told or understood(heading),
            role=self.role, encoding=self.given.encoding, delimiter=self.given.delimiter,
            sheet=self.given.sheet,
        )  # fmt: skip
        table = cleaned(read_table(source, self.findings, hints), self.findings)
        table = joined_grids(table, chosen, self.findings)
        self.form = table.form
        self._name_columns(table, chosen)
        rows = self._take_side(table.rows)
        compose_names(self.columns, self.headings, self.findings)
        made = presets.response_ids(self.columns, self.role, self.findings)
        if made is not None:
            self.columns["id"] = made
        ids = read_ids(self.columns, self.headings, self.findings)
        note_twins(self.columns, self.findings)
        return self._joined(ids, rows)

    def _name_columns(self, table: Table, chosen: Mapping[str, str]) -> None:
        """Tell which heading is which column."""
        told = table.form.preset or presets.recognized(table.headings)
        preset = told if self.preset is None else self.preset
        self.form = replace(table.form, preset=preset)
        own = presets.own_headings(preset, table.headings)
        keys = map_headings(table.headings, self.findings, own | dict(chosen))
        keys = sides.told_by_role(keys, table.headings, table.cells, self.findings)
        self.mapping = dict(zip(table.headings, keys, strict=True))
        left_out = [heading for heading, key in self.mapping.items() if key == LEFT_OUT]
        for heading in left_out:
            self.findings.add("note", f"the column {heading!r} was left out, as the mapping says",
                              column=heading)  # fmt: skip
        self.columns, self.headings = one_of_each(table.headings, keys, table.cells, self.findings)
        self.columns = {
            key: without_words_for_nothing(key, self.headings[key], cells, self.findings)
            for key, cells in presets.without_strangers(preset, self.columns).items()
        }

    def _take_side(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Keep the people of the side that is wanted, where a column says who is on which."""
        if sides.SIDE not in self.columns:
            return rows
        heading, cells = self.headings[sides.SIDE], self.columns[sides.SIDE]
        read = sides.read_sides(heading, cells, self.findings)
        self.columns[sides.SIDE] = read
        self.sides = sides.counts(read)
        kept = sides.people_of(self.role, heading, (cells, read), self.findings)
        if len(kept) == len(rows):
            return rows
        self.columns = {key: each.take(kept) for key, each in self.columns.items()}
        self.findings.rows = rows[kept]
        return rows[kept]

    # Columns ----------------------------------------------------------------------------------

    def _cells(self, key: str) -> Cells:
        blank = Cells([""], np.zeros(len(self.findings.rows), dtype=np.int64))
        return self.columns.get(key, blank)

    def _keep(self, key: str, cells: Cells) -> None:
        """Keep the canonical form of a column that is there."""
        if key in self.columns:
            self.columns[key] = cells

    def _list(self, key: str) -> Any:
        """Read one of the columns of lists."""
        kind = list_kind(key)
        cleaners = {"languages": clean_language, "people": trim}
        lists, cells = read_lists(
            self.headings.get(key, key), self._cells(key), self.findings,
            clean=cleaners.get(kind, clean_skill), kind=kind,
        )  # fmt: skip
        self._keep(key, cells)
        return lists if kind == "skills" else without_levels(lists)

    def _parsed(self, key: str, read: Any) -> Any:
        """Read one of the other columns."""
        values, cells = read(self.headings.get(key, key), self._cells(key), self.findings)
        self._keep(key, cells)
        return values

    def _joined(self, ids: NDArray[np.object_], rows: NDArray[np.int64]) -> Pool:
        """Read every column and join them."""
        lists = {key: self._list(key) for key, column in COLUMNS.items()
                 if column.kind in {"skills", "list", "people"}}  # fmt: skip
        hours = self._parsed("hours", read_hours)
        zone = self._parsed("timezone", read_zones)
        seniority = self._parsed("seniority", partial(read_seniority, order=self.given.seniority))
        capacity = self._parsed("capacity", partial(read_counts, default=1, parse=parse_most))
        min_load = self._parsed("min_load", partial(read_counts, default=0))
        self._check_places(capacity, min_load)
        return Pool(
            role=self.role, ids=ids, columns=self._texts(ids), **lists, hours=hours, zone=zone,
            seniority=seniority, capacity=capacity, min_load=min_load, rows=rows,
            mapping=self.mapping, source=self.findings.source,
        )  # fmt: skip

    def _texts(self, ids: NDArray[np.object_]) -> dict[str, NDArray[np.object_]]:
        """Return every column as text, the ids first."""
        texts = {"id": ids}
        for key, cells in self.columns.items():
            if key == "id":
                continue
            own = key not in COLUMNS
            texts[key] = (self._truth(key, cells) if own else cells).texts()
        return texts

    def _truth(self, key: str, cells: Cells) -> Cells:
        return with_truth_values(self.headings.get(key, key), cells, self.findings)

    def _check_places(self, capacity: NDArray[np.int64], min_load: NDArray[np.int64]) -> None:
        """Say which capacities were filled in, and which smallest loads cannot be."""
        if self.role != "mentor":
            return
        blank = int(self._cells("capacity").blank().sum())
        if blank:
            self.findings.add(
                "note", f"{blank} of {len(capacity)} mentors state no capacity: 1 place each",
                column=self.headings.get("capacity", "capacity"),
            )  # fmt: skip
        for person in np.flatnonzero(min_load > capacity).tolist():
            self.findings.add(
                "error", f"min_load {min_load[person]} is more than capacity {capacity[person]}",
                "raise capacity or lower min_load",
                column=self.headings.get("min_load", "min_load"),
                value=str(min_load[person]), person=person,
            )  # fmt: skip
