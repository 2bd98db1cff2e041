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
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from matchkit.assign.core import EXACT
from matchkit.assign.memory import Memory
from matchkit.assign.prices import Moves, minimal_prices, proven
from matchkit.errors import InternalError

_DENSE = 4  # a full matrix is the faster one if more than a quarter of it is tight
_CELL, _FULL = 40, 16  # bytes of a cell of the sparse and of the full matrix
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
    face, tied = _undecided(face)
    loose = tied
    for level in range(_ROUNDS):
        if not loose.any():
            return face.mentor_of, tied
        weights = _weights(face, row_keys, column_keys, level=level, people=int(loose.sum()))
        face, loose = _undecided(_heaviest(face, weights, loose, memory))
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
    that could as well be empty.
    """
    n, m = face.mentor_of.size, face.places.size
    everyone, outside = np.arange(n), n + m
    load = np.bincount(now, minlength=m + 1)[:m]
    optional = ~face.must_fill
    empty = np.flatnonzero(optional & (load < face.places))
    filled = np.flatnonzero(optional & (load > 0))
    others = now[face.mentees] != face.mentors
    leaving = np.flatnonzero(face.may_leave & (now < m))
    source = np.concatenate(
        [face.mentees[others], n + now, leaving, n + empty, np.full(filled.size, outside)]
    )
    target = np.concatenate(
        [
            n + face.mentors[others],
            everyone,
            np.full(leaving.size, outside),
            np.full(empty.size, outside),
            n + filled,
        ]
    )
    size = outside + 1
    steps = csr_array((np.ones(source.size, dtype=np.int8), (source, target)), shape=(size, size))
    return connected_components(steps, connection="strong")[1]


def _weights(
    face: Face,
    row_keys: NDArray[np.uint64],
    column_keys: NDArray[np.uint64],
    *,
    level: int,
    people: int,
) -> NDArray[np.int64]:
    """Return what each tight pair counts: filling places, then matching, then the hash.

    Filling a place that must be filled outweighs any chain of the others, and being
    matched any chain of hashes; the hash takes the bits that are left, so that no chain
    passes what float64 holds exactly.
    """
    bits = (EXACT // (16 * people)).bit_length() - 1
    chain = people << bits
    keys = _mixed(row_keys + np.uint64(2 * level + 1))[face.mentees]
    keys ^= _mixed(~column_keys - np.uint64(2 * level))[face.mentors]
    hashed = (_mixed(keys) >> np.uint64(64 - bits)).astype(np.int64)
    return hashed + chain + np.where(face.must_fill[face.mentors], 2 * chain + 1, 0)


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter the bits of each key.

    The finishing step of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast
    splittable pseudorandom number generators", OOPSLA 2014, section 4).
    """
    mixed = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _heaviest(
    face: Face, weights: NDArray[np.int64], loose: NDArray[np.bool_], memory: Memory
) -> Face:
    """Return the optima of a face that have the greatest weight, as a face."""
    n, m = face.mentor_of.size, face.places.size
    mentor_of = _heaviest_one(face, weights, loose, memory)
    now = np.where(mentor_of < 0, m, mentor_of)
    held = np.zeros(n, dtype=np.int64)
    own = now[face.mentees] == face.mentors
    held[face.mentees[own]] = weights[own]
    leaving = np.flatnonzero(face.may_leave)
    moves = Moves.of(
        source=np.concatenate([now[face.mentees], now[leaving]]),
        target=np.concatenate([face.mentors, np.full(leaving.size, m)]),
        gain=np.concatenate([weights - held[face.mentees], -held[leaving]]),
        nodes=m + 1,
    )
    load = np.bincount(now, minlength=m + 1)[:m]
    prices = proven(minimal_prices(moves.extend, load < face.places))
    surpluses = held - np.append(prices, 0)[now]
    tight = weights - prices[face.mentors] == surpluses[face.mentees]
    return replace(
        face,
        mentees=face.mentees[tight],
        mentors=face.mentors[tight],
        mentor_of=mentor_of,
        may_leave=face.may_leave & (surpluses == 0),
        must_fill=prices > 0,
    )


def _heaviest_one(
    face: Face, weights: NDArray[np.int64], loose: NDArray[np.bool_], memory: Memory
) -> NDArray[np.int64]:
    """Return one optimum of the greatest weight."""
    decided = face.mentor_of[~loose & (face.mentor_of >= 0)]
    left = face.places - np.bincount(decided, minlength=face.places.size)
    position = np.cumsum(loose) - 1
    top = float(weights.max() + 1)  # SciPy's sparse solver takes 0 for no pair at all
    seats = _Seats(
        room=np.minimum(left, np.bincount(face.mentors, minlength=face.places.size)),
        rows=position[face.mentees],
        mentors=face.mentors,
        losses=(top - weights).astype(np.float64),
        leaving=position[face.may_leave],
        top=top,
    )
    owner = np.append(np.repeat(np.arange(left.size), seats.room), np.full(seats.leaving.size, -1))
    people = np.flatnonzero(loose)
    shape = people.size, owner.size
    seated: tuple[NDArray[np.integer], NDArray[np.integer]]
    cells, full = int(seats.room[face.mentors].sum()), people.size * owner.size
    memory.allow(min(_CELL * cells, _FULL * full), f"{cells} places that tie for the optimum")
    if _DENSE * cells > full:
        seated = linear_sum_assignment(seats.full(shape))
    else:
        seated = min_weight_full_bipartite_matching(seats.sparse(shape))
    mentor_of = face.mentor_of.copy()
    mentor_of[people[seated[0]]] = owner[seated[1]]
    return mentor_of


@dataclass(frozen=True, eq=False)
class _Seats:
    """Who may sit where at what loss: every place is a column, as is staying away.

    Attributes
    ----------
    room : NDArray[int64], shape (m,)
        Places of each mentor, side by side as the first columns.
    rows, mentors, losses : NDArray, shape (k,)
        The pairs.
    leaving : NDArray[int64]
        Rows that may stay unmatched: a column each, of their own, at the end.
    top : float
        The loss of staying unmatched.
    """

    room: NDArray[np.int64]
    rows: NDArray[np.int64]
    mentors: NDArray[np.int64]
    losses: NDArray[np.float64]
    leaving: NDArray[np.int64]
    top: float

    def full(self, shape: tuple[int, int]) -> NDArray[np.float64]:
        """Return the losses as a full matrix, infinite where nobody may sit."""
        grid = np.full((shape[0], self.room.size), np.inf)
        grid[self.rows, self.mentors] = self.losses
        alone = np.full((shape[0], self.leaving.size), np.inf)
        alone[self.leaving, np.arange(self.leaving.size)] = self.top
        return np.hstack([np.repeat(grid, self.room, axis=1), alone])

    def sparse(self, shape: tuple[int, int]) -> csr_array:
        """Return the losses as a sparse matrix."""
        copies = self.room[self.mentors]
        ends = np.cumsum(copies)
        first = np.cumsum(self.room) - self.room
        places = np.arange(copies.sum()) + np.repeat(first[self.mentors] - ends + copies, copies)
        alone = shape[1] - self.leaving.size + np.arange(self.leaving.size)
        losses = np.append(np.repeat(self.losses, copies), np.full(alone.size, self.top))
        rows = np.append(np.repeat(self.rows, copies), self.leaving)
        return csr_array((losses, (rows, np.append(places, alone))), shape=shape)
