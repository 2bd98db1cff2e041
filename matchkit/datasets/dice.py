"""Random draws that are the same on every machine and in every version of Python."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws built on `random.Random.random` alone, the one stream that Python promises to keep.

    Parameters
    ----------
    seed : int
        Equal seeds give equal draws.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311  (no secrets here)
        self._weights: dict[tuple[int, float], list[float]] = {}

    def chance(self, probability: float) -> bool:
        """Return True with the probability given."""
        return self._random() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, each equally likely."""
        return items[int(self._random() * len(items))]

    def skewed(self, items: Sequence[T], exponent: float = 1.0) -> T:
        """Return one of the items, the r-th with a weight of ``r ** -exponent`` (Zipf's law)."""
        shape = len(items), exponent
        if shape not in self._weights:
            self._weights[shape] = list(
                accumulate(rank**-exponent for rank in range(1, len(items) + 1))
            )
        total = self._weights[shape]
        return items[min(bisect(total, self._random() * total[-1]), len(items) - 1)]

    def several(self, items: Sequence[T], count: int, exponent: float = 1.0) -> list[T]:
        """Return up to `count` different items, drawn as by `skewed`, in the order drawn."""
        drawn: dict[T, None] = {}
        wanted = min(count, len(items))
        for _ in range(20 * wanted):  # rarely enough to miss one: then there are fewer
            drawn[self.skewed(items, exponent)] = None
            if len(drawn) == wanted:
                break
        return list(drawn)
