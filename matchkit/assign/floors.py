"""A round without its worst pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.problem import Problem
from matchkit.assign.sources import INELIGIBLE, BlockSource, GridSource, Index, ListedSource


@dataclass(frozen=True, eq=False)
class FlooredSource:
    """A source without the pairs of fewer points.

    Attributes
    ----------
    source : BlockSource
    least : int
        Points that a pair must have.
    exempt : NDArray[bool], shape (n,)
        Mentees who keep all their pairs.
    """

    source: BlockSource
    least: int
    exempt: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        return self.source.shape

    @property
    def error(self) -> float:
        """The most that ``block`` is ever away from ``pairs``, in points."""
        return self.source.error

    def block(self, rows: Index, cols: Index) -> NDArray[np.float32]:
        """Return almost the points of every row with every column, shape (r, c)."""
        block = self.source.block(rows, cols)
        open_ = ~self.exempt[rows, None]
        low, high = np.nextafter(
            np.array([self.least - self.error, self.least + self.error], dtype=np.float32),
            np.array([-np.inf, np.inf], dtype=np.float32),
        )
        near = np.flatnonzero((block >= low) & (block <= high) & open_)
        np.copyto(block, -np.inf, where=(block < low) & open_)
        row, col = np.divmod(near, max(1, cols.size))
        below = self.source.pairs(rows[row], cols[col]) < self.least
        block[row[below], col[below]] = -np.inf
        return block

    def pairs(self, rows: Index, cols: Index) -> NDArray[np.int64]:
        """Return the points of the pairs ``(rows[k], cols[k])``, shape (k,)."""
        points = self.source.pairs(rows, cols)
        return np.where((points < self.least) & ~self.exempt[rows], INELIGIBLE, points)


def floored(problem: Problem, least: int) -> Problem:
    """Return the round in which nobody fares worse, as far as there is a choice.

    Pairs of fewer points are not eligible, but for mentees whose pair is set by hand. With
    ``coverage="score"``, where being left unmatched is worse as well, everybody has to be
    matched, as with ``coverage="first"``.

    Parameters
    ----------
    problem : Problem
        The round; with ``coverage="score"`` being unmatched is worth the same to all.
    least : int
        Points.

    Examples
    --------
    >>> from matchkit.assign import Problem
    >>> floored(Problem([[3, 1], [2, 2]], capacity=1), 2).eligible.tolist()
    [[True, False], [True, True]]
    """
    exempt = np.zeros(problem.shape[0], dtype=bool)
    exempt[problem.locked[:, 0]] = True
    source, eligible = problem.source, None
    points: BlockSource | NDArray[np.int64] = FlooredSource(source, least, exempt)
    if isinstance(source, GridSource):
        points, eligible = (
            source.points,
            source.eligible & ((source.points >= least) | exempt[:, None]),
        )
    elif isinstance(source, ListedSource):
        points = source.at_least(least, exempt)
    alone = problem.unmatched_points
    everybody = bool(problem.coverage == "score" and (alone < least).all())
    return Problem(
        points,
        capacity=problem.capacity,
        eligible=eligible,
        locked=problem.locked,
        unmatched_points=alone,
        coverage="first" if everybody else problem.coverage,
        min_load=problem.min_load,
        quotas=problem.quotas,
        keys=(problem.row_keys, problem.column_keys),
    )
