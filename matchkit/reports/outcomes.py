"""Outcomes by group as the page shows them: a chart of shares and a table beside it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matchkit.fairness import FOUR_FIFTHS, Audit, Group, audit
from matchkit.profiles import COLUMNS
from matchkit.reports import wording

if TYPE_CHECKING:
    from matchkit.matching import Matching
    from matchkit.profiles import Pool

ALWAYS = ("department", "location")
"""Columns that are compared wherever they are there."""

KINDS = range(2, 13)
"""How many different values another column has to have to be compared without being named."""

MOST = 8
"""Columns that are compared without being named."""

LABEL, SPAN, ROW, TOP = 130, 200, 22, 20
"""Width of the names and of the scale, height of a row and of the headings, in chart units."""


@dataclass(frozen=True, slots=True)
class Line:
    """One group: its numbers in words, and where its share stands in the chart."""

    name: str
    people: str
    matched: str
    ratio: str
    score: str
    first: str
    mark: str
    y: int
    at: float
    low: float
    high: float
    below: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The groups of one column, or of several together.

    Attributes
    ----------
    by : str
        The columns in words.
    lines : tuple of Line
        The groups.
    height : int
        Of the chart.
    line : float or None
        Where four fifths of the best share stand, None where nothing is compared.
    """

    by: str
    lines: tuple[Line, ...]
    height: int
    line: float | None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Outcomes by group.

    Attributes
    ----------
    verdict : str
        What the numbers say, in a sentence.
    comparisons : tuple of Comparison
        One for each column.
    least : int
        Groups of fewer people are not compared.
    width : int
        Of the charts.
    ticks : tuple of (float, str)
        The scale.
    """

    verdict: str
    comparisons: tuple[Comparison, ...]
    least: int
    width: int
    ticks: tuple[tuple[float, str], ...]


def build(matching: Matching, by: Sequence[str] | None = None) -> Outcomes | None:
    """Return the outcomes by group, None where there is no column to compare by.

    Parameters
    ----------
    matching : Matching
        A round with its people.
    by : sequence of str, optional
        Columns of the mentees: each alone and, where several are named, all together. By
        default department, location and the columns of the program's own people that have
        few different values, each alone.

    Raises
    ------
    ProgramError
        A column that is named is not there, or has too many values to be groups.
    """
    if by is None:
        each = [audit(matching, column) for column in telling(matching.people.mentees)]
    else:
        each = [audit(matching, by)] if by else []
    if not each:
        return None
    found = Audit(each[0].side, tuple(itertools.chain(*each)), each[0].least)
    return Outcomes(
        verdict=found.verdict,
        comparisons=tuple(
            _comparison(names, list(groups))
            for names, groups in itertools.groupby(found, key=lambda group: group.by)
        ),
        least=found.least,
        width=LABEL + SPAN + 20,
        ticks=tuple((_across(share), wording.percent(share)) for share in (0.0, 0.5, 1.0)),
    )


def telling(pool: Pool) -> tuple[str, ...]:
    """Return the columns that part people into a few groups, sorted."""
    own = [column for column in sorted(pool.columns) if column not in COLUMNS]
    candidates = [column for column in (*ALWAYS, *own) if column in pool.columns]
    return tuple(column for column in candidates if len(pool.codes(column)[1]) in KINDS)[:MOST]


def _across(share: float) -> float:
    return round(LABEL + SPAN * share, 1)


def _comparison(names: tuple[str, ...], groups: list[Group]) -> Comparison:
    best = max(
        (group.share / group.impact_ratio for group in groups if group.impact_ratio), default=None
    )
    return Comparison(
        by=" and ".join(names),
        lines=tuple(_line(group, row) for row, group in enumerate(groups)),
        height=TOP + ROW * len(groups),
        line=None if best is None else _across(best * FOUR_FIFTHS),
    )


def _line(group: Group, row: int) -> Line:
    low, high = group.share_interval
    return Line(
        name=group.name,
        people=f"{group.people:,}",
        matched=f"{group.matched:,} ({wording.percent(group.share)})",
        ratio="" if group.impact_ratio is None else f"{group.impact_ratio:.2f}",
        score="" if group.points is None else wording.score(round(group.points)),
        first="" if group.first_choices is None else wording.percent(group.first_choices),
        mark=_mark(group),
        y=TOP + ROW * row,
        at=_across(group.share),
        low=_across(low),
        high=_across(high),
        below=group.below,
    )


def _mark(group: Group) -> str:
    """Say what to think of a group's number, in a few words."""
    if not group.stated:
        return "not compared"
    if group.small:
        return "too few to compare"
    if group.below:
        return "below four fifths" + (", chance could do it" if group.by_chance else "")
    return ""
