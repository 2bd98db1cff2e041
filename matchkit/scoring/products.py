"""Exact sums over shared entries: the arithmetic under the list-valued criteria and rules.

All entries are whole numbers held in float64, and every sum stays below 2**53, so a sparse
product is exact whatever the order of its additions: one block or many, one thread or two.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchkit.profiles import ragged_take
from matchkit.scoring.layers import fit
from matchkit.scoring.sides import Floats, Index, Mask, Values, blocks, cross

if TYPE_CHECKING:
    from matchkit.profiles import Lists, Windows

TABLE_CELLS = 4_000_000

EXACT = 1 << 24
"""Whole numbers up to this are exact in float32."""

BUSY = 128
"""Columns with most products that are multiplied dense on both sides; few are left."""


def membership(lists: Lists, code_map: Index, width: int) -> Any:
    """Return a CSR array of ones, shape (people, width): who lists which label."""
    return sparse(lists.indptr, code_map[lists.codes], np.ones(len(lists.codes)), width)


def sparse(indptr: Index, codes: Index, values: NDArray[Any], width: int) -> Any:
    """Return a float64 CSR array of shape (people, width) with sorted, summed entries."""
    from scipy.sparse import csr_array

    # Copies: summing duplicates works in place, and the pool's own arrays are read-only.
    entries = (values.astype(np.float64), codes.copy(), indptr.copy())
    matrix = csr_array(entries, shape=(len(indptr) - 1, width))
    matrix.sum_duplicates()
    return matrix


class Product:
    """Sums over shared entries of a mentee's and a mentor's sparse row.

    Parameters
    ----------
    mentees, mentors : CSR arrays of float64 whole numbers, shapes (n, k) and (m, k)
    scales : two arrays, shapes (n,) and (m,), optional
        What ``block`` divides the sums of each mentee and each mentor by.
    """

    def __init__(
        self, mentees: Any, mentors: Any, scales: tuple[Values, Values] | None = None
    ) -> None:
        self._mentees, self._mentors = mentees, mentors
        self._scales = scales

    @cached_property
    def _scaled(self) -> tuple[Any, Any]:
        """Both sides in float32 with the scales folded in."""
        sides = self._mentees.astype(np.float32), self._mentors.astype(np.float32)
        for side, scale in zip(sides, self._scales or (), strict=False):
            side.data /= np.repeat(scale, np.diff(side.indptr)).astype(np.float32)
        return sides

    @property
    def terms(self) -> int:
        """The most numbers that are added up for a sum: its products, in two parts."""
        return int(np.diff(self._mentees.indptr).max(initial=0)) + 1

    def factors(self) -> tuple[Any, Values] | None:
        """Return rows and table whose product is the scaled sums: CSR (n, k) and (k, m).

        None where the table would be too large.
        """
        if self._table is None:
            return None
        left, right = self._table[0].copy(), self._table[1].astype(np.float64)
        if self._scales is not None:
            left.data /= np.repeat(self._scales[0], np.diff(left.indptr))
            right /= self._scales[1]
        return left, right

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return the scaled sums of every row with every column in float32, shape (r, c)."""
        (left, right), (rest_left, rest_right) = self._parted
        found: Floats = left[rows] @ right[cols].T
        rest = (rest_left[rows] @ rest_right[cols].T).tocoo()
        found[rest.row, rest.col] += rest.data
        return found

    @cached_property
    def _parted(self) -> tuple[tuple[Floats, Floats], tuple[Any, Any]]:
        """Both sides in the busiest columns, dense, and in the other ones that both have.

        A few words are in many texts and most words in few: the former make nearly all
        products, the latter nearly all columns.
        """
        left, right = self._scaled
        width = left.shape[1]
        counts = [np.bincount(side.indices, minlength=width) for side in (left, right)]
        products = counts[0].astype(np.float64) * counts[1]
        order = np.argsort(-products, kind="stable")
        busy, rest = order[:BUSY], np.sort(order[BUSY:])
        rest = rest[products[rest] > 0]
        dense = left[:, busy].toarray(), right[:, busy].toarray()
        return dense, (left[:, rest], right[:, rest])

    def grid(self, rows: Index, cols: Index) -> Values:
        """Return the sums of every row with every column, shape (r, c)."""
        product: Values = (self._mentees[rows] @ self._mentors[cols].T).toarray()
        return product

    def pairs(self, rows: Index, cols: Index) -> Values:
        """Return the sums of the pairs, shape (k,)."""
        sums = np.empty(len(rows))
        for part in blocks(len(rows), 64):
            sums[part] = self._sums(rows[part], cols[part])
        return sums

    def _sums(self, rows: Index, cols: Index) -> Values:
        if self._table is None:
            shared = self._mentees[rows].multiply(self._mentors[cols])
            return np.asarray(shared.sum(axis=1)).reshape(-1)
        left, table = self._table
        indptr, entries = ragged_take(left.indptr, rows)
        counts = np.diff(indptr)
        worth = left.data[entries] * table[left.indices[entries], np.repeat(cols, counts)]
        owner = np.repeat(np.arange(len(rows)), counts)
        return np.bincount(owner, worth, len(rows)).astype(np.float64, copy=False)

    @cached_property
    def _table(self) -> tuple[Any, NDArray[Any]] | None:
        """The mentees' rows in the columns that both sides have, and the mentors' as a table.

        None where that would be too large.
        """
        shared = self._shared
        if not fit(shared.size, self._mentors.shape[0]):
            return None
        right = self._mentors[:, shared].T
        exact = right.data.max(initial=0) < EXACT
        return self._mentees[:, shared], right.astype(np.float32 if exact else np.float64).toarray()

    @property
    def _shared(self) -> Index:
        """The columns in which both sides have entries."""
        width = self._mentees.shape[1]
        sides = self._mentees, self._mentors
        mine, theirs = (np.bincount(side.indices, minlength=width) > 0 for side in sides)
        return np.flatnonzero(mine & theirs)


