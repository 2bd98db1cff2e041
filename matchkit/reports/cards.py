"""What the page says about each match: score, parts as a waterfall, reasons and cautions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matchkit.matching import Match, Part
from matchkit.reports import wording
from matchkit.reports.people import Person
from matchkit.scoring import POINTS

REASONS = 3
"""Strongest reasons shown for a match."""

EVIDENCE = 1
"""Lines of evidence shown with a reason; the card has them all."""

WIDTH = 320
"""Width of a chart in its own units: the narrowest screen that the page is made for."""

ROW = 34
"""Height of one row of a waterfall."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the strongest reasons for a match."""

    criterion: str
    score: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion in a card: a row of its table and a bar of its waterfall.

    Attributes
    ----------
    criterion, score, of : str
        Name, points given and points possible, as shown.
    known : bool
        False where the points are a mean.
    evidence : tuple of str
        What the points rest on.
    y : int
        Upper edge of the row in the chart.
    x, width, room : float
        Where the bar starts, how long it is, and how long it could be.
    """

    criterion: str
    score: str
    of: str
    known: bool
    evidence: tuple[str, ...]
    y: int
    x: float
    width: float
    room: float


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that the page says about one match.

    Attributes
    ----------
    mentee, mentor : Person
        The two.
    score : str
        Score, as shown.
    width : float
        Length of the score's bar in percent.
    rank : str
        Which choice this mentor is among the eligible ones.
    reasons : tuple of Reason
        The strongest, most points first.
    cautions, marks : tuple of str
        What to look at; how the pair came about where that is not the usual way.
    steps : tuple of Step
        The parts in the program's order.
    chart_height : int
        Height of the waterfall.
    """

    mentee: Person
    mentor: Person
    score: str
    width: float
    rank: str
    reasons: tuple[Reason, ...]
    cautions: tuple[str, ...]
    marks: tuple[str, ...]
    steps: tuple[Step, ...]
    chart_height: int


def build(match: Match, mentees: Mapping[str, Person], mentors: Mapping[str, Person]) -> Card:
    """Return what the page says about one match."""
    return Card(
        mentee=mentees[match.mentee],
        mentor=mentors[match.mentor],
        score=wording.score(match.points),
        width=round(100 * match.score, 1),
        rank=_rank(match),
        reasons=reasons(match),
        cautions=tuple(_caution(match, text) for text in match.cautions),
        marks=_marks(match),
        steps=_steps(match.parts),
        chart_height=ROW * (len(match.parts) + 1),
    )


def _rank(match: Match) -> str:
    if match.eligible == 1:
        return "the only possible mentor"
    return f"{wording.ordinal(match.rank)} choice of {match.eligible:,} possible mentors"


def _caution(match: Match, text: str) -> str:
    """Name the criterion that a caution begins with as the rest of the page does."""
    for part in match.parts:
        if text.startswith(f"{part.criterion} "):
            return wording.title(part.criterion) + text.removeprefix(part.criterion)
    return text


def _marks(match: Match) -> tuple[str, ...]:
    locked = ("set by hand",) if match.locked else ()
    tied = ("decided by a tie: another mentor would serve the round as well",) * match.tied
    return (*locked, *tied)


def reasons(match: Match) -> tuple[Reason, ...]:
    """Return the strongest reasons for a match that rest on evidence, most points first."""
    scores = wording.part_scores([part.points for part in match.parts])
    known = [
        (part, shown)
        for part, shown in zip(match.parts, scores, strict=True)
        if part.known and part.points > 0
    ]
    known.sort(key=lambda one: -one[0].points)
    return tuple(
        Reason(wording.title(part.criterion), shown, _shortened(part.evidence))
        for part, shown in known[:REASONS]
    )


def _shortened(evidence: tuple[str, ...]) -> tuple[str, ...]:
    hidden = len(evidence) - EVIDENCE
    return (*evidence[:EVIDENCE], f"and {hidden} more") if hidden > 0 else evidence


def _steps(parts: tuple[Part, ...]) -> tuple[Step, ...]:
    scores = wording.part_scores([part.points for part in parts])
    steps: list[Step] = []
    so_far = 0
    for number, (part, shown) in enumerate(zip(parts, scores, strict=True)):
        steps.append(
            Step(
                criterion=wording.title(part.criterion),
                score=shown,
                of=wording.score(part.weight),
                known=part.known,
                evidence=part.evidence,
                y=ROW * number,
                x=_scaled(so_far),
                width=_scaled(part.points),
                room=_scaled(part.weight),
            )
        )
        so_far += part.points
    return tuple(steps)


def _scaled(points: int) -> float:
    return round(WIDTH * points / POINTS, 1)
