"""What a proven optimum leaves open: who could move where, and what the round would lose.

Forcing a pair costs its loss, and what making room costs: the mentor's place has to come from
somewhere. It comes by the cheapest chain of moves that ends where the mentee came from, or at
a place that is free anyway; then a second chain, without loss, fills what the mentee left.
All of this is a shortest path in the residual graph of the optimum, where losses are lengths
and never below 0 (R. K. Ahuja, T. L. Magnanti and J. B. Orlin, Network Flows, 1993, sections
9.3 and 9.4), so that nothing has to be solved again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from matchkit.assign.core import split
from matchkit.assign.floors import floored
from matchkit.assign.losses import FAR, Losses
from matchkit.assign.memory import Memory
from matchkit.assign.problem import Problem
from matchkit.assign.selecting import ranks
from matchkit.assign.solution import Solution
from matchkit.assign.sources import INELIGIBLE
from matchkit.errors import ProblemError

_CELL = 24  # bytes for two mentors: what moves between them lose, and what is made of it
_SPARSE = 16  # of so many moves fewer than one is worth following: then each is followed
_ROWS = 256  # nodes to start from at a time

Index = NDArray[np.int64]
Move = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Forced:
    """What a round with one more pair set by hand would look like.

    Attributes
    ----------
    people, points : int
        What the round would lose, people first; with ``coverage="score"`` people are 0.
    moves : tuple of (int, int, int)
        Everybody who would be matched differently: mentee, mentor before, mentor after,
        -1 for nobody. The mentee of the pair comes first, then those who make room for the
        next one each, then those who fill the place that was left, the last to move first.
    """

    people: int
    points: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Pairs that are not matched, and what setting each by hand would cost.

    Attributes
    ----------
    mentees, mentors : NDArray[int64], shape (k,)
        By mentee, the cheapest first.
    losses : NDArray[int64], shape (k, 2)
        People and points that the round would lose, people first; with ``coverage="score"``
        people are 0.
    """

    mentees: Index
    mentors: Index
    losses: Index

    def __post_init__(self) -> None:
        """Close the arrays."""
        for array in (self.mentees, self.mentors, self.losses):
            array.setflags(write=False)


