"""The assignment instance: arrays in, checked once at the door, never changed after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from matchkit.assign.quotas import Condition, checked
from matchkit.assign.sources import (
    INELIGIBLE,
    BlockSource,
    GridSource,
    ListedSource,
    RaisedSource,
    RestrictedSource,
)
from matchkit.assign.wishes import OwnPoints
from matchkit.errors import ProblemError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Coverage = Literal["first", "score"]
Pairs = Iterable[tuple[int, int]]

_BLOCK = 1 << 18  # pairs asked for at a time
_SHOWN = 5  # how many offending places an error message lists before it says "and more"


@dataclass(frozen=True, eq=False, init=False)
class Problem:
    """Who could be matched with whom, for how many points, within what room.

    Rows are mentees, columns are mentors, higher is better. Everything is checked here,
    all faults are reported together, and the arrays are read-only afterwards.

    Parameters
    ----------
    points : array_like of int, sparse array or BlockSource, shape (n, m)
        Points of every pair as an array, copied unless it is an int64 array marked
        read-only; or of the eligible pairs only as a SciPy CSR array, copied, in which a
        stored 0 is a pair; or a source that answers for blocks, used as it is.
    capacity : int or array_like of int, shape (m,)
        How many mentees each mentor can take, 0 or more. More than ``n`` counts as ``n``.
    eligible : array_like of bool, shape (n, m), optional
        Which pairs of an array of points may be matched. All of them by default.
    locked : iterable of (int, int), optional
        Pairs (mentee, mentor) that must be matched.
    forbidden : iterable of (int, int), optional
        Pairs (mentee, mentor) that must not be matched.
    unmatched_points : int or array_like of int, shape (n,), default 0
        What leaving a mentee unmatched is worth.
    coverage : {"first", "score"}, default "first"
        ``"first"`` matches as many mentees as possible and takes the most points among
        those; ``"score"`` takes the most points only.
    kept : iterable of (int, int), optional
        Pairs (mentee, mentor) from before that had better stay.
    stay_bonus : int, default 0
        Points that each of them counts more while it is eligible: what changing a pair
        costs. 0 or more.
    mentor_points : array_like of int, sparse array or BlockSource, shape (n, m), optional
        What mentors think of pairs, where that is not what ``points`` say: all pairs as an
        array or a source, or as a SciPy CSR array those that are seen differently. Only
        stable matchings look at it.
    min_load : int or array_like of int, shape (m,), optional
        The fewest mentees of each mentor, 0 by default.
    quotas : iterable of Quota or PerMentor, optional
        Conditions across pairs.
    keys : tuple of two array_like of uint64, shapes (n,) and (m,), optional
        What decides between equally good matchings, in place of the order of rows and
        columns. Each side's keys must differ from one another. Indices by default.

    Attributes
    ----------
    source : BlockSource
        Points and eligibility of any pairs, without the forbidden ones; what is maximized.
    stated : BlockSource
        The same without the stay bonus.
    mentor_source : BlockSource
        What mentors think of pairs: `source` itself unless they were asked.
    capacity : NDArray[int64], shape (m,)
        At most ``n`` each.
    locked, forbidden, kept : NDArray[int64], shape (k, 2)
        Each pair once, sorted.
    stay_bonus : int
    unmatched_points : NDArray[int64], shape (n,)
    coverage : {"first", "score"}
    min_load : NDArray[int64], shape (m,)
    quotas : tuple of Quota or PerMentor
    row_keys, column_keys : NDArray[uint64], shapes (n,) and (m,)

    Raises
    ------
    ProblemError
        If arrays do not fit together, are not whole numbers, or name somebody who is
        not there.

    Examples
    --------
    >>> problem = Problem([[3, 1], [2, 2]], capacity=[1, 5], forbidden=[(0, 1)])
    >>> problem.shape
    (2, 2)
    >>> problem.capacity.tolist()
    [1, 2]
    >>> problem.eligible.tolist()
    [[True, False], [True, True]]
    """

    source: BlockSource
    stated: BlockSource
    mentor_source: BlockSource
    capacity: NDArray[np.int64]
    locked: NDArray[np.int64]
    forbidden: NDArray[np.int64]
    kept: NDArray[np.int64]
    stay_bonus: int
    unmatched_points: NDArray[np.int64]
    coverage: Coverage
    min_load: NDArray[np.int64]
    quotas: tuple[Condition, ...]
    row_keys: NDArray[np.uint64]
    column_keys: NDArray[np.uint64]

    def __init__(  # noqa: PLR0913 - an instance has these parts
        self,
        points: ArrayLike | csr_array[Any, Any] | BlockSource,
        *,
        capacity: ArrayLike,
        eligible: ArrayLike | None = None,
        locked: Pairs = (),
        forbidden: Pairs = (),
        unmatched_points: ArrayLike = 0,
        coverage: Coverage = "first",
        kept: Pairs = (),
        stay_bonus: int = 0,
        min_load: ArrayLike | None = None,
        quotas: Iterable[Condition] = (),
        mentor_points: ArrayLike | csr_array[Any, Any] | BlockSource | None = None,
        keys: tuple[ArrayLike, ArrayLike] | None = None,
    ) -> None:
        door = _Door()
        given = door.points(points)
        n, m = shape = given.shape
        refused = door.pairs("forbidden", forbidden, shape)
        self._keep("capacity", door.capacity(capacity, shape))
        self._keep("forbidden", refused)
        object.__setattr__(self, "stated", door.source(given, eligible, refused))
        self._keep("kept", door.pairs("kept", kept, shape))
        object.__setattr__(self, "stay_bonus", door.bonus(stay_bonus))
        object.__setattr__(self, "source", _raised(self.stated, self.kept, self.stay_bonus))
        object.__setattr__(self, "mentor_source", door.wishes(mentor_points, self.source))
        self._keep("locked", door.pairs("locked", locked, shape))
        self._keep("unmatched_points", door.each("unmatched_points", unmatched_points, n))
        object.__setattr__(self, "coverage", door.coverage(coverage))
        self._keep("min_load", door.min_load(min_load, m))
        object.__setattr__(self, "quotas", checked(quotas, shape, door.faults))
        row_keys, column_keys = (np.arange(n), np.arange(m)) if keys is None else keys
        self._keep("row_keys", door.keys("row keys", row_keys, n))
        self._keep("column_keys", door.keys("column keys", column_keys, m))
        if door.faults:
            raise ProblemError("\n".join(door.faults))

    def _keep(self, name: str, array: NDArray[np.generic]) -> None:
        array.setflags(write=False)
        object.__setattr__(self, name, array)

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        return self.source.shape

    @property
    def across(self) -> bool:
        """Whether there are conditions across pairs."""
        return bool(self.quotas) or bool(self.min_load.any())

    def changed(self, **changes: Any) -> Problem:
        """Return the same problem with some of its parts changed.

        Parameters
        ----------
        **changes
            Parts by the name of the parameter. A part that stays is not copied. Pairs that
            were forbidden stay so.

        Examples
        --------
        >>> problem = Problem([[3, 1], [2, 2]], capacity=1, forbidden=[(0, 1)])
        >>> again = problem.changed(capacity=2)
        >>> again.capacity.tolist(), again.eligible.tolist()
        ([2, 2], [[True, False], [True, True]])
        """
        points: object = self.stated
        eligible: object = None
        if isinstance(self.stated, GridSource):
            points = self.stated.points
            eligible = None if "points" in changes else self.stated.eligible
        names = ["capacity", "locked", "forbidden", "unmatched_points", "coverage"]
        names += ["kept", "stay_bonus", "min_load", "quotas"]
        parts: dict[str, Any] = {name: getattr(self, name) for name in names}
        parts |= {"points": points, "eligible": eligible}
        parts["keys"] = self.row_keys, self.column_keys
        if self.mentor_source is not self.source:
            parts["mentor_points"] = self.mentor_source
        return Problem(**(parts | changes))

    @property
    def points(self) -> NDArray[np.int64]:
        """The array of points, shape (n, m), of a problem that was given one."""
        return self._grid.points

    @property
    def eligible(self) -> NDArray[np.bool_]:
        """Which pairs may be matched, shape (n, m), if points are an array."""
        return self._grid.eligible

    @property
    def _grid(self) -> GridSource:
        if isinstance(self.source, GridSource):
            return self.source
        message = "points are no array: ask source for blocks and pairs, or make it dense()."
        raise ProblemError(message)

    def dense(self) -> Problem:
        """Return the same problem with points as an array, of 9 bytes for each pair.

        Returns
        -------
        Problem
            This one, if points are an array already. Where a pair is not eligible, the
            points are 0.

        Examples
        --------
        >>> from scipy.sparse import csr_array
        >>> problem = Problem(csr_array([[3, 0], [2, 1]]), capacity=1).dense()
        >>> problem.points.tolist(), problem.eligible.tolist()
        ([[3, 0], [2, 1]], [[True, False], [True, True]])
        """
        if isinstance(self.source, GridSource):
            return self
        n, m = self.shape
        points = np.zeros((n, m), dtype=np.int64)
        eligible = np.zeros((n, m), dtype=bool)
        step, columns = max(1, _BLOCK // max(1, m)), np.arange(m)
        for start in range(0, n, step):
            rows = np.arange(start, min(start + step, n))
            exact = self.source.pairs(np.repeat(rows, m), np.tile(columns, rows.size))
            exact = exact.reshape(rows.size, m)
            eligible[rows] = exact != INELIGIBLE
            np.copyto(points[start : start + step], exact, where=eligible[rows])
        points.setflags(write=False)
        return self.changed(points=points, eligible=eligible, kept=(), stay_bonus=0)


class _Door:
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
        if isinstance(given, int | np.integer) and given >= 0:
            return int(given)
        self.faults.append(f"stay_bonus == {given!r}, must be a whole number of 0 or more.")
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


def _raised(source: BlockSource, kept: NDArray[np.int64], bonus: int) -> BlockSource:
    """Return a source in which the kept pairs count more."""
    if not bonus or not kept.size:
        return source
    if isinstance(source, ListedSource):
        return source.raised(kept, bonus)
    return RaisedSource(source, kept, bonus)


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
