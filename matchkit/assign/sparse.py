"""The optimum of a round whose pairs are too many to be held.

Candidates first: the best mentors of each mentee and the best mentees of each mentor. The
optimum on these has exact prices. All other pairs are compared with the prices, in blocks;
those worth more become candidates too, and when there are none the prices prove the
optimum of the whole round (column generation; L. R. Ford and D. R. Fulkerson, "A suggested
computation for maximal multi-commodity network flows", Management Science 5, 1958).
"""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.auction import Bids, scaled_auction
from matchkit.assign.augmenting import OPEN, Start
from matchkit.assign.candidates import MENTEES, MENTORS, Survey, block_rows, merged, survey
from matchkit.assign.certificate import Duals, Seen, Sought
from matchkit.assign.core import Core, Optimum, open_core
from matchkit.assign.graph import Graph
from matchkit.assign.late import Draft
from matchkit.assign.memory import Memory
from matchkit.assign.methods import graph_solver
from matchkit.assign.pairset import HELD
from matchkit.assign.passes import Crew, OutOfTimeError
from matchkit.assign.prices import maximal_prices, minimal_prices, proven
from matchkit.assign.problem import Problem
from matchkit.assign.relook import Looked, look_again
from matchkit.assign.resuming import Searched, earlier, margin, resumed, resurvey
from matchkit.assign.solution import Solution
from matchkit.errors import TooLargeError

Ints = NDArray[np.int64]

_SURVEYED = 1 << 14  # mentees of a stripe: each begins anew with the best mentees of mentors
_RAISES = (0.03, 0.01, 0.003, 0.001)  # of the extent of points, with a place for each mentee
_RAISE = (0.001,)  # with more places or fewer
_CLOSE = 0.05  # of the extent of points: pairs so near are listed for looks to come
_NEAR = 0.02  # of the extent of points: pairs so near to violating soon will
_FEW, _MANY = 0.02, 0.2  # of the mentees: violators with which prices are nearly right, or were
_PAIR = 160  # bytes of a candidate: in the graph, as moves there and back, and on the way
_CROWDED = "so many pairs tie that they cannot be noted; allow more memory."
_CELL = 16  # bytes of a cell in a block, with what is made of it


def solve(
    problem: Problem, *, crew: Crew, memory: Memory, start: Solution | None = None
) -> Optimum | Draft:
    """Find an optimal assignment, its prices and everything that ties.

    Parameters
    ----------
    problem : Problem
        What to solve.
    crew : Crew
        Who works on blocks of pairs.
    memory : Memory
        What may be taken.
    start : Solution, optional
        Of a problem that is nearly the same.

    Returns
    -------
    Optimum or Draft
        Proven for all pairs of the problem; a draft if time ran out.

    Raises
    ------
    ProblemError
        If the points are too large or too far apart to be exact.
    TooLargeError
        If more memory would be needed.
    """
    core, found, begun, looked = _opened(problem, crew.waiting(), memory, start)
    draft = _draft(core, found)
    graph = _candidates(core, found)
    better, polishing = True, begun is not None
    try:
        while True:
            if better:
                crew.progress("assign", 0, 1)
                memory.allow(_PAIR * graph.worth.size, f"{graph.worth.size} candidates")
                optimum = graph_solver(graph.worth.size)
                begun = _shifted(core, graph, begun or _auctioned(core, graph))
                mentor_of, prices = optimum(core, graph, begun)
                draft = replace(draft, mentor_of=mentor_of)
            extremes = _extremes(core, graph, mentor_of) if polishing else (prices, prices)
            pair = [_duals(core, graph, mentor_of, each) for each in extremes[: 1 + polishing]]
            sought = _sought(core, memory, slack=_CLOSE if polishing else None)
            source, rows = problem.source, core.rows
            seen, looked = look_again(source, rows, pair, sought=sought, crew=crew, before=looked)
            draft = draft.after(pair[0], seen)
            crew.watch.gap = draft.gap
            if polishing and not any(seen.violators):
                if seen.tight is None:
                    raise TooLargeError(_CROWDED)
                facts = found.offers, found.wanted
                searched = None
                if looked is not None:
                    searched = Searched(core, looked, found.extent, *facts)
                return Optimum(core, mentor_of, *extremes, seen.tight, *facts, searched)
            better, few = seen.violators[0] > 0, _MANY if polishing else _FEW
            polishing = seen.violators[0] <= few * core.rows.size
            short = core.places.sum() < core.rows.size
            begun = Start(extremes[0], mentor_of) if polishing or short else None
            graph = _grown(core, graph, seen)
    except OutOfTimeError:
        return draft


def begun(problem: Problem, *, crew: Crew, memory: Memory) -> Draft:
    """Return what one look at all pairs tells, for a round that was cut off before it."""
    return _draft(*_surveyed(problem, crew.waiting(), memory, None))


def _opened(
    problem: Problem, crew: Crew, memory: Memory, start: Solution | None
) -> tuple[Core, Survey, Start | None, Looked | None]:
    """Return the open part, candidates, where to begin, and what is known of all pairs."""
    _check_memory(problem, memory)
    if start is None:
        return *_surveyed(problem, crew, memory, None), None, None
    duals = earlier(problem, start)
    searched = start.recall and start.recall.searched
    known = searched and searched.now(problem)
    if not known:
        core, found = _surveyed(problem, crew, memory, duals)
        return core, found, resumed(core, duals, start)[0], None
    core = known.core
    begun, own = resumed(core, duals, start)
    sought = replace(_sought(core, memory, slack=_CLOSE), margin=margin(duals))
    seen, looked = look_again(
        problem.source, core.rows, [own], sought=sought, crew=crew, before=known.looked
    )
    near = known.looked.close
    mentees = core.rows[np.append(near.mentees, seen.mentees)]
    mentors = np.append(near.mentors, seen.mentors)
    best = mentees[:0], mentors[:0], np.zeros(0, dtype=np.float32)
    found = Survey(mentees, mentors, best, known.extent, known.offers, known.wanted)
    return core, found, begun, looked


