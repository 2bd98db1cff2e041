"""A round too large to hold: its points block by block, and exactly for the pairs asked."""

from __future__ import annotations

from typing import Final

import numpy as np

from matchkit.scoring.products import PairList
from matchkit.scoring.scorer import FLOAT32, POINTS, Points, Scorer
from matchkit.scoring.sides import Floats, Index

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
    error : float
        The most that ``block`` is ever away from ``pairs``, in points.
    """

    def __init__(self, scorer: Scorer, forbidden: Index) -> None:
        self._scorer = scorer
        self._forbidden = PairList(
            forbidden[:, 0], forbidden[:, 1], np.ones(len(forbidden)), scorer.shape
        )
        self.shape = scorer.shape
        parts = sum(scored.error for scored in scorer.criteria)
        self.error = float(parts + 1.001 * POINTS * FLOAT32 * (len(scorer.criteria) + 1))

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return almost the points in float32, ``-inf`` where not eligible, shape (r, c)."""
        points = np.zeros((len(rows), len(cols)), dtype=np.float32)
        for scored in self._scorer.criteria:
            points += scored.block(rows, cols)
        if self._scorer.least:
            self._refuse_low(points, rows, cols)
        for _, allowed in self._scorer.allowed_grid(rows, cols):
            np.copyto(points, -np.inf, where=~allowed)
        if len(self._forbidden):
            points[self._forbidden.grid(rows, cols) > 0] = -np.inf
        return points

    def _refuse_low(self, points: Floats, rows: Index, cols: Index) -> None:
        """Mark the pairs below the least score; those too close to tell are scored exactly."""
        low = points < self._scorer.least
        close = np.nonzero(np.abs(points - self._scorer.least) <= self.error)
        low[close] = self._scorer.pairs(rows[close[0]], cols[close[1]]) < self._scorer.least
        points[low] = -np.inf

    def pairs(self, rows: Index, cols: Index) -> Points:
        """Return the exact points of the pairs, :data:`REFUSED` where not eligible."""
        points = self._scorer.pairs(rows, cols)
        allowed = points >= self._scorer.least
        for _, check in self._scorer.rules:
            allowed &= check.pairs(rows, cols)
        allowed &= self._forbidden.pairs(rows, cols) == 0
        return np.where(allowed, points, REFUSED)
