"""Lists of entries under keys, kept as three arrays: what is found from a word or a skill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.profiles.lists import ragged_take


@dataclass(frozen=True, eq=False)
class Postings:
    """Entries under each of some keys, and a value beside each entry.

    Attributes
    ----------
    indptr : int64 array (keys + 1,)
        The entries of key ``i`` are ``entries[indptr[i]:indptr[i + 1]]``.
    entries : int32 array (k,)
        What is found under the key, ascending.
    values : array (k,)
        A number beside each entry.
    """

    indptr: NDArray[np.int64]
    entries: NDArray[np.int32]
    values: NDArray[np.float32] | NDArray[np.int8]

    @classmethod
    def of(
        cls,
        keys: NDArray[np.int64],
        entries: NDArray[np.int64],
        values: NDArray[np.float32] | NDArray[np.int8],
        *,
        count: int,
    ) -> Postings:
        """Sort pairs of key and entry into lists."""
        order = np.lexsort((entries, keys))
        indptr = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(np.bincount(keys, minlength=count), out=indptr[1:])
        return cls(indptr, entries[order].astype(np.int32), values[order])

    def under(
        self, keys: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32] | NDArray[np.int8]]:
        """Return everything under some keys: the place of the key in `keys`, entry, value."""
        indptr, places = ragged_take(self.indptr, keys)
        which = np.repeat(np.arange(len(keys)), np.diff(indptr))
        return which, self.entries[places], self.values[places]
