"""Prices to start from: mentees bid for places, all at once, until nobody is outbid.

The auction of D. P. Bertsekas ("The auction algorithm: a distributed relaxation method
for the assignment problem", Annals of Operations Research 14, 1988, section 1) in its
Jacobi form, with the places of one mentor as similar objects, and his epsilon scaling
where places are short. Its prices only guide the solver that makes an optimum of them, so
it may be broken off at any time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.selecting import best_first, ranks

_ROUNDS = 150  # of one epsilon where there are several
_LONGEST = 1000  # of the only one


@dataclass(frozen=True, eq=False)
class Bids:
    """Where each mentee can bid, with what the pair gains over being unmatched.

    Attributes
    ----------
    start : NDArray[int64], shape (n + 1,)
        Where each mentee's pairs begin.
    mentors : NDArray[int64], shape (k,)
    gains : NDArray[float64], shape (k,)
    """

    start: NDArray[np.int64]
    mentors: NDArray[np.int64]
    gains: NDArray[np.float64]

    @property
    def bidders(self) -> NDArray[np.int64]:
        """Mentees with a pair."""
        return np.flatnonzero(self.start[1:] > self.start[:-1])

    def of(
        self, mentees: NDArray[np.int64], prices: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the best pair of each mentee, what it gains at these prices, and the next."""
        first = self.start[mentees]
        counts = self.start[mentees + 1] - first
        ends = counts.cumsum()
        heads = ends - counts
        at = np.arange(ends[-1]) + (first - heads).repeat(counts)
        net = self.gains[at] - prices[self.mentors[at]]
        best = np.maximum.reduceat(net, heads)
        tops = (net == best.repeat(counts)).nonzero()[0]
        tops = tops[np.searchsorted(tops, heads)]
        net[tops] = -np.inf
        return at[tops], best, np.maximum.reduceat(net, heads)


def scaled_auction(
    bids: Bids, places: NDArray[np.int64], epsilons: tuple[float, ...]
) -> NDArray[np.float64]:
    """Return the prices at which bidding ends, with ever finer raises.

    Parameters
    ----------
    bids : Bids
        The candidates.
    places : NDArray[int64], shape (m,)
        Places of each mentor.
    epsilons : tuple of float
        By how much a bid is raised beyond what makes the next best pair as good; each
        begins with the prices of the one before.

    Returns
    -------
    NDArray[float64], shape (m,)
        With a single epsilon, 0 for mentors who are not full.
    """
    prices = np.zeros(places.size)
    rounds = _ROUNDS if len(epsilons) > 1 else _LONGEST
    for epsilon in epsilons:
        auction = _Auction(bids, places, prices)
        for _ in range(rounds):
            if not auction.waiting.size:
                break
            auction.bid(epsilon)
        prices = auction.prices
    return np.where(places > 0, prices, 0.0)


class _Auction:
    """Who holds which place at what bid, and who is still to bid."""

    def __init__(self, bids: Bids, places: NDArray[np.int64], prices: NDArray[np.float64]) -> None:
        self._bids, self._places = bids, places
        self._slots = places.cumsum() - places
        self._owner = np.full(int(places.sum()), -1)
        self._offer = np.zeros(self._owner.size, dtype=np.float32)
        self.prices = np.where(places > 0, prices, np.inf)
        self.waiting = bids.bidders

    def bid(self, epsilon: float) -> None:
        """Let everyone who waits bid once for the best pair."""
        pair, best, second = self._bids.of(self.waiting, self.prices)
        keen = best > 0  # the others are better off unmatched, and prices never fall
        target = self._bids.mentors[pair[keen]]
        raised = best[keen] - np.maximum(second[keen], 0) + epsilon
        offers = (self.prices[target] + raised).astype(np.float32)
        mentor, people, offers = self._with_holders(target, self.waiting[keen], offers)
        order = best_first(mentor, offers)
        mentor, people, offers = mentor[order], people[order], offers[order]
        rank = ranks(mentor)
        kept = rank < self._places[mentor]
        at = self._slots[mentor[kept]] + rank[kept]
        self._owner[at], self._offer[at] = people[kept], offers[kept]
        last = rank == self._places[mentor] - 1
        self.prices[mentor[last]] = offers[last]
        self.waiting = people[~kept]

    def _with_holders(
        self,
        target: NDArray[np.int64],
        people: NDArray[np.int64],
        offers: NDArray[np.float32],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Add those who hold places of the mentors that are bid for."""
        called = np.zeros(self._places.size, dtype=bool)
        called[target] = True
        mentors = called.nonzero()[0]
        counts = self._places[mentors]
        ends = counts.cumsum()
        total = int(ends[-1]) if ends.size else 0
        inside = np.arange(total) + (self._slots[mentors] - ends + counts).repeat(counts)
        taken = self._owner[inside] >= 0
        held = inside[taken]
        return (
            np.concatenate([mentors.repeat(counts)[taken], target]),
            np.concatenate([self._owner[held], people]),
            np.concatenate([self._offer[held], offers]),
        )
