"""Estimates with their 95 % intervals, each by the method that its source gives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

NORMAL: Final = 1.959963984540054
"""The standard normal quantile of 0.975."""

_TAIL: Final = 0.025
_DRAWS: Final = 1_000
_DRAWN: Final = 1 << 22  # numbers drawn at a time

_FEWEST_PAIRS: Final = 10
"""Pairs below which no interval of a correlation is given."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number from a sample, and the interval that its method gives it.

    Attributes
    ----------
    value, low, high : float
        NaN where there are too few answers to tell.
    """

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


_UNKNOWN: Final = Estimate(math.nan, math.nan, math.nan)


def share(yes: int, answers: int) -> Estimate:
    """Estimate a share, with the score interval.

    Notes
    -----
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22(158), 1927. Unlike the textbook
    interval it stays within 0 and 1, and is of use for small samples and for shares of 0.

    Examples
    --------
    >>> estimate = share(8, 10)
    >>> round(estimate.value, 3), round(estimate.low, 3), round(estimate.high, 3)
    (0.8, 0.49, 0.943)
    """
    if not answers:
        return _UNKNOWN
    p, z2 = yes / answers, NORMAL**2
    middle = (p + z2 / (2 * answers)) / (1 + z2 / answers)
    half = NORMAL * math.sqrt(p * (1 - p) / answers + z2 / (4 * answers**2)) / (1 + z2 / answers)
    return Estimate(p, min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half)))


def exact_share(yes: int, answers: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share: it holds the true one at least so often.

    Returns
    -------
    tuple of (float, float)
        In [0, 1]; all of it where there is nobody.

    Notes
    -----
    C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in
    the case of the binomial", Biometrika 26(4), 1934.

    Examples
    --------
    >>> exact_share(0, 0), [round(end, 4) for end in exact_share(5, 10)]
    ((0.0, 1.0), [0.1871, 0.8129])
    """
    from scipy.stats import beta

    low = beta.ppf(_TAIL, yes, answers - yes + 1) if yes else 0.0
    high = beta.ppf(1 - _TAIL, yes + 1, answers - yes) if yes < answers else 1.0
    return float(low), float(high)


def bootstrapped_mean(values: NDArray[np.int64], seed: int) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of a mean, of 1,000 draws.

    Parameters
    ----------
    values : NDArray[int64], shape (k,)
        At least one; their order counts, so sort them where it should not.
    seed : int
        Of the draws.

    Notes
    -----
    B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
    """
    rng, size = np.random.default_rng(seed), len(values)
    step = max(1, _DRAWN // size)
    means = np.concatenate(
        [
            values[rng.integers(size, size=(min(step, _DRAWS - done), size))].mean(axis=1)
            for done in range(0, _DRAWS, step)
        ]
    )
    low, high = np.quantile(means, (_TAIL, 1 - _TAIL))
    return float(low), float(high)


def mean(values: Sequence[float], *, least: float, most: float) -> Estimate:
    """Estimate a mean, with Student's interval cut to the scale.

    Parameters
    ----------
    values : sequence of float
        The answers.
    least, most : float
        The ends of their scale.

    Notes
    -----
    Student, "The probable error of a mean", Biometrika 6(1), 1908. One answer has no spread,
    and so no interval.

    Examples
    --------
    >>> estimate = mean([4, 5, 3, 4], least=1, most=5)
    >>> estimate.value, round(estimate.low, 2), round(estimate.high, 2)
    (4.0, 2.7, 5.0)
    """
    if not values:
        return _UNKNOWN
    center = math.fsum(values) / len(values)
    if len(values) == 1:
        return Estimate(center, math.nan, math.nan)
    from scipy.special import stdtrit

    squares = math.fsum((value - center) ** 2 for value in values)
    error = math.sqrt(squares / (len(values) - 1) / len(values))
    half = float(stdtrit(len(values) - 1, 0.975)) * error
    return Estimate(center, max(float(least), center - half), min(float(most), center + half))


def rank_correlation(left: Sequence[float], right: Sequence[float]) -> Estimate:
    """Estimate Spearman's rank correlation; equals share their mean rank.

    Notes
    -----
    The interval is that of D. G. Bonett and T. A. Wright, "Sample size requirements for
    estimating Pearson, Kendall and Spearman correlations", Psychometrika 65(1), 2000: on the
    scale of Fisher's z with the standard error ``sqrt((1 + r**2 / 2) / (n - 3))``. It is none
    below 10 pairs, and none where one side does not vary.

    Examples
    --------
    >>> estimate = rank_correlation([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [2, 1, 4, 3, 6, 5, 8, 7, 9, 9])
    >>> round(estimate.value, 3), round(estimate.low, 3), estimate.clear
    (0.948, 0.727, True)
    """
    if len(left) < 2 or len(set(left)) == 1 or len(set(right)) == 1:
        return _UNKNOWN
    from scipy.stats import rankdata

    ranks = np.vstack([rankdata(left), rankdata(right)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    norm = math.sqrt(float((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    value = max(-1.0, min(1.0, float((ranks[0] * ranks[1]).sum()) / norm))
    if len(left) < _FEWEST_PAIRS or abs(value) == 1:
        return Estimate(value, math.nan, math.nan)
    half = NORMAL * math.sqrt((1 + value**2 / 2) / (len(left) - 3))
    return Estimate(value, math.tanh(math.atanh(value) - half), math.tanh(math.atanh(value) + half))
