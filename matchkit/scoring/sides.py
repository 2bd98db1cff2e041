"""The arrays that scoring works with, and the two sides' columns as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matchkit.profiles import Pool

Index = NDArray[np.int64]
Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]


class Side:
    """One side's columns, shaped so that mentee and mentor arrays broadcast together."""

    def __init__(self, pool: Pool, people: Index) -> None:
        self._pool = pool
        self._people = people

    def text(self, column: str) -> NDArray[np.object_]:
        """Return a column as text, casefolded and trimmed for comparison; blank is ``""``."""
        codes, labels = self._pool.codes(column)
        table = np.array([*labels, ""], dtype=object)
        return table[codes[self._people]]

    def number(self, column: str) -> Values:
        """Return a column as float64 numbers; blank is NaN."""
        return self._pool.number(column)[self._people]


def cross(table: NDArray[Any], rows: Index, cols: Index) -> NDArray[Any]:
    """Return ``table[rows][:, cols]``, the larger step last: faster than fancy indexing."""
    found: NDArray[Any] = np.take(np.take(table, rows, axis=0), cols, axis=1)
    return found


def blocks(count: int, width: int, *, cells: int = 1 << 20) -> Sequence[slice]:
    """Cut ``count`` rows into slices of at most ``cells`` cells of ``width`` columns."""
    step = max(1, cells // max(1, width))
    return [slice(begin, min(begin + step, count)) for begin in range(0, count, step)]


Evaluate = Callable[[Side, Side], Any]
"""An expression over both sides, such as a criterion's value."""