class PatternProduct:
    """Sums over shared entries where few distinct rows occur on each side.

    The distinct rows are multiplied once where that table is small; otherwise each grid
    multiplies the distinct rows that it needs.
    """

    def __init__(self, mentees: Any, mentors: Any) -> None:
        self._mentees, self._rows = distinct(mentees)
        self._mentors, self._cols = distinct(mentors)
        self._table: Values | None = None
        if self._mentees.shape[0] * self._mentors.shape[0] <= TABLE_CELLS:
            self._table = (self._mentees @ self._mentors.T).toarray()

    def grid(self, rows: Index, cols: Index) -> Values:
        """Return the sums of every row with every column, shape (r, c)."""
        mine, theirs = self._rows[rows], self._cols[cols]
        if self._table is not None:
            return cross(self._table, mine, theirs)
        left, mine = np.unique(mine, return_inverse=True)
        right, theirs = np.unique(theirs, return_inverse=True)
        product: Values = (self._mentees[left] @ self._mentors[right].T).toarray()
        return cross(product, mine.reshape(-1), theirs.reshape(-1))

    @property
    def kinds(self) -> Index:
        """The number of each mentee's row among the distinct ones."""
        return self._rows

    def pairs(self, rows: Index, cols: Index) -> Values:
        """Return the sums of the pairs, shape (k,)."""
        mine, theirs = self._rows[rows], self._cols[cols]
        if self._table is not None:
            return self._table[mine, theirs]
        return self._product.pairs(mine, theirs)

    @cached_property
    def _product(self) -> Product:
        return Product(self._mentees, self._mentors)


def distinct(matrix: Any) -> tuple[Any, Index]:
    """Return the distinct rows of a CSR array and each person's row among them."""
    seen: dict[tuple[bytes, bytes], int] = {}
    first: list[int] = []
    number = np.empty(matrix.shape[0], dtype=np.int64)
    for person in range(matrix.shape[0]):
        span = slice(matrix.indptr[person], matrix.indptr[person + 1])
        key = (matrix.indices[span].tobytes(), matrix.data[span].tobytes())
        if key not in seen:
            seen[key] = len(first)
            first.append(person)
        number[person] = seen[key]
    return matrix[np.array(first, dtype=np.int64)], number


class PairList:
    """A few pairs with a value each; every other pair has 0."""

    def __init__(
        self, rows: Index, cols: Index, values: NDArray[Any], shape: tuple[int, int]
    ) -> None:
        keys = rows * np.int64(max(1, shape[1])) + cols
        self._keys, first = np.unique(keys, return_index=True)
        self._values = np.asarray(values, dtype=np.float64)[first]
        self.shape = shape

    @cached_property
    def _matrix(self) -> Any:
        from scipy.sparse import csr_array

        return csr_array((self._values, self.entries), shape=self.shape)

    def __len__(self) -> int:
        """Return how many pairs are listed."""
        return len(self._keys)

    @property
    def entries(self) -> tuple[Index, Index]:
        """Rows and columns of the pairs listed."""
        width = max(1, self.shape[1])
        return self._keys // width, self._keys % width

    def grid(self, rows: Index, cols: Index) -> Values:
        """Return the values of every row with every column, shape (r, c)."""
        grid = np.zeros((len(rows), len(cols)))
        mine, theirs, values = self.inside(rows, cols)
        grid[mine, theirs] = values
        return grid

    def inside(self, rows: Index, cols: Index) -> tuple[Index, Index, Values]:
        """Return the pairs listed within a grid, by their place in it, and their values."""
        part = self._matrix[rows][:, cols].tocoo()
        return part.row, part.col, part.data

    def pairs(self, rows: Index, cols: Index) -> Values:
        """Return the values of the pairs, shape (k,)."""
        keys = rows * np.int64(max(1, self.shape[1])) + cols
        if not len(self._keys):
            return np.zeros(len(keys))
        where = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[where] == keys, self._values[where], 0.0)


def any_of(lists: Lists | Windows) -> Mask:
    """Return who lists anything at all, shape (people,)."""
    return np.diff(lists.indptr) > 0
