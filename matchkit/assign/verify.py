"""An independent check of a solution: it shares no code with any solver.

The matching is checked against the problem, and the proof against both: prices and
surpluses are a bound for every pair, the bound is reached, and every price is what a
chain of moves really yields (a price backed by no chain would be too high, or with
maximal prices too low).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.bound import Bound
from matchkit.assign.floors import floored
from matchkit.assign.known import Known
from matchkit.assign.moves import Moves
from matchkit.assign.problem import Problem
from matchkit.assign.sighting import Sight, sighted
from matchkit.assign.solution import Solution
from matchkit.assign.sources import INELIGIBLE
from matchkit.assign.stability import blocking_pairs
from matchkit.assign.verify_across import condition_faults, figure_faults
from matchkit.assign.verify_fair import fairness_faults

_SHOWN = 5  # indices named in one message
_HUGE = 1 << 61  # sums of two numbers below this fit int64


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a solution.

    Attributes
    ----------
    kind : str
        ``"shape"``, ``"index"``, ``"capacity"``, ``"eligible"``, ``"lock"``,
        ``"load"``, ``"quota"``, ``"count"``, ``"total"``, ``"bound"``, ``"sign"``,
        ``"feasibility"``, ``"slackness"``, ``"support"``, ``"stability"`` or ``"fairness"``.
    message : str
        What is wrong, and where.
    """

    kind: str
    message: str


def find_faults(problem: Problem, solution: Solution, *, n_jobs: int = 1) -> tuple[Fault, ...]:
    """List everything that is wrong with a solution.

    Parameters
    ----------
    problem : Problem
        The problem that it claims to solve.
    solution : Solution
        The claim.
    n_jobs : int, default 1
        Threads that look at pairs, as joblib counts them.

    Returns
    -------
    tuple of Fault
        Empty exactly if the matching keeps every condition, its figures are right, and
        its prices prove that it is the best, or for a stable one, nobody blocks it.

    Examples
    --------
    >>> from dataclasses import replace
    >>> import numpy as np
    >>> from matchkit.assign import Problem, find_faults, solve
    >>> problem = Problem([[3, 1], [3, 2]], capacity=[1, 2])
    >>> wrong = replace(solve(problem), mentor_of=np.array([0, 0]))
    >>> [fault.message for fault in find_faults(problem, wrong)][0]
    'more mentees than places at mentor 0.'
    """
    return checked(problem, solution, n_jobs=n_jobs)[0]


def checked(
    problem: Problem, solution: Solution, *, n_jobs: int = 1, before: Known | None = None
) -> tuple[tuple[Fault, ...], Known | None]:
    """List everything that is wrong with a solution, and tell what the next check can use.

    Parameters
    ----------
    problem, solution, n_jobs
        As for `find_faults`.
    before : Known, optional
        What an earlier check has seen of the same pairs, and need not see again.
    """
    faults, known = list(_malformed(problem, solution)), None
    if not faults and problem.across:
        faults += _broken_conditions(problem, solution)
        faults += _unkept(problem, solution)
    elif not faults:
        faults += _broken_conditions(problem, solution)
        if solution.objective in {"stable", "stable_for_mentors"}:
            faults += _unstable(problem, solution)
        elif solution.objective == "fair":
            faults += _unfair(problem, solution, n_jobs)
        elif solution.status == "deadline":
            faults += _unbounded(problem, solution, n_jobs)
        else:
            proofs = _proofs(problem, solution)
            sight = _sight(problem, proofs, n_jobs, before)
            faults += _unproven(problem, solution, proofs, sight)
            known = sight.known
    return tuple(faults), known


def _unkept(problem: Problem, solution: Solution) -> Iterator[Fault]:
    """Find conditions across pairs that are not kept, and what multipliers do not prove."""
    said: list[tuple[str, str]] = []
    if solution.objective == "fair":
        said += fairness_faults(problem, solution)
        if solution.fairness is not None and solution.fairness.worst is not None:
            problem = floored(problem, solution.fairness.worst)
    said += [*condition_faults(problem, solution), *figure_faults(problem, solution)]
    for kind, message in said:
        yield Fault(kind, message)


