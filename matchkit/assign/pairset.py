"""Sets of pairs: listed where they are few of all pairs, one bit for each pair where they are many.

In a round of coarse scores a large part of all pairs can tie. As numbers they would take many
times the memory of everything else, as bits an eighth of a byte for each pair of the round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Which = Callable[[Ints, Ints], NDArray[np.bool_]]

HELD: Final = 2
"""Sets of the pairs that tie that are held at a time while one optimum is chosen."""

_CHUNK = 1 << 17  # pairs handed out at a time: they stay in cache
_TABLE = 1 << 20  # cells marked or read at a time
_LISTED = 64  # bits of a pair in a list: where one of so many pairs is in, all are marked
_ONES = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Piece:
    """The pairs of some consecutive mentees.

    Attributes
    ----------
    first, mentees : int
        The first mentee, and how many.
    codes : NDArray[int64], shape (k,)
        ``mentee * width + mentor``, counted from the first mentee; empty if marked.
    bits : NDArray[uint8], shape (mentees, bytes), or None
        One bit for each pair.
    size : int
    """

    first: int
    mentees: int
    codes: Ints
    bits: NDArray[np.uint8] | None
    size: int

    def cells(self, width: int) -> Iterator[tuple[int, Ints]]:
        """Yield codes of some pairs, with the mentee that they are counted from."""
        if self.bits is None:
            for start in range(0, self.codes.size, _CHUNK):
                yield self.first, self.codes[start : start + _CHUNK]
            return
        few = max(1, self.size // len(self.bits))  # pairs of a mentee
        step = max(1, min(_CHUNK // few, _TABLE // width))
        for start in range(0, len(self.bits), step):
            marked = np.unpackbits(self.bits[start : start + step], axis=1, count=width)
            yield self.first + start, np.flatnonzero(marked.view(bool))


@dataclass(frozen=True, eq=False)
class PairSet:
    """Pairs of mentees and mentors, each once, in any order.

    Attributes
    ----------
    width : int
        The number of mentors.
    pieces : tuple
        How they are held: of interest here only.
    """

    width: int
    pieces: tuple[_Piece, ...] = ()

    @classmethod
    def joined(cls, parts: Sequence[PairSet]) -> PairSet:
        """Put sets together that have no pair in common, at least one."""
        return cls(parts[0].width, tuple(piece for part in parts for piece in part.pieces))

    @property
    def size(self) -> int:
        """How many pairs these are."""
        return sum(piece.size for piece in self.pieces)

    @property
    def nbytes(self) -> int:
        """The memory that they take."""
        return sum(
            piece.codes.nbytes if piece.bits is None else piece.bits.nbytes for piece in self.pieces
        )

    def chunks(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield mentees and mentors of some pairs at a time."""
        for piece in self.pieces:
            for first, codes in piece.cells(self.width):
                if codes.size:
                    row, mentors = np.divmod(codes, self.width)
                    yield row + first, mentors

    def kept(self, which: Which) -> PairSet:
        """Return those of the pairs of which a function of mentees and mentors says so."""
        pieces = [PairSet(self.width)]
        for piece in self.pieces:
            found = Collector((piece.mentees, self.width))
            for mentees, mentors in PairSet(self.width, (piece,)).chunks():
                kept = which(mentees, mentors)
                found.add(mentees[kept] - piece.first, mentors[kept])
            pieces.append(found.collected(piece.first))
        return PairSet.joined(pieces)


class Collector:
    """Collects pairs of consecutive mentees, as they come, each once.

    Parameters
    ----------
    shape : tuple of int
        Mentees and mentors.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._codes: list[Ints] = []
        self._bits: NDArray[np.uint8] | None = None
        self._listed = 0

    @property
    def nbytes(self) -> int:
        """The memory that they take."""
        return 8 * self._listed if self._bits is None else self._bits.nbytes

    def add(self, mentees: Ints, mentors: Ints) -> None:
        """Take in pairs, counted from the first mentee."""
        if not mentees.size:
            return
        rows, width = self._shape
        codes = mentees * width + mentors
        if self._bits is not None:
            self._mark(self._bits, np.sort(codes, kind="stable"))
            return
        self._codes.append(codes)
        self._listed += codes.size
        if self._listed * _LISTED > rows * width:
            self._bits = np.zeros((rows, -(-width // 8)), dtype=np.uint8)
            self._mark(self._bits, np.sort(np.concatenate(self._codes)))
            self._codes, self._listed = [], 0

    def _mark(self, bits: NDArray[np.uint8], codes: Ints) -> None:
        """Set the bits of some pairs, sorted."""
        rows, width = self._shape
        step = max(1, _TABLE // width)
        for first in range(int(codes[0]) // width, int(codes[-1]) // width + 1, step):
            last = min(first + step, rows)
            start, stop = np.searchsorted(codes, (first * width, last * width))
            if start < stop:
                table = np.zeros((last - first) * width, dtype=bool)
                table[codes[start:stop] - first * width] = True
                bits[first:last] |= np.packbits(table.reshape(-1, width), axis=1)

    def collected(self, first: int = 0) -> PairSet:
        """Return them, with mentees from the first one on."""
        rows, width = self._shape
        none = np.zeros(0, dtype=np.int64)
        if self._bits is None:
            codes = np.concatenate([none, *self._codes])
            return PairSet(width, (_Piece(first, rows, codes, None, codes.size),))
        size = int(np.bincount(self._bits.ravel(), minlength=256) @ _ONES)
        return PairSet(width, (_Piece(first, rows, none, self._bits, size),))
