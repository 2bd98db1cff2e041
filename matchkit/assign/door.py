"""The door of a problem: every part is checked once, and all faults are told together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from matchkit.assign.sources import (
    BlockSource,
    GridSource,
    ListedSource,
    RestrictedSource,
)
from matchkit.assign.wishes import OwnPoints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Coverage = Literal["first", "score"]
Pairs = Iterable[tuple[int, int]]

BONUS: Final = 1 << 52
"""Points that a kept pair may count more at the most: sums with it stay exact."""

_SHOWN = 5  # how many offending places an error message lists before it says "and more"


class Door:
    """Checks the parts of a problem and collects every fault on the way.

    A part that is wrong is replaced by a harmless one of the right shape, so that the
    other parts are still checked; the faults stop the problem from being made.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []

    def points(
        self, given: ArrayLike | csr_array[Any, Any] | BlockSource
    ) -> NDArray[np.int64] | ListedSource | BlockSource:
        """Return the points in the form that they came in."""
        if issparse(given):
            return self._listed(given)
        if isinstance(given, BlockSource):
            return self._answering(given)
        return self._points(given)

    def source(
        self,
        given: NDArray[np.int64] | BlockSource,
        eligible: ArrayLike | None,
        forbidden: NDArray[np.int64],
    ) -> BlockSource:
        """Return what answers for points, without the forbidden pairs."""
        if isinstance(given, np.ndarray):
            given.setflags(write=False)
            allowed = self._eligible(eligible, forbidden, given.shape)
            allowed.setflags(write=False)
            return GridSource(given, allowed)
        if eligible is not None:
            self.faults.append("eligible goes with an array of points; these tell it themselves.")
        if not forbidden.size:
            return given
        if isinstance(given, ListedSource):
            return given.without(forbidden)
        if isinstance(given, RestrictedSource):
            both = np.append(given.forbidden, forbidden, axis=0)
            return RestrictedSource(given.source, np.unique(both, axis=0))
        return RestrictedSource(given, forbidden)

    def wishes(
        self, given: ArrayLike | csr_array[Any, Any] | BlockSource | None, source: BlockSource
    ) -> BlockSource:
        """Return what answers for the mentors' own points."""
        if given is None:
            return source
        before = len(self.faults)
        told = self.points(given)
        self.faults[before:] = [f"mentor_{fault}" for fault in self.faults[before:]]
        if told.shape != source.shape:
            message = f"mentor_points have shape {told.shape}, must be {source.shape} as points."
            self.faults.append(message)
            return source
        if isinstance(told, np.ndarray):
            told.setflags(write=False)
            return GridSource(told, np.ones(told.shape, dtype=bool))
        return OwnPoints(source, told) if isinstance(told, ListedSource) else told

    def _answering(self, given: BlockSource) -> BlockSource:
        """Return a source whose shape and error can be worked with."""
        if not 0 <= given.error < np.inf:
            self.faults.append(f"points have error {given.error}, must be 0 or more, and finite.")
        if np.shape(given.shape) == (2,) and min(given.shape) >= 0:
            return given
        self.faults.append(f"points have shape {given.shape}, must be (mentees, mentors).")
        return _no_pairs((0, 0))

    def _listed(self, given: Any) -> ListedSource:
        """Return a sparse array as a sorted list of pairs, a copy."""
        if given.format != "csr" or given.ndim != 2:
            self.faults.append(f"points have format {given.format!r}, must be a CSR array.")
        elif given.dtype.kind not in "iu" or not np.can_cast(given.dtype, np.int64):
            self.faults.append(f"points have dtype {given.dtype}, must be whole numbers (int64).")
        else:
            table = given.copy()
            table.sort_indices()
            if table.has_canonical_format:
                start, columns, values = (
                    part.astype(np.int64, copy=False)
                    for part in (table.indptr, table.indices, table.data)
                )
                return ListedSource(start, columns, values, given.shape[1])
            self.faults.append("points list a pair twice.")
        return _no_pairs(given.shape if given.ndim == 2 else (0, 0))

    def _points(self, given: ArrayLike) -> NDArray[np.int64]:
        """Return the grid of points, without a copy only if nobody can change it."""
        if (
            isinstance(given, np.ndarray)
            and given.dtype == np.int64
            and given.ndim == 2
            and not _writable(given)
        ):
            return given
        grid = self._whole("points", given)
        if grid.ndim == 2:
            return grid
        self.faults.append(f"points has shape {grid.shape}, must be (mentees, mentors).")
        return np.zeros((0, 0), dtype=np.int64)

    def capacity(self, given: ArrayLike, shape: tuple[int, int]) -> NDArray[np.int64]:
        """Return the capacities, at most the number of mentees each."""
        capacity = self.each("capacity", given, shape[1])
        negative = np.flatnonzero(capacity < 0)
        if negative.size:
            where = _listed(f"[{j}] == {capacity[j]}" for j in negative)
            self.faults.append(f"capacity{where}, must be 0 or more.")
        return np.minimum(capacity, shape[0])

    def min_load(self, given: ArrayLike | None, m: int) -> NDArray[np.int64]:
        """Return the fewest mentees of each mentor."""
        least = self.each("min_load", 0 if given is None else given, m)
        negative = np.flatnonzero(least < 0)
        if negative.size:
            where = _listed(f"[{j}] == {least[j]}" for j in negative)
            self.faults.append(f"min_load{where}, must be 0 or more.")
        return least

    def each(self, name: str, given: ArrayLike, size: int) -> NDArray[np.int64]:
        """Return one whole number for each person of a side."""
        values = self._whole(name, given)
        if values.shape not in {(), (size,)}:
            self.faults.append(f"{name} has shape {values.shape}, must be one number or ({size},).")
            return np.zeros(size, dtype=np.int64)
        return np.broadcast_to(values, (size,)).copy()

    def _eligible(
        self, given: ArrayLike | None, forbidden: NDArray[np.int64], shape: tuple[int, int]
    ) -> NDArray[np.bool_]:
        """Return the eligible pairs without the forbidden ones."""
        grid = np.ones(shape, dtype=bool)
        stated = None if given is None else self._array("eligible", given)
        if stated is not None and stated.shape != shape:
            self.faults.append(f"eligible has shape {stated.shape}, must be {shape} as points.")
        elif stated is not None and stated.size and stated.dtype != np.bool_:
            self.faults.append(f"eligible has dtype {stated.dtype}, must be bool.")
        elif stated is not None:
            grid[...] = stated
        grid[forbidden[:, 0], forbidden[:, 1]] = False
        return grid

    def pairs(self, name: str, given: Pairs, shape: tuple[int, int]) -> NDArray[np.int64]:
        """Return pairs of indices, each once, sorted."""
        try:
            listed = given if isinstance(given, np.ndarray) else list(given)
        except TypeError as error:
            self.faults.append(f"{name} cannot be read as pairs: {error}.")
            listed = []
        pairs = self._whole(name, listed)
        if pairs.size == 0:
            return np.zeros((0, 2), dtype=np.int64)
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            self.faults.append(f"{name} has shape {pairs.shape}, must be pairs (mentee, mentor).")
            return np.zeros((0, 2), dtype=np.int64)
        outside = ((pairs < 0) | (pairs >= np.array(shape))).any(axis=1)
        if outside.any():
            where = _listed(f"({i}, {j})" for i, j in pairs[outside].tolist())
            self.faults.append(
                f"{name} names {where}, but there are {shape[0]} mentees and {shape[1]} mentors."
            )
        return np.unique(pairs[~outside], axis=0)

    def bonus(self, given: object) -> int:
        """Return the points that kept pairs count more."""
        if isinstance(given, int | np.integer) and 0 <= given <= BONUS:
            return int(given)
        self.faults.append(f"stay_bonus == {given!r}, must be a whole number from 0 to {BONUS}.")
        return 0

    def coverage(self, given: str) -> str:
        """Return the coverage mode."""
        if given not in get_args(Coverage):
            self.faults.append(f"coverage == {given!r}, must be 'first' or 'score'.")
        return given

    def keys(self, name: str, given: ArrayLike, size: int) -> NDArray[np.uint64]:
        """Return the tie-breaking keys of a side, all different."""
        keys = np.array(given)
        if keys.shape != (size,) or (size and keys.dtype.kind not in "iu"):
            self.faults.append(
                f"{name} have shape {keys.shape} and dtype {keys.dtype}, "
                f"must be ({size},) whole numbers."
            )
            return np.arange(size, dtype=np.uint64)
        keys = keys.astype(np.uint64)
        if np.unique(keys).size < size:
            self.faults.append(f"{name} repeat, must all differ.")
        return keys

    def _array(self, name: str, given: ArrayLike) -> NDArray[np.generic] | None:
        if np.ma.is_masked(given):
            self.faults.append(f"{name} is masked in part; say who is eligible, or fill it.")
            return None
        try:
            return np.array(given)
        except (ValueError, OverflowError) as error:
            self.faults.append(f"{name} cannot be read as an array: {error}.")
            return None

    def _whole(self, name: str, given: ArrayLike) -> NDArray[np.int64]:
        values = self._array(name, given)
        if values is None:
            return np.zeros((), dtype=np.int64)
        if values.size and values.dtype.kind not in "iu":
            self.faults.append(f"{name} has dtype {values.dtype}, must be whole numbers (int64).")
            return np.zeros(values.shape, dtype=np.int64)
        if values.dtype.kind == "u" and values.size and values.max() > np.iinfo(np.int64).max:
            self.faults.append(f"{name} holds {values.max()}, more than int64 can.")
        return values.astype(np.int64, copy=False)


def _no_pairs(shape: tuple[int, int]) -> ListedSource:
    """Return a list of no pairs."""
    none = np.zeros(0, dtype=np.int64)
    return ListedSource(np.zeros(shape[0] + 1, dtype=np.int64), none, none, shape[1])


def _writable(array: NDArray[np.generic]) -> bool:
    """Tell whether anybody could still change the array, through itself or its base."""
    base: object = array
    while isinstance(base, np.ndarray):
        if base.flags.writeable:
            return True
        base = base.base
    return base is not None


def _listed(places: Iterable[str]) -> str:
    """Join the first few places."""
    texts = list(places)
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