def _sight(
    problem: Problem, proofs: list[_Proof], n_jobs: int, before: Known | None = None
) -> Sight:
    """Look at all pairs."""
    bounds = [Bound(proof.surpluses, proof.prices, proof.one) for proof in proofs]
    return sighted(problem, bounds, proofs[0].place, n_jobs=n_jobs, before=before)


def _proofs(problem: Problem, solution: Solution) -> list[_Proof]:
    """Return what is claimed of minimal and of maximal prices."""
    return [_Proof(problem, solution, minimal=minimal) for minimal in (True, False)]


def _unproven(
    problem: Problem, solution: Solution, proofs: list[_Proof], sight: Sight
) -> Iterator[Fault]:
    """Find what keeps prices and surpluses from proving that the total is the best."""
    yield from _wrong_figures(problem, solution, _people_bound(problem, solution, sight))
    for proof, better, moves in zip(proofs, sight.better, sight.moves, strict=True):
        yield from proof.faults(better, moves)


def _unbounded(problem: Problem, solution: Solution, n_jobs: int) -> Iterator[Fault]:
    """Find what keeps prices and surpluses from being a bound, which need not be reached."""
    people = None
    for kind, claim in _claims(problem, solution):
        proof = _Proof(kind, claim, minimal=True)
        bound = Bound(proof.surpluses, proof.prices, proof.one)
        sight = sighted(kind, [bound], proof.place, n_jobs=n_jobs)
        yield from proof.excesses(sight.better[0])
        people = _people_bound(kind, claim, sight) if people is None else people
    yield from _wrong_figures(problem, solution, people or 0)


def _claims(problem: Problem, solution: Solution) -> Iterator[tuple[Problem, Solution]]:
    """Yield what has to bound what.

    The bound on points is one for matchings of the most people. Where fewer are matched,
    it has to hold for any number of them.
    """
    yield problem, solution
    if problem.coverage == "first" and solution.matched < solution.matched_bound:
        only = np.array([0, 1])
        prices, surpluses = solution.prices * only, solution.surpluses * only
        points = replace(solution, prices=prices, max_prices=prices, surpluses=surpluses)
        yield problem.changed(coverage="score"), points


def _unfair(problem: Problem, solution: Solution, n_jobs: int) -> Iterator[Fault]:
    """Find who could fare better, or what keeps the total from being the best of these."""
    for kind, message in fairness_faults(problem, solution):
        yield Fault(kind, message)
    if solution.fairness is not None and solution.fairness.worst is not None:
        problem = floored(problem, solution.fairness.worst)
    if solution.status == "deadline":
        yield from _unbounded(problem, solution, n_jobs)
    else:
        proofs = _proofs(problem, solution)
        yield from _unproven(problem, solution, proofs, _sight(problem, proofs, n_jobs))


def _unstable(problem: Problem, solution: Solution) -> Iterator[Fault]:
    """Find pairs who would rather have each other, and figures that are not the matching's."""
    yield from _wrong_figures(problem, solution, solution.matched)
    blocking = blocking_pairs(problem, solution)
    if blocking.size:
        pairs = ", ".join(f"mentee {i} with mentor {j}" for i, j in blocking[:_SHOWN].tolist())
        more = f" and {len(blocking) - _SHOWN} more" if len(blocking) > _SHOWN else ""
        yield Fault("stability", f"would rather have each other: {pairs}{more}.")


def _malformed(problem: Problem, solution: Solution) -> Iterator[Fault]:
    """Find arrays that cannot be looked at any further."""
    n, m = problem.shape
    expected = {
        "mentor_of": (n,),
        "tied": (n,),
        "surpluses": (n, 2),
        "prices": (m, 2),
        "max_prices": (m, 2),
    }
    for name, shape in expected.items():
        array = getattr(solution, name)
        kind = np.bool_ if name == "tied" else np.int64
        if array.shape != shape or array.dtype != kind:
            yield Fault("shape", f"{name} has shape {array.shape} and dtype {array.dtype}.")
        elif name != "tied" and array.size and max(-int(array.min()), int(array.max())) >= _HUGE:
            yield Fault("shape", f"{name} holds numbers too large to be checked.")
    if solution.mentor_of.ndim == 1:
        strange = (solution.mentor_of < -1) | (solution.mentor_of >= m)
        if strange.any():
            yield Fault("index", f"no such mentor for {_named('mentee', strange)}.")


