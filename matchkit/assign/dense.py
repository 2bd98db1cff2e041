"""Everything that walks over the whole matrix of a round that fits in memory.

The optimum comes from `scipy.optimize.linear_sum_assignment` (the shortest augmenting
path method of D. F. Crouse, "On implementing 2D rectangular assignment algorithms",
IEEE Transactions on Aerospace and Electronic Systems 52(4), 2016, section II), with a
mentor's places side by side. Being left unmatched needs no columns of its own: what a
pair gains over it is never counted below 0, and a pair that gains nothing is no match.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matchkit.assign.core import NOTHING, Core, Optimum, open_core
from matchkit.assign.memory import Memory
from matchkit.assign.pairset import Collector, PairSet
from matchkit.assign.passes import Crew
from matchkit.assign.prices import extend_by, maximal_prices, minimal_prices, proven
from matchkit.assign.problem import Problem
from matchkit.assign.sources import GridSource

_BLOCK = 1 << 18  # cells worked on at a time: a few such blocks fit a core's cache


def solve(problem: Problem, *, crew: Crew) -> Optimum:
    """Find an optimal assignment, its prices and everything that ties.

    Parameters
    ----------
    problem : Problem
        What to solve, with points as an array.
    crew : Crew
        Who hears of each stage.

    Returns
    -------
    Optimum

    Raises
    ------
    ProblemError
        If the points are too large or too far apart to be exact.
    """
    core = open_core(problem, extent(problem))
    crew.progress("assign", 0, 1)
    mentor_of = assign(core)
    crew.waiting().progress("prices", 0, 1)
    spare = np.bincount(mentor_of[mentor_of >= 0], minlength=core.places.size) < core.places
    gains = exchange(core, mentor_of)
    moves, backward = extend_by(gains), extend_by(np.ascontiguousarray(gains.T))
    prices = proven(minimal_prices(moves, spare))
    max_prices = proven(maximal_prices(moves, backward, spare=spare, places=core.places))
    surpluses = core.chosen(mentor_of) - np.append(prices, 0)[mentor_of]
    tight = tight_pairs(core, prices, surpluses)
    offers, wanted = problem.eligible.sum(axis=1), problem.eligible.sum(axis=0)
    return Optimum(core, mentor_of, prices, max_prices, tight, offers, wanted)


def extent(problem: Problem) -> tuple[int, ...]:
    """Return the least and the greatest points of eligible pairs; nothing if there are none."""
    highest = int(problem.points.max(where=problem.eligible, initial=NOTHING))
    lowest = int(problem.points.min(where=problem.eligible, initial=-NOTHING))
    return (lowest, highest) if lowest <= highest else ()


def usable_places(core: Core) -> NDArray[np.int64]:
    """Return the places of each mentor that an eligible mentee could take, shape (m,)."""
    wanted = np.zeros(core.shape[1], dtype=np.int64)
    for at in _blocks(core, np.arange(core.shape[0])):
        wanted += core.problem.eligible[core.rows[at]].sum(axis=0)
    return np.minimum(core.places, wanted)


def check_memory(problem: Problem, memory: Memory) -> None:
    """Refuse a round whose matrices would not fit, before they are made.

    Parameters
    ----------
    problem : Problem
        With any kind of points.
    memory : Memory
        What may be taken.

    Raises
    ------
    TooLargeError
        If more would be needed.
    """
    size = f"{problem.shape[0]} mentees by {problem.capacity.sum()} places"
    memory.allow(needed(problem), f"{size} as a dense matrix")


def needed(problem: Problem) -> int:
    """Return the bytes that the largest matrices take."""
    n, m = problem.shape
    places = int(problem.capacity.sum())
    grid = 0 if isinstance(problem.source, GridSource) else 9 * n * m
    return grid + 8 * (n * places + 3 * (m + 1) ** 2) + 32 * (n + places)


def assign(core: Core) -> NDArray[np.int64]:
    """Find one optimal assignment.

    Parameters
    ----------
    core : Core
        The open part of the problem.

    Returns
    -------
    NDArray[int64], shape (n,)
        The mentor of each open mentee, -1 where unmatched.
    """
    n, _ = core.shape
    owner = np.repeat(np.arange(core.shape[1]), usable_places(core))
    mentor_of = np.full(n, -1, dtype=np.int64)
    # SciPy copies a matrix that it has to turn or negate, so both are done while filling it.
    # With as many places as mentees, places as rows take half the time.
    if owner.size <= n:
        place, mentee = linear_sum_assignment(_losses(core, owner, places_first=True))
    else:
        mentee, place = linear_sum_assignment(_losses(core, owner, places_first=False))
    mentor_of[mentee] = owner[place]
    gained = core.chosen(mentor_of) - core.outside
    refused = ~core.problem.eligible[core.rows[mentee], owner[place]]
    mentor_of[mentee[refused | (gained[mentee] <= 0)]] = -1
    return mentor_of


def _losses(core: Core, owner: NDArray[np.int64], *, places_first: bool) -> NDArray[np.float64]:
    """Return minus what each pair gains over being unmatched, 0 where it gains nothing."""
    n = core.shape[0]
    losses = np.empty((owner.size, n) if places_first else (n, owner.size))
    for at in _blocks(core, np.arange(n)):
        gains = np.maximum(_values(core, at) - core.outside[at, None], 0)
        block = (-gains).astype(np.float64)
        if places_first:
            losses[:, at[0] : at[-1] + 1] = np.ascontiguousarray(block.T)[owner]
        else:
            np.take(block, owner, axis=1, out=losses[at[0] : at[-1] + 1])
    return losses


def exchange(core: Core, mentor_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what moving the best-placed mentee from one mentor to another gains.

    Parameters
    ----------
    core : Core
        The open part of the problem.
    mentor_of : NDArray[int64], shape (n,)
        An assignment.

    Returns
    -------
    NDArray[int64], shape (m + 1, m + 1)
        From row to column, ``NOTHING`` where nobody can move; the last row and column
        stand for being unmatched.
    """
    m = core.shape[1]
    chosen = core.chosen(mentor_of)
    now = np.where(mentor_of < 0, m, mentor_of)
    gains = np.full((m + 1, m + 1), NOTHING)
    for at in _blocks(core, np.argsort(now, kind="stable")):
        first = np.flatnonzero(np.diff(now[at], prepend=-1))
        moved = np.column_stack([_values(core, at), core.outside[at]]) - chosen[at, None]
        best = np.maximum.reduceat(moved, first, axis=0)
        sources = now[at[first]]
        gains[sources] = np.maximum(gains[sources], best)
    np.maximum(gains, NOTHING, out=gains)
    return gains


def tight_pairs(core: Core, prices: NDArray[np.int64], surpluses: NDArray[np.int64]) -> PairSet:
    """Return the pairs that optimal assignments are made of.

    Parameters
    ----------
    core : Core
        The open part of the problem.
    prices, surpluses : NDArray[int64], shapes (m,) and (n,)
        Any optimal prices and what they leave to the mentees.

    Returns
    -------
    PairSet
        The pairs in which price and surplus sum to exactly the worth of the pair.
    """
    tight = Collector(core.shape)
    for at in _blocks(core, np.arange(core.shape[0])):
        inside, mentor = np.nonzero(_values(core, at) - prices == surpluses[at, None])
        tight.add(at[inside], mentor)
    return tight.collected()


def _values(core: Core, at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the worth of every pair of the mentees at these positions of ``core.rows``."""
    rows = core.rows[at]
    return np.where(core.problem.eligible[rows], core.problem.points[rows] + core.unit, NOTHING)


def _blocks(core: Core, order: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the positions in ``order``, as many at a time as are worked on at once."""
    step = max(1, _BLOCK // max(1, core.places.size))
    for start in range(0, order.size, step):
        yield order[start : start + step]
