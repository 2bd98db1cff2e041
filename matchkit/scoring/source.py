"""A round too large to hold: its points block by block, and exactly for the pairs asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np

from matchkit.scoring.base import Check, Feature, Layered
from matchkit.scoring.layers import Layers, Stack, forbidden
from matchkit.scoring.products import PairList
from matchkit.scoring.scorer import FLOAT32, POINTS, ROUNDINGS, Points, Scored, Scorer
from matchkit.scoring.sides import Floats, Index, Mask

REFUSED: Final = int(np.iinfo(np.int64).min)
"""Points of a pair that may not be matched."""


class _Apart:
    """What the blocks of a round are added up from.

    Parameters
    ----------
    scorer : Scorer
    checks : sequence of Check
        Its rules, or none.
    refused : Layers
        The pairs ruled out by hand.

    Attributes
    ----------
    checks : list of Check
        The rules that have to be asked block by block.
    error : float
        The most that the points of a block are ever away from the exact ones.
    """

    def __init__(self, scorer: Scorer, checks: Sequence[Check], refused: Layers) -> None:
        layers = [(refused, 1.0)]
        self.checks: list[Check] = []
        for check in checks:
            rule = _layers(check)
            if rule is None:
                self.checks.append(check)
            else:
                layers.append((rule, 1.0))
        self._others: list[Scored] = []
        for scored in scorer.criteria:
            own = _layers(scored.feature)
            if own is None:
                self._others.append(scored)
            else:
                layers.append((replace(own, table=scored.parts(own.table)), scored.weight))
        self._stack = Stack(scorer.shape, layers)
        # Every number is a share of the points and 0 or more; each product and each addition
        # loses at most FLOAT32 of the sum, which is POINTS at most. The exact parts are rounded.
        terms = sum(each.terms for each, _ in layers) + len(self._others)
        lost = (2 * terms + ROUNDINGS) * FLOAT32
        self.error = 0.5 * (len(scorer.criteria) - len(self._others))
        self.error += 1.001 * POINTS * lost / (1 - lost)
        self.error += sum(scored.error for scored in self._others)

    def points(self, rows: Index, cols: Index) -> Floats:
        """Return almost the points, ``-inf`` where one of the layers refuses a pair."""
        points = self._stack.block(rows, cols)
        for scored in self._others:
            points += scored.block(rows, cols)
        return points


def _layers(bound: Feature | Check) -> Layers | None:
    """Take a feature or a check apart, if it can be."""
    return bound.layers() if isinstance(bound, Layered) else None


class ScoreSource:
    """The points of a round for an engine that never asks for all of them at once.

    Parameters
    ----------
    scorer : Scorer
        The criteria and rules, bound to the people.
    refused : array of int64, shape (k, 2)
        Pairs ruled out by hand, as (row, column).

    Attributes
    ----------
    shape : tuple of int
        Mentees, mentors.
    rules : tuple of str
        Names of what can remove a pair, ``min_score`` and ``Forbidden`` last.
    """

    def __init__(self, scorer: Scorer, refused: Index) -> None:
        self._scorer = scorer
        self._forbidden = PairList(
            refused[:, 0], refused[:, 1], np.ones(len(refused)), scorer.shape
        )
        self.shape = scorer.shape
        self.rules = (*(rule.name for rule, _ in scorer.rules), "min_score", "Forbidden")

    @cached_property
    def _apart(self) -> _Apart:
        checks = [check for _, check in self._scorer.rules]
        return _Apart(self._scorer, checks, forbidden(*self._forbidden.entries, self.shape))

    @cached_property
    def _scored(self) -> _Apart:
        none = np.zeros(0, dtype=np.int64)
        return _Apart(self._scorer, (), forbidden(none, none, self.shape))

    @property
    def error(self) -> float:
        """The most that ``block`` is ever away from ``pairs``, in points."""
        return self._apart.error

    def masks(
        self, rows: Index, cols: Index, points: Points | Floats | None = None
    ) -> Iterator[Mask]:
        """Yield which pairs each of :attr:`rules` allows, shape (r, c) each.

        ``points`` are the exact ones of the same grid, where they are at hand.
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
            points = self._scored.points(rows, cols)
        enough: Mask = points >= least
        if points.dtype == np.float32:
            close = np.nonzero(np.abs(points - least) <= self.error)
            enough[close] = self._scorer.pairs(rows[close[0]], cols[close[1]]) >= least
        return enough

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return almost the points in float32, ``-inf`` where not eligible, shape (r, c)."""
        points = self._apart.points(rows, cols)
        for check in self._apart.checks:
            np.copyto(points, -np.inf, where=~check.grid(rows, cols))
        if self._scorer.least:
            np.copyto(points, -np.inf, where=~self._high_enough(rows, cols, points))
        return points

    def pairs(self, rows: Index, cols: Index) -> Points:
        """Return the exact points of the pairs, :data:`REFUSED` where not eligible."""
        points = self._scorer.pairs(rows, cols)
        allowed = points >= self._scorer.least
        for _, check in self._scorer.rules:
            allowed &= check.pairs(rows, cols)
        allowed &= self._forbidden.pairs(rows, cols) == 0
        return np.where(allowed, points, REFUSED)
