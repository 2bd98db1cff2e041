"""Cells that hold lists: skills with levels, languages, interests, and ids of people.

Each distinct item is understood once; cells are split once for each distinct cell, and the
people only refer to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from matchkit.errors import Severity
from matchkit.profiles.levels import ABSENT, LEVEL_MEND, split_level
from matchkit.profiles.lists import Lists, SkillLists
from matchkit.profiles.schema import COLUMNS
from matchkit.profiles.skills import clean_skill
from matchkit.profiles.splitting import apart
from matchkit.profiles.tables import Cells, Encoder, Findings, Problem, is_spreadsheet_error, trim

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["skills", "list", "languages", "people"]
"""How the items of a column are told apart."""

_CHUNK: Final = 1 << 13  # cells split at once: bounds the items held as text
_READ_AS: Final = 30
_REGION: Final = re.compile(r"([a-z]{2,3})[-_](?:[a-z]{4}[-_])?(?:[a-z]{2}|\d{3})")


_HOW_WELL: Final = (
    r"(?:[abc][12]\+?|native(?: speaker)?|mother tongue|bilingual|fluent(?:ly)?|proficient|basic|"
    r"beginner|elementary|(?:upper )?intermediate|advanced|conversational|(?:very )?good|"
    r"business(?: level| fluent)?|(?:full )?(?:professional|working)(?: proficiency)?|"
    r"muttersprache|verhandlungssicher|fließend|grundkenntnisse|[1-5])"
)
_LEVEL: Final = re.compile(
    rf"\s*(?:\(\s*{_HOW_WELL}\s*\)|\s[-\u2013\u2014]\s*{_HOW_WELL}|:\s*{_HOW_WELL})\s*$",
    re.IGNORECASE,
)


def clean_language(text: str) -> str:
    """Return the form in which languages are compared.

    A region after a code is left out, and how well somebody speaks it.

    Examples
    --------
    >>> clean_language("en-US"), clean_language("Norsk"), clean_language("English (C1)")
    ('en', 'norsk', 'english')
    """
    cleaned = clean_skill(_LEVEL.sub("", text))
    region = _REGION.fullmatch(cleaned)
    return region.group(1) if region else cleaned


def list_kind(key: str) -> Kind:
    """Return how the items of a column are told apart.

    Examples
    --------
    >>> list_kind("goals"), list_kind("languages"), list_kind("prefers"), list_kind("interests")
    ('skills', 'languages', 'people', 'list')
    """
    if key == "languages":
        return "languages"
    kind = COLUMNS[key].kind
    return kind if kind in {"skills", "people"} else "list"


def read_lists(
    column: str,
    cells: Cells,
    findings: Findings,
    *,
    clean: Callable[[str], str],
    kind: Kind = "list",
) -> tuple[SkillLists, Cells]:
    """Read a column of lists.

    Items are set apart by ``;`` or line breaks, and by ``,`` or ``/`` as the column shows.

    Parameters
    ----------
    column : str
        The heading, for findings.
    cells : Cells
        Cleaned cells.
    findings : Findings
        Gets an error for each level that is none, and a line for each item named twice.
    clean : callable
        Turns an item into the form in which it is compared.
    kind : str, default "list"
        Of ``"skills"`` items may end in a level, as in ``python:4``; ``"languages"`` may be
        joined by ``/`` or "and"; names of ``"people"`` may hold a comma.

    Returns
    -------
    lists : SkillLists
        Levels are 0 where none was stated.
    cells : Cells
        The column in canonical form.
    """
    if kind == "people":
        items = _split(cells.values, _separator(column, cells, findings))
    else:
        items = _split(apart(column, cells, findings, languages=kind == "languages"), ";")
    names, problems = _understand(items.texts, clean=clean, levels=kind == "skills")
    where = _Where(column, cells, findings)
    _note_problems(where, items, problems)
    _note_levels(where, items, names)
    kept = _without_repeats(items, names)
    _note_repeats(where, kept, names)
    lists = SkillLists(
        kept.indptr, names.label[kept.item], names.labels,
        _most_frequent(items, names, np.bincount(cells.codes, minlength=len(cells.values))),
        kept.level.astype(np.int8),
    )  # fmt: skip
    return lists.take(cells.codes), cells.mapped(_canonical(kept, names))


def without_levels(lists: SkillLists) -> Lists:
    """Return the same lists as plain `Lists`."""
    return Lists(lists.indptr, lists.codes, lists.labels, lists.written)


@dataclass(frozen=True, eq=False)
class _Where:
    """The column under way, and where its findings go."""

    column: str
    cells: Cells
    findings: Findings

    def add(self, severity: Severity, message: str, mend: str, *, cell: int, value: str) -> None:
        """Note one thing, once for each person who has this distinct cell."""
        for person in self.cells.people(cell):
            self.findings.add(
                severity, message, mend, column=self.column, value=value, person=person
            )


@dataclass(frozen=True, eq=False)
class _Items:
    """Distinct cells split: whose each item is, and which distinct text it has."""

    cell: NDArray[np.int64]
    item: NDArray[np.int64]
    texts: list[str]


@dataclass(frozen=True, eq=False)
class _Names:
    """What each distinct text of an item says; label -1 where it says nothing."""

    shown: list[str]
    label: NDArray[np.int64]
    level: NDArray[np.int64]
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Kept:
    """Items of each distinct cell without blanks and repeats."""

    indptr: NDArray[np.int64]
    item: NDArray[np.int64]
    level: NDArray[np.int64]
    repeats: dict[int, list[int]]  # cell -> items named more than once


def _separator(column: str, cells: Cells, findings: Findings) -> str:
    """Return what sets items apart in this column, beside line breaks."""
    if any(";" in value or "\n" in value for value in cells.values):
        return ";"
    if any("," in value for value in cells.values):
        findings.add("note", "its lists were split on ',': there is no ';'", column=column)
        return ","
    return ";"


def _split(values: Sequence[str], separator: str) -> _Items:
    """Split each distinct cell and number the distinct items."""
    encoder = Encoder()
    lengths: list[int] = []
    for start in range(0, len(values), _CHUNK):
        chunk = [value.replace("\n", separator) for value in values[start : start + _CHUNK]]
        lengths += [value.count(separator) + 1 for value in chunk]
        encoder.add(separator.join(chunk).split(separator))
    items = encoder.cells()
    cell = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    return _Items(cell, items.codes, items.values)


def _understand(
    texts: list[str], *, clean: Callable[[str], str], levels: bool
) -> tuple[_Names, dict[int, Problem]]:
    """Understand each distinct item; say what is wrong with those that make no sense."""
    shown, cleaned, level = [], [], np.zeros(len(texts), dtype=np.int64)
    problems: dict[int, Problem] = {}
    for i, text in enumerate(texts):
        name = trim(text)
        if levels:
            try:
                name, level[i] = split_level(text)
            except ValueError as error:
                problems[i] = str(error), LEVEL_MEND
        label = clean(name)
        if trim(text) and (not label or is_spreadsheet_error(name)):
            problems.setdefault(i, (f"{trim(text)!r} names nothing", "write a name, or remove it"))
        shown.append(name)
        cleaned.append("" if i in problems or level[i] == ABSENT else label)
    labels = tuple(sorted(set(cleaned) - {""}))
    position = {label: i for i, label in enumerate(labels)}
    codes = np.array([position.get(label, -1) for label in cleaned], dtype=np.int64)
    return _Names(shown, codes, level, labels), problems


def _note_problems(where: _Where, items: _Items, problems: dict[int, Problem]) -> None:
    """Note faulty items, once for each person who wrote them."""
    for i in np.flatnonzero(np.isin(items.item, list(problems))).tolist():
        text = items.texts[items.item[i]]
        message, mend = problems[int(items.item[i])]
        where.add("error", message, mend, cell=int(items.cell[i]), value=trim(text))


def _note_levels(where: _Where, items: _Items, names: _Names) -> None:
    """Say which items were read as a skill with a level that is not written after a colon."""
    said = {}
    for i in np.flatnonzero(names.level).tolist():
        text, level = trim(items.texts[i]), int(names.level[i])
        plain = f"{names.shown[i]}:{level}"
        if level == ABSENT:
            said[i] = f"{text!r} was left out: it says that there is no such skill"
        elif "".join(text.split()) != "".join(plain.split()):
            said[i] = f"{text!r} was read as {plain!r}"
    people = np.bincount(where.cells.codes, minlength=len(where.cells.values))
    for i, message in sorted(said.items(), key=lambda each: items.texts[each[0]])[:_READ_AS]:
        where_it_is = items.cell[items.item == i]
        count = int(people[where_it_is].sum())
        rows = [where.findings.first_row(where.cells, cell) for cell in where_it_is.tolist()]
        noun = "cell" if count == 1 else "cells"
        where.findings.add(
            "repaired", f"{message} ({count} {noun})", column=where.column,
            value=trim(items.texts[i]),
            row=min((row for row in rows if row is not None), default=None),
        )  # fmt: skip
    if len(said) > _READ_AS:
        where.findings.add("repaired", f"and {len(said) - _READ_AS} more items were read likewise",
                           column=where.column)  # fmt: skip


def _without_repeats(items: _Items, names: _Names) -> _Kept:
    """Keep the first of each label in a cell, at the highest level stated there."""
    named = names.label[items.item] >= 0
    cell, item = items.cell[named], items.item[named]
    pair = cell * max(1, len(names.labels)) + names.label[item]
    order = np.argsort(pair, kind="stable")
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = np.diff(pair[order]) > 0
    starts = np.flatnonzero(fresh)
    level = names.level[item]
    best = np.maximum.reduceat(level[order], starts) if len(starts) else level
    first = order[starts]
    written = np.argsort(first)  # back to the order in which the cell has them
    repeats: dict[int, list[int]] = {}
    for i in order[~fresh].tolist():
        repeats.setdefault(int(cell[i]), []).append(int(item[i]))
    indptr = np.zeros(int(items.cell[-1]) + 2 if len(items.cell) else 1, dtype=np.int64)
    np.cumsum(np.bincount(cell[first], minlength=len(indptr) - 1), out=indptr[1:])
    return _Kept(indptr, item[first[written]], best[written], repeats)


def _note_repeats(where: _Where, kept: _Kept, names: _Names) -> None:
    """Note items named twice, once for each person who wrote them."""
    how = "kept once, at the highest level" if names.level.any() else "kept once"
    for cell, items in kept.repeats.items():
        for item in items:
            message = f"{names.shown[item]!r} is named more than once: {how}"
            where.add("repaired", message, "", cell=cell, value=where.cells.values[cell])


def _most_frequent(items: _Items, names: _Names, people: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the most frequent spelling of each label, the first in the alphabet of equals."""
    weights = people[items.cell].astype(np.float64)
    counts = np.bincount(items.item, weights=weights, minlength=len(items.texts)).tolist()
    totals: dict[tuple[int, str], float] = {}
    for label, text, count in zip(names.label.tolist(), names.shown, counts, strict=True):
        totals[label, text] = totals.get((label, text), 0.0) + count
    best: dict[int, tuple[float, str]] = {}
    for (label, text), count in totals.items():
        if label not in best or (-count, text) < best[label]:
            best[label] = (-count, text)
    return tuple(best[label][1] for label in range(len(names.labels)))


def _canonical(kept: _Kept, names: _Names) -> list[str]:
    """Write each distinct cell so that reading it again gives the same list."""
    stated = zip(names.shown, names.level.tolist(), strict=True)
    forms = [f"{name}:{level}" if level else name for name, level in stated]
    texts = list(map(forms.__getitem__, kept.item.tolist()))
    for i in np.flatnonzero(kept.level != names.level[kept.item]).tolist():
        texts[i] = f"{names.shown[kept.item[i]]}:{kept.level[i]}"
    bounds = kept.indptr.tolist()
    cells = ["; ".join(texts[a:b]) for a, b in pairwise(bounds)]
    if any("," in name or "/" in name for name in names.shown):
        # The closing ';' tells a single item that holds another separator from two items.
        cells = [cell + ";" if ";" not in cell and ("," in cell or "/" in cell) else cell
                 for cell in cells]  # fmt: skip
    return cells
