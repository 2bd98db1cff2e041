"""Blocks of points in float32, added up from layers that hold for whole groups of pairs.

Most of what a criterion or a rule says of two people is the same for many pairs. It is taken
apart once, when a round is bound, into three kinds of layers:

* *kinds*: mentees who are told the same of every mentor share one row of a table;
* *sums*: products of a short sparse row of each mentee with a table of the mentors;
* *listed pairs*, which are few.

All tables and uncapped sums then become one product, so that a block takes one addition for
each entry of a mentee's row, whatever the number of criteria and rules.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from matchkit.scoring.sides import Floats, Index, Mask, Values

CELLS: Final = 1 << 25
"""Numbers in the table of one layer; what would need more is computed block by block."""

COLUMNS: Final = 1024
"""Columns at a time: the tables' part for them stays in cache."""


def fit(rows: int, width: int) -> bool:
    """Tell whether a table of so many rows is small enough to be kept."""
    return rows * width <= CELLS


class Gridded(Protocol):
    """What answers for grids of people."""

    def grid(self, rows: Index, cols: Index) -> NDArray[Any]:
        """Return what is told of every row with every column, shape (r, c)."""


class Sums(NamedTuple):
    """Sums over the entries of a mentee's row, each times a row of the mentors' table.

    Attributes
    ----------
    left : CSR array of float64, shape (n, k)
        Numbers of 0 or more; empty rows for mentees of whom nothing is known.
    right : ndarray, shape (k, m)
        Numbers of 0 or more, 0 for mentors of whom nothing is known.
    capped : bool
        Whether a sum counts as 1 at most.
    """

    left: Any
    right: NDArray[Any]
    capped: bool = False


class Listed(NamedTuple):
    """A few pairs, with what each counts more than other pairs.

    Attributes
    ----------
    rows, cols : int64 arrays, shape (k,)
    values : float64 array, shape (k,)
    """

    rows: Index
    cols: Index
    values: Values


@dataclass(frozen=True, eq=False)
class Layers:
    """A criterion or a rule taken apart; what the parts say adds up.

    Attributes
    ----------
    kinds : int64 array, shape (n,)
        Mentees numbered so that all of one number share a row of the table.
    table : float64 array, shape (kinds, m)
        Values, NaN where the criterion cannot tell; of a rule, 0 and ``-inf``.
    sums : Sums, optional
    listed : Listed, optional
    """

    kinds: Index
    table: Values
    sums: Sums | None = None
    listed: Listed | None = None

    @property
    def terms(self) -> int:
        """The most numbers that are added up for a pair."""
        longest = 0 if self.sums is None else int(np.diff(self.sums.left.indptr).max(initial=0))
        return longest + 2


def by_known(mentees: Mask, mentors: Mask, *, either: bool = False) -> tuple[Index, Values]:
    """Return kinds and table of what is 0 where both are known, or either is, and NaN elsewhere."""
    unknown = np.full(len(mentors), np.nan)
    partly = np.where(mentors, 0.0, np.nan)
    table = [partly, np.zeros(len(mentors))] if either else [unknown, partly]
    return mentees.astype(np.int64), np.stack(table)


def of_kinds(told: Gridded, kinds: Index, width: int) -> Layers | None:
    """Return the table of what is told of the first mentee of each kind, None where it is large.

    Of a rule, allowed is 0 and what is not ``-inf``.
    """
    _, first = np.unique(kinds, return_index=True)
    if not fit(first.size, width):
        return None
    table = told.grid(first, np.arange(width))
    return Layers(kinds, np.where(table, 0.0, -np.inf) if table.dtype == bool else table)


def forbidden(rows: Index, cols: Index, shape: tuple[int, int]) -> Layers:
    """Return the layers of a rule that forbids some pairs."""
    nothing = np.zeros((1, shape[1]))
    listed = Listed(rows, cols, np.full(len(rows), -np.inf))
    return Layers(np.zeros(shape[0], dtype=np.int64), nothing, listed=listed)


class _Product:
    """Sparse rows of the mentees times a table of the mentors, which is kept in pieces."""

    def __init__(self, left: Any, right: Floats) -> None:
        from scipy.sparse import csr_array

        self._left = csr_array(left, dtype=np.float32)
        starts = range(0, right.shape[1], COLUMNS)
        self._pieces = [np.ascontiguousarray(right[:, at : at + COLUMNS]) for at in starts]

    def rows(self, rows: Index) -> Any:
        """Return some mentees' rows."""
        if rows[-1] - rows[0] == len(rows) - 1:
            return self._left[rows[0] : rows[-1] + 1]
        return self._left[rows]

    def block(self, left: Any, cols: Index) -> Floats:
        """Return rows times columns, which are all of one piece."""
        at = cols[0] // COLUMNS
        piece = self._pieces[at]
        if len(cols) < piece.shape[1]:
            piece = np.take(piece, cols - at * COLUMNS, axis=1)
        found: Floats = left @ piece
        return found


