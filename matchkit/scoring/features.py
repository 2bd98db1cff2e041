"""What the features have in common that count what two people share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from matchkit.scoring.latent import Blend
from matchkit.scoring.layers import Layers, Sums, by_known
from matchkit.scoring.products import Product
from matchkit.scoring.sides import Floats, Index, Mask, Values


class SumFeature(ABC):
    """A criterion whose value is an exact sum over shared entries, set in proportion.

    Attributes
    ----------
    known_mentees, known_mentors : arrays of bool, shapes (n,) and (m,)
        Whom the criterion can tell anything about.
    """

    known_mentees: Mask
    known_mentors: Mask

    def __init__(self, product: Product | Blend) -> None:
        self._product = product

    @abstractmethod
    def _value(self, sums: Values, rows: Index, cols: Index) -> Values:
        """Return sums as values in [0, 1]; rows and cols broadcast to their shape."""

    @property
    def terms(self) -> int:
        """The most numbers added up for a value, which bounds what float32 can lose."""
        return self._product.terms

    def _told(self, sums: Values, rows: Index, cols: Index) -> Values:
        known = self.known_mentees[rows] & self.known_mentors[cols]
        return np.where(known, self._value(sums, rows, cols), np.nan)

    def grid(self, rows: Index, cols: Index) -> Values:
        """Return the values of every row with every column, shape (r, c)."""
        return self._told(self._product.grid(rows, cols), rows[:, None], cols[None, :])

    def pairs(self, rows: Index, cols: Index) -> Values:
        """Return the values of the pairs, shape (k,)."""
        return self._told(self._product.pairs(rows, cols), rows, cols)

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return almost the values of every row with every column in float32, shape (r, c)."""
        values = self._product.block(rows, cols)
        np.minimum(values, 1, out=values)
        values[~self.known_mentees[rows]] = np.nan
        values[:, ~self.known_mentors[cols]] = np.nan
        return values


class ShortFeature(SumFeature):
    """Such a criterion in which a mentee's entries are so few that it is best taken apart."""

    capped: ClassVar[bool] = False
    """Whether sums can come above 1 by themselves."""

    def __init__(self, product: Product) -> None:
        super().__init__(product)
        self._factors = product.factors

    def layers(self) -> Layers | None:
        """Return what values consist of, None where that would take too much memory."""
        factors = self._factors()
        if factors is None:
            return None
        left, right = factors
        left.data *= np.repeat(self.known_mentees, np.diff(left.indptr))
        left.eliminate_zeros()
        right *= self.known_mentors
        kinds, table = by_known(self.known_mentees, self.known_mentors)
        return Layers(kinds, table, Sums(left, right, self.capped))
