"""Who would rather have each other than whom they got; it shares no code with any solver."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.problem import Problem
from matchkit.assign.solution import Solution
from matchkit.assign.sources import INELIGIBLE
from matchkit.errors import ProblemError

Indices = NDArray[np.int64]

_TALL, _BROAD = 256, 1024  # a block of pairs
_ANYBODY, _NOBODY = -(1 << 62), 1 << 62  # below and above all points that can be told apart


def blocking_pairs(problem: Problem, solution: Solution) -> NDArray[np.int64]:
    """List the pairs that would rather have each other than what the solution gives them.

    A mentee would rather have a mentor of more points; without one, any eligible mentor,
    or with ``coverage="score"`` one of more than the unmatched points. A mentor would
    rather have a mentee than an empty place, or than somebody of fewer ``mentor_points``.
    Equal points are no reason. Locked pairs stand: nobody in one blocks with it, and
    nobody takes such a place.

    Parameters
    ----------
    problem : Problem
        The problem.
    solution : Solution
        Any solution of it, whatever its objective.

    Returns
    -------
    NDArray[int64], shape (k, 2)
        Pairs (mentee, mentor), sorted; none exactly if the solution is stable.

    Raises
    ------
    ProblemError
        If the solution is one of another shape.

    Examples
    --------
    >>> from matchkit.assign import Problem, blocking_pairs, solve
    >>> problem = Problem([[9, 8], [7, 1]], capacity=1)
    >>> blocking_pairs(problem, solve(problem)).tolist()  # the best total leaves one
    [[0, 0]]
    >>> blocking_pairs(problem, solve(problem, objective="stable")).tolist()
    []
    """
    n, m = problem.shape
    if solution.mentor_of.shape != (n,) or (solution.mentor_of >= m).any():
        raise ProblemError(f"the solution is not one of {n} mentees and {m} mentors.")
    own, worst = _own(problem, solution), _worst(problem, solution)
    found = [np.zeros((0, 2), dtype=np.int64)]
    for start in range(0, n, _TALL):
        rows = np.arange(start, min(start + _TALL, n))
        for mentees, mentors in _near(problem, rows, own, worst):
            points = problem.source.pairs(mentees, mentors)
            wishes = problem.mentor_source.pairs(mentees, mentors)
            both = (points != INELIGIBLE) & (points > own[mentees]) & (wishes > worst[mentors])
            found.append(np.column_stack([mentees[both], mentors[both]]))
    pairs = np.concatenate(found)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _own(problem: Problem, solution: Solution) -> Indices:
    """Return what each mentee has in points: more than all where it was set by hand."""
    first = problem.coverage == "first"
    own = np.full(problem.shape[0], _ANYBODY) if first else problem.unmatched_points.copy()
    at = np.flatnonzero(solution.mentor_of >= 0)
    own[at] = problem.source.pairs(at, solution.mentor_of[at])
    own[problem.locked[:, 0]] = _NOBODY
    return own


def _worst(problem: Problem, solution: Solution) -> Indices:
    """Return the least that each mentor has in a place that could be given to another."""
    m = problem.shape[1]
    load = np.bincount(solution.mentor_of[solution.mentor_of >= 0], minlength=m)
    worst = np.where(load < problem.capacity, _ANYBODY, _NOBODY)
    free = solution.mentor_of >= 0
    free[problem.locked[:, 0]] = False
    at = np.flatnonzero(free)
    full = at[worst[solution.mentor_of[at]] == _NOBODY]
    mentors = solution.mentor_of[full]
    np.minimum.at(worst, mentors, problem.mentor_source.pairs(full, mentors))
    return worst


def _near(
    problem: Problem, rows: Indices, own: Indices, worst: Indices
) -> Iterator[tuple[Indices, Indices]]:
    """Yield pairs of some mentees that float32 does not rule out."""
    source, wishes = problem.source, problem.mentor_source
    least = _at_least(own[rows], source.error)[:, None]
    for start in range(0, problem.shape[1], _BROAD):
        cols = np.arange(start, min(start + _BROAD, problem.shape[1]))
        block = source.block(rows, cols)
        near = (block >= least) & (block > -np.inf)
        seen = block if wishes is source else wishes.block(rows, cols)
        near &= seen >= _at_least(worst[cols], wishes.error)
        cells = np.flatnonzero(near)
        row, col = np.divmod(cells, cols.size)
        yield rows[row], cols[col]


def _at_least(values: Indices, error: float) -> NDArray[np.float32]:
    """Return what float32 shows at least for points above these; nothing lies between."""
    lowest = values + 1.0 - error
    near = lowest.astype(np.float32)
    return np.where(near > lowest, np.nextafter(near, np.float32(-np.inf)), near)