class Residual:
    """The residual graph of an optimum.

    Parameters
    ----------
    problem : Problem
        What was solved.
    solution : Solution
        Its optimum, with the minimal prices.

    Raises
    ------
    ProblemError
        If the solution is not a proven optimum of the problem in points, or the points are
        too large or too far apart to be exact.

    Examples
    --------
    >>> from matchkit.assign import Problem, Residual, solve
    >>> problem = Problem([[9, 8], [7, 1], [6, 5]], capacity=1)
    >>> residual = Residual(problem, solve(problem))
    >>> forced = residual.forced(0, 0)  # in place of mentor 1
    >>> forced.people, forced.points, forced.moves
    (0, 1, ((0, 1, 0), (1, 0, -1), (2, -1, 1)))
    """

    def __init__(self, problem: Problem, solution: Solution) -> None:
        n, m = problem.shape
        if (solution.mentor_of.shape, solution.prices.shape) != ((n,), (m, 2)):
            message = f"the solution is not one of {n} mentees and {m} mentors."
            raise ProblemError(message)
        if solution.status != "optimal" or "stable" in solution.objective or problem.across:
            raise ProblemError(
                f"a {solution.objective} solution of status {solution.status!r} leaves no losses; "
                "must be an optimal one in points, without conditions across pairs."
            )
        if solution.fairness is not None and solution.fairness.worst is not None:
            problem = floored(problem, solution.fairness.worst)
        self._losses = Losses(problem, solution)

    # One pair -------------------------------------------------------------------------------------

    def forced(self, mentee: int, mentor: int) -> Forced:
        """Return what setting a pair by hand would cost, and who would move.

        Of several ways that cost the same it takes one that moves the fewest people; the
        order of rows and columns decides the rest. Looks at each pair at most twice, and
        at few of them as a rule.

        Parameters
        ----------
        mentee, mentor : int
            An eligible pair, not matched, of a mentee who is not locked and a mentor whose
            places are not all taken by locked pairs.

        Raises
        ------
        ProblemError
            If the pair can't be set, or is matched.
        """
        losses, core = self._losses, self._losses.core
        who = int(np.searchsorted(core.rows, mentee))
        if who == core.rows.size or core.rows[who] != mentee:
            raise ProblemError(f"mentee {mentee} is locked.")
        points = int(core.problem.source.pairs(*np.array([[mentee], [mentor]]))[0])
        before = int(losses.now[who])
        if points == INELIGIBLE or not core.places[mentor] or before == mentor:
            message = f"mentee {mentee} and mentor {mentor} are matched already or can't be."
            raise ProblemError(message)
        own = int(losses.prices[mentor] + losses.surpluses[who]) - points - core.unit
        far, room = self._room(mentor, before)
        moves = [(who, before, mentor), *room]
        if moves[-1][2] != before:
            moves += self._filling(before)
        people, rest = split(np.array([own + far]), core.unit)[0].tolist()
        named = ((int(core.rows[k]), self._name(a), self._name(b)) for k, a, b in moves)
        return Forced(people, rest, tuple(named))

    def _name(self, node: int) -> int:
        return -1 if node == self._losses.outside else node

    def _room(self, mentor: int, goal: int) -> tuple[int, list[Move]]:
        """Return what one place of a mentor costs at least, and the moves that make it.

        E. W. Dijkstra's search from the mentor to where the mentee leaves a place, or to any
        place that is free. Each mentor's mentees are looked at once at most.
        """
        losses = self._losses
        if losses.free[mentor]:
            return 0, []
        reached = _Reached(losses.outside + 1, mentor)
        end, best = -1, FAR
        while (at := reached.nearest()) >= 0 and reached.far[at] <= best and at != goal:
            if losses.free[at] and end < 0:
                end, best = at, int(reached.far[at])
            for who, to, loss in losses.within(losses.at_node(at), reached.leave(at)):
                reached.arrive(at, who, to, loss)
        # Of two ways that cost the same the one to the goal: the other could cross the chain
        # that fills the place there.
        if at == goal and reached.far[at] <= best:
            end, best = at, int(reached.far[at])
        moves: list[Move] = []
        while end != mentor:
            mover = int(reached.by[end])
            moves.append((mover, int(losses.now[mover]), end))
            end = int(losses.now[mover])
        return best, moves[::-1]

    def _filling(self, node: int) -> list[Move]:
        """Return the shortest chain without loss that fills a place, from one without a price."""
        losses = self._losses
        seen = np.zeros(losses.outside + 1, dtype=bool)
        by: dict[int, tuple[int, int]] = {}
        layer = np.array([node])
        while not (ends := layer[losses.prices[layer] == 0]).size:
            seen[layer] = True
            found = self._tight(layer, seen)
            by |= found
            layer = np.array(sorted(found))
        at, moves = int(ends[0]), []
        while at != node:
            to, who = by[at]
            moves.append((who, at, to))
            at = to
        return moves[::-1]

    def _tight(self, layer: Index, seen: NDArray[np.bool_]) -> dict[int, tuple[int, int]]:
        """Return the nodes not seen from which somebody could come without loss, and who."""
        losses = self._losses
        cutoff = np.full(seen.size, -1)
        cutoff[layer] = 0
        found: dict[int, tuple[int, int]] = {}
        for who, to, _ in losses.within(np.arange(losses.now.size), cutoff):
            new = np.flatnonzero(~seen[losses.now[who]])
            origins = losses.now[who[new]].tolist()
            for origin, *way in zip(origins, to[new].tolist(), who[new].tolist(), strict=True):
                target, mentee = way
                found[origin] = min(found.get(origin, (target, mentee)), (target, mentee))
        return found

    # All pairs ------------------------------------------------------------------------------------

    def alternatives(self, most: int | None = None) -> Alternatives:
        """Return what setting each pair by hand would cost, the cheapest first.

        Parameters
        ----------
        most : int, optional
            How many pairs of each mentee; of those that cost the same, the first mentors.
            All of them by default.
        """
        losses = self._losses
        found = [(np.zeros(0, dtype=np.int64),) * 3]
        for at in losses.stripes(np.arange(losses.now.size), losses.outside + 1):
            costs = self._costs(at)
            limit = np.full((at.size, 1), FAR - 1)
            if most is not None and most < losses.outside:
                limit = np.minimum(np.partition(costs, most - 1)[:, most - 1, None], limit)
            row, col = np.nonzero(costs <= limit)
            order = np.lexsort((col, costs[row, col], row))
            row, col = row[order], col[order]
            kept = ranks(row) < (losses.outside if most is None else most)
            row, col = row[kept], col[kept]
            found.append((losses.core.rows[at[row]], col, costs[row, col]))
        mentees, mentors, lost = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return Alternatives(mentees, mentors, split(lost, losses.core.unit))

    def costs(self, mentees: Index, mentors: Index) -> tuple[Index, NDArray[np.bool_]]:
        """Return what setting each of some pairs by hand would cost.

        Parameters
        ----------
        mentees, mentors : NDArray[int64], shape (k,)
            Pairs that are not matched, of mentees who are not locked.

        Returns
        -------
        losses : NDArray[int64], shape (k, 2)
            People and points that the round would lose, 0 where a pair can't be set.
        possible : NDArray[bool], shape (k,)
            Whether a pair can be set.
        """
        losses = self._losses
        at = np.searchsorted(losses.core.rows, mentees)
        points = losses.core.problem.source.pairs(mentees, mentors)
        possible = (points != INELIGIBLE) & (losses.core.places[mentors] > 0)
        own = losses.prices[mentors] + losses.surpluses[at] - points - losses.core.unit
        cost = np.where(possible, own + self._room_from[mentors, losses.now[at]], 0)
        return split(cost, losses.core.unit), possible

    def free(self) -> Alternatives:
        """Return every pair that is not matched and would cost nothing.

        These are the pairs that other optima have: those without loss whose two ends lie on
        one closed walk without loss (the strong components of R. E. Tarjan, "Depth-first
        search and linear graph algorithms", SIAM Journal on Computing 1, 1972).
        """
        losses = self._losses
        nowhere = np.zeros(losses.outside + 1, dtype=np.int64)
        parts = list(losses.within(np.arange(losses.now.size), nowhere))
        who, to = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
        joint = losses.outside + 1  # where a place may be free: any number of them
        free = np.flatnonzero(losses.free)
        unpriced = np.flatnonzero(losses.prices == 0)
        source = np.concatenate([losses.now[who], free, np.full(unpriced.size, joint)])
        target = np.concatenate([to, np.full(free.size, joint), unpriced])
        ones = np.ones(source.size, dtype=np.int8)
        steps = csr_array((ones, (source, target)), shape=(joint + 1, joint + 1))
        label = connected_components(steps, connection="strong")[1]
        kept = (label[to] == label[losses.now[who]]) & (to != losses.now[who])
        kept &= (to < losses.outside) & (np.append(losses.core.places, 0)[to] > 0)
        who, to = who[kept], to[kept]
        order = np.lexsort((to, who))
        nothing = np.zeros((order.size, 2), dtype=np.int64)
        return Alternatives(losses.core.rows[who[order]], to[order], nothing)

    def _costs(self, at: Index) -> Index:
        """Return what each pair of some mentees would cost, FAR for what is or can't be."""
        losses = self._losses
        costs: Index = losses.block(at)[:, :-1] + self._room_from[:-1, losses.now[at]].T
        costs[:, losses.core.places == 0] = FAR
        matched = np.flatnonzero(losses.now[at] < losses.outside)
        costs[matched, losses.now[at[matched]]] = FAR
        return costs

    @cached_property
    def _room_from(self) -> Index:
        """What room at each node costs if it may come from each node, shape (m + 1, m + 1).

        The method of R. W. Floyd ("Algorithm 97: shortest path", Communications of the ACM 5,
        1962) on whole matrices, or that of Dijkstra where moves worth following are few. Only
        nodes from which a free place is far have anything to gain from another, and only such
        nodes can lie on the way.
        """
        losses = self._losses
        memory = Memory.of(None)
        memory.allow(_CELL * (losses.outside + 1) ** 2, f"moves between {losses.outside} mentors")
        far: Index = losses.exchange()
        anywhere = self._anywhere
        np.minimum(far, anywhere[:, None], out=far)
        rows = np.flatnonzero(anywhere)
        steps = far[rows] < anywhere[rows, None]
        if np.count_nonzero(steps) * _SPARSE < rows.size**2:
            _follow(far, rows, steps)
        else:
            some = far[rows]
            for at, via in enumerate(rows.tolist()):
                np.minimum(some, some[:, via, None] + some[at], out=some)
            far[rows] = some
        return far

    @property
    def _anywhere(self) -> Index:
        """What room at each node costs if it may come from anywhere, shape (m + 1,)."""
        losses = self._losses
        costs = np.where(losses.core.places > 0, losses.most - losses.prices[:-1], FAR)
        costs[losses.free[:-1]] = 0
        return np.append(costs, 0)


