"""What the verifier has seen of all pairs before, as far as that still tells something.

A pair that was worth less than a bound by more than some slack is worth less than another
bound too, unless the two differ by that much at its mentee and its mentor together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchkit.assign.bound import Bound, Flags, Indices, Pairs
from matchkit.assign.differing import differing
from matchkit.assign.problem import Problem
from matchkit.assign.sources import INELIGIBLE

_WORTHWHILE = 4  # of so many pairs one may be left to be looked at


@dataclass(frozen=True, eq=False)
class Known:
    """What an earlier sight tells.

    Attributes
    ----------
    problem : Problem
        Whose pairs were seen.
    bounds : sequence of Bound
        What they were held against.
    locked : NDArray[bool], shape (n,)
        Mentees whose pairs said nothing.
    close : tuple of NDArray[int64]
        Mentees, mentors and points of all others that were worth more than one of the
        bounds, or less by no more than the slack.
    slack : int
        In points.
    taking : NDArray[bool], shape (n,)
    taken : NDArray[int64], shape (m,)
        As in a sight.
    """

    problem: Problem
    bounds: Sequence[Bound]
    locked: Flags
    close: Pairs
    slack: int
    taking: Flags
    taken: Indices

    def now(self, problem: Problem) -> Known | None:
        """Return the same of another problem, if it has nearly the same pairs."""
        pairs = differing(self.problem.source, problem.source)
        counting = problem.coverage == "score"
        if pairs is None or problem.coverage != self.problem.coverage or (counting and pairs.size):
            return None
        m = problem.shape[1]
        points = problem.source.pairs(*pairs.T)
        mentee, mentor, _ = self.close
        same = ~np.isin(mentee * m + mentor, pairs[:, 0] * m + pairs[:, 1])
        there = points != INELIGIBLE
        new = *pairs[there].T, points[there]
        both = zip(self.close, new, strict=True)
        mentee, mentor, points = (np.append(old[same], more) for old, more in both)
        return replace(self, problem=problem, close=(mentee, mentor, points))

    def again(self, bounds: Sequence[Bound]) -> tuple[Flags, Flags] | None:
        """Tell the pairs of which mentees and mentors have to be seen again.

        None if these are so many that all may as well be.
        """
        low, wide = self.locked, np.zeros(self.taken.size, dtype=bool)
        for now, then in zip(bounds, self.bounds, strict=True):
            prices, surpluses = now.prices - then.prices, now.surpluses - then.surpluses
            everywhere = _middle(prices)
            half = self.slack // 2
            wide = wide | _fallen(prices - everywhere, half)
            low = low | _fallen(surpluses + everywhere, self.slack - half)
        rows, cols = np.count_nonzero(low), np.count_nonzero(wide)
        pairs = rows * wide.size + cols * (low.size - rows)
        return (low, wide) if pairs * _WORTHWHILE <= low.size * wide.size else None

    def told(self, low: Flags, wide: Flags) -> Pairs:
        """Return the close pairs of everybody else."""
        mentee, mentor, points = self.close
        kept = ~(low[mentee] | wide[mentor])
        return mentee[kept], mentor[kept], points[kept]


def _fallen(moved: Indices, most: int) -> Flags:
    """Tell what has fallen by more than that many points, as (people, points)."""
    people, points = moved.T
    fallen: Flags = (people < 0) | ((people == 0) & (points < -most))
    return fallen


def _middle(moved: Indices) -> Indices:
    """Return by how much most have moved, as (people, points): any will do, this serves best."""
    if not moved.size:
        return np.zeros(2, dtype=np.int64)
    people = int(np.sort(moved[:, 0])[len(moved) // 2])
    points = np.sort(moved[moved[:, 0] == people, 1])
    return np.array([people, points[points.size // 2]])
