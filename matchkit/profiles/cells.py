"""Cells that hold more than text and are no lists: hours, zones and numbers.

Each distinct cell is understood once; the people only refer to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from matchkit.profiles.hours import HOURS_MEND, Windows, parse_windows
from matchkit.profiles.numbers import (
    COUNT_MEND,
    NUMBER_MEND,
    number_text,
    parse_count,
    parse_number,
)
from matchkit.profiles.tables import Cells, Findings, Problem
from matchkit.profiles.zones import canonical_zone, nearest_zones

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ZONE_MEND: Final = "write an IANA name such as Europe/Oslo or an offset such as UTC+5:30"
_HINTS: Final = 20
_LONG: Final = 60
T = TypeVar("T")


def _each(
    column: str,
    cells: Cells,
    findings: Findings,
    *,
    parse: Callable[[str], T],
    blank: T,
    mend: str,
) -> list[T]:
    """Understand each distinct cell, noting those that make no sense."""
    values, problems = [], {}
    for i, text in enumerate(cells.values):
        value = blank
        if text:
            try:
                value = parse(text)
            except ValueError as error:
                problems[i] = str(error), mend
        values.append(value)
    findings.at_cells("error", column, cells, problems)
    return values


def read_hours(column: str, cells: Cells, findings: Findings) -> tuple[Windows, Cells]:
    """Read a column of weekly windows; the cells come back day by day, sorted and merged."""
    parse = partial(parse_windows, memory={})
    none: list[tuple[int, int]] = []
    parsed = _each(column, cells, findings, parse=parse, blank=none, mend=HOURS_MEND)
    windows = Windows.of_pairs(parsed)
    texts = ["; ".join(windows.of(i)) for i in range(len(windows))]
    return windows.take(cells.codes), cells.mapped(texts)


def read_zones(column: str, cells: Cells, findings: Findings) -> tuple[NDArray[np.object_], Cells]:
    """Read a column of time zones as canonical names."""
    names: list[str] = []
    problems: dict[int, Problem] = {}
    for i, text in enumerate(cells.values):
        name = canonical_zone(text) if text else ""
        if name is None:
            # Looking for the nearest among hundreds takes milliseconds: not for every row.
            hint = nearest_zones(text) if len(problems) < _HINTS and len(text) < _LONG else ""
            problems[i] = f"there is no time zone {text!r}", _ZONE_MEND + hint
        names.append(name or "")
    findings.at_cells("error", column, cells, problems)
    canonical = cells.mapped(names)
    return canonical.texts(), canonical


def read_numbers(
    column: str, cells: Cells, findings: Findings
) -> tuple[NDArray[np.float64], Cells]:
    """Read a column of numbers, NaN where blank."""
    nan = float("nan")
    parsed = _each(column, cells, findings, parse=parse_number, blank=nan, mend=NUMBER_MEND)
    texts = ["" if math.isnan(value) else number_text(value) for value in parsed]
    return np.array(parsed, dtype=np.float64)[cells.codes], cells.mapped(texts)


def read_counts(
    column: str, cells: Cells, findings: Findings, *, default: int
) -> tuple[NDArray[np.int64], Cells]:
    """Read a column of whole numbers, `default` where blank."""
    parsed = _each(column, cells, findings, parse=parse_count, blank=default, mend=COUNT_MEND)
    texts = [str(value) if text else "" for text, value in zip(cells.values, parsed, strict=True)]
    return np.array(parsed, dtype=np.int64)[cells.codes], cells.mapped(texts)
