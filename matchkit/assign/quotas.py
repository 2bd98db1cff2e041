"""Conditions across pairs: bounds on a sum over the whole result, or over each mentor's mentees.

A :class:`Quota` bounds one sum over all pairs, such as the pairs across departments less
0.6 times all of them. A :class:`PerMentor` bounds, for every mentor, the mentees from each
of some groups, such as at most one from the same team. Both are hard unless they carry a
price; then each unit beyond the bound costs that many points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

Codes = NDArray[np.int64]

_LARGEST = 1 << 31  # of a coefficient: sums over a round stay far below 2**53
_MOST = 1 << 40  # of a bound or a price


@dataclass(frozen=True, eq=False, init=False)
class Quota:
    """A bound on a sum over all pairs: each pair counts by the codes of its two people.

    Parameters
    ----------
    row_codes, column_codes : array_like of int, shapes (n,) and (m,)
        A row of the table for each mentee, and a column of it for each mentor.
    table : array_like of int, shape (r, c)
        What a pair adds to the sum.
    at_least, at_most : int, optional
        Bounds on the sum.
    price : int, optional
        Points that each unit beyond a bound costs. Without one the quota is hard.
    unit : int, default 1
        How much of the sum is one unit, for the price; a part of one counts as one.

    Examples
    --------
    At least half of the pairs across two sites:

    >>> from fractions import Fraction
    >>> from matchkit.assign import Problem, Quota, solve
    >>> across = Quota.share([0, 0, 1], [0, 1], [[0, 1], [1, 0]], at_least=Fraction(1, 2))
    >>> across.table.tolist(), across.at_least
    ([[-1, 1], [1, -1]], 0)
    >>> points = [[9, 1], [8, 1], [6, 9]]
    >>> solve(Problem(points, capacity=3, quotas=[across])).mentor_of.tolist()
    [0, 1, 0]
    """

    row_codes: Codes
    column_codes: Codes
    table: NDArray[np.int64]
    at_least: int | None
    at_most: int | None
    price: int | None
    unit: int

    def __init__(  # noqa: PLR0913 - a quota has these parts
        self,
        row_codes: ArrayLike,
        column_codes: ArrayLike,
        table: ArrayLike,
        *,
        at_least: int | None = None,
        at_most: int | None = None,
        price: int | None = None,
        unit: int = 1,
    ) -> None:
        for name, given in (
            ("row_codes", row_codes),
            ("column_codes", column_codes),
            ("table", table),
        ):
            object.__setattr__(self, name, _closed(given))
        object.__setattr__(self, "at_least", at_least)
        object.__setattr__(self, "at_most", at_most)
        object.__setattr__(self, "price", price)
        object.__setattr__(self, "unit", unit)

    @classmethod
    def share(
        cls,
        row_codes: ArrayLike,
        column_codes: ArrayLike,
        counted: ArrayLike,
        *,
        at_least: Fraction | None = None,
        at_most: Fraction | None = None,
        price: int | None = None,
    ) -> Quota:
        """Return the quota that bounds a share of all pairs, without rounding.

        Parameters
        ----------
        row_codes, column_codes : array_like of int
            As for a quota.
        counted : array_like of bool, shape (r, c)
            Which pairs count towards the share.
        at_least, at_most : Fraction
            The share, from 0 to 1: one of the two.
        price : int, optional
            Points for each pair too few or too many.

        Notes
        -----
        At least p / q of the pairs count exactly if, over all pairs, the sum of
        ``q * counted - p`` is 0 or more.
        """
        bound = at_least if at_least is not None else at_most
        whole = Fraction(0) if bound is None else Fraction(bound)
        ones = np.asarray(counted, dtype=np.int64)
        return cls(
            row_codes,
            column_codes,
            ones * whole.denominator - whole.numerator,
            at_least=None if at_least is None else 0,
            at_most=None if at_most is None else 0,
            price=price,
            unit=whole.denominator,
        )

    def amounts(self, rows: Codes, cols: Codes) -> NDArray[np.int64]:
        """Return what the pairs ``(rows[k], cols[k])`` add to the sum, shape (k,)."""
        amounts: NDArray[np.int64] = self.table[self.row_codes[rows], self.column_codes[cols]]
        return amounts

    def total(self, mentor_of: Codes) -> int:
        """Return the sum over the pairs of an assignment."""
        rows = np.flatnonzero(mentor_of >= 0)
        return int(self.amounts(rows, mentor_of[rows]).sum())

    def violation(self, mentor_of: Codes, _m: int = 0) -> int:
        """Return by how many units an assignment is beyond the bounds, 0 where it keeps them."""
        total = self.total(mentor_of)
        short = 0 if self.at_least is None else self.at_least - total
        over = 0 if self.at_most is None else total - self.at_most
        return -(-max(short, over, 0) // self.unit)

    def faults(self, shape: tuple[int, int]) -> Iterable[str]:
        """Say what does not fit a round of this many mentees and mentors."""
        n, m = shape
        if self.table.ndim != 2 or not _whole(self.table, _LARGEST):
            yield f"table has shape {self.table.shape}, must be a table of whole numbers"
            return
        for name, codes, size, height in (
            ("row_codes", self.row_codes, n, self.table.shape[0]),
            ("column_codes", self.column_codes, m, self.table.shape[1]),
        ):
            if codes.shape != (size,) or not _whole(codes, height):
                yield f"{name} has shape {codes.shape}, must be ({size},) whole numbers"
            elif codes.size and not 0 <= codes.min() <= codes.max() < height:
                yield f"{name} must be from 0 to {height - 1}, as the table has it"
        if self.at_least is None and self.at_most is None:
            yield "at_least or at_most is needed"
        elif not _ordered(self.at_least, self.at_most):
            yield f"at_least {self.at_least} and at_most {self.at_most} must be whole, in order"
        if not _counts(self.unit, 1):
            yield f"unit == {self.unit!r}, must be 1 or more"
        yield from _price_faults(self.price)


@dataclass(frozen=True, eq=False, init=False)
class PerMentor:
    """Bounds on the mentees that each mentor has from each of some groups.

    Parameters
    ----------
    groups : array_like of int, shape (n,)
        The group of each mentee, from 0; -1 for none.
    at_least : int or array_like of int, shape (m,), default 0
        The fewest of each group with each mentor.
    at_most : int, optional
        The most of each group with any mentor.
    price : int, optional
        Points that each mentee too few or too many costs. Without one the bounds are hard.

    Examples
    --------
    At most one mentee of the same team with one mentor:

    >>> from matchkit.assign import PerMentor, Problem, solve
    >>> teams = PerMentor([0, 0, 1], at_most=1)
    >>> points = [[9, 1], [8, 1], [7, 1]]
    >>> solve(Problem(points, capacity=2, quotas=[teams])).mentor_of.tolist()
    [0, 1, 0]
    """

    groups: Codes
    at_least: Codes
    at_most: int | None
    price: int | None

    def __init__(
        self,
        groups: ArrayLike,
        *,
        at_least: ArrayLike = 0,
        at_most: int | None = None,
        price: int | None = None,
    ) -> None:
        object.__setattr__(self, "groups", _closed(groups))
        object.__setattr__(self, "at_least", _closed(at_least))
        object.__setattr__(self, "at_most", at_most)
        object.__setattr__(self, "price", price)

    @property
    def number(self) -> int:
        """How many groups there are."""
        return int(self.groups.max(initial=-1)) + 1

    def least(self, m: int) -> Codes:
        """Return the fewest of each group with each mentor, shape (m,)."""
        return np.broadcast_to(self.at_least, (m,))

    def loads(self, mentor_of: Codes, m: int) -> NDArray[np.int64]:
        """Return the mentees of each group with each mentor, shape (groups, m)."""
        at = np.flatnonzero((mentor_of >= 0) & (self.groups >= 0))
        codes = self.groups[at] * m + mentor_of[at]
        return np.bincount(codes, minlength=self.number * m).reshape(self.number, m)

    def violation(self, mentor_of: Codes, m: int) -> int:
        """Return by how many mentees an assignment is beyond the bounds, added up."""
        loads = self.loads(mentor_of, m)
        short = np.maximum(self.least(m) - loads, 0).sum()
        over = 0 if self.at_most is None else np.maximum(loads - self.at_most, 0).sum()
        return int(short + over)

    def faults(self, shape: tuple[int, int]) -> Iterable[str]:
        """Say what does not fit a round of this many mentees and mentors."""
        n, m = shape
        if self.groups.shape != (n,) or not _whole(self.groups, n):
            yield f"groups has shape {self.groups.shape}, must be ({n},) whole numbers below {n}"
        elif (self.groups < -1).any():
            yield "groups must be from 0, or -1 for none"
        if self.at_least.shape not in {(), (m,)} or not _whole(self.at_least, _MOST):
            yield f"at_least has shape {self.at_least.shape}, must be one number or ({m},)"
        elif (self.at_least < 0).any():
            yield "at_least must be 0 or more"
        if self.at_most is not None and not _counts(self.at_most, 0):
            yield f"at_most == {self.at_most!r}, must be 0 or more"
        yield from _price_faults(self.price)


Condition = Quota | PerMentor


def penalty(quotas: Iterable[Condition], mentor_of: Codes, m: int) -> int:
    """Return what an assignment costs where it does not keep quotas that have a price."""
    return sum(
        each.price * each.violation(mentor_of, m) for each in quotas if each.price is not None
    )


def checked(
    given: Iterable[object], shape: tuple[int, int], faults: list[str]
) -> tuple[Condition, ...]:
    """Return the quotas that fit a round, and note what is wrong with the others.

    Parameters
    ----------
    given : iterable of Quota or PerMentor
    shape : tuple of int
        Mentees, mentors.
    faults : list of str
        What is wrong is added here.
    """
    try:
        listed = list(given)
    except TypeError:
        faults.append(f"quotas is {given!r}, must be a list of Quota and PerMentor.")
        return ()
    kept: list[Condition] = []
    for at, quota in enumerate(listed):
        if not isinstance(quota, Quota | PerMentor):
            faults.append(f"quotas[{at}] is {quota!r}, must be a Quota or a PerMentor.")
            continue
        said = [f"quotas[{at}]: {line}." for line in quota.faults(shape)]
        faults.extend(said)
        if not said:
            kept.append(quota)
    return tuple(kept)


def _closed(given: ArrayLike) -> NDArray[np.int64]:
    """Return a read-only copy, in int64 if it is whole; what is not is told at the door."""
    array = np.array(given)
    if array.size == 0 or array.dtype.kind in "iub":
        array = array.astype(np.int64)
    array.setflags(write=False)
    return array


def _whole(array: NDArray[np.int64], largest: int) -> bool:
    """Tell whether these are whole numbers of a size that can be worked with."""
    return array.dtype == np.int64 and bool(
        array.size == 0 or max(-int(array.min()), int(array.max())) <= largest
    )


def _counts(value: object, least: int) -> bool:
    """Tell whether this is a whole number of at least so much."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    return whole and least <= int(value) <= _MOST  # type: ignore[call-overload]


def _ordered(least: object, most: object) -> bool:
    """Tell whether bounds are whole and leave room between them."""
    whole = all(each is None or _counts(each, -_MOST) for each in (least, most))
    return whole and (least is None or most is None or least <= most)  # type: ignore[operator]


def _price_faults(price: object) -> Iterable[str]:
    if price is not None and not _counts(price, 0):
        yield f"price == {price!r}, must be 0 or more whole points"
