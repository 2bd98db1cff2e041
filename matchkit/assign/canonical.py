"""One optimum among all that tie, whoever finds them and in whatever order people came.

Optimal prices describe every optimum at once: an assignment is optimal exactly if it
uses tight pairs only (price and surplus sum to what the pair is worth), fills every
mentor whose places have a price, and leaves out only mentees with no surplus over being
unmatched. Two optima differ by closed walks of moves along tight pairs, so the strong
components of those moves hold everything that is not yet decided. There, the greatest
sum of a keyed hash of each pair decides, again by an optimal assignment with prices;
what still ties (hashes are finite) goes to the next hash. Being matched comes before
the hash: a tie with being unmatched goes to being matched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from matchkit.assign.core import EXACT
from matchkit.assign.heaviest import Tight, heaviest
from matchkit.assign.memory import Memory
from matchkit.assign.pairset import HELD, PairSet
from matchkit.errors import InternalError

_LINKED = 32  # tight pairs of a mentee or mentor that most components hang together by
_ROUNDS = 16  # two different optima have equal hashes less than once in a million rounds


@dataclass(frozen=True, eq=False)
class Face:
    """All optimal assignments of a problem, by one of them and the conditions they share.

    Attributes
    ----------
    tight : PairSet
        The tight pairs.
    mentor_of : NDArray[int64], shape (n,)
        One optimal assignment, -1 where unmatched.
    may_leave : NDArray[bool], shape (n,)
        Mentees with no surplus over being unmatched.
    places : NDArray[int64], shape (m,)
        Places of each mentor.
    must_fill : NDArray[bool], shape (m,)
        Mentors whose places have a price.
    """

    tight: PairSet
    mentor_of: NDArray[np.int64]
    may_leave: NDArray[np.bool_]
    places: NDArray[np.int64]
    must_fill: NDArray[np.bool_]


def settle_ties(
    face: Face,
    row_keys: NDArray[np.uint64],
    column_keys: NDArray[np.uint64],
    *,
    memory: Memory,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Choose the canonical optimum.

    Parameters
    ----------
    face : Face
        Every optimum.
    row_keys, column_keys : NDArray[uint64], shapes (n,) and (m,)
        What decides; each side's keys differ from one another.
    memory : Memory
        What may be taken.

    Returns
    -------
    mentor_of : NDArray[int64], shape (n,)
        The same for every face of the same problem.
    tied : NDArray[bool], shape (n,)
        Mentees whom some other optimum matches differently.

    Raises
    ------
    TooLargeError
        If more memory would be needed.
    """
    needed = HELD * face.tight.nbytes
    memory.allow(needed, f"{face.tight.size} pairs that tie for the optimum")
    face, tied = _undecided(face)
    loose = tied
    for level in range(_ROUNDS):
        if not loose.any():
            return face.mentor_of, tied
        bits = (EXACT // (16 * int(loose.sum()))).bit_length() - 1
        hashed = _Hash.of(row_keys, column_keys, level=level, bits=bits)
        face, loose = _undecided(_heaviest(face, hashed, loose))
    message = "ties remained after every hash."
    raise InternalError(message)


def _undecided(face: Face) -> tuple[Face, NDArray[np.bool_]]:
    """Narrow a face to the pairs that some optimum uses and another does not.

    Returns the face without the pairs of mentees whose match is decided, and which
    mentees are not decided.
    """
    n, m = face.mentor_of.size, face.places.size
    now = np.where(face.mentor_of < 0, m, face.mentor_of)
    label = _components(face, now)
    loose = label[:n] == label[n + now]
    narrowed = replace(
        face,
        tight=face.tight.kept(lambda mentees, mentors: label[mentees] == label[n + mentors]),
        may_leave=face.may_leave & (label[:n] == label[-1]),
    )
    return narrowed, loose


def _components(face: Face, now: NDArray[np.int64]) -> NDArray[np.int32]:
    """Label the strong components of moves: mentees, then mentors, then being unmatched.

    A mentee's moves lead to every place that could be taken instead; a place leads on to
    the mentees who hold it, who would have to move. Being unmatched stands for the other
    end of every chain too: an empty place leads there, and from there to filled places
    that could as well be empty. A part of the moves is labelled first, and the others
    between what it leaves apart.
    """
    n, m = face.mentor_of.size, face.places.size
    everyone, outside = np.arange(n), n + m
    load = np.bincount(now, minlength=m + 1)[:m]
    optional = ~face.must_fill
    empty = np.flatnonzero(optional & (load < face.places))
    filled = np.flatnonzero(optional & (load > 0))
    leaving = np.flatnonzero(face.may_leave & (now < m))
    source = [n + now, leaving, n + empty, np.full(filled.size, outside)]
    target = [everyone, np.full(leaving.size + empty.size, outside), n + filled]
    stride = max(1, face.tight.size // max(1, _LINKED * (outside + 1)))
    while math.gcd(stride, m) > 1:  # where all pairs tie, it would pass by mentors
        stride += 1
    tails, heads = _moves(face.tight, now, stride)
    ends = np.concatenate([tails, *source]), np.concatenate([n + heads, *target])
    label = _strong(*ends, outside + 1)
    if stride == 1:
        return label
    codes = [_between(label, *ends)]
    for mentees, mentors in face.tight.chunks():
        moves = now[mentees] != mentors
        codes.append(_between(label, mentees[moves], n + mentors[moves]))
    count = int(label.max()) + 1
    return _strong(*np.divmod(np.concatenate(codes), count), count)[label]


def _moves(
    tight: PairSet, now: NDArray[np.int64], stride: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return one of so many pairs, but for those that are held: mentees and mentors."""
    none = np.zeros(0, dtype=np.int64)
    found, seen = [(none, none)], 0
    for mentees, mentors in tight.chunks():
        some = slice(-seen % stride, None, stride)
        seen += mentees.size
        moves = now[mentees[some]] != mentors[some]
        found.append((mentees[some][moves], mentors[some][moves]))
    tails, heads = map(np.concatenate, zip(*found, strict=True))
    return tails, heads


def _between(
    label: NDArray[np.int32], source: NDArray[np.int64], target: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the steps between different labels, each once, as one number."""
    tails, heads = label[source], label[target]
    apart = tails != heads
    codes = np.sort(tails[apart] * (np.int64(label.max()) + 1) + heads[apart])
    return codes[np.diff(codes, prepend=-1) > 0]


def _strong(
    source: NDArray[np.integer], target: NDArray[np.integer], size: int
) -> NDArray[np.int32]:
    """Label the strong components of a graph."""
    ones = np.ones(source.size, dtype=np.int8)
    steps = csr_array((ones, (source, target)), shape=(size, size))
    return connected_components(steps, connection="strong")[1]


@dataclass(frozen=True, eq=False)
class _Hash:
    """A keyed hash of each pair, of so many bits."""

    rows: NDArray[np.uint64]
    columns: NDArray[np.uint64]
    bits: int

    @classmethod
    def of(
        cls,
        row_keys: NDArray[np.uint64],
        column_keys: NDArray[np.uint64],
        *,
        level: int,
        bits: int,
    ) -> _Hash:
        """Return one hash of a family, by its level."""
        rows = _mixed(row_keys + np.uint64(2 * level + 1))
        return cls(rows, _mixed(~column_keys - np.uint64(2 * level)), bits)

    def __call__(self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the hashes of some pairs."""
        mixed = _mixed(self.rows[mentees] ^ self.columns[mentors])
        return (mixed >> np.uint64(64 - self.bits)).astype(np.int64)


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter the bits of each key.

    The finishing step of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast
    splittable pseudorandom number generators", OOPSLA 2014, section 4).
    """
    mixed = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _heaviest(face: Face, hashed: _Hash, loose: NDArray[np.bool_]) -> Face:
    """Return the optima of a face that have the greatest weight, as a face.

    Filling a place that must be filled outweighs any chain of the others, and being matched
    any chain of hashes; the hash takes the bits that are left, so that no chain passes what
    float64 holds exactly.
    """
    m = face.places.size
    people = np.flatnonzero(loose)
    position = np.cumsum(loose) - 1
    decided = face.mentor_of[~loose & (face.mentor_of >= 0)]
    matched = people.size << hashed.bits
    tight = Tight(
        pairs=face.tight,
        position=position,
        hashed=hashed,
        held=face.mentor_of[people],
        may_leave=face.may_leave[people],
        room=face.places - np.bincount(decided, minlength=m),
        worth=matched + np.where(face.must_fill, 2 * matched + 1, 0),
        bits=hashed.bits,
    )
    found = heaviest(tight)
    mentor_of, may_leave = face.mentor_of.copy(), face.may_leave.copy()
    mentor_of[people] = found.mentor_of
    may_leave[people] &= found.surpluses == 0
    return replace(
        face,
        tight=found.tight,
        mentor_of=mentor_of,
        may_leave=may_leave,
        must_fill=found.prices > 0,
    )
