"""How well numbers order good before bad, and whether one set of numbers does it better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.intervals import NORMAL, Estimate

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Concordance:
    """Share of the pairs of a good and a bad one that stand in the right order.

    Attributes
    ----------
    of_good, of_bad : ndarray of float64
        For each good one the share of the bad that it stands above, and for each bad one the
        share of the good that it stands below; equals count half.
    """

    of_good: Values
    of_bad: Values

    @property
    def value(self) -> float:
        """The area under the receiver operating characteristic."""
        return float(self.of_good.mean())

    @property
    def weight(self) -> int:
        """How many pairs it is a share of."""
        return self.of_good.size * self.of_bad.size


def concordance(worth: Values, good: NDArray[np.bool_]) -> Concordance:
    """Compare every good one with every bad one.

    Parameters
    ----------
    worth : ndarray of float64, shape (n,)
        Higher is expected to be better.
    good : ndarray of bool, shape (n,)
        Some of both kinds.

    Examples
    --------
    >>> concordance(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])).value
    0.875
    """
    above = worth[good][:, None] - worth[~good][None, :]
    order = (np.sign(above) + 1) / 2
    return Concordance(order.mean(axis=1), order.mean(axis=0))


def pooled(rounds: Sequence[Sequence[Concordance]]) -> tuple[float, float, Estimate]:
    """Return both concordances over several rounds, and their difference.

    Parameters
    ----------
    rounds : sequence of (Concordance, Concordance)
        Two orders of the same pairs, for each round. A round counts as many times as it has
        pairs of good and bad.

    Notes
    -----
    The variance of a difference of two such shares of the same pairs follows E. R. DeLong,
    D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or more correlated
    receiver operating characteristic curves", Biometrics 44(3), 1988; rounds are independent.
    """
    whole = sum(first.weight for first, _ in rounds)
    parts = [first.weight / whole for first, _ in rounds]
    before, after = (
        math.fsum(part * both[at].value for part, both in zip(parts, rounds, strict=True))
        for at in (0, 1)
    )
    variance = math.fsum(
        part**2 * _variance(*both) for part, both in zip(parts, rounds, strict=True)
    )
    half = NORMAL * math.sqrt(variance)
    difference = after - before
    return before, after, Estimate(difference, difference - half, difference + half)


def _variance(first: Concordance, second: Concordance) -> float:
    """Return the variance of the difference of two concordances of the same pairs."""
    sides = ((first.of_good, second.of_good), (first.of_bad, second.of_bad))
    return sum(
        float(np.var(right - left, ddof=1)) / left.size for left, right in sides if left.size > 1
    )
