"""The first look at every pair: who could be matched with whom, and how far points reach.

Of two billion pairs an optimum uses few, and nearly all of these are among the best of a
mentee or of a mentor. They start the graph on which the solver works; what is missing is
found later, by price. Nothing here has to be exact but eligibility and the extent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from matchkit.assign.selecting import Cells, above, at_most_the, best_first, best_of_rows, ranks
from matchkit.assign.sources import BlockSource, ListedSource

MENTORS = 16
"""Candidates of each mentee."""

MENTEES = 8
"""Candidates of each mentor."""

_CELLS = 1 << 21  # cells of a block: whole rows are needed, a few megabytes of them
_ROWS = 64  # fewer rows than this make matrix products slow
_SEED = 20260101  # any number will do: what the noise decides, prices check
_NOISE = 2.0**-14, 2.0**-18, 2.0**-10  # of the extent of points, of their size, and at least


@dataclass(frozen=True, eq=False)
class Survey:
    """What one look at all pairs of some mentees tells.

    Attributes
    ----------
    mentees, mentors : NDArray[int64], shape (k,)
        The best mentors of each mentee.
    best : tuple of NDArray
        The best mentees of each mentor: mentees, mentors, and almost their points.
    extent : tuple of int, or empty
        Between which two numbers the points of eligible pairs are, if there are any.
    offers : NDArray[int64], shape (mentees,)
        Eligible mentors of each mentee.
    wanted : NDArray[int64], shape (m,)
        Eligible mentees of each mentor.
    """

    mentees: NDArray[np.int64]
    mentors: NDArray[np.int64]
    best: Cells
    extent: tuple[int, ...]
    offers: NDArray[np.int64]
    wanted: NDArray[np.int64]


def survey(part: slice, *, source: BlockSource) -> Survey:
    """Look at all pairs of some mentees.

    Parameters
    ----------
    part : slice
        The mentees.
    source : BlockSource
        The points.
    """
    rows = np.arange(part.start, part.stop)
    if isinstance(source, ListedSource):
        return survey_list(source, rows)
    m = source.shape[1]
    tally = Tally(rows.size, m)
    best = _BestMentees(m)
    cols, step = np.arange(m), block_rows(m)
    noise = _noise(source, rows[:_ROWS], cols, step)
    none = np.zeros(0, dtype=np.int64)
    pairs = [(none, none)]
    for start in range(0, rows.size if m else 0, step):
        at = rows[start : start + step]
        block = source.block(at, cols)
        tally.add(block, at - part.start, cols)
        block += noise[start % m :][: at.size]
        row, col, _ = best_of_rows(block, MENTORS)
        pairs.append((at[row], col))
        best.add(block, at)
    mentees, mentors = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    extent = tally.extent(source.error)
    return Survey(mentees, mentors, best.cells(), extent, tally.offers, tally.wanted)


def merged(surveys: Sequence[Survey]) -> Survey:
    """Put together what was seen of different mentees."""
    ends = [end for each in surveys for end in each.extent]
    best = _BestMentees(surveys[0].wanted.size)
    for each in surveys:
        best.take(each.best)
    return Survey(
        np.concatenate([each.mentees for each in surveys]),
        np.concatenate([each.mentors for each in surveys]),
        best.cells(),
        (min(ends), max(ends)) if ends else (),
        np.concatenate([each.offers for each in surveys]),
        np.sum([each.wanted for each in surveys], axis=0),
    )


def block_rows(m: int) -> int:
    """Return how many whole rows are looked at in one go."""
    return max(_ROWS, _CELLS // max(1, m))


class Tally:
    """Counts of eligible pairs, and the least and the greatest cell.

    Attributes
    ----------
    offers : NDArray[int64], shape (r,)
        Eligible mentors of each mentee.
    wanted : NDArray[int64], shape (m,)
        Eligible mentees of each mentor.
    """

    def __init__(self, rows: int, m: int) -> None:
        self._low, self._high = np.inf, -np.inf
        self.offers = np.zeros(rows, dtype=np.int64)
        self.wanted = np.zeros(m, dtype=np.int64)

    def add(
        self, block: NDArray[np.float32], at: NDArray[np.int64], cols: NDArray[np.int64]
    ) -> None:
        """Take in a block that is not empty, of mentees by position."""
        self._high = max(self._high, float(block.max()))
        least = float(block.min())
        if least > -np.inf:
            self.offers[at] += cols.size
            self.wanted[cols] += at.size
        else:
            eligible = block > -np.inf
            self.offers[at] += eligible.sum(axis=1)
            self.wanted[cols] += eligible.sum(axis=0)
            least = float(block[eligible].min(initial=np.inf))
        self._low = min(self._low, least)

    def extent(self, error: float) -> tuple[int, ...]:
        """Return between which whole numbers the exact points are."""
        if self._low > self._high:
            return ()
        return math.floor(self._low - error), math.ceil(self._high + error)


def _noise(
    source: BlockSource, rows: NDArray[np.int64], cols: NDArray[np.int64], most: int
) -> NDArray[np.float32]:
    """Return noise for every block: among many equals, candidates must not all be the same."""
    sample = source.block(rows, cols)
    sample = sample[sample > -np.inf]
    low, high = float(sample.min(initial=np.inf)), float(sample.max(initial=-np.inf))
    extent, size = (high - low, max(-low, high)) if sample.size else (0.0, 0.0)
    of_extent, of_size, least = _NOISE
    amplitude = of_extent * extent + of_size * size + least
    line = np.random.default_rng(_SEED).random(2 * cols.size + most, dtype=np.float32)
    return sliding_window_view(line * np.float32(amplitude), max(1, cols.size))


class _BestMentees:
    """The best mentees of each mentor, over as many blocks as come."""

    def __init__(self, m: int) -> None:
        none = np.zeros(0, dtype=np.int64)
        self._cells: Cells = (none, none, np.zeros(0, dtype=np.float32))
        self._new: list[Cells] = []
        self._least = np.full(m, -np.inf, dtype=np.float32)
        self._blocks = 0

    def add(self, block: NDArray[np.float32], at: NDArray[np.int64]) -> None:
        """Take in a block with the mentees of its rows."""
        if not self._blocks:
            self._least = at_most_the(MENTEES, np.ascontiguousarray(block.T))
        row, col, value = above(block, self._least)
        self.take((at[row], col, value))
        self._blocks += 1
        if self._blocks & (self._blocks - 1) == 0:
            self._thin()  # ever more rarely: the more blocks, the fewer new ones are the best

    def take(self, cells: Cells) -> None:
        """Take in cells of which some may be among the best."""
        self._new.append(cells)

    def cells(self) -> Cells:
        """Return the best mentees, their mentors and the values of their cells."""
        self._thin()
        return self._cells

    def _thin(self) -> None:
        """Keep the best, and ask of further ones to reach them."""
        rows, cols, values = (
            np.concatenate(parts) for parts in zip(self._cells, *self._new, strict=True)
        )
        order = best_first(cols, values)
        rank = ranks(cols[order])
        kept = order[rank < MENTEES]
        self._cells, self._new = (rows[kept], cols[kept], values[kept]), []
        last = order[rank == MENTEES - 1]
        self._least[cols[last]] = values[last]


def survey_list(source: ListedSource, rows: NDArray[np.int64]) -> Survey:
    """Look at all pairs of some mentees in a list."""
    at, mentor, points = source.entries(rows)
    noise = np.random.default_rng(_SEED).random(at.size)
    order = np.lexsort((noise, -points, at))
    first = order[ranks(at[order]) < MENTORS]
    best = _BestMentees(source.width)
    best.take((rows[at], mentor, points.astype(np.float32)))
    return Survey(
        rows[at[first]],
        mentor[first],
        best.cells(),
        (int(points.min()), int(points.max())) if points.size else (),
        np.bincount(at, minlength=rows.size),
        np.bincount(mentor, minlength=source.width),
    )
