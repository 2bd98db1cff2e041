"""The assignment instance: arrays in, checked once at the door, never changed after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matchkit.assign.door import Coverage, Door, Pairs
from matchkit.assign.quotas import Condition, checked
from matchkit.assign.sources import (
    INELIGIBLE,
    BlockSource,
    GridSource,
    ListedSource,
    RaisedSource,
)
from matchkit.errors import ProblemError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_BLOCK = 1 << 18  # pairs asked for at a time


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
        door = Door()
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


def _raised(source: BlockSource, kept: NDArray[np.int64], bonus: int) -> BlockSource:
    """Return a source in which the kept pairs count more."""
    if not bonus or not kept.size:
        return source
    if isinstance(source, ListedSource):
        return source.raised(kept, bonus)
    return RaisedSource(source, kept, bonus)
