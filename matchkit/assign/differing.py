"""Which pairs are not the same in two problems that were made from the same points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.sources import (
    BlockSource,
    GridSource,
    Index,
    RaisedSource,
    RestrictedSource,
)


def differing(one: BlockSource, other: BlockSource) -> NDArray[np.int64] | None:
    """Return the pairs whose points may differ between two sources.

    Returns
    -------
    NDArray[int64], shape (k, 2), or None
        None where the sources are not made from the same one.
    """
    kinds = [_peeled(each) for each in (one, other)]
    bases = [base for base, _ in kinds]
    if not _alike(*bases):
        return None
    found = [np.zeros(0, dtype=np.int64)]
    for bonus in {bonus for _, marks in kinds for bonus in marks}:
        then, now = (marks.get(bonus, found[0]) for _, marks in kinds)
        found.append(np.setxor1d(then, now, assume_unique=True))
    codes = np.unique(np.concatenate(found))
    return np.column_stack(np.divmod(codes, max(1, one.shape[1])))


def _peeled(source: BlockSource) -> tuple[BlockSource, dict[int, Index]]:
    """Return what a source is made from, and the pairs treated apart, by what they count more.

    Forbidden ones are those that count 0 more: a bonus is never 0.
    """
    marks = {}
    while isinstance(source, RestrictedSource | RaisedSource):
        if isinstance(source, RestrictedSource):
            bonus, pairs = 0, source.forbidden
        else:
            bonus, pairs = source.bonus, source.kept
        marks[bonus] = pairs[:, 0] * source.shape[1] + pairs[:, 1]
        source = source.source
    return source, marks


def _alike(one: BlockSource, other: BlockSource) -> bool:
    """Tell whether two sources say the same, as far as that is seen at once."""
    if isinstance(one, GridSource) and isinstance(other, GridSource):
        return one.points is other.points and np.array_equal(one.eligible, other.eligible)
    return one is other
