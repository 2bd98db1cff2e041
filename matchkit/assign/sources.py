"""Where points come from: an array, a list of pairs, or anything that answers for blocks.

A round of 100,000 mentees and 20,000 mentors has two billion pairs, and the engine needs
the exact points of very few. It asks for blocks in float32, fast and almost right, and for
the exact points of the pairs that could matter: those that the proven bound on the
difference between the two does not rule out.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matchkit.errors import ProblemError

Index = NDArray[np.int64]

INELIGIBLE: Final = int(np.iinfo(np.int64).min)
"""What ``pairs`` answers for a pair that may not be matched."""

_ROUNDING: Final = 2.0**-24  # relative error of rounding to float32
_EXACT: Final = 1 << 24  # whole numbers up to this are exact in float32
_CELLS: Final = 1 << 16  # vector entries multiplied at a time: they stay in cache
_MANY: Final = 1 << 12  # pairs from which it is worth a look whether they crowd
_CROWDED: Final = 8  # of so many cells of a table one is asked for: one product makes all
_TABLE: Final = 1 << 23  # cells of such a table at the most


@runtime_checkable
class BlockSource(Protocol):
    """Points of a round that are never held all at once.

    Both methods may be called from several threads at a time, and must give the same
    answer each time, also when the next problem is made from it.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        ...

    @property
    def error(self) -> float:
        """The most that ``block`` is ever away from ``pairs``, in points, proven."""
        ...

    def block(self, rows: Index, cols: Index) -> NDArray[np.float32]:
        """Return almost the points of every row with every column.

        Parameters
        ----------
        rows, cols : NDArray[int64], shapes (r,) and (c,)
            Ascending, none twice.

        Returns
        -------
        NDArray[float32], shape (r, c)
            ``-inf`` exactly where not eligible. The caller may write into it.
        """
        ...

    def pairs(self, rows: Index, cols: Index) -> NDArray[np.int64]:
        """Return the points of the pairs ``(rows[k], cols[k])``.

        Parameters
        ----------
        rows, cols : NDArray[int64], shape (k,)
            In any order.

        Returns
        -------
        NDArray[int64], shape (k,)
            `INELIGIBLE` exactly where not eligible.
        """
        ...


