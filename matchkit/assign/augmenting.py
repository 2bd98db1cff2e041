"""The optimum on a graph of candidates, from prices that are almost right.

Whoever has a place that is as good as any other at the prices keeps it. All others wait,
and take the shortest ways to free places, along which others move on: length is what the
moves cost at the prices, and prices rise by it, so that no place is ever better than the
one that is held (the successive shortest paths of J. Edmonds and R. M. Karp, "Theoretical
improvements in algorithmic efficiency for network flow problems", Journal of the ACM 19,
1972, section 2). Ways that have no mentor in common are taken at the same time, and a
search goes only as far as it has to, so that the work depends on how many wait and how
far prices are off, and hardly on the size of the round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from matchkit.assign.core import EXACT
from matchkit.assign.graph import Graph
from matchkit.assign.selecting import ranks

OPEN: Final = -2
"""In place of a mentor: not known yet."""

_REACH = 0.001  # of the spread of points: how far searches go at first
_FARTHER, _FAR = 4, 2  # times as far where nothing was found, or little
_FEW = 2  # of so many who wait, one
_AHEAD = 8  # reaches that the arcs at hand are good for
_STRIDE = 40_503  # scatters mentees over mentors that are equally good


class Terms(Protocol):
    """What an optimum on a graph depends on beside the graph; a `Core` has it."""

    @property
    def places(self) -> NDArray[np.int64]:
        """The places of each mentor, shape (m,)."""

    @property
    def outside(self) -> NDArray[np.int64]:
        """What leaving each mentee unmatched is worth, shape (n,)."""

    @property
    def unit(self) -> int:
        """With the spread, what no price passes."""

    @property
    def spread(self) -> int:
        """How far apart the worths of pairs are that compete."""


@dataclass(frozen=True, eq=False)
class Start:
    """Where to begin. Nothing of it is trusted: the better it is, the less is to do.

    Attributes
    ----------
    prices : NDArray[int64], shape (m,)
    mentor_of : NDArray[int64], shape (n,)
        -1 for unmatched, ``OPEN`` where not known.
    """

    prices: NDArray[np.int64]
    mentor_of: NDArray[np.int64]


def optimum(core: Terms, graph: Graph, start: Start) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find an optimal assignment on a graph, with prices that prove it.

    Parameters
    ----------
    core : Core
        The open part of the problem, or as much of it as `Terms` ask for.
    graph : Graph
        Candidates with their worth.
    start : Start
        The optimum of a problem that is nearly the same, or an auction's prices.

    Returns
    -------
    mentor_of : NDArray[int64], shape (n,)
        -1 where unmatched.
    prices : NDArray[int64], shape (m,)
        Optimal on this graph; several prices can be, and these are any of them.
    """
    flow = _Flow(core, graph, start)
    for left, search in ((flow.waiting, flow.seat), (flow.overpriced, flow.release)):
        reach = max(1, int(_REACH * core.spread))
        while count := left():
            found = search(reach)
            if found * _FEW < count:
                reach = min(reach * (_FAR if found else _FARTHER), flow.most)
    return np.where(flow.node < graph.width, flow.node, -1), flow.prices[:-1]