def _surveyed(
    problem: Problem, crew: Crew, memory: Memory, duals: Duals | None
) -> tuple[Core, Survey]:
    """Take the first look at every pair, with prices from before if there are any."""
    _check_memory(problem, memory)
    once = functools.partial(survey, source=problem.source)
    if duals is not None:
        once = functools.partial(resurvey, source=problem.source, duals=duals)
    found = merged(list(crew.over("candidates", once, problem.shape[0], most=_SURVEYED)))
    return open_core(problem, found.extent), found


def _draft(core: Core, found: Survey) -> Draft:
    """Return that nothing is known yet but how many could be matched at most."""
    places = int(np.minimum(core.problem.capacity, found.wanted).sum())
    return Draft(core, min(int(np.count_nonzero(found.offers)), places))


def _check_memory(problem: Problem, memory: Memory) -> None:
    """Refuse a round whose candidates alone would not fit."""
    n, m = problem.shape
    pairs = min(MENTORS, m) * n + min(MENTEES, n) * m
    cells = min(n, block_rows(m)) * m
    memory.allow(_PAIR * pairs + _CELL * cells, f"candidates of {n} mentees and {m} mentors")


def _candidates(core: Core, found: Survey) -> Graph:
    """Return the first graph: the best pairs of both sides, with their exact worth."""
    position = np.full(core.problem.shape[0], -1, dtype=np.int64)
    position[core.rows] = np.arange(core.rows.size)
    mentees = position[np.append(found.mentees, found.best[0])]
    mentors = np.append(found.mentors, found.best[1])
    graph = Graph.empty(core.shape)
    at, to = graph.missing(mentees[mentees >= 0], mentors[mentees >= 0])
    return graph.joined(at, to, core.problem.source.pairs(core.rows[at], to) + core.unit)


def _grown(core: Core, graph: Graph, seen: Seen) -> Graph:
    """Return the graph with the pairs that violate its prices, or nearly do.

    An optimum of the graph has no violators there, so that rounds come to an end.
    """
    at, to = graph.missing(seen.mentees, seen.mentors)
    if any(seen.violators) and not at.size:
        proven(None)
    return graph.joined(at, to, core.problem.source.pairs(core.rows[at], to) + core.unit)


def _auctioned(core: Core, graph: Graph) -> Start:
    """Return prices from an auction.

    What a person counts is far more than points are apart, and prices would have to climb
    all that way. In the auction it is just enough to come first, and nothing where places
    are short anyway; the prices are lifted afterwards.
    """
    room = np.minimum(core.places, np.bincount(graph.mentors, minlength=graph.width))
    everywhere, people = int(core.places.sum()), core.rows.size
    person = 2 * core.spread + 1 if core.unit and everywhere >= people else 0
    raises = np.array(_RAISES if everywhere == people else _RAISE) * max(1, core.spread)
    gains = graph.worth - core.outside[graph.mentees] - (core.unit - person if core.unit else 0)
    bids = Bids(graph.start, graph.mentors, gains.astype(np.float64))
    found = scaled_auction(bids, room, tuple(raises.tolist()))
    # Where places are short each of them is worth a person, those nobody bid for yet as well.
    count = np.rint(found / person) if person else (core.places > 0) & (core.unit > 0)
    prices = np.rint(found).astype(np.int64) + count.astype(np.int64) * (core.unit - person)
    return Start(prices, np.full(people, OPEN))


def _shifted(core: Core, graph: Graph, start: Start) -> Start:
    """Return prices at which nobody wants a place that there is not.

    A mentor without places is too dear for anybody. And where so many mentees must stay
    without a place, those who gain least from one do: prices that leave all of them a gain
    are too low, by as much as the last of these gains.
    """
    prices = np.where(core.places > 0, start.prices, core.unit + core.spread + 1)
    short = int(np.count_nonzero(np.diff(graph.start))) - int(core.places.sum())
    if short > 0 and graph.worth.size:
        net = graph.worth - prices[graph.mentors] - core.outside[graph.mentees]
        gains = np.maximum.reduceat(net, graph.start[:-1][np.diff(graph.start) > 0])
        prices += max(0, int(np.partition(gains, short - 1)[short - 1]))
    return Start(prices, start.mentor_of)


def _extremes(
    core: Core, graph: Graph, mentor_of: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the minimal and the maximal prices on a graph."""
    moves, backward = graph.moves(mentor_of, core.outside)
    spare = np.bincount(mentor_of[mentor_of >= 0], minlength=graph.width) < core.places
    least = minimal_prices(moves.extend, spare)
    most = maximal_prices(moves.extend, backward.extend, spare=spare, places=core.places)
    return proven(least), proven(most)


def _duals(
    core: Core, graph: Graph, mentor_of: NDArray[np.int64], prices: NDArray[np.int64]
) -> Duals:
    """Return prices with the surpluses that they leave."""
    surpluses = graph.held(mentor_of, core.outside) - np.append(prices, 0)[mentor_of]
    return Duals(prices, surpluses, core.outside, core.unit)


def _sought(core: Core, memory: Memory, *, slack: float | None) -> Sought:
    """Return what a look at all pairs is to return, close pairs only on demand."""
    room = math.inf if memory.limit is None else memory.limit // HELD
    close = -1 if slack is None else int(slack * core.spread)
    return Sought(int(_NEAR * core.spread), room, close)