def _follow(far: Index, rows: Index, steps: NDArray[np.bool_]) -> None:
    """Shorten the ways from some nodes by the few moves that are shorter than any way out."""
    at, to = np.nonzero(steps)
    # Sums stay below 2**53 and are exact; a move without loss has to be told from no move.
    lengths = far[rows[at], to].astype(np.float64)
    graph = csr_array((lengths, (rows[at], to)), shape=far.shape)
    for first in range(0, rows.size, _ROWS):
        some = rows[first : first + _ROWS]
        ways = dijkstra(graph, indices=some)
        known = np.isfinite(ways)
        found = np.full(ways.shape, FAR)
        found[known] = ways[known].astype(np.int64)
        far[some] = np.minimum(far[some], found)


class _Reached:
    """How far each node is from the first, by which mentee, and in how few moves."""

    def __init__(self, nodes: int, first: int) -> None:
        self.far, self.by = np.full(nodes, FAR), np.full(nodes, -1)
        self._moves, self._done = np.full(nodes, nodes), np.zeros(nodes, dtype=bool)
        self.far[first], self._moves[first] = 0, 0

    def nearest(self) -> int:
        """Return the nearest node that was not left yet, -1 if there is none."""
        left = np.flatnonzero(~self._done & (self.far < FAR))
        if not left.size:
            return -1
        return int(left[np.lexsort((self._moves[left], self.far[left]))[0]])

    def leave(self, node: int) -> Index:
        """Leave a node, and return the most that a move from it may lose to each node."""
        self._done[node] = True
        return np.where(self._done, -1, self.far - self.far[node])

    def arrive(self, origin: int, who: Index, to: Index, loss: Index) -> None:
        """Take in moves from a node, the first of those that lose least."""
        order = np.lexsort((who, loss, to))
        order = order[np.diff(to[order], prepend=-1) > 0]
        who, to, far = who[order], to[order], self.far[origin] + loss[order]
        moves = self._moves[origin] + 1
        better = (far < self.far[to]) | ((far == self.far[to]) & (moves < self._moves[to]))
        to = to[better]
        self.far[to], self.by[to], self._moves[to] = far[better], who[better], moves
