"""Everything that walks over the whole matrix of a round that fits in memory.

The optimum comes from `scipy.optimize.linear_sum_assignment` (the shortest augmenting
path method of D. F. Crouse, "On implementing 2D rectangular assignment algorithms",
IEEE Transactions on Aerospace and Electronic Systems 52(4), 2016, section II), with a
mentor's places side by side. Being left unmatched needs no columns of its own: what a
pair gains over it is never counted below 0, and a pair that gains nothing is no match.
"""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matchkit.assign.core import NOTHING, Core
from matchkit.errors import TooLargeError


def usable_places(core: Core) -> NDArray[np.int64]:
    """Return the places of each mentor that an eligible mentee could take, shape (m,)."""
    wanted = np.zeros(core.shape[1], dtype=np.int64)
    for at in core.blocks(np.arange(core.shape[0])):
        wanted += core.problem.eligible[core.rows[at]].sum(axis=0)
    return np.minimum(core.places, wanted)


def check_memory(core: Core, limit: int | None) -> None:
    """Refuse a round whose replicated matrix would not fit, before it is made.

    Parameters
    ----------
    core : Core
        The open part of the problem.
    limit : int or None
        Bytes allowed; None for the memory that this machine has.

    Raises
    ------
    TooLargeError
        If more would be needed.
    """
    n, m = core.shape
    places = int(usable_places(core).sum())
    needed = 8 * (n * places + 3 * (m + 1) ** 2) + 32 * (n + places)
    allowed = _memory() if limit is None else limit
    if allowed is not None and needed > allowed:
        message = (
            f"{n} mentees by {places} places need {needed / 2**30:.2f} GiB as a dense matrix, "
            f"{allowed / 2**30:.2f} GiB are allowed."
        )
        raise TooLargeError(message)


def assign(core: Core) -> NDArray[np.int64]:
    """Find one optimal assignment.

    Parameters
    ----------
    core : Core
        The open part of the problem.

    Returns
    -------
    NDArray[int64], shape (n,)
        The mentor of each open mentee, -1 where unmatched.
    """
    n, _ = core.shape
    owner = np.repeat(np.arange(core.shape[1]), usable_places(core))
    mentor_of = np.full(n, -1, dtype=np.int64)
    # SciPy copies a matrix that it has to turn or negate, so both are done while filling it.
    # With as many places as mentees, places as rows take half the time.
    if owner.size <= n:
        place, mentee = linear_sum_assignment(_losses(core, owner, places_first=True))
    else:
        mentee, place = linear_sum_assignment(_losses(core, owner, places_first=False))
    mentor_of[mentee] = owner[place]
    gained = core.chosen(mentor_of) - core.outside
    refused = ~core.problem.eligible[core.rows[mentee], owner[place]]
    mentor_of[mentee[refused | (gained[mentee] <= 0)]] = -1
    return mentor_of


def _losses(core: Core, owner: NDArray[np.int64], *, places_first: bool) -> NDArray[np.float64]:
    """Return minus what each pair gains over being unmatched, 0 where it gains nothing."""
    n = core.shape[0]
    losses = np.empty((owner.size, n) if places_first else (n, owner.size))
    for at in core.blocks(np.arange(n)):
        gains = np.maximum(core.values(at) - core.outside[at, None], 0)
        block = (-gains).astype(np.float64)
        if places_first:
            losses[:, at[0] : at[-1] + 1] = np.ascontiguousarray(block.T)[owner]
        else:
            np.take(block, owner, axis=1, out=losses[at[0] : at[-1] + 1])
    return losses


def exchange(core: Core, mentor_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what moving the best-placed mentee from one mentor to another gains.

    Parameters
    ----------
    core : Core
        The open part of the problem.
    mentor_of : NDArray[int64], shape (n,)
        An assignment.

    Returns
    -------
    NDArray[int64], shape (m + 1, m + 1)
        From row to column, ``NOTHING`` where nobody can move; the last row and column
        stand for being unmatched.
    """
    m = core.shape[1]
    chosen = core.chosen(mentor_of)
    now = np.where(mentor_of < 0, m, mentor_of)
    gains = np.full((m + 1, m + 1), NOTHING)
    for at in core.blocks(np.argsort(now, kind="stable")):
        first = np.flatnonzero(np.diff(now[at], prepend=-1))
        moved = np.column_stack([core.values(at), core.outside[at]]) - chosen[at, None]
        best = np.maximum.reduceat(moved, first, axis=0)
        sources = now[at[first]]
        gains[sources] = np.maximum(gains[sources], best)
    np.maximum(gains, NOTHING, out=gains)
    return gains


def tight_pairs(
    core: Core, prices: NDArray[np.int64], surpluses: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs that optimal assignments are made of.

    Parameters
    ----------
    core : Core
        The open part of the problem.
    prices, surpluses : NDArray[int64], shapes (m,) and (n,)
        Any optimal prices and what they leave to the mentees.

    Returns
    -------
    mentees, mentors : NDArray[int64], shape (k,)
        The pairs in which price and surplus sum to exactly the worth of the pair, by
        mentee.
    """
    mentees, mentors = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for at in core.blocks(np.arange(core.shape[0])):
        inside, mentor = np.nonzero(core.values(at) - prices == surpluses[at, None])
        mentees.append(at[inside])
        mentors.append(mentor)
    return np.concatenate(mentees), np.concatenate(mentors)


def _memory() -> int | None:
    """Return the bytes of memory that this machine has, None where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
