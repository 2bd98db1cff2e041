"""Clashes that counting shows, without a linear program.

Least loads alone can be kept exactly if every group of mentors may be matched with as many
mentees as they ask for together (P. Hall, "On representatives of subsets", Journal of the
London Mathematical Society 10, 1935). Their mentees are seated along alternating paths, and
where these end, those that were reached are such a group with too few. A quota asks for too
much where even the best pair of every mentee, or of every place, does not add up to it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.problem import Problem
from matchkit.assign.quotas import Quota

Ints = NDArray[np.int64]

_CELLS = 1 << 24  # pairs that are held, a byte each
_BLOCK = 1 << 20  # pairs looked at in one go


def impossible(problem: Problem) -> tuple[Ints, Ints]:
    """Find one quota that nothing can keep, or else least loads that clash by themselves.

    Parameters
    ----------
    problem : Problem
        Rounds of more than 16,777,216 pairs, and those where a pair is locked that is not
        eligible, are not looked at.

    Returns
    -------
    quotas, mentors : NDArray[int64]
        Positions of quotas, one at most, and mentors whose least loads cannot be kept
        together, but can with any of them less. Both are empty where nothing was found:
        then several kinds of condition may still clash.

    Examples
    --------
    >>> from matchkit.assign import Problem
    >>> impossible(Problem([[1, 1, 1], [1, 1, 1]], capacity=2, min_load=[1, 1, 1]))[1].tolist()
    [0, 1, 2]
    >>> impossible(Problem([[1, 1], [1, 1]], capacity=2, min_load=[1, 1]))[1].tolist()
    []
    """
    none = np.zeros(0, dtype=np.int64)
    if not looked_at(problem):
        return none, none
    eligible = _eligible(problem)
    if not eligible[problem.locked[:, 0], problem.locked[:, 1]].all():
        return none, none
    for at, quota in enumerate(problem.quotas):
        if quota.price is not None or not isinstance(quota, Quota):
            continue
        if _beyond(quota, eligible, problem.capacity):
            return np.array([at]), none
    return none, _crowded(problem, eligible)


def looked_at(problem: Problem) -> bool:
    """Tell whether a round is small enough to count in."""
    return math.prod(problem.shape) <= _CELLS


def _eligible(problem: Problem) -> NDArray[np.bool_]:
    """Return who is eligible without the locks, shape (n, m)."""
    source = problem.changed(locked=(), quotas=(), min_load=None).source
    n, m = problem.shape
    found = np.zeros((n, m), dtype=bool)
    step = max(1, _BLOCK // max(1, m))
    for first in range(0, n, step):
        rows = np.arange(first, min(n, first + step))
        found[rows] = source.block(rows, np.arange(m)) > -np.inf
    return found


def may_have(problem: Problem, mentors: Ints) -> Ints:
    """Return the mentees whom some of the mentors may have without the locks."""
    found: Ints = np.flatnonzero(_eligible(problem)[:, mentors].any(axis=1))
    return found


def _beyond(quota: Quota, eligible: NDArray[np.bool_], capacity: Ints) -> bool:
    """Tell whether the best pairs of all mentees, or of all places, miss a bound."""
    for sign, bound in ((1, quota.at_least), (-1, quota.at_most)):
        if bound is None:
            continue
        amounts = sign * quota.table[quota.row_codes[:, None], quota.column_codes]
        gains = np.where(eligible, np.maximum(amounts, 0), 0)
        people = gains.max(axis=1, initial=0).sum()
        places = (gains.max(axis=0, initial=0) * capacity).sum()
        if min(int(people), int(places)) < sign * bound:
            return True
    return False


def _crowded(problem: Problem, eligible: NDArray[np.bool_]) -> Ints:
    """Return mentors whose least loads clash, none less would; nobody where they do not."""
    by_key = np.argsort(problem.column_keys)
    mentors = by_key[problem.min_load[by_key] > 0]
    wanted = problem.min_load[mentors]
    over = np.flatnonzero(wanted > problem.capacity[mentors])
    if over.size:
        return mentors[over[:1]]
    order = np.argsort(problem.row_keys)
    seats = _Seats(eligible[np.ix_(order, mentors)])
    for last, count in enumerate(wanted.tolist()):
        if not seats.seat(last, count):
            return np.sort(mentors[_needed(seats, last, count)])
    return mentors[:0]


def _needed(seats: _Seats, last: int, count: int) -> Ints:
    """Return those without any of whom the last could have as many as it asks for."""
    tried: set[int] = set()
    while True:
        reached = seats.reached
        rest = [each for each in np.flatnonzero(reached).tolist() if each not in {*tried, last}]
        if not rest:
            return np.flatnonzero(reached)
        tried.add(rest[-1])
        held = seats.owner.copy()
        seats.owner[held == rest[-1]] = -1
        if seats.seat(last, count):
            seats.owner = held
            seats.reached = reached


class _Seats:
    """Mentees given to mentors, so that whoever has them has enough.

    Parameters
    ----------
    eligible : NDArray[bool], shape (n, k)

    Attributes
    ----------
    owner : NDArray[int64], shape (n,)
        Who has each mentee; -1 for nobody.
    reached : NDArray[bool], shape (k,)
        Where somebody could not be given enough: those among whom nobody can be spared.
    """

    def __init__(self, eligible: NDArray[np.bool_]) -> None:
        self._eligible = eligible
        self.owner = np.full(eligible.shape[0], -1, dtype=np.int64)
        self.reached = np.zeros(eligible.shape[1], dtype=bool)

    def seat(self, mentor: int, count: int) -> bool:
        """Give a mentor as many mentees, and tell whether there were enough."""
        missing = count - int((self.owner == mentor).sum())
        free = np.flatnonzero(self._eligible[:, mentor] & (self.owner < 0))[:missing]
        self.owner[free] = mentor
        return all(self._moved(mentor) for _ in range(missing - free.size))

    def _moved(self, mentor: int) -> bool:
        """Give a mentor one more mentee along a path, if there is one."""
        n, k = self._eligible.shape
        taker, giver = np.full(n, -1, dtype=np.int64), np.full(k, -1, dtype=np.int64)
        self.reached = np.zeros(k, dtype=bool)
        layer = np.array([mentor])
        while layer.size:
            self.reached[layer] = True
            rows = np.flatnonzero((taker < 0) & self._eligible[:, layer].any(axis=1))
            taker[rows] = layer[self._eligible[np.ix_(rows, layer)].argmax(axis=1)]
            free = rows[self.owner[rows] < 0]
            if free.size:
                self._shift(int(free[0]), mentor, taker, giver)
                return True
            owners = self.owner[rows]
            new = ~self.reached[owners]
            giver[owners[new]] = rows[new]
            layer = np.unique(owners[new])
        return False

    def _shift(self, mentee: int, mentor: int, taker: Ints, giver: Ints) -> None:
        """Pass mentees on along a path, from a free one back to where it began."""
        while taker[mentee] != mentor:
            passed = int(giver[taker[mentee]])
            self.owner[mentee] = taker[mentee]
            mentee = passed
        self.owner[mentee] = mentor