def _broken_conditions(problem: Problem, solution: Solution) -> Iterator[Fault]:
    """Find pairs that must not be, and pairs that must be and are not."""
    mentee = np.flatnonzero(solution.mentor_of != -1)
    mentor = solution.mentor_of[mentee]
    overfull = np.bincount(mentor, minlength=problem.shape[1]) > problem.capacity
    if overfull.any():
        yield Fault("capacity", f"more mentees than places at {_named('mentor', overfull)}.")
    refused = np.zeros(problem.shape[0], dtype=bool)
    refused[mentee[problem.source.pairs(mentee, mentor) == INELIGIBLE]] = True
    if refused.any():
        yield Fault("eligible", f"a mentor who is not eligible for {_named('mentee', refused)}.")
    ignored = np.zeros(problem.shape[0], dtype=bool)
    for i, j in problem.locked:
        ignored[i] |= solution.mentor_of[i] != j
    if ignored.any():
        yield Fault("lock", f"not the locked mentor for {_named('mentee', ignored)}.")


def _wrong_figures(problem: Problem, solution: Solution, people: int) -> Iterator[Fault]:
    """Find totals that do not add up, and a bound that is not reached."""
    mentee = np.flatnonzero(solution.mentor_of != -1)
    points = _points(problem, mentee, solution.mentor_of[mentee])
    alone = problem.unmatched_points[solution.mentor_of == -1]
    total = sum(points.tolist()) + sum(alone.tolist())
    figures = {
        "matched": (solution.matched, mentee.size, "count"),
        "total": (solution.total, total, "total"),
        "bound": (solution.bound, _dual_sum(problem, solution, 1), "bound"),
        "matched_bound": (solution.matched_bound, people, "bound"),
    }
    for name, (claimed, true, kind) in figures.items():
        if claimed != true:
            yield Fault(kind, f"{name} == {claimed}, must be {true}.")
    late = solution.status == "deadline"
    if solution.bound < solution.total or (solution.bound != solution.total and not late):
        yield Fault("bound", f"total == {solution.total} is not the bound {solution.bound}.")
    first = problem.coverage == "first"
    if solution.matched_bound < solution.matched or (
        first and solution.matched_bound != solution.matched and not late
    ):
        message = f"matched == {solution.matched} is not the bound {solution.matched_bound}."
        yield Fault("bound", message)


