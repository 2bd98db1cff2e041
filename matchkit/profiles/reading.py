"""From any source to a pool: the one place where input becomes people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from matchkit.errors import Finding, ProfileError
from matchkit.profiles.cells import read_counts, read_hours, read_numbers, read_zones
from matchkit.profiles.headings import map_headings
from matchkit.profiles.identity import read_ids
from matchkit.profiles.list_cells import clean_language, read_lists, without_levels
from matchkit.profiles.pool import Pool, Role
from matchkit.profiles.schema import COLUMNS
from matchkit.profiles.skills import clean_skill
from matchkit.profiles.tables import Cells, Findings, Table, trim
from matchkit.profiles.text_files import read_csv

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TRUTH: Final = {"true": "true", "false": "false"}


def read_people(source: Any, *, role: Role, name: str | None = None) -> Pool:
    """Read one side's people.

    Parameters
    ----------
    source : str, PathLike, frame, or iterable of Profile or dict
        A CSV file (UTF-8, UTF-16 or Windows-1252; ``,``, ``;`` or tab), a pandas or polars
        frame or another that narwhals reads, or one profile or dict for each person. A pool
        is returned as it is.
    role : {"mentor", "mentee"}
        Which side the people are on.
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
    pool, findings = examine_people(source, role=role, name=name)
    if pool is None:
        raise ProfileError(finding for finding in findings if finding.severity == "error")
    return pool


def examine_people(
    source: Any, *, role: Role, name: str | None = None
) -> tuple[Pool | None, tuple[Finding, ...]]:
    """Read one side's people and return all findings, errors too, instead of raising.

    Parameters
    ----------
    source, role, name
        As in `read_people`.

    Returns
    -------
    pool : Pool or None
        None where there was an error.
    findings : tuple of Finding
        Errors first, in the order of the rows, then the rest.

    Examples
    --------
    >>> pool, findings = examine_people([{"id": "di", "timezone": "Oslo"}], role="mentor")
    >>> pool is None, findings[0].column, findings[0].value
    (True, 'timezone', 'Oslo')
    """
    if isinstance(source, Pool):
        return replace(source, role=role), source.findings
    findings = Findings(name or _source_name(source, role))
    try:
        pool = _read(read_table(source, findings), findings, role)
    except ProfileError:
        pool = None
    found = (*findings.errors(), *findings.others())
    if pool is None or findings.errors():
        return None, found
    return replace(pool, findings=found), found


def _source_name(source: object, role: Role) -> str:
    return Path(source).name if isinstance(source, str | PathLike) else f"{role}s"


def read_table(source: Any, findings: Findings) -> Table:
    """Turn any source into a table of text, before its headings are understood."""
    if isinstance(source, str | PathLike):
        return read_csv(source, findings)
    from matchkit.profiles.frames import read_frame, read_records

    # Asking the class leaves a lazy frame's own `columns` alone: that could run its query.
    is_frame = hasattr(type(source), "columns") or hasattr(source, "__narwhals_dataframe__")
    if is_frame or isinstance(source, Mapping | bytes) or not isinstance(source, Iterable):
        return read_frame(source, findings)
    return read_records(source, findings)


def _read(table: Table, findings: Findings, role: Role) -> Pool:
    """Understand a table."""
    table = table.cleaned(findings)
    keys = map_headings(table.headings, findings)
    headings = dict(zip(keys, table.headings, strict=True))
    columns = dict(zip(keys, table.cells, strict=True))
    ids = read_ids(columns, headings, findings)
    return _Reading(columns, headings, findings, role).pool(table, ids)


class _Reading:
    """One table on its way to a pool; every column passes through once."""

    def __init__(
        self,
        columns: dict[str, Cells],
        headings: dict[str, str],
        findings: Findings,
        role: Role,
    ) -> None:
        self.columns, self.headings = columns, headings
        self.findings, self.role = findings, role
        self.people = len(findings.rows)

    def _cells(self, key: str) -> Cells:
        blank = Cells([""], np.zeros(self.people, dtype=np.int64))
        return self.columns.get(key, blank)

    def _keep(self, key: str, cells: Cells) -> None:
        """Keep the canonical form of a column that is there."""
        if key in self.columns:
            self.columns[key] = cells

    def lists(self, key: str) -> Any:
        """Read one of the columns of lists."""
        kind = COLUMNS[key].kind
        clean = clean_language if key == "languages" else trim if kind == "people" else clean_skill
        lists, cells = read_lists(
            self.headings.get(key, key), self._cells(key), self.findings,
            clean=clean, levels=kind == "skills",
        )  # fmt: skip
        self._keep(key, cells)
        return lists if kind == "skills" else without_levels(lists)

    def parsed(self, key: str, read: Any, **options: Any) -> Any:
        """Read one of the other columns."""
        heading = self.headings.get(key, key)
        values, cells = read(heading, self._cells(key), self.findings, **options)
        self._keep(key, cells)
        return values

    def pool(self, table: Table, ids: NDArray[np.object_]) -> Pool:
        """Read every column and join them."""
        lists = {key: self.lists(key) for key, column in COLUMNS.items()
                 if column.kind in {"skills", "list", "people"}}  # fmt: skip
        hours = self.parsed("hours", read_hours)
        zone = self.parsed("timezone", read_zones)
        seniority = self.parsed("seniority", read_numbers)
        capacity = self.parsed("capacity", read_counts, default=1)
        min_load = self.parsed("min_load", read_counts, default=0)
        self._check_places(capacity, min_load)
        return Pool(
            role=self.role, ids=ids, columns=self._texts(ids), **lists, hours=hours, zone=zone,
            seniority=seniority, capacity=capacity, min_load=min_load, rows=table.rows,
            mapping={heading: key for key, heading in self.headings.items()},
            source=self.findings.source,
        )  # fmt: skip

    def _texts(self, ids: NDArray[np.object_]) -> dict[str, NDArray[np.object_]]:
        """Return every column as text, the ids first."""
        texts = {"id": ids}
        for key, cells in self.columns.items():
            if key == "id":
                continue
            texts[key] = (cells if key in COLUMNS else _with_truth_values(cells)).texts()
        return texts

    def _check_places(self, capacity: NDArray[np.int64], min_load: NDArray[np.int64]) -> None:
        """Say which capacities were filled in, and which smallest loads cannot be."""
        if self.role == "mentee":
            return
        blank = int(self._cells("capacity").blank().sum())
        if blank:
            self.findings.add(
                "note", f"{blank} of {self.people} mentors state no capacity: 1 place each",
                column=self.headings.get("capacity", "capacity"),
            )  # fmt: skip
        for person in np.flatnonzero(min_load > capacity).tolist():
            self.findings.add(
                "error", f"min_load {min_load[person]} is more than capacity {capacity[person]}",
                "raise capacity or lower min_load",
                column=self.headings.get("min_load", "min_load"),
                value=str(min_load[person]), person=person,
            )  # fmt: skip


def _with_truth_values(cells: Cells) -> Cells:
    """Write truth values in one way: frames know them, files have only words for them."""
    if _TRUTH.keys().isdisjoint(map(str.casefold, cells.values)):
        return cells
    return cells.mapped([_TRUTH.get(value.casefold(), value) for value in cells.values])
