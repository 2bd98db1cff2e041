"""Cells that hold more than text and are no lists: hours, zones and numbers.

Each distinct cell is understood once; the people only refer to it.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from matchkit.profiles.hours import HOURS_MEND, Windows, parse_windows
from matchkit.profiles.numbers import (
    COUNT_MEND,
    NUMBER_MEND,
    number_text,
    parse_count,
    parse_number,
    parse_years,
)
from matchkit.profiles.schema import heading_key
from matchkit.profiles.spoken_hours import is_vague
from matchkit.profiles.tables import Cells, Findings, Problem
from matchkit.profiles.zones import canonical_zone, is_place, nearest_zones

if TYPE_CHECKING:
    from numpy.typing import NDArray

RANKED: Final = "its labels count by their rank"
"""What is said of labels of seniority."""

_ZONE_MEND: Final = "write an IANA name such as Europe/Oslo or an offset such as UTC+5:30"
# What a spreadsheet makes of "3-5" or "9-11" where nobody told it that they are text.
_DATED: Final = re.compile(
    r"\d{4}-\d\d-\d\d.*|\d{1,2}[-. ][A-Za-z]{3}|[A-Za-z]{3}[-. ]\d{1,2}|"
    r"\d{1,2}[./]\d{1,2}[./]\d{2,4}"
)
_DATE_MEND: Final = "a spreadsheet seems to have made a date of it: format the column as text, and "
_HINTS: Final = 20
_LABELS: Final = 12
_LONG: Final = 60
T = TypeVar("T")
B = TypeVar("B")


def _each(
    column: str,
    cells: Cells,
    findings: Findings,
    *,
    parse: Callable[[str], T],
    blank: B,
    mend: str,
) -> list[T | B]:
    """Understand each distinct cell, noting those that make no sense."""
    values: list[T | B] = []
    problems: dict[int, Problem] = {}
    for i, text in enumerate(cells.values):
        value: T | B = blank
        if text:
            try:
                value = parse(text)
            except ValueError as error:
                problems[i] = str(error), (_DATE_MEND if _DATED.fullmatch(text) else "") + mend
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
    findings.read_as(column, cells, texts, where=is_vague)
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
    findings.read_as(column, cells, names, where=is_place)
    canonical = cells.mapped(names)
    return canonical.texts(), canonical


def read_seniority(
    column: str, cells: Cells, findings: Findings, *, order: Sequence[str] = ()
) -> tuple[NDArray[np.float64], Cells]:
    """Read a column of seniority, NaN where blank: numbers, years, or labels with an order.

    Parameters
    ----------
    column : str
        The heading, for findings.
    cells : Cells
        Cleaned cells.
    findings : Findings
        Gets what each label or range was read as, and a question where labels have no order.
    order : sequence of str, optional
        Labels from the most junior on, which count 1, 2, 3 ...; else the usual ladder.
    """
    ranks = {heading_key(label): rank for rank, label in enumerate(order, start=1)} or ladder()
    labels = [text for text in cells.values if text and heading_key(text) in ranks]
    strange = [text for text in cells.values if text and not _is_years(text) and text not in labels]
    if (
        strange
        and len({*labels, *strange}) > 1
        and len(labels) + len(strange) == sum(map(bool, cells.values))
        and not order
    ):
        _ask_order(column, cells, findings)
        parse = _nothing
    else:
        parse = partial(_years_or_rank, ranks)
    nan = float("nan")
    parsed = _each(column, cells, findings, parse=parse, blank=nan, mend=NUMBER_MEND)
    texts = ["" if math.isnan(value) else number_text(value) for value in parsed]
    findings.read_as(column, cells, texts, where=lambda text: not _plain_number(text))
    if labels:
        findings.add("note", RANKED, column=column)
    return np.array(parsed, dtype=np.float64)[cells.codes], cells.mapped(texts)


def _years_or_rank(ranks: Mapping[str, int], text: str) -> float:
    rank = ranks.get(heading_key(text))
    return parse_years(text) if rank is None or _is_years(text) else float(rank)


def _nothing(_: str) -> float:
    return float("nan")


def _is_years(text: str) -> bool:
    try:
        parse_years(text)
    except ValueError as error:
        return "could be" in str(error) or "too large" in str(error)  # a number, if a bad one
    return True


def _plain_number(text: str) -> bool:
    try:
        parse_number(text)
    except ValueError:
        return False
    return True


def _ask_order(column: str, cells: Cells, findings: Findings) -> None:
    """Ask for the order of labels of seniority."""
    labels = sorted({text for text in cells.values if text})
    listed = ", ".join(f'"{text}"' for text in labels[:_LABELS])
    if len(labels) > _LABELS:
        findings.at_cells(
            "error", column, cells,
            {i: (f"{text!r} is not a number", NUMBER_MEND)
             for i, text in enumerate(cells.values) if text},
        )  # fmt: skip
        return
    findings.add(
        "question", f"the order of its labels is not known: {', '.join(map(repr, labels))}",
        "write numbers, or say in a mapping file, the most junior first: "
        f"[orders] seniority = [{listed}]", column=column,
    )  # fmt: skip


@cache
def ladder() -> dict[str, int]:
    """Return the usual labels of seniority in the form in which headings are compared."""
    text = resources.files("matchkit.profiles").joinpath("data/seniority.csv").read_text("utf-8")
    return {
        heading_key(row["label"]): int(row["rank"]) for row in csv.DictReader(text.splitlines())
    }


def read_counts(
    column: str,
    cells: Cells,
    findings: Findings,
    *,
    default: int,
    parse: Callable[[str], int] = parse_count,
) -> tuple[NDArray[np.int64], Cells]:
    """Read a column of whole numbers, `default` where blank."""
    parsed = _each(column, cells, findings, parse=parse, blank=None, mend=COUNT_MEND)
    texts = ["" if value is None else str(value) for value in parsed]
    counts = [default if value is None else value for value in parsed]
    findings.read_as(column, cells, texts, where=lambda text: not _plain_number(text))
    return np.array(counts, dtype=np.int64)[cells.codes], cells.mapped(texts)