def _points(
    problem: Problem, mentee: NDArray[np.int64], mentor: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the points of pairs, 0 where they are not eligible: that fault is told apart."""
    points = problem.source.pairs(mentee, mentor)
    return np.where(points == INELIGIBLE, 0, points)


def _dual_sum(problem: Problem, solution: Solution, level: int) -> int:
    """Return what prices and surpluses bound the people (0) or the points (1) by."""
    worth = zip(problem.capacity.tolist(), solution.prices[:, level].tolist(), strict=True)
    return int(sum(c * p for c, p in worth) + sum(solution.surpluses[:, level].tolist()))


def _people_bound(problem: Problem, solution: Solution, sight: Sight) -> int:
    """Return the bound on the number matched."""
    if problem.coverage == "first":
        return _dual_sum(problem, solution, 0)
    takers = np.minimum(sight.taken, problem.capacity)
    return min(int(takers.sum()), int(sight.taking.sum()))


class _Proof:
    """The check of one set of prices: are they a bound, and does the matching reach it.

    Worths are pairs (people, points) of int64, compared people first.
    """

    def __init__(self, problem: Problem, solution: Solution, *, minimal: bool) -> None:
        n, m = problem.shape
        self.problem = problem
        self.minimal = minimal
        self.name = "prices" if minimal else "max_prices"
        self.prices = solution.prices if minimal else solution.max_prices
        self.place = np.where(solution.mentor_of == -1, m, solution.mentor_of)
        self.one = int(problem.coverage == "first")
        self.locked = np.zeros(n, dtype=bool)
        self.locked[problem.locked[:, 0]] = True
        self.alone = np.column_stack([np.zeros(n, dtype=np.int64), problem.unmatched_points])
        self.left = self._left()
        self.surpluses = solution.surpluses if minimal else self.left
        load = np.bincount(self.place, minlength=m + 1)[:m]
        self.spare = load < problem.capacity
        self.movable = np.bincount(self.place[~self.locked], minlength=m + 1)[:m] > 0

    def _left(self) -> NDArray[np.int64]:
        """Return what the price leaves of the worth of each mentee's own match."""
        left = self.alone.copy()
        at = np.flatnonzero(self.place < self.prices.shape[0])
        mentor = self.place[at]
        left[at, 0] = self.one - self.prices[mentor, 0]
        left[at, 1] = _points(self.problem, at, mentor) - self.prices[mentor, 1]
        return left

    def faults(self, better: NDArray[np.bool_], moves: Moves) -> Iterator[Fault]:
        """Find what keeps the prices from being a proof.

        Takes who has a pair beyond the bound, and the moves that cost nothing.
        """
        yield from self.excesses(better)
        positive = _above(self.prices)
        if (positive & self.spare).any():
            empty = _named("mentor", positive & self.spare)
            yield Fault("slackness", f"{self.name} above 0, but an empty place at {empty}.")
        torn = (self.left != self.surpluses).any(axis=1)
        if torn.any():
            message = f"surplus and {self.name} are not the worth of {_named('mentee', torn)}."
            yield Fault("slackness", message)
        unsupported = self._unsupported(positive, moves)
        if unsupported.any():
            message = f"{self.name} that no chain of moves yields at "
            yield Fault("support", message + f"{_named('mentor', unsupported)}.")

    def excesses(self, better: NDArray[np.bool_]) -> Iterator[Fault]:
        """Find what keeps the prices from being a bound."""
        negative = _above(-self.prices)
        if negative.any():
            yield Fault("sign", f"{self.name} below 0 at {_named('mentor', negative)}.")
        below = _above(self.alone - self.surpluses) & ~self.locked
        if below.any():
            message = f"better unmatched by {self.name}: {_named('mentee', below)}."
            yield Fault("feasibility", message)
        if better.any():
            message = f"a pair worth more than surplus and {self.name} for "
            yield Fault("feasibility", message + f"{_named('mentee', better)}.")

    def _unsupported(self, positive: NDArray[np.bool_], moves: Moves) -> NDArray[np.bool_]:
        """Find mentors whose price no chain of free moves leads to."""
        m = self.prices.shape[0]
        if self.minimal:
            return ~moves.reached(np.append(~positive, True))[:m]
        leaving = ~self.locked & (self.left == self.alone).all(axis=1)
        moves.add(self.place[leaving], np.full(np.count_nonzero(leaving), m))
        supported = moves.reached(np.append(self.spare, True), backward=True)[:m]
        # Nobody there could lose a place: the price only has to be no higher than needed.
        wanted = moves.led_to()[:m]
        return np.where(self.movable | self.spare, ~supported, positive & ~wanted)


def _above(pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which pairs (people, points) are above (0, 0)."""
    people, points = pairs[:, 0], pairs[:, 1]
    above: NDArray[np.bool_] = (people > 0) | ((people == 0) & (points > 0))
    return above


def _named(side: str, where: NDArray[np.bool_]) -> str:
    """Name the first few people concerned."""
    indices = np.flatnonzero(where).tolist()
    more = f" and {len(indices) - _SHOWN} more" if len(indices) > _SHOWN else ""
    return f"{side} " + ", ".join(map(str, indices[:_SHOWN])) + more
