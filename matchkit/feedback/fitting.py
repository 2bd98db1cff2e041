"""Logistic regression whose coefficients are never negative."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

_PENALTY: Final = 0.1
"""Weight of the squared coefficients: a normal prior with a standard deviation of about 3,
wide for features in [0, 1], without which few outcomes could send them to infinity."""


def nonnegative_logistic(
    features: Values, labels: NDArray[np.bool_], groups: NDArray[np.int64]
) -> Values:
    """Fit the odds of a good outcome to features, with one base rate for each group.

    Parameters
    ----------
    features : ndarray of float64, shape (n, k)
        In [0, 1].
    labels : ndarray of bool, shape (n,)
        Good outcomes.
    groups : ndarray of int64, shape (n,)
        The group of each, from 0.

    Returns
    -------
    ndarray of float64, shape (k,)
        Coefficients, 0 or more.

    Notes
    -----
    The penalized likelihood is concave (D. R. Cox, "The regression analysis of binary
    sequences", Journal of the Royal Statistical Society B 20(2), 1958), so that there is one
    optimum; L-BFGS-B (R. H. Byrd et al., SIAM Journal on Scientific Computing 16(5), 1995)
    keeps to the bounds.

    Examples
    --------
    >>> features = np.array([[0.1, 0.9], [0.2, 0.8], [0.8, 0.1], [0.9, 0.3]])
    >>> fit = nonnegative_logistic(features, np.array([0, 0, 1, 1], bool), np.zeros(4, int))
    >>> bool(fit[0] > 1), float(fit[1])
    (True, 0.0)
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    k, count = features.shape[1], int(groups.max(initial=-1)) + 1
    signs = np.where(labels, 1.0, -1.0)

    def loss(at: Values) -> tuple[float, Values]:
        margin = signs * (features @ at[:k] + at[k:][groups])
        pull = -signs * expit(-margin)
        slope = np.concatenate([features.T @ pull, np.bincount(groups, pull, minlength=count)])
        slope[:k] += _PENALTY * at[:k]
        # A base rate of a group without both kinds of outcomes has no finite optimum.
        slope[k:] += 1e-6 * at[k:]
        penalty = _PENALTY * float(at[:k] @ at[:k]) + 1e-6 * float(at[k:] @ at[k:])
        return float(np.logaddexp(0, -margin).sum()) + penalty / 2, slope

    bounds = [(0, None)] * k + [(None, None)] * count
    found = minimize(
        loss,
        np.zeros(k + count),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 2_000, "ftol": 1e-14, "gtol": 1e-9},
    )
    fit: Values = found.x[:k]
    return fit
