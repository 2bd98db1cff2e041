"""Ragged lists of text as arrays: what many people wrote, without an object per person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def ragged_take(
    indptr: NDArray[np.int64], order: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find where the entries of some rows of a ragged array lie.

    Parameters
    ----------
    indptr : int64 array (n + 1,)
        Where each row begins.
    order : integers (k,)
        The rows wanted, in the order wanted; a row may come more than once.

    Returns
    -------
    indptr : int64 array (k + 1,)
        Where each row begins afterwards.
    entries : int64 array
        The position of each entry in the old array.

    Examples
    --------
    >>> ragged_take(np.array([0, 2, 3]), [1, 0])
    (array([0, 1, 3]), array([2, 0, 1]))
    """
    rows = np.asarray(order, dtype=np.int64)
    lengths = indptr[rows + 1] - indptr[rows]
    taken = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(lengths, out=taken[1:])
    entries = np.arange(taken[-1], dtype=np.int64)
    entries += np.repeat(indptr[:-1][rows] - taken[:-1], lengths)
    return taken, entries


@dataclass(frozen=True, eq=False)
class Lists:
    """One list of text for each person.

    Attributes
    ----------
    indptr : int64 array (n + 1,)
        The list of person ``i`` is ``codes[indptr[i]:indptr[i + 1]]``.
    codes : int64 array (nnz,)
        Positions in `labels`, in the order in which the person wrote them.
    labels : tuple of str
        The distinct entries in the form in which they are compared, sorted.
    written : tuple of str
        For each label its most frequent spelling, for display.

    Examples
    --------
    >>> lists = Lists(np.array([0, 2, 2]), np.array([1, 0]), ("chess", "sailing"),
    ...               ("Chess", "Sailing"))
    >>> lists.of(0), lists.of(1)
    (('Sailing', 'Chess'), ())
    """

    indptr: NDArray[np.int64]
    codes: NDArray[np.int64]
    labels: tuple[str, ...]
    written: tuple[str, ...]

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        for array in vars(self).values():
            if isinstance(array, np.ndarray):
                array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.indptr) - 1

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How many entries each person has, int64 (n,)."""
        return np.diff(self.indptr)

    def of(self, person: int) -> tuple[str, ...]:
        """Return one person's entries as written."""
        return tuple(
            self.written[code] for code in self.codes[self.indptr[person] : self.indptr[person + 1]]
        )

    def take(self, order: ArrayLike) -> Self:
        """Return the lists of some people, in the order given; labels stay as they are."""
        indptr, entries = ragged_take(self.indptr, order)
        return replace(self, indptr=indptr, codes=self.codes[entries])


@dataclass(frozen=True, eq=False)
class SkillLists(Lists):
    """Lists of skills or goals with their levels.

    Attributes
    ----------
    levels : int8 array (nnz,)
        Levels 1 to 5 beside `codes`, 0 where none was stated.
    """

    levels: NDArray[np.int8]

    def take(self, order: ArrayLike) -> Self:
        """Return the lists of some people, in the order given; labels stay as they are."""
        indptr, entries = ragged_take(self.indptr, order)
        return replace(self, indptr=indptr, codes=self.codes[entries], levels=self.levels[entries])
