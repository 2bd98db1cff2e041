"""What the page says about each match: score, parts as a waterfall, reasons and cautions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchkit.assign import Residual
from matchkit.claims import proof
from matchkit.matching import Match, Matching, Part
from matchkit.reports import wording
from matchkit.reports.people import Person
from matchkit.reports.shapes import Box, boxes
from matchkit.reports.weeks import Week, shared_weeks
from matchkit.scoring import POINTS

REASONS = 3
"""Strongest reasons shown for a match."""

EVIDENCE = 1
"""Lines of evidence shown with a reason; the card has them all."""

WIDTH, ROW, BAR = 320, 34, 9
"""Width of a waterfall, height of one of its rows and of a bar, in its own units."""

LINE, BELOW = 11, 17
"""How far the label's base line and the bar lie below the upper edge of their row."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the strongest reasons for a match."""

    criterion: str
    score: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion in a card.

    Attributes
    ----------
    criterion, score, of : str
        Name, points given and points possible, as shown.
    known : bool
        False where the points are a mean.
    evidence : tuple of str
        What the points rest on.
    """

    criterion: str
    score: str
    of: str
    known: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The parts of a score, each bar beginning where the one above it ends.

    Attributes
    ----------
    height : int
        Height of the drawing.
    rows : tuple of (int, str)
        Base line and text of each score, the sum last.
    room, known, mean, total : str
        Paths: what each part could have given, what it gave on evidence, what it gave as a
        mean, and the sum.
    """

    height: int
    rows: tuple[tuple[int, str], ...]
    room: str
    known: str
    mean: str
    total: str


@dataclass(frozen=True, slots=True)
class Detail:
    """What only a card of its own has room for.

    Attributes
    ----------
    steps : tuple of Step
        The parts in the program's order.
    waterfall : Waterfall
        The same as a drawing.
    week : Week or None
        When both are free, where both gave their hours.
    runner_up : str
        What the best other mentor would have meant.
    """

    steps: tuple[Step, ...]
    waterfall: Waterfall
    week: Week | None
    runner_up: str


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
    detail : Detail or None
        What only a card of its own has room for; None in a round too large for cards.
    """

    mentee: Person
    mentor: Person
    score: str
    width: float
    rank: str
    reasons: tuple[Reason, ...]
    cautions: tuple[str, ...]
    marks: tuple[str, ...]
    detail: Detail | None


class Cards:
    """Writes the cards of one round.

    Parameters
    ----------
    matching : Matching
        The round.
    mentees, mentors : mapping of str to Person
        The people by id.
    in_full : bool
        Whether every match gets a card of its own.
    """

    def __init__(
        self,
        matching: Matching,
        mentees: Mapping[str, Person],
        mentors: Mapping[str, Person],
        *,
        in_full: bool,
    ) -> None:
        self._mentees, self._mentors, self._in_full = mentees, mentors, in_full
        attached = in_full and matching.round_ is not None
        self._weeks = shared_weeks(matching, matching.matches) if attached else {}
        priced = attached and matching.priced
        self._prices = _runner_up_prices(matching) if priced else {}

    def card(self, match: Match) -> Card:
        """Return what the page says about one match."""
        return Card(
            mentee=self._mentees[match.mentee],
            mentor=self._mentors[match.mentor],
            score=wording.score(match.points),
            width=round(100 * match.score, 1),
            rank=_rank(match),
            reasons=reasons(match),
            cautions=tuple(_caution(match, text) for text in match.cautions),
            marks=_marks(match),
            detail=self._detail(match) if self._in_full else None,
        )

    def _detail(self, match: Match) -> Detail:
        scores = wording.part_scores([part.points for part in match.parts])
        return Detail(
            steps=tuple(map(_step, match.parts, scores)),
            waterfall=_waterfall(match, scores),
            week=self._weeks.get(match.mentee),
            runner_up=self._runner_up(match),
        )

    def _runner_up(self, match: Match) -> str:
        """Say what the best other mentor would have meant for the mentee and for the round."""
        if not match.runner_up:
            return ""
        less = match.points - match.runner_up_points
        amount = f"{wording.score(abs(less))} {'less' if less > 0 else 'more'}"
        name = self._mentors[match.runner_up].name
        text = f"Best other mentor: {name}, who scores {amount if less else 'the same'}"
        price = self._prices.get(match.mentee, "")
        return f"{text}; {price}." if price else f"{text}."


def _runner_up_prices(matching: Matching) -> dict[str, str]:
    """Say what the round would lose if each mentee had the best other mentor, exactly."""
    round_ = matching.people
    asked = [match for match in matching.matches if match.runner_up and not match.locked]
    rows = np.array([round_.row(match.mentee) for match in asked], dtype=np.int64)
    cols = np.array([round_.column(match.runner_up) for match in asked], dtype=np.int64)
    losses, possible = Residual(*proof(matching)).costs(rows, cols)
    return {
        match.mentee: _price(people, points) if can else "but no place there can be had"
        for match, (people, points), can in zip(
            asked, losses.tolist(), possible.tolist(), strict=True
        )
    }


def _price(people: int, points: int) -> str:
    """Say what a pair that was not made would cost, people first."""
    if people:
        more = wording.count(people, "more person", "more people")
        return f"that would leave {more} without a mentor"
    if not points:
        return "that would cost the round nothing"
    cost = wording.score(points) if points >= POINTS // 2_000 else "next to nothing"
    return f"that would cost the round {cost}"


def labels(matching: Matching) -> tuple[tuple[int, str], ...]:
    """Return base line and name of each row of a waterfall: all matches have the same."""
    names = [wording.title(criterion.name) for criterion in matching.record.criteria]
    return tuple((ROW * at + LINE, name) for at, name in enumerate([*names, "Score"]))


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
    evidence = tuple(map(wording.evidence, evidence))
    hidden = len(evidence) - EVIDENCE
    return (*evidence[:EVIDENCE], f"and {hidden} more") if hidden > 0 else evidence


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


def _step(part: Part, shown: str) -> Step:
    return Step(
        criterion=wording.title(part.criterion),
        score=shown,
        of=wording.score(part.weight),
        known=part.known,
        evidence=tuple(map(wording.evidence, part.evidence)),
    )


def _waterfall(match: Match, scores: tuple[str, ...]) -> Waterfall:
    rows: list[tuple[int, str]] = []
    room: list[Box] = []
    bars: dict[bool, list[Box]] = {True: [], False: []}
    so_far = 0
    for number, (part, shown) in enumerate(zip(match.parts, scores, strict=True)):
        top = ROW * number
        rows.append((top + LINE, shown))
        room.append((_scaled(so_far), top + BELOW, _scaled(part.weight), BAR))
        bars[part.known].append((_scaled(so_far), top + BELOW, _scaled(part.points), BAR))
        so_far += part.points
    top = ROW * len(match.parts)
    rows.append((top + LINE, wording.score(match.points)))
    room.append((0, top + BELOW, WIDTH, BAR))
    return Waterfall(
        height=top + ROW,
        rows=tuple(rows),
        room=boxes(room),
        known=boxes(bars[True]),
        mean=boxes(bars[False]),
        total=boxes([(0, top + BELOW, _scaled(match.points), BAR)]),
    )


def _scaled(points: int) -> float:
    return WIDTH * points / POINTS
