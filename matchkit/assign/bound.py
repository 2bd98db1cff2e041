"""What the verifier holds all pairs against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]
Pairs = tuple[Indices, Indices, NDArray[np.int64]]

_ROUNDINGS = 2.0**-21  # more than all the roundings to float32 together


@dataclass(frozen=True, eq=False)
class Bound:
    """Surpluses and prices that claim to be a bound for every pair, as (people, points).

    Attributes
    ----------
    surpluses : NDArray[int64], shape (n, 2)
    prices : NDArray[int64], shape (m, 2)
    one : int
        The people that a pair counts.
    """

    surpluses: Indices
    prices: Indices
    one: int

    def compared(
        self, mentee: Indices, mentor: Indices, points: NDArray[np.int64], slack: int
    ) -> tuple[Flags, Flags, Flags]:
        """Tell which pairs are worth more than the bound, exactly as much, or nearly that."""
        people = self.one - self.surpluses[mentee, 0] - self.prices[mentor, 0]
        rest = points - self.surpluses[mentee, 1] - self.prices[mentor, 1]
        level = people == 0
        more = (people > 0) | (level & (rest > 0))
        return more, level & (rest == 0), more | (level & (rest >= -slack))


def neared(
    bounds: Sequence[Bound],
    block: NDArray[np.float32],
    *,
    rows: Indices,
    cols: Indices,
    error: float,
) -> Flags:
    """Tell which cells could be as much as one of some bounds in points, or more.

    With an ``error`` of more than the block's, cells that are less by the rest count too.

    Bounds differ by little but what moves all prices up and all surpluses down, so that one
    comparison with the least of both hardly lets more cells through.
    """
    first = bounds[0].prices[cols, 1]
    moved = [int(np.median(each.prices[cols, 1] - first)) for each in bounds]
    price, surplus = (
        np.min([array + sign * by for array, by in zip(arrays, moved, strict=True)], axis=0)
        for arrays, sign in (
            ([each.prices[cols, 1] for each in bounds], -1),
            ([each.surpluses[rows, 1] for each in bounds], 1),
        )
    )
    size = float(np.abs(surplus).max()) + float(np.abs(price).max())
    least = (surplus - (error + _ROUNDINGS * size)).astype(np.float32)
    # What is not eligible is -inf and stays below.
    near: Flags = block - price.astype(np.float32) >= least[:, None]
    return near
