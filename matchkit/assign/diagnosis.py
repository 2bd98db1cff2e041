"""Which conditions cannot be kept together: the raw material of a diagnosis.

The deletion of what is not needed leaves a set of conditions that cannot be kept together,
of which any one less could be (J. W. Chinneck and E. W. Dravnieks, "Locating minimal
infeasible constraint sets in linear programs", ORSA Journal on Computing 3, 1991). Halves
are tried before single ones (U. Junker, "QuickXplain: preferred explanations and
relaxations for over-constrained problems", AAAI 2004).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.direct import impossible, looked_at, may_have
from matchkit.assign.linear import Listing, Rows
from matchkit.assign.multipliers import Multipliers
from matchkit.assign.passes import Crew, Watch, unheard
from matchkit.assign.problem import Problem
from matchkit.assign.programs import relaxed, searched
from matchkit.assign.sweep import swept

_SINGLED = 1 << 15  # pairs up to which each least load and each lock is tried by itself


@dataclass(frozen=True, slots=True)
class Conflict:
    """One condition of a set that cannot be kept together.

    Attributes
    ----------
    kind : {"quota", "load", "lock"}
    at : int
        Position in the problem's ``quotas``, the mentor of a least load, or position in
        ``locked``.
    """

    kind: Literal["quota", "load", "lock"]
    at: int


Group = tuple[Conflict, ...]
"""Conditions that are tried together."""


@dataclass(frozen=True, eq=False)
class Clash:
    """Conditions that cannot be kept together, and whom they are about.

    Attributes
    ----------
    conflicts : tuple of Conflict
        With any one of them less, the others can be kept. Empty where everything can.
    wanted : int
        How many mentees the least loads among them ask for, all together.
    mentees : NDArray[int64], shape (k,)
        Who may be matched with the mentors of these least loads. Where only least loads
        clash and ``k < wanted``, this is a set of Hall: too few for all who want them (P.
        Hall, "On representatives of subsets", Journal of the London Mathematical Society
        10, 1935).
    """

    conflicts: tuple[Conflict, ...]
    wanted: int
    mentees: NDArray[np.int64]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return a line for each condition, in indices."""
        said = {
            "quota": "quotas[{0}]",
            "load": "the least load of mentor {0}",
            "lock": "locked[{0}]",
        }
        others = len(self.conflicts) - 1
        rest = f"together with the {others} others named here" if others else "by any assignment"
        lines = [
            f"{said[each.kind].format(each.at)} cannot be kept {rest}." for each in self.conflicts
        ]
        if {each.kind for each in self.conflicts} == {"load"} and self.mentees.size < self.wanted:
            lines.append(f"{self.wanted} mentees are wanted, {self.mentees.size} may go there.")
        return tuple(lines)


def conflicts(problem: Problem) -> Clash:
    """Find conditions across pairs, least loads and locks that cannot be kept together.

    Parameters
    ----------
    problem : Problem
        Of those of its quotas that have a price none can be in the way.

    Returns
    -------
    Clash
        Irreducible; where there are several such sets, one of them, the same in every
        order of people. What counting shows is named first: one quota that nothing can keep,
        or least loads that clash by themselves. Otherwise in large rounds all least loads
        count as one condition, and so do all locks.

    Examples
    --------
    >>> from matchkit.assign import PerMentor, Problem, conflicts
    >>> problem = Problem([[1, 1], [1, 1]], capacity=2, min_load=[2, 0], quotas=[
    ...     PerMentor([0, 0], at_most=1), PerMentor([0, 1], at_most=1)])
    >>> conflicts(problem).conflicts
    (Conflict(kind='quota', at=0), Conflict(kind='load', at=0))
    """
    shown = counted(problem)
    if shown is None and _plain(problem):
        shown = _about(problem, (), np.zeros(0, dtype=np.int64))
    return shown or _deleted(problem)


def _plain(problem: Problem) -> bool:
    """Tell whether what counting has not shown to clash can surely be kept."""
    hard = [quota for quota in problem.quotas if quota.price is None]
    if not (hard or problem.locked.size):
        return looked_at(problem)
    fixed = np.full(problem.shape[0], -1, dtype=np.int64)
    fixed[problem.locked[:, 0]] = problem.locked[:, 1]
    m = problem.shape[1]
    load = np.bincount(fixed[fixed >= 0], minlength=m)
    return not ((load < problem.min_load).any() or any(each.violation(fixed, m) for each in hard))