@dataclass(frozen=True, eq=False)
class _Arcs:
    """Where mentees could be, by mentee; each has at least one.

    Attributes
    ----------
    mentees, nodes, worth : NDArray[int64], shape (k,)
        The last node stands for being unmatched.
    """

    mentees: NDArray[np.int64]
    nodes: NDArray[np.int64]
    worth: NDArray[np.int64]

    @classmethod
    def of(cls, core: Terms, graph: Graph) -> _Arcs:
        """Return all pairs of a graph, and being unmatched last of each mentee's."""
        counts = np.diff(graph.start) + 1
        inside = np.ones(int(counts.sum()), dtype=bool)
        inside[counts.cumsum() - 1] = False
        nodes, worth = np.full(inside.size, graph.width), np.empty(inside.size, dtype=np.int64)
        nodes[inside], worth[inside], worth[~inside] = graph.mentors, graph.worth, core.outside
        return cls(np.arange(counts.size).repeat(counts), nodes, worth)

    def kept(self, which: NDArray[np.bool_]) -> _Arcs:
        """Return some of the arcs."""
        return _Arcs(self.mentees[which], self.nodes[which], self.worth[which])

    def slack(self, prices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return by how much each arc is worse than the mentee's best one at the prices."""
        net = self.worth - prices[self.nodes]
        if not net.size:
            return net
        heads = np.flatnonzero(np.diff(self.mentees, prepend=-1))
        best: NDArray[np.int64] = np.maximum.reduceat(net, heads)
        return best[self.mentees] - net


class _Flow:
    """Who is where at what prices: nobody who has a place would rather be elsewhere.

    Being unmatched is a node like the mentors, the last, with room for all at no price.
    """

    def __init__(self, core: Terms, graph: Graph, start: Start) -> None:
        self.most = core.unit + core.spread + 1
        self.prices = np.append(np.clip(start.prices, 0, self.most), 0)
        self.node = np.where(start.mentor_of == -1, graph.width, start.mentor_of)
        self._places = np.append(core.places, core.outside.size + 1)
        self._all = _Arcs.of(core, graph)
        self._near, self._good_for = self._all, -1
        self._keep(self._all.slack(self.prices) == 0)

    def _keep(self, best: NDArray[np.bool_]) -> None:
        """Let those stay who are where they would best be, as far as there is room."""
        mentees, nodes = self._all.mentees[best], self._all.nodes[best]
        held = np.flatnonzero(nodes == self.node[mentees])
        held = held[np.argsort(nodes[held], kind="stable")]
        held = held[ranks(nodes[held]) < self._places[nodes[held]]]
        self.node = np.full(self.node.size, OPEN)
        self.node[mentees[held]] = nodes[held]

    def waiting(self) -> int:
        """Return how many mentees are nowhere."""
        return int(np.count_nonzero(self.node == OPEN))

    def overpriced(self) -> int:
        """Return how many mentors have an empty place with a price."""
        return self._goals().size

    def seat(self, reach: int) -> int:
        """Let those who wait take the shortest ways to free places; prices rise.

        Returns how many of them have a way.
        """
        arcs, slack = self._close(reach)
        origin, room = self.node[arcs.mentees], self._room()
        moving = (origin != OPEN) & (origin != arcs.nodes)
        steps = _Steps(arcs.nodes[moving], origin[moving], slack[moving], arcs.mentees[moving])
        tree = _Tree.of(np.flatnonzero(room > 0), steps, reach=reach, nodes=room.size)
        mentees, nodes = tree.ways(arcs.kept(origin == OPEN), slack[origin == OPEN])
        self._arrive(tree, mentees, nodes, room)
        self._shift(np.minimum(tree.distance, reach), reach)
        return mentees.size

    def release(self, reach: int) -> int:
        """Fill empty places that have a price, or let the price fall.

        Returns how many mentors were found a way to.
        """
        arcs, slack = self._close(reach)
        origin, goals = self.node[arcs.mentees], self._goals()
        moving, outside = origin != arcs.nodes, self.prices.size - 1
        # An empty place costs its price, and nobody has to go there.
        cheap = np.flatnonzero(self.prices[:-1] <= reach)
        steps = _Steps(
            np.append(origin[moving], np.full(cheap.size, outside)),
            np.append(arcs.nodes[moving], cheap),
            np.append(slack[moving], self.prices[cheap]),
            np.append(arcs.mentees[moving], np.full(cheap.size, OPEN)),
        )
        tree = _Tree.of(np.array([outside]), steps, reach=reach, nodes=outside + 1)
        near = goals[tree.distance[goals] <= reach]
        for goal in near[np.argsort(tree.distance[near])].tolist():
            self._fill(tree, goal)
        self._shift(-np.minimum(tree.distance, reach), reach)
        return near.size

    def _goals(self) -> NDArray[np.int64]:
        """Return the mentors with an empty place that has a price."""
        return np.flatnonzero((self._room() > 0) & (self.prices > 0))

    def _room(self) -> NDArray[np.int64]:
        taken = np.bincount(self.node[self.node != OPEN], minlength=self._places.size)
        return self._places - taken

    def _close(self, reach: int) -> tuple[_Arcs, NDArray[np.int64]]:
        """Return the arcs that cost no more than the reach, and what they cost.

        A search changes prices, and with them what arcs cost, by its reach at most, so
        that not all arcs have to be looked at each time.
        """
        if self._good_for < reach:
            self._good_for = _AHEAD * reach
            self._near = self._all.kept(self._all.slack(self.prices) <= self._good_for)
        slack = self._near.slack(self.prices)
        close = slack <= reach
        return self._near.kept(close), slack[close]

    def _shift(self, by: NDArray[np.int64], reach: int) -> None:
        self.prices += by
        self._good_for -= reach

    def _arrive(
        self,
        tree: _Tree,
        mentees: NDArray[np.int64],
        nodes: NDArray[np.int64],
        room: NDArray[np.int64],
    ) -> None:
        """Move all who can go at the same time; those before others come first."""
        order = np.argsort(nodes, kind="stable")
        mentees, nodes = mentees[order], nodes[order]
        straight = (tree.before < 0)[nodes]
        at = straight & (ranks(nodes) < room[nodes])
        self.node[mentees[at]] = nodes[at]
        room -= np.bincount(nodes[at], minlength=room.size)
        for mentee, node in zip(
            mentees[~straight].tolist(), nodes[~straight].tolist(), strict=True
        ):
            path = tree.path(node)
            if path and room[path[-1]]:
                room[path[-1]] -= 1
                tree.claimed.update(path[:-1])
                movers = [mentee, *(int(tree.by[each]) for each in path[:-1])]
                self.node[movers] = path

    def _fill(self, tree: _Tree, goal: int) -> None:
        """Move everyone on the way to an empty place, if it is open."""
        path = tree.path(goal)
        movers = tree.by[path[:-1]]
        people = movers != OPEN
        # Unmatched mentees are all at one node, so that several ways could begin with one.
        if path and (not people[-1] or self.node[movers[-1]] == path[-1]):
            tree.claimed.update(path[:-1])
            self.node[movers[people]] = np.array(path[:-1])[people]


@dataclass(frozen=True, eq=False)
class _Steps:
    """Moves that would bring somebody farther from a root, or closer to it.

    Attributes
    ----------
    inner, outer : NDArray[int64], shape (k,)
        The node nearer to the root, and the one farther out.
    costs, mentees : NDArray[int64], shape (k,)
        What it costs and who moves, ``OPEN`` where nobody has to.
    """

    inner: NDArray[np.int64]
    outer: NDArray[np.int64]
    costs: NDArray[np.int64]
    mentees: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Tree:
    """Shortest ways between nodes and the nearest of some roots.

    Attributes
    ----------
    distance : NDArray[int64], shape (nodes,)
        What the ways cost; more than the reach where there is none.
    rank : NDArray[int64], shape (nodes,)
        The same with the number of steps to decide between equals.
    before : NDArray[int64], shape (nodes,)
        The next node on the way to the root, below 0 at roots and where there is no way.
    by : NDArray[int64], shape (nodes,)
        Who moves between the two, ``OPEN`` where nobody has to.
    reach : int
    stride : int
        What cost 1 is in ``rank``.
    claimed : set of int
        Nodes through which a way was taken.
    """

    distance: NDArray[np.int64]
    rank: NDArray[np.int64]
    before: NDArray[np.int64]
    by: NDArray[np.int64]
    reach: int
    stride: int
    claimed: set[int]

    @classmethod
    def of(cls, roots: NDArray[np.int64], steps: _Steps, *, reach: int, nodes: int) -> _Tree:
        """Find the shortest ways."""
        stride = nodes + 2 if (reach + 1) * (nodes + 2) < EXACT else 1
        code = np.append(steps.inner * nodes + steps.outer, nodes * nodes + roots)
        length = np.append(
            steps.costs * stride + (stride > 1), np.zeros(roots.size, dtype=np.int64)
        )
        order = np.lexsort((length, code))
        order = order[np.diff(code[order], prepend=-1) > 0]
        code, length = code[order], length[order].astype(np.float64)
        start = np.zeros(nodes + 2, dtype=np.int64)
        np.cumsum(np.bincount(code // nodes, minlength=nodes + 1), out=start[1:])
        table = csr_array((length, code % nodes, start), shape=(nodes + 1, nodes + 1))
        limit = (reach + 1) * stride - 1
        far, before = dijkstra(  # type: ignore[call-overload] # knows no sparse arrays
            table, indices=nodes, return_predecessors=True, limit=limit
        )
        rank = np.minimum(far[:-1], limit + 1).astype(np.int64)
        before = np.where(before[:-1] < nodes, before[:-1], -1).astype(np.int64)
        known = np.flatnonzero(before >= 0)
        by = np.full(nodes, OPEN)
        step = order[np.searchsorted(code, before[known] * nodes + known)]
        by[known] = steps.mentees[step]
        return cls(rank // stride, rank, before, by, reach, stride, set())

    def ways(
        self, arcs: _Arcs, slack: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return who has a way, and the first node on the shortest, the nearest first."""
        rank = slack * self.stride + self.rank[arcs.nodes]
        near = np.flatnonzero(rank < (self.reach + 1) * self.stride)
        mentees, nodes, rank = arcs.mentees[near], arcs.nodes[near], rank[near]
        scattered = (nodes + _STRIDE * mentees) % self.rank.size
        order = np.lexsort((scattered, rank, mentees))
        order = order[np.diff(mentees[order], prepend=-1) > 0]
        order = order[np.argsort(rank[order], kind="stable")]
        return mentees[order], nodes[order]

    def path(self, node: int) -> list[int]:
        """Return the nodes from this one to its root; none if the way is taken."""
        path = [node]
        while self.before[node] >= 0:
            if node in self.claimed:
                return []
            node = int(self.before[node])
            path.append(node)
        return path
