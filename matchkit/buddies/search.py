"""From a question to people: score, rank, ask the gate, and give reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.buddies.buddy import Buddies, Buddy, BuddyEvidence
from matchkit.buddies.closeness import Comparison, compare
from matchkit.buddies.load import rank_points
from matchkit.buddies.scan import UNLIKELY, Answers, Learner, answers
from matchkit.buddies.segment import Segment, clocks, text_vectors

if TYPE_CHECKING:
    from datetime import datetime

    from matchkit.buddies.gate import Gate
    from matchkit.buddies.question import Ask
    from matchkit.buddies.snapshot import Snapshot

CONFIDENT: Final = 0.15
"""Probability that a skill is meant, below which it is no answer."""

NEAR: Final = 0.2
"""Share of the score that the other side of the world costs; nearer clocks cost in proportion."""

FARTHEST: Final = 12.0
"""Hours that two clocks can be apart."""

NEAREST: Final = 3
"""Skills on offer that a hint names."""

FIRST: Final = 16
"""People whom the gate is asked about at first; twice as many each time after."""


@dataclass(frozen=True, eq=False)
class Wish:
    """What is wanted of an answer.

    Attributes
    ----------
    count : int
        People at most.
    least : float or None
        Score that they must reach; None leaves it to the calibrated limit.
    gate : Gate
        What they must pass.
    learner : Learner
        The seeker's own levels.
    asked : mapping of str to int
        Requests this week.
    limit : int
        Requests a week for those who state no limit.
    fairness : float
        In [0, 1].
    """

    count: int
    least: float | None
    gate: Gate
    learner: Learner
    asked: Mapping[str, int]
    limit: int
    fairness: float


@dataclass(frozen=True, eq=False)
class _Found:
    """People of all segments who have something to give, side by side."""

    segment: NDArray[np.int64]
    person: NDArray[np.int64]
    score: NDArray[np.float64]
    load: NDArray[np.int64]
    points: NDArray[np.int64]
    place: NDArray[np.int64]

    def take(self, at: NDArray[np.int64]) -> _Found:
        return _Found(*(array[at] for array in vars(self).values()))


def search(snapshot: Snapshot, asks: Sequence[Ask], wish: Wish) -> Buddies:
    """Return the best people for what is asked, or a hint why there are none."""
    texts = [ask.text for ask in asks]
    vectors = text_vectors(texts, snapshot.statistics, snapshot.embedder)
    meant = snapshot.naming.meant(texts)
    compared = [
        [compare(segment, ask, named) for ask, named in zip(asks, meant, strict=True)]
        for segment in snapshot.segments
    ]
    least = CONFIDENT if wish.least is None else UNLIKELY
    answered = [answers(each, vectors, wish.learner, least=least) for each in compared]
    return _Search(snapshot, wish, compared, answered).buddies()


@dataclass(frozen=True, eq=False)
class _Search:
    """One search, once every segment has been scanned."""

    snapshot: Snapshot
    wish: Wish
    compared: list[list[Comparison]]
    answered: list[Answers]

    def buddies(self) -> Buddies:
        """Return people, best first, or nobody and the reason."""
        found, away = self._gathered()
        passing = islice(self._passing(found), self.wish.count)
        chosen = [self._buddy(found, at, moment) for at, moment in passing]
        return Buddies(chosen) if chosen else self._nobody(away)

    def _gathered(self) -> tuple[_Found, Counter[str]]:
        """Return everybody who can be asked, and how many who fit cannot, by reason."""
        parts, away = [], Counter[str]()
        for number, each in enumerate(self.answered):
            segment = self.snapshot.segments[number]
            place = np.flatnonzero(~self.snapshot.gone[number][each.person])
            person, score = each.person[place], each.score[place]
            score = score * _nearness(segment, person, self.wish.gate)
            load = _loads(segment, person, self.wish.asked)
            stated = segment.limits[person]
            limit = np.where(np.isnan(stated), self.wish.limit, stated)
            points = rank_points(score, load, limit, self.wish.fairness)
            number_of = np.full(len(person), number)
            found = _Found(number_of, person, score, load, points, place)
            for reason, good in (
                ("not ahead of the seeker", score > 0),
                ("below min_score", score >= (self.wish.least or 0.0)),
                ("asked often enough this week", load < limit),
            ):
                left = good[np.isin(person, found.person)]
                away[reason] += int((~left).sum())
                found = found.take(np.flatnonzero(left))
            parts.append(found)
        together = zip(*(vars(part).values() for part in parts), strict=True)
        return _Found(*map(np.concatenate, together)), away

    def _passing(self, found: _Found) -> Iterator[tuple[int, datetime | None]]:
        """Yield who passes the gate, best first, with their first free moment."""
        for batch in self._ranked(found):
            passed: dict[int, datetime | None] = {}
            for number in np.unique(found.segment[batch]).tolist():
                mine = batch[found.segment[batch] == number]
                people = self.snapshot.segments[number].people
                for place, moment in self.wish.gate.passing(people, found.person[mine]):
                    passed[int(mine[place])] = moment
            yield from ((at, passed[at]) for at in batch.tolist() if at in passed)

    def _ranked(self, found: _Found) -> Iterator[NDArray[np.int64]]:
        """Yield people in order, a few first: by points, then load, then keyed hash."""
        rest, size = np.arange(len(found.points)), FIRST
        while len(rest):
            points = found.points[rest]
            cut = np.partition(points, -size)[-size] if len(rest) > size else points.min()
            batch, rest, size = rest[points >= cut], rest[points < cut], 2 * size
            keys = np.empty(len(batch), dtype=np.uint64)
            for number, segment in enumerate(self.snapshot.segments):
                mine = found.segment[batch] == number
                keys[mine] = segment.keys[found.person[batch[mine]]]
            yield batch[np.lexsort((keys, found.load[batch], -found.points[batch]))]

    def _buddy(self, found: _Found, at: int, moment: datetime | None) -> Buddy:
        number, place = int(found.segment[at]), int(found.place[at])
        answered = self.answered[number]
        entries = zip(self.compared[number], answered.entry[:, place].tolist(), strict=True)
        chance = float(answered.chance[place])
        people = self.snapshot.segments[number].people
        return Buddy(
            person=str(people.ids[int(found.person[at])]),
            score=round(float(found.score[at]), 6),
            evidence=tuple(_evidence(each, entry, chance) for each, entry in entries if entry >= 0),
            load=int(found.load[at]),
            free_at=moment,
        )

    def _nobody(self, away: Counter[str]) -> Buddies:
        """Return nobody, and say why and what is on offer."""
        near = self._nearest()
        turned = {
            name: count for name, count in (away + self.wish.gate.turned_away).items() if count
        }
        if turned:
            fitting = sum(turned.values())
            who = "1 person fits" if fitting == 1 else f"{fitting} people fit"
            why = ", ".join(f"{name} {count}" for name, count in turned.items())
            return Buddies(hint=f"{who}, but none can be asked: {why}", nearest=near)
        if near:
            hint = f"nobody here offers this; the nearest skills on offer: {', '.join(near)}"
        else:
            hint = "nobody here offers this, and no skill on offer is close; name a skill"
        return Buddies(hint=hint, nearest=near)

    def _nearest(self) -> tuple[str, ...]:
        """Return the skills on offer that come closest to the question, best first."""
        found: dict[str, float] = {}
        for number, each in enumerate(self.compared):
            segment = self.snapshot.segments[number]
            for comparison in each:
                order = np.argsort(-comparison.odds, kind="stable")[: 4 * NEAREST]
                for at, odds in zip(
                    comparison.skills[order].tolist(), comparison.odds[order].tolist(), strict=True
                ):
                    holders = segment.holders.under(np.array([at]))[1]
                    if not self.snapshot.gone[number][holders].all():
                        skill = segment.skills[at]
                        found[skill] = max(found.get(skill, odds), odds)
        return tuple(sorted(found, key=lambda skill: (-found[skill], skill))[:NEAREST])


def _nearness(segment: Segment, person: NDArray[np.int64], gate: Gate) -> NDArray[np.float64]:
    """Return what the distance of two clocks leaves of a score."""
    if gate.seeker is None:
        return np.ones(len(person))
    apart = np.abs(segment.clocks[person] - clocks(gate.seeker)[0])
    apart = np.minimum(apart, 2 * FARTHEST - apart)
    left: NDArray[np.float64] = 1 - NEAR * np.nan_to_num(apart) / FARTHEST
    return left


def _loads(
    segment: Segment, person: NDArray[np.int64], asked: Mapping[str, int]
) -> NDArray[np.int64]:
    if not asked:
        return np.zeros(len(person), dtype=np.int64)
    ids = segment.people.ids[person].tolist()
    return np.array([asked.get(who, 0) for who in ids], dtype=np.int64)


def _evidence(comparison: Comparison, entry: int, chance: float) -> BuddyEvidence:
    """Return why one entry of the holders answers what was asked."""
    segment = comparison.segment
    person = int(segment.holders.entries[entry])
    skill = int(np.searchsorted(segment.holders.indptr, entry, side="right")) - 1
    offers, place = segment.offers, int(segment.listed[entry])
    at = int(offers.indptr[person]) + place
    listed = place < segment.people.skills.lengths[person]
    name, pairs = comparison.best_name(skill)
    return BuddyEvidence(
        skill=offers.written[offers.codes[at]],
        level=int(offers.levels[at]) if listed else 0,
        listed=bool(listed),
        asked=comparison.ask.text,
        name=name,
        words=pairs,
        related_to=comparison.related_to(skill),
        chance=round(chance, 6),
    )