def counted(problem: Problem) -> Clash | None:
    """Return a clash that counting shows, None where it shows nothing."""
    quotas, mentors = impossible(problem)
    if not quotas.size and not mentors.size:
        return None
    found = [Conflict("quota", k) for k in quotas.tolist()]
    found += [Conflict("load", j) for j in mentors.tolist()]
    return _about(problem, tuple(found), mentors)


def _about(problem: Problem, found: tuple[Conflict, ...], mentors: NDArray[np.int64]) -> Clash:
    """Say whom conditions are about: these mentors, and whom they may have."""
    near = may_have(problem, mentors) if mentors.size else mentors
    return Clash(found, int(problem.min_load[mentors].sum()), near)


def _deleted(problem: Problem) -> Clash:
    """Return a clash by deletion of what is not needed."""
    order = np.argsort(problem.column_keys)
    loads = [Conflict("load", int(j)) for j in order if problem.min_load[j]]
    by_key = np.argsort(problem.row_keys[problem.locked[:, 0]])
    locks = [Conflict("lock", k) for k in by_key.tolist()]
    hard = (k for k, quota in enumerate(problem.quotas) if quota.price is None)
    everything: list[Group] = [(Conflict("quota", k),) for k in hard]
    if math.prod(problem.shape) <= _SINGLED:
        everything += [(each,) for each in (*loads, *locks)]
    else:
        everything += [tuple(each) for each in (loads, locks) if each]
    test = _Test(problem)
    needed = [] if test.kept(everything) else _needed(test, [], everything, fresh=False)
    ordered = sorted(needed, key=everything.index)
    return test.clash(tuple(each for group in ordered for each in group))


def _needed(test: _Test, given: list[Group], others: list[Group], *, fresh: bool) -> list[Group]:
    """Return those of the others without which the given could be kept."""
    if fresh and not test.kept(given):
        return []
    if len(others) == 1:
        return others
    half = len(others) // 2
    first, second = others[:half], others[half:]
    of_second = _needed(test, given + first, second, fresh=True)
    of_first = _needed(test, given + of_second, first, fresh=bool(of_second))
    return of_first + of_second


class _Test:
    """Tells whether some of the conditions can be kept together."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        crew = Crew(1, unheard, Watch())
        bare = problem.changed(quotas=(), min_load=None, locked=(), coverage="score")
        found = swept(bare, Multipliers.none(bare), crew, size=0.0, within=np.inf)
        self._mentees, self._mentors = found.mentees, found.mentors
        self._bare = bare

    def kept(self, groups: Sequence[Group]) -> bool:
        """Tell whether these can be kept together."""
        conditions = [each for group in groups for each in group]
        at = {kind: [each.at for each in conditions if each.kind == kind] for kind in _KINDS}
        least = np.zeros_like(self._problem.min_load)
        least[at["load"]] = self._problem.min_load[at["load"]]
        part = self._bare.changed(
            quotas=[self._problem.quotas[k] for k in at["quota"]],
            min_load=least,
            locked=self._problem.locked[at["lock"]],
        )
        if counted(part) is not None:
            return False
        if _plain(part):
            return True
        nothing = np.zeros(self._mentees.size, dtype=np.int64)
        alone = part.unmatched_points[self._mentees]
        listing = Listing.of(part, self._mentees, self._mentors, nothing + alone)
        rows = Rows(part, listing, None)
        if relaxed(rows) is None:
            return False
        values = np.zeros(rows.bound.size, dtype=np.int64)
        return searched(rows, values).mentor_of is not None

    def clash(self, found: tuple[Conflict, ...]) -> Clash:
        """Say whom conditions are about."""
        loaded = [each.at for each in found if each.kind == "load"]
        near = np.unique(self._mentees[np.isin(self._mentors, loaded)])
        return Clash(found, int(self._problem.min_load[loaded].sum()), near)


_KINDS = ("quota", "load", "lock")
