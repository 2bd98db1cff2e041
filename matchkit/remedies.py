"""What a mentee without a mentor lacked with each of them, and what would help most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchkit.shown import worth_of

if TYPE_CHECKING:
    from matchkit.matching import Matching
    from matchkit.rounds import Round

SHOWN = 3
"""How many mentors, and how many waived pairs, are told."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """A mentor whom a mentee came close to having.

    Attributes
    ----------
    mentor : str
        Id.
    points : int
        Micro-points that the pair would have.
    lacks : tuple of (str, str)
        Every rule that the pair breaks, with both sides' values, and ``capacity`` where
        every place is taken.
    """

    mentor: str
    points: int
    lacks: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """Say who, how well and what was lacking."""
        lacks = "; ".join(f"{rule} ({why})" for rule, why in self.lacks)
        why = lacks or "a condition on the matching as a whole keeps them apart"
        return f"{self.mentor}, {self.points:,} points: {why}"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change that would help, and exactly what it would add to the round.

    Attributes
    ----------
    change : str
        What to do, in words.
    mentor : str
        Id of the mentor whom it is about.
    people, points : int
        More people matched, and more points; with ``coverage="score"`` people are 0.
    """

    change: str
    mentor: str
    people: int
    points: int

    def __str__(self) -> str:
        """Say what to do and what it would add."""
        return f"{self.change}: adds {worth_of(self.people, self.points)}"


@dataclass(frozen=True, eq=False)
class _Choice:
    """The mentors with a place that was not set by hand, as one mentee sees them.

    Attributes
    ----------
    row : int
        The mentee.
    cols : NDArray[int64], shape (k,)
        The mentors.
    points, broken : NDArray[int64], shape (k,)
        Of each pair: its points, and how many rules it breaks.
    """

    row: int
    cols: NDArray[np.int64]
    points: NDArray[np.int64]
    broken: NDArray[np.int64]

    @classmethod
    def of(cls, round_: Round, row: int) -> _Choice:
        """Look at every mentor with the eyes of one mentee."""
        by_hand = np.bincount(round_.locked[:, 1], minlength=len(round_.mentors))
        cols, at = np.flatnonzero(round_.mentors.capacity > by_hand), np.array([row])
        points = round_.scorer.grid(at, cols)
        broken = np.zeros(cols.size, dtype=np.int64)
        for allowed in round_.source.masks(at, cols, points):
            broken += ~allowed[0]
        return cls(row, cols, points[0], broken)


def came_close(matching: Matching, mentee: str) -> tuple[tuple[Nearest, ...], tuple[Remedy, ...]]:
    """Return the mentors whom a mentee without one came closest to, and what would help.

    Nearest are those with whom the fewest rules are broken and, of these, the most points
    would be made. What a remedy adds follows from the prices that prove the optimum: one more
    place adds its price, and allowing one more pair adds what the pair is worth, less what
    its place is worth to others. Constraints across pairs leave that open, and no remedies.

    Parameters
    ----------
    matching : Matching
        The result, with its people.
    mentee : str
        Id of somebody unmatched.
    """
    round_ = matching.people
    choice = _Choice.of(round_, round_.row(mentee))
    order = np.lexsort((choice.cols, -choice.points, choice.broken))[:SHOWN]
    near = tuple(_nearest(matching, choice, at) for at in order.tolist())
    if not matching.priced:  # what the constraints would let pass, no price tells
        return near, ()
    remedies = (*_more_places(matching, choice), *_waivers(matching, choice))
    return near, tuple(sorted(remedies, key=lambda each: (-each.people, -each.points)))


def _nearest(matching: Matching, choice: _Choice, at: int) -> Nearest:
    round_, col = matching.people, int(choice.cols[at])
    mentor = str(round_.mentors.ids[col])
    lacks = list(round_.scorer.broken(choice.row, col))
    if [choice.row, col] in round_.forbidden.tolist():
        lacks.append(("Forbidden", "the program forbids this pair"))
    place = next(place for place in matching.places if place.mentor == mentor)
    if place.left <= 0:
        lacks.append(("capacity", "every place is taken"))
    return Nearest(mentor, int(choice.points[at]), tuple(lacks))


def _more_places(matching: Matching, choice: _Choice) -> Iterator[Remedy]:
    """Yield the further place that would add most, with a mentor whom the rules allow."""
    ids = matching.people.mentors.ids[choice.cols[choice.broken == 0]].tolist()
    possible = [place for place in matching.places if place.mentor in set(ids)]
    best = max(possible, key=lambda place: place.one_more, default=None)
    if best is not None and best.one_more > (0, 0):
        yield Remedy(f"one more place with {best.mentor}", best.mentor, *best.one_more)


def _waivers(matching: Matching, choice: _Choice) -> Iterator[Remedy]:
    """Yield the pairs that would add something if they were allowed, fewest rules first."""
    round_ = matching.people
    costs = {place.mentor: place.one_fewer for place in matching.places}
    alone = int(round_.unmatched_points[choice.row])
    person = int(matching.program.coverage == "first")
    found = []
    worst = matching.certificate.worst or 0  # a fair round takes no pair below its worst
    for at in np.flatnonzero((choice.broken > 0) & (choice.points >= worst)).tolist():
        col = int(choice.cols[at])
        people, points = costs[str(round_.mentors.ids[col])]
        gain = person - people, int(choice.points[at]) - alone - points
        if gain > (0, 0):
            found.append((int(choice.broken[at]), -gain[0], -gain[1], col))
    for _, people, points, col in sorted(found)[:SHOWN]:
        near = _nearest(matching, choice, int(np.searchsorted(choice.cols, col)))
        rules = " and ".join(rule for rule, _ in near.lacks if rule != "capacity")
        change = f"allow {near.mentor} in spite of {rules}"
        yield Remedy(change, near.mentor, -people, -points)
