"""The independent check that the worst off could not fare better; it shares no solver code."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.problem import Problem
from matchkit.assign.solution import Cover, Fairness, Solution
from matchkit.assign.sources import INELIGIBLE

_TALL, _BROAD = 256, 1024  # a block of pairs

Said = tuple[str, str]


def fairness_faults(problem: Problem, solution: Solution) -> Iterator[Said]:
    """Find what is wrong with what a solution says of the worst off."""
    fairness = solution.fairness
    if fairness is None or not _shaped(problem, fairness):
        yield "shape", "a fair solution without fairness, or with covers of another shape."
        return
    worst = _worst(problem, solution)
    if fairness.worst != worst:
        yield "fairness", f"worst == {fairness.worst}, must be {worst}."
    if problem.across:
        yield from _searched(fairness, solution)
        return
    first = problem.coverage == "first"
    needed = solution.matched - len(problem.locked)
    if first and not _proves(problem, fairness.people, None, needed):
        yield "fairness", f"no cover proves that {solution.matched} are the most."
    if fairness.worst is None or fairness.bound is None:
        return
    if not first:
        seeking = np.delete(problem.unmatched_points, problem.locked[:, 0]) <= fairness.bound
        needed = int(seeking.sum())
    if not _proves(problem, fairness.better, fairness.bound, needed - 1):
        yield "fairness", f"no cover proves that nobody could have more than {fairness.bound}."


def _searched(fairness: Fairness, solution: Solution) -> Iterator[Said]:
    """Find a bound that cannot be; no cover proves it, since conditions were searched."""
    if fairness.worst is None or fairness.bound is None:
        return
    short = fairness.bound - fairness.worst
    if short < 0 or (short and solution.status == "optimal"):
        yield "fairness", f"bound == {fairness.bound}, but the worst has {fairness.worst}."


def _shaped(problem: Problem, fairness: Fairness) -> bool:
    """Tell whether the covers can be looked at."""
    covers = [each for each in (fairness.people, fairness.better) if each is not None]
    shapes = [(each.mentees.shape, each.mentors.shape) for each in covers]
    n, m = problem.shape
    return all(shape == ((n,), (m,)) for shape in shapes)


def _open(problem: Problem) -> NDArray[np.bool_]:
    """Tell whose match is a matter of choice."""
    chosen = np.ones(problem.shape[0], dtype=bool)
    chosen[problem.locked[:, 0]] = False
    return chosen


def _worst(problem: Problem, solution: Solution) -> int | None:
    """Return what the worst off has."""
    open_ = _open(problem)
    at = np.flatnonzero(open_ & (solution.mentor_of >= 0))
    has = problem.source.pairs(at, solution.mentor_of[at]).tolist()
    if problem.coverage == "score":
        has += problem.unmatched_points[open_ & (solution.mentor_of < 0)].tolist()
    return min(has, default=None)


def _proves(problem: Problem, cover: Cover | None, beyond: int | None, most: int) -> bool:
    """Tell whether a cover proves that pairs with more points match so many at most."""
    if cover is None:
        return False
    room = problem.capacity - np.bincount(problem.locked[:, 1], minlength=problem.shape[1])
    open_ = _open(problem)
    size = int((cover.mentees & open_).sum() + room[cover.mentors].sum())
    rows = np.flatnonzero(open_ & ~cover.mentees)
    cols = np.flatnonzero(~cover.mentors & (room > 0))
    return size <= most and not _any_above(problem, rows, cols, beyond)


def _any_above(
    problem: Problem, rows: NDArray[np.int64], cols: NDArray[np.int64], beyond: int | None
) -> bool:
    """Tell whether any eligible pair of these has more points."""
    source = problem.source
    for start in range(0, rows.size, _TALL):
        for first in range(0, cols.size, _BROAD):
            at, to = rows[start : start + _TALL], cols[first : first + _BROAD]
            block = source.block(at, to)
            near = block > -np.inf
            if beyond is not None:
                near &= block >= np.nextafter(np.float32(beyond - source.error), -np.inf)
            row, col = np.nonzero(near)
            points = source.pairs(at[row], to[col])
            if (points[points != INELIGIBLE] > (-np.inf if beyond is None else beyond)).any():
                return True
    return False
