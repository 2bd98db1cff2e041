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

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from matchkit.assign.core import EXACT
from matchkit.assign.heaviest import Tight, heaviest
from matchkit.assign.memory import Memory
from matchkit.errors import InternalError

_PAIR = 72  # bytes of a tight pair, with its weight and what is made of it
_CACHED = 1 << 16  # pairs that are hashed at a time
_LINKED = 32  # tight pairs of a mentee or mentor that most components hang together by
_ROUNDS = 16  # two different optima have equal hashes less than once in a million rounds


@dataclass(frozen=True, eq=False)
class Face:
    """All optimal assignments of a problem, by one of them and the conditions they share.

    Attributes
    ----------
    mentees, mentors : NDArray[int64], shape (k,)
        The tight pairs, by mentee.
    mentor_of : NDArray[int64], shape (n,)
        One optimal assignment, -1 where unmatched.
    may_leave : NDArray[bool], shape (n,)
        Mentees with no surplus over being unmatched.
    places : NDArray[int64], shape (m,)
        Places of each mentor.
    must_fill : NDArray[bool], shape (m,)
        Mentors whose places have a price.
    """

    mentees: NDArray[np.int64]
    mentors: NDArray[np.int64]
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
    memory.allow(_PAIR * face.mentees.size, f"{face.mentees.size} pairs that tie for the optimum")
    face, tied = _undecided(face)
    loose = tied
    for level in range(_ROUNDS):
        if not loose.any():
            return face.mentor_of, tied
        bits = (EXACT // (16 * int(loose.sum()))).bit_length() - 1
        hashes = _hashes(face, row_keys, column_keys, level=level, bits=bits)
        face, loose = _undecided(_heaviest(face, hashes, loose, bits))
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
    inside = label[face.mentees] == label[n + face.mentors]
    narrowed = replace(
        face,
        mentees=face.mentees[inside],
        mentors=face.mentors[inside],
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
    others = np.flatnonzero(now[face.mentees] != face.mentors)
    stride = max(1, others.size // max(1, _LINKED * (outside + 1)))
    some = others[::stride]
    label = _strong(
        np.concatenate([face.mentees[some], *source]),
        np.concatenate([n + face.mentors[some], *target]),
        outside + 1,
    )
    if stride == 1:
        return label
    tails = np.concatenate([label[face.mentees[others]], *(label[each] for each in source)])
    heads = np.concatenate([label[n + face.mentors[others]], *(label[each] for each in target)])
    apart = tails != heads
    return _strong(tails[apart], heads[apart], int(label.max()) + 1)[label]


def _strong(
    source: NDArray[np.integer], target: NDArray[np.integer], size: int
) -> NDArray[np.int32]:
    """Label the strong components of a graph."""
    ones = np.ones(source.size, dtype=np.int8)
    steps = csr_array((ones, (source, target)), shape=(size, size))
    return connected_components(steps, connection="strong")[1]


def _hashes(
    face: Face,
    row_keys: NDArray[np.uint64],
    column_keys: NDArray[np.uint64],
    *,
    level: int,
    bits: int,
) -> NDArray[np.int64]:
    """Return a keyed hash of each tight pair, of so many bits."""
    rows = _mixed(row_keys + np.uint64(2 * level + 1))
    columns = _mixed(~column_keys - np.uint64(2 * level))
    hashes = np.empty(face.mentees.size, dtype=np.int64)
    for first in range(0, hashes.size, _CACHED):
        part = slice(first, first + _CACHED)
        keys = rows[face.mentees[part]] ^ columns[face.mentors[part]]
        hashes[part] = _mixed(keys) >> np.uint64(64 - bits)
    return hashes


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter the bits of each key.

    The finishing step of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast
    splittable pseudorandom number generators", OOPSLA 2014, section 4).
    """
    mixed = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _heaviest(face: Face, hashes: NDArray[np.int64], loose: NDArray[np.bool_], bits: int) -> Face:
    """Return the optima of a face that have the greatest weight, as a face.

    Filling a place that must be filled outweighs any chain of the others, and being matched
    any chain of hashes; the hash takes the bits that are left, so that no chain passes what
    float64 holds exactly.
    """
    m = face.places.size
    people = np.flatnonzero(loose)
    position = np.cumsum(loose) - 1
    decided = face.mentor_of[~loose & (face.mentor_of >= 0)]
    matched = people.size << bits
    tight = Tight(
        rows=position[face.mentees],
        mentors=face.mentors,
        hashes=hashes,
        held=face.mentor_of[people],
        may_leave=face.may_leave[people],
        room=face.places - np.bincount(decided, minlength=m),
        worth=matched + np.where(face.must_fill, 2 * matched + 1, 0),
        bits=bits,
    )
    found = heaviest(tight)
    mentor_of, may_leave = face.mentor_of.copy(), face.may_leave.copy()
    mentor_of[people] = found.mentor_of
    may_leave[people] &= found.surpluses == 0
    return replace(
        face,
        mentees=face.mentees[found.tight],
        mentors=face.mentors[found.tight],
        mentor_of=mentor_of,
        may_leave=may_leave,
        must_fill=found.prices > 0,
    )