class Stack:
    """The layers of a round, weighed and put together.

    Parameters
    ----------
    shape : tuple of int
        Mentees, mentors.
    layers : list of (Layers, float)
        Those of criteria and rules, their tables in points, each with what a value of 1 counts;
        at least one.
    """

    def __init__(self, shape: tuple[int, int], layers: list[tuple[Layers, float]]) -> None:
        self._shape = shape
        from scipy.sparse import hstack

        capped: list[tuple[_Product, np.float32 | None]] = []
        lefts, rights = [], []
        for kinds, table in _united(layers):
            lefts.append(_one_hot(kinds, len(table)))
            rights.append(table)
        for each, weight in layers:
            if each.sums is None:
                continue
            right = (each.sums.right * weight).astype(np.float32)
            if each.sums.capped:
                capped.append((_Product(each.sums.left, right), np.float32(weight)))
            else:
                lefts.append(each.sums.left)
                rights.append(right)
        together = _Product(hstack(lefts, format="csr"), np.concatenate(rights))
        self._products = [(together, None), *capped]
        self._listed = _pairs(shape, layers)

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return the points of the layers, shape (r, c); rows and columns ascend."""
        found = np.zeros((len(rows), len(cols)), dtype=np.float32)
        if not found.size:
            return found
        edges = np.searchsorted(cols, np.arange(0, self._shape[1] + COLUMNS, COLUMNS))
        lefts = [product.rows(rows) for product, _ in self._products]
        for start, stop in itertools.pairwise(edges.tolist()):
            if start < stop:
                self._fill(found[:, start:stop], lefts, cols[start:stop])
        if self._listed is not None:
            mine, theirs, values = _inside(self._listed, rows, cols)
            found[mine, theirs] += values
        return found

    def _fill(self, found: Floats, lefts: list[Any], cols: Index) -> None:
        """Add the points of one piece of columns."""
        for left, (product, most) in zip(lefts, self._products, strict=True):
            sums = product.block(left, cols)
            if most is not None:
                np.minimum(sums, most, out=sums)
            found += sums


def _united(layers: list[tuple[Layers, float]]) -> list[tuple[Index, Floats]]:
    """Return the tables, put together where the kinds that occur together are few."""
    found: list[tuple[Index, Values]] = []
    for each, _ in layers:
        kinds, table = each.kinds, each.table
        if found:
            before, other = found[-1]
            codes, number = np.unique(before * len(table) + kinds, return_inverse=True)
            if len(codes) <= 2 * (len(other) + len(table)):
                kinds = number.reshape(-1)
                table = other[codes // len(table)] + table[codes % len(table)]
                found.pop()
        found.append((kinds, table))
    return [(kinds, table.astype(np.float32)) for kinds, table in found]


def _one_hot(kinds: Index, width: int) -> Any:
    from scipy.sparse import csr_array

    entries = np.ones(len(kinds)), kinds, np.arange(len(kinds) + 1)
    return csr_array(entries, shape=(len(kinds), width))


def _pairs(shape: tuple[int, int], layers: list[tuple[Layers, float]]) -> Any:
    """Return the points of all listed pairs as a CSR array, None where there are none."""
    from scipy.sparse import csr_array

    listed = [(each.listed, weight) for each, weight in layers if each.listed is not None]
    if not sum(len(pairs.rows) for pairs, _ in listed):
        return None
    rows, cols = (np.concatenate([pairs[at] for pairs, _ in listed]) for at in (0, 1))
    values = np.concatenate([pairs.values * weight for pairs, weight in listed])
    return csr_array((values.astype(np.float32), (rows, cols)), shape=shape)


def _inside(matrix: Any, rows: Index, cols: Index) -> tuple[Index, Index, Floats]:
    """Return the entries within a grid: their places in it, and their values."""
    part = matrix[rows].tocoo()
    at = np.minimum(np.searchsorted(cols, part.col), len(cols) - 1)
    here = cols[at] == part.col
    return part.row[here], at[here], part.data[here]