class FactorSource:
    """Points as products of two sets of whole vectors: ``points = A @ B.T // scale``.

    Vectors that a model made, such as embeddings or tf-idf, are stored as int16. Their
    products are then exact wherever they are computed, and fast in float32.

    Parameters
    ----------
    mentees : array_like of int16, shape (n, d)
        One vector for each mentee.
    mentors : array_like of int16, shape (m, d)
        One vector for each mentor.
    scale : int, default 1
        What products are divided by, rounded down; 1 or more.

    Raises
    ------
    ProblemError
        If the vectors are not whole, not int16 or not of one length.

    Notes
    -----
    With ``u = 2**-24``, a float32 sum of ``d`` products in any order is off by at most
    ``d u / (1 - d u)`` times the sum of absolute products (N. J. Higham, Accuracy and
    Stability of Numerical Algorithms, second edition, 2002, section 3.1), which the norms
    of the two vectors bound. Dividing one side by ``scale`` adds two roundings, rounding
    down at most one point.

    Examples
    --------
    >>> import numpy as np
    >>> from matchkit.assign import FactorSource, Problem, solve
    >>> mentees = np.array([[300, 0], [200, 100]], dtype=np.int16)
    >>> mentors = np.array([[300, 100], [0, 200]], dtype=np.int16)
    >>> source = FactorSource(mentees, mentors, scale=1000)
    >>> source.pairs(np.array([0, 1]), np.array([0, 1])).tolist()
    [90, 20]
    >>> solve(Problem(source, capacity=1)).total
    110
    """

    def __init__(self, mentees: ArrayLike, mentors: ArrayLike, scale: int = 1) -> None:
        self._mentees, self._mentors = _vectors(mentees), _vectors(mentors)
        if self._mentees.shape[1] != self._mentors.shape[1]:
            message = (
                f"vectors of mentees have {self._mentees.shape[1]} entries, those of mentors "
                f"{self._mentors.shape[1]}; must be as many."
            )
            raise ProblemError(message)
        if scale < 1:
            raise ProblemError(f"scale == {scale}, must be 1 or more.")
        self._scale = int(scale)
        self._left = (self._mentees / np.float64(scale)).astype(np.float32)
        self._right = self._mentors.astype(np.float32)

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        return len(self._mentees), len(self._mentors)

    @functools.cached_property
    def error(self) -> float:
        """The most that ``block`` is ever away from ``pairs``, in points."""
        largest = _longest(self._mentees) * _longest(self._mentors)
        if self._scale == 1 and largest < _EXACT:
            return 0.0
        roundings = (self._mentees.shape[1] + 2) * _ROUNDING
        return float(1.001 * roundings / (1 - roundings) * largest / self._scale + 1)

    def block(self, rows: Index, cols: Index) -> NDArray[np.float32]:
        """Return almost the points of every row with every column, shape (r, c)."""
        return self._left[run(rows)] @ self._right[run(cols)].T

    def pairs(self, rows: Index, cols: Index) -> NDArray[np.int64]:
        """Return the points of the pairs ``(rows[k], cols[k])``, shape (k,)."""
        if rows.size >= _MANY:
            (left, row), (right, column) = _distinct(rows), _distinct(cols)
            if left.size * right.size <= min(_CROWDED * rows.size, _TABLE):
                vectors = self._mentees[left].astype(np.float64)
                table = vectors @ self._mentors[right].astype(np.float64).T
                return table[row, column].astype(np.int64) // self._scale
        points = np.empty(rows.size, dtype=np.int64)
        step = max(1, _CELLS // max(1, self._mentees.shape[1]))
        for start in range(0, rows.size, step):
            at = slice(start, start + step)
            # Sums of int16 products are far below 2**53: exact in float64, whatever the order.
            left = self._mentees[rows[at]].astype(np.float64)
            right = self._mentors[cols[at]].astype(np.float64)
            points[at] = np.einsum("ij,ij->i", left, right)
        return points // self._scale


def _distinct(index: Index) -> tuple[Index, Index]:
    """Return each number that occurs, ascending, and the place of each one among these."""
    least = int(index.min())
    there = np.bincount(index - least) > 0
    return np.flatnonzero(there) + least, (np.cumsum(there) - 1)[index - least]


def _vectors(given: ArrayLike) -> NDArray[np.int16]:
    """Return vectors as int16, a copy; refuse what int16 cannot hold."""
    wide = np.array(given)
    limits = np.iinfo(np.int16)
    if wide.ndim != 2 or (wide.size and wide.dtype.kind not in "iu"):
        message = (
            f"vectors have shape {wide.shape} and dtype {wide.dtype}, must be (people, d) int16."
        )
        raise ProblemError(message)
    if wide.size and not limits.min <= wide.min() <= wide.max() <= limits.max:
        raise ProblemError(f"vectors hold {wide.min()} to {wide.max()}, more than int16 can.")
    return wide.astype(np.int16)


def _longest(vectors: NDArray[np.int16]) -> float:
    """Return the greatest length of a vector."""
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    return float(np.sqrt(squares.max(initial=0.0)))


def run(index: Index) -> Index | slice:
    """Return ascending indices as a slice if none is left out: views are free, copies not."""
    if index.size and int(index[-1] - index[0]) == index.size - 1:
        return slice(int(index[0]), int(index[-1]) + 1)
    return index


@dataclass(frozen=True, eq=False)
class GridSource:
    """Points of an array.

    Attributes
    ----------
    points : NDArray[int64], shape (n, m)
    eligible : NDArray[bool], shape (n, m)
    """

    points: NDArray[np.int64]
    eligible: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        n, m = self.points.shape
        return n, m

    @functools.cached_property
    def error(self) -> float:
        """The rounding of the largest number to float32."""
        return _rounding(self.points)

    def block(self, rows: Index, cols: Index) -> NDArray[np.float32]:
        """Return the points of every row with every column, shape (r, c)."""
        if cols.size < self.points.shape[1]:
            at = np.ix_(rows, cols)
            block = self.points[at].astype(np.float32)
            block[~self.eligible[at]] = -np.inf
            return block
        whole = run(rows)
        block = self.points[whole].astype(np.float32)
        np.copyto(block, -np.inf, where=~self.eligible[whole])
        return block

    def pairs(self, rows: Index, cols: Index) -> NDArray[np.int64]:
        """Return the points of the pairs ``(rows[k], cols[k])``, shape (k,)."""
        return np.where(self.eligible[rows, cols], self.points[rows, cols], INELIGIBLE)


@dataclass(frozen=True, eq=False)
class ListedSource:
    """Points of the eligible pairs only, as a list.

    Attributes
    ----------
    start : NDArray[int64], shape (n + 1,)
        Where each mentee's pairs begin in the next two.
    columns, points : NDArray[int64], shape (pairs,)
        The mentor of each pair, ascending for each mentee, and its points.
    width : int
        The number of mentors.
    """

    start: NDArray[np.int64]
    columns: NDArray[np.int64]
    points: NDArray[np.int64]
    width: int

    def __post_init__(self) -> None:
        """Close the arrays."""
        for array in (self.start, self.columns, self.points):
            array.setflags(write=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        return self.start.size - 1, self.width

    @functools.cached_property
    def error(self) -> float:
        """The rounding of the largest number to float32."""
        return _rounding(self.points)

    def without(self, forbidden: NDArray[np.int64]) -> ListedSource:
        """Return the list without some pairs, given as (mentee, mentor), shape (k, 2)."""
        kept = ~np.isin(self._codes, forbidden[:, 0] * self.width + forbidden[:, 1])
        start = np.append(0, np.cumsum(kept))[self.start]
        return ListedSource(start, self.columns[kept], self.points[kept], self.width)

    def at_least(self, least: int, exempt: NDArray[np.bool_]) -> ListedSource:
        """Return the list without pairs of fewer points, but for those of exempt mentees."""
        mentees = np.repeat(np.arange(self.start.size - 1), np.diff(self.start))
        kept = (self.points >= least) | exempt[mentees]
        start = np.append(0, np.cumsum(kept))[self.start]
        return ListedSource(start, self.columns[kept], self.points[kept], self.width)

    def raised(self, kept: NDArray[np.int64], bonus: int) -> ListedSource:
        """Return the list with more points for some pairs, given as (mentee, mentor)."""
        stays = np.isin(self._codes, kept[:, 0] * self.width + kept[:, 1])
        return ListedSource(self.start, self.columns, self.points + bonus * stays, self.width)

    def entries(self, rows: Index) -> tuple[Index, Index, NDArray[np.int64]]:
        """Return the pairs of some rows: position in ``rows``, column, points."""
        first = self.start[rows]
        counts = self.start[rows + 1] - first
        ends = np.cumsum(counts)
        at = np.arange(counts.sum()) + np.repeat(first - ends + counts, counts)
        return np.repeat(np.arange(rows.size), counts), self.columns[at], self.points[at]

    def block(self, rows: Index, cols: Index) -> NDArray[np.float32]:
        """Return the points of every row with every column, shape (r, c)."""
        where = np.full(self.width, -1, dtype=np.int64)
        where[cols] = np.arange(cols.size)
        position, mentor, points = self.entries(rows)
        asked = where[mentor] >= 0
        block = np.full((rows.size, cols.size), -np.inf, dtype=np.float32)
        block[position[asked], where[mentor[asked]]] = points[asked]
        return block

    def pairs(self, rows: Index, cols: Index) -> NDArray[np.int64]:
        """Return the points of the pairs ``(rows[k], cols[k])``, shape (k,)."""
        wanted = rows * self.width + cols
        at = np.searchsorted(self._codes, wanted)
        found = at < self._codes.size
        found[found] = self._codes[at[found]] == wanted[found]
        points = np.full(rows.size, INELIGIBLE)
        points[found] = self.points[at[found]]
        return points

    @functools.cached_property
    def _codes(self) -> Index:
        """Return one ascending number for each pair."""
        counts = np.diff(self.start)
        return np.repeat(np.arange(counts.size), counts) * self.width + self.columns


@dataclass(frozen=True, eq=False)
class RestrictedSource:
    """A source without the pairs that are forbidden by hand.

    Attributes
    ----------
    source : BlockSource
    forbidden : NDArray[int64], shape (k, 2)
        Sorted.
    """

    source: BlockSource
    forbidden: NDArray[np.int64]

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
        at = np.searchsorted(rows, self.forbidden[:, 0])
        to = np.searchsorted(cols, self.forbidden[:, 1])
        here = (at < rows.size) & (to < cols.size)
        at, to, refused = at[here], to[here], self.forbidden[here]
        hit = (rows[at] == refused[:, 0]) & (cols[to] == refused[:, 1])
        block[at[hit], to[hit]] = -np.inf
        return block

    def pairs(self, rows: Index, cols: Index) -> NDArray[np.int64]:
        """Return the points of the pairs ``(rows[k], cols[k])``, shape (k,)."""
        m = self.shape[1]
        refused = np.isin(rows * m + cols, self.forbidden[:, 0] * m + self.forbidden[:, 1])
        return np.where(refused, INELIGIBLE, self.source.pairs(rows, cols))


@dataclass(frozen=True, eq=False)
class RaisedSource:
    """A source in which the pairs that are kept from before count more.

    Attributes
    ----------
    source : BlockSource
        Their points without that.
    kept : NDArray[int64], shape (k, 2)
        Sorted. Those that are not eligible any more stay so.
    bonus : int
        Points that each counts more.
    """

    source: BlockSource
    kept: NDArray[np.int64]
    bonus: int

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        return self.source.shape

    @functools.cached_property
    def error(self) -> float:
        """The most that ``block`` is ever away from ``pairs``, in points."""
        points = self.pairs(self.kept[:, 0], self.kept[:, 1])
        return max(self.source.error, _rounding(points[points != INELIGIBLE]))

    def block(self, rows: Index, cols: Index) -> NDArray[np.float32]:
        """Return almost the points of every row with every column, shape (r, c)."""
        block = self.source.block(rows, cols)
        if not block.size:
            return block
        first, last = np.searchsorted(self.kept[:, 0], (rows[0], rows[-1] + 1))
        near = self.kept[first:last]
        at, to = np.searchsorted(rows, near[:, 0]), np.searchsorted(cols, near[:, 1])
        here = to < cols.size
        at, to, near = at[here], to[here], near[here]
        hit = (rows[at] == near[:, 0]) & (cols[to] == near[:, 1])
        at, to, near = at[hit], to[hit], near[hit]
        points = self.pairs(near[:, 0], near[:, 1])
        block[at, to] = np.where(points == INELIGIBLE, -np.inf, points)
        return block

    def pairs(self, rows: Index, cols: Index) -> NDArray[np.int64]:
        """Return the points of the pairs ``(rows[k], cols[k])``, shape (k,)."""
        m = self.shape[1]
        points = self.source.pairs(rows, cols)
        stays = np.isin(rows * m + cols, self.kept[:, 0] * m + self.kept[:, 1])
        return np.where(stays & (points != INELIGIBLE), points + self.bonus, points)


def _rounding(points: NDArray[np.int64]) -> float:
    """Return the most by which rounding to float32 changes any of these numbers."""
    largest = max(-int(points.min(initial=0)), int(points.max(initial=0)))
    return 0.0 if largest <= _EXACT else largest * _ROUNDING * 1.001
