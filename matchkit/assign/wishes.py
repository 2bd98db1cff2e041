"""What mentors think of pairs, where that is not what the points say."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.sources import INELIGIBLE, BlockSource, Index, ListedSource


@dataclass(frozen=True, eq=False)
class OwnPoints:
    """The points of a source, with those of some pairs replaced.

    Attributes
    ----------
    source : BlockSource
        The points of all others, and who is eligible.
    own : ListedSource
        The pairs that are seen differently.
    """

    source: BlockSource
    own: ListedSource

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        return self.source.shape

    @functools.cached_property
    def error(self) -> float:
        """The most that ``block`` is ever away from ``pairs``, in points."""
        return max(self.source.error, self.own.error)

    def block(self, rows: Index, cols: Index) -> NDArray[np.float32]:
        """Return almost the points of every row with every column, shape (r, c)."""
        block, own = self.source.block(rows, cols), self.own.block(rows, cols)
        np.copyto(block, own, where=(own > -np.inf) & (block > -np.inf))
        return block

    def pairs(self, rows: Index, cols: Index) -> NDArray[np.int64]:
        """Return the points of the pairs ``(rows[k], cols[k])``, shape (k,)."""
        points, own = self.source.pairs(rows, cols), self.own.pairs(rows, cols)
        return np.where((own != INELIGIBLE) & (points != INELIGIBLE), own, points)
