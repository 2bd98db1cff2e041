"""What a pair's parts say of it, as numbers that outcomes can be held against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matchkit.matching import Matching


def shares(matching: Matching, names: Sequence[str]) -> NDArray[np.float64]:
    """Return how much of each criterion's weight every pair has.

    Parameters
    ----------
    matching : Matching
        The round.
    names : sequence of str
        Criteria.

    Returns
    -------
    ndarray of float64, shape (pairs, criteria)
        In [0, 1]; the round's mean where a criterion could not tell, as its points count it.
        NaN where the round did not apply the criterion at all.
    """
    means = {
        applied.name: applied.mean / applied.weight if applied.weight else 0.0
        for applied in matching.record.criteria
    }
    found = np.full((len(matching), len(names)), np.nan)
    column = {name: at for at, name in enumerate(names)}
    for row, match in enumerate(matching):
        for part in match.parts:
            if part.criterion in column:
                told = part.share if part.known else means.get(part.criterion, part.share)
                found[row, column[part.criterion]] = told
    return found
