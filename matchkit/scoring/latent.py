"""Related words: texts that say the same in other words, as whole-number vectors.

Where a round has enough texts, words that stand in the same company get vectors that point
the same way: latent semantic analysis (S. Deerwester et al., *JASIS* 41(6), 1990). A model of
one's own can give the vectors in its place. Either way they are rounded to whole numbers
once, so that every product of two of them is exact.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.scoring.products import Product
from matchkit.scoring.sides import Floats, Index, Values, blocks

UNIT: Final = 1 << 14
"""A vector of length 1 in whole numbers."""

ENOUGH: Final = 500
"""People with words, of both sides together, from which on related words are learned."""

DIMENSIONS: Final = 50
"""Dimensions of the vectors that are learned."""

SAMPLE: Final = 20_000
"""People from whom they are learned where there are more, by a hash of what they wrote."""

Whole = NDArray[np.int16]


def whole_units(vectors: NDArray[Any]) -> Whole:
    """Scale vectors to length 1 and round them to whole numbers.

    Examples
    --------
    >>> whole_units(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[9830, 13107], [0, 0]]
    """
    length = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    units = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    whole: Whole = np.rint(units * UNIT).astype(np.int16)
    return whole


def learned_axes(people: Any) -> Values | None:
    """Learn which words keep the same company.

    Parameters
    ----------
    people : CSR array of float64, shape (people, words)
        The weighed words of each.

    Returns
    -------
    float64 array (words, dimensions) or None
        A vector for each word, 0 for those that only one person wrote; None where too few
        people wrote anything.

    Notes
    -----
    The decomposition is that of N. Halko, P. G. Martinsson and J. A. Tropp, *SIAM Review*
    53(2), 2011, from a fixed seed and on one thread. Its last bit can depend on the kind of
    processor.
    """
    from sklearn.utils.extmath import randomized_svd
    from threadpoolctl import threadpool_limits

    wrote = np.flatnonzero(np.diff(people.indptr))
    if len(wrote) < ENOUGH:
        return None
    learned = people[wrote[_by_content(people[wrote])][:SAMPLE]]
    common = np.flatnonzero(np.bincount(learned.indices, minlength=learned.shape[1]) > 1)
    size = min(DIMENSIONS, learned.shape[0], len(common) - 1)
    if size < 1:
        return None
    with threadpool_limits(limits=1):
        _, _, axes = randomized_svd(learned[:, common], size, n_iter=5, random_state=0)
    found = np.zeros((learned.shape[1], size))
    found[common] = axes.T
    return found


def _by_content(rows: Any) -> Index:
    """Return an order of rows that depends on nothing but what is in them."""
    ends = rows.indptr.tolist()
    digests = []
    for begin, end in pairwise(ends):
        hashed = hashlib.blake2b(rows.indices[begin:end].tobytes(), digest_size=16)
        hashed.update(rows.data[begin:end].tobytes())
        digests.append(hashed.digest())
    return np.array(sorted(range(len(digests)), key=digests.__getitem__), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class LatentProduct:
    """How far vectors of mentees and mentors point the same way, 0 where they point apart.

    Attributes
    ----------
    mentees, mentors : int16 arrays, shapes (n, d) and (m, d)
        Unit vectors in whole numbers.
    scale : float
        What :meth:`block` divides the products by.
    """

    mentees: Whole
    mentors: Whole
    scale: float

    @property
    def terms(self) -> int:
        """How many numbers are added up, counted as parts of a value of 1.

        They have both signs and add up to at most ``UNIT * UNIT`` in absolute value.
        """
        largest = max(1.0, 1.01 * UNIT * UNIT / self.scale)
        return math.ceil((int(self.mentees.shape[1]) + 4) * largest)

    @cached_property
    def _scaled(self) -> tuple[Floats, Floats]:
        left = self.mentees / np.float32(self.scale / UNIT)
        right = self.mentors / np.float32(UNIT)
        return left.astype(np.float32), np.ascontiguousarray(right.T.astype(np.float32))

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return the scaled products of every row with every column in float32, shape (r, c)."""
        left, right = self._scaled
        found: Floats = left[rows] @ np.take(right, cols, axis=1)
        return np.maximum(found, 0, out=found)

    def grid(self, rows: Index, cols: Index) -> Values:
        """Return the products of every row with every column, shape (r, c)."""
        left, right = self.mentees[rows].astype(np.float64), self.mentors[cols].astype(np.float64)
        return np.maximum(left @ right.T, 0)

    def pairs(self, rows: Index, cols: Index) -> Values:
        """Return the products of the pairs, shape (k,)."""
        found = np.empty(len(rows))
        for part in blocks(len(rows), self.mentees.shape[1]):
            left, right = self.mentees[rows[part]], self.mentors[cols[part]]
            found[part] = np.einsum("ij,ij->i", left, right, dtype=np.float64)
        return np.maximum(found, 0)


@dataclass(frozen=True, eq=False)
class Blend:
    """The sum of two products, each taken a whole number of times: shared and related words.

    Attributes
    ----------
    words : Product
    latent : LatentProduct or None
    times : (int, int)
        How often each counts.
    """

    words: Product
    latent: LatentProduct | None
    times: tuple[int, int]

    @property
    def terms(self) -> int:
        """The most numbers that are added up."""
        return self.words.terms + (0 if self.latent is None else self.latent.terms + 1)

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return the sums of both as they are scaled, shape (r, c)."""
        found = self.words.block(rows, cols)
        if self.latent is not None:
            found += self.latent.block(rows, cols)
        return found

    def grid(self, rows: Index, cols: Index) -> Values:
        """Return the sums of every row with every column, shape (r, c)."""
        found = self.times[0] * self.words.grid(rows, cols)
        if self.latent is not None:
            found += self.times[1] * self.latent.grid(rows, cols)
        return found

    def pairs(self, rows: Index, cols: Index) -> Values:
        """Return the sums of the pairs, shape (k,)."""
        found = self.times[0] * self.words.pairs(rows, cols)
        if self.latent is not None:
            found += self.times[1] * self.latent.pairs(rows, cols)
        return found
