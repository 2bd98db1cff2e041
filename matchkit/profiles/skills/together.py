"""Which skills go together, learned from the people who have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from matchkit.profiles.lists import Lists

ENOUGH: Final = 1_000
"""Profiles of two skills and more from which on what goes together is learned."""

SEEN: Final = 5
"""Profiles that must name a skill for its company to say anything."""

DIMENSIONS: Final = 64
"""Dimensions of the vectors of skills, at most."""

CHANCE: Final = 3.0
"""Standard deviations by which two skills must meet more often than by chance (Poisson)."""

SKILLS_EACH: Final = 8
"""Skills for each dimension at least: with as many dimensions as skills nothing is alike."""


def profiles(lists: Sequence[Lists], codes: Sequence[NDArray[np.int64]], width: int) -> Any:
    """Return who names which skill, one row for each list of two skills and more.

    Parameters
    ----------
    lists : sequence of Lists
        What mentors know, what mentees know, what mentees want: each a profile of its own.
    codes : sequence of int64 arrays
        For each of them the skill of each of its entries.
    width : int
        The number of skills.

    Returns
    -------
    CSR array of float64 ones, shape (profiles, width)
    """
    from scipy.sparse import csr_array, vstack

    parts = []
    for each, code in zip(lists, codes, strict=True):
        matrix = csr_array((np.ones(len(code)), code.copy(), each.indptr.copy()),
                           shape=(len(each), width))  # fmt: skip
        matrix.sum_duplicates()
        matrix.data[:] = 1
        parts.append(matrix[np.flatnonzero(np.diff(matrix.indptr) > 1)])
    return csr_array(vstack(parts))


def company(named: Any) -> NDArray[np.float64] | None:
    """Return a vector for each skill such that skills in the same company point the same way.

    Positive pointwise mutual information of skills named together, and the leading part of
    its singular value decomposition, each dimension weighted by the root of its singular value.

    Parameters
    ----------
    named : CSR array of ones, shape (profiles, skills)
        Who names which skill.

    Returns
    -------
    float64 array (skills, dimensions) or None
        Unit vectors, 0 for skills that too few name; None where there are too few profiles.

    Notes
    -----
    O. Levy, Y. Goldberg and I. Dagan, *TACL* 3, 2015, sec. 2 and 3.3; the decomposition is that
    of N. Halko, P. G. Martinsson and J. A. Tropp, *SIAM Review* 53(2), 2011, from a fixed seed
    and on one thread, so that the result is the same on every run. Its last bit can depend on
    the kind of processor.
    """
    from sklearn.utils.extmath import randomized_svd
    from threadpoolctl import threadpool_limits

    counts = np.asarray(named.sum(axis=0)).reshape(-1)
    often = np.flatnonzero(counts >= SEEN)
    if named.shape[0] < ENOUGH or len(often) < 3:
        return None
    picked = named[:, often]
    pairs = (picked.T @ picked).tocoo()
    apart = pairs.row != pairs.col
    rows, cols, both = pairs.row[apart], pairs.col[apart], pairs.data[apart]
    marginal = np.bincount(rows, weights=both, minlength=len(often))
    expected = marginal[rows] * marginal[cols] / both.sum()
    sure = both > expected + CHANCE * np.sqrt(expected)
    if not sure.any():
        return None
    surprise = np.log(both[sure] / expected[sure])
    pairs = type(pairs)((surprise, (rows[sure], cols[sure])), shape=pairs.shape)
    size = min(DIMENSIONS, len(often) // SKILLS_EACH + 1)
    with threadpool_limits(limits=1):
        left, strength, _ = randomized_svd(pairs.tocsr(), size, n_iter=7, random_state=0)
    vectors = np.zeros((named.shape[1], size))
    placed = left * np.sqrt(strength)
    length = np.linalg.norm(placed, axis=1, keepdims=True)
    vectors[often] = np.divide(placed, length, out=np.zeros_like(placed), where=length > 0)
    return vectors
