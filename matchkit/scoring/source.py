"""A round too large to hold: its points block by block, and exactly for the pairs asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from matchkit.scoring.products import PairList
from matchkit.scoring.scorer import FLOAT32, POINTS, Points, Scorer
from matchkit.scoring.sides import Floats, Index, Mask

REFUSED: Final = int(np.iinfo(np.int64).min)
"""Points of a pair that may not be matched."""


class ScoreSource:
    """The points of a round for an engine that never asks for all of them at once.

    Parameters
    ----------
    scorer : Scorer
        The criteria and rules, bound to the people.
    forbidden : array of int64, shape (k, 2)
        Pairs ruled out by hand, as (row, column).

    Attributes
    ----------
    shape : tuple of int
        Mentees, mentors.
    rules : tuple of str
        Names of what can remove a pair, ``min_score`` and ``Forbidden`` last.
    error : float
        The most that ``block`` is ever away from ``pairs``, in points.
    """

    def __init__(self, scorer: Scorer, forbidden: Index) -> None:
        self._scorer = scorer
        self._forbidden = PairList(
            forbidden[:, 0], forbidden[:, 1], np.ones(len(forbidden)), scorer.shape
        )
        self.shape = scorer.shape
        self.rules = (*(rule.name for rule, _ in scorer.rules), "min_score", "Forbidden")
        parts = sum(scored.error for scored in scorer.criteria)
        self.error = float(parts + 1.001 * POINTS * FLOAT32 * (len(scorer.criteria) + 1))

    def _points(self, rows: Index, cols: Index) -> Floats:
        points = np.zeros((len(rows), len(cols)), dtype=np.float32)
        for scored in self._scorer.criteria:
            points += scored.block(rows, cols)
        return points

    def masks(
        self, rows: Index, cols: Index, points: Points | Floats | None = None
    ) -> Iterator[Mask]:
        """Yield which pairs each of :attr:`rules` allows, shape (r, c) each.

        ``points`` are those of the same grid, exact or by block, where they are at hand.
        """
        for _, allowed in self._scorer.allowed_grid(rows, cols):
            yield allowed
        yield self._high_enough(rows, cols, points)
        allowed = np.ones((len(rows), len(cols)), dtype=bool)
        mine, theirs, _ = self._forbidden.inside(rows, cols)
        allowed[mine, theirs] = False
        yield allowed

    def _high_enough(self, rows: Index, cols: Index, points: Points | Floats | None) -> Mask:
        """Return which pairs reach the least score; those too close to tell are scored."""
        least = self._scorer.least
        if not least:
            return np.ones((len(rows), len(cols)), dtype=bool)
        if points is None:
            points = self._points(rows, cols)
        enough: Mask = points >= least
        if points.dtype == np.float32:
            close = np.nonzero(np.abs(points - least) <= self.error)
            enough[close] = self._scorer.pairs(rows[close[0]], cols[close[1]]) >= least
        return enough

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return almost the points in float32, ``-inf`` where not eligible, shape (r, c)."""
        points = self._points(rows, cols)
        for allowed in self.masks(rows, cols, points):
            np.copyto(points, -np.inf, where=~allowed)
        return points

    def pairs(self, rows: Index, cols: Index) -> Points:
        """Return the exact points of the pairs, :data:`REFUSED` where not eligible."""
        points = self._scorer.pairs(rows, cols)
        allowed = points >= self._scorer.least
        for _, check in self._scorer.rules:
            allowed &= check.pairs(rows, cols)
        allowed &= self._forbidden.pairs(rows, cols) == 0
        return np.where(allowed, points, REFUSED)
