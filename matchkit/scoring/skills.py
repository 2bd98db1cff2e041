"""Skill coverage: how well a mentor's skills answer what a mentee wants to learn.

For each goal the best of the mentor's skills counts: the credit that it earns for this goal,
times how well the gap between the two levels can be taught. The same skill, under whatever
name, earns full credit, a related one up to a half, by the probability that it helps. Most is
learned from somebody a few steps ahead (Vygotsky, *Mind in Society*, 1978, ch. 6: the zone of
proximal development); nobody is taught by somebody behind them. Goals count in the order in
which they were written, with the logarithmic discount that graded ranking measures use
(Jaervelin and Kekaelaeinen, *ACM TOIS* 20(4), 2002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchkit.profiles import ragged_take, resolver_of
from matchkit.profiles.skills import Relatedness, company, profiles, relate, understood
from matchkit.profiles.skills.related import FULL, HALF
from matchkit.scoring.features import ShortFeature
from matchkit.scoring.products import Product, any_of, sparse
from matchkit.scoring.sides import Index, Values

if TYPE_CHECKING:
    from matchkit.profiles import Pool, SkillLists, Taxonomy
    from matchkit.scoring.criteria import SkillCoverage

LEVELS = 6
"""Present levels 0 (not yet) to 5."""

UNSTATED = 3
"""Level taken where a skill is listed without one: the middle of 1 to 5."""

SCALE = 1000
"""Teachability and goal weights are whole thousandths, so that sums are exact."""

MANNERS = {
    "alias": "same skill by alias",
    "stripped": "same skill, version or vendor apart",
    "spelling": "same skill by spelling",
    "words": "same skill by its words",
    "similar": "same skill by likeness",
}
"""What is said of a name that is not the skill's own, by how it was understood."""


def goal_weights(rank: NDArray[np.int64]) -> Index:
    """Return the weight of a goal by its place in the list, 0 first, in thousandths.

    Examples
    --------
    >>> goal_weights(np.arange(4)).tolist()
    [1000, 631, 500, 431]
    """
    return np.rint(SCALE / np.log2(rank + 2)).astype(np.int64)


def stated(lists: SkillLists) -> Index:
    """Return levels 1 to 5, with the middle one where none was stated."""
    levels = lists.levels.astype(np.int64)
    return np.where(levels == 0, UNSTATED, levels)


def present_levels(pool: Pool, goals: Index, skills: Index, width: int) -> Index:
    """Return each goal's present level from the person's own skills, 0 where it has none.

    Of two names of one skill the higher level counts.
    """
    levels = stated(pool.skills)
    keys = np.repeat(np.arange(len(pool)), np.diff(pool.skills.indptr)) * width + skills
    order = np.lexsort((-levels, keys))
    wanted = np.repeat(np.arange(len(pool)), np.diff(pool.goals.indptr)) * width + goals
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64)
    where = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][where] == wanted, levels[order][where], 0)


class SkillFeature(ShortFeature):
    """Skill coverage bound to the people of a round.

    A goal and the mentee's present level together are one column, and each mentor is
    expanded once over those columns, by the best of their skills for each. That turns
    coverage into a sparse matrix product.
    """

    def __init__(
        self, criterion: SkillCoverage, mentees: Pool, mentors: Pool, taxonomy: Taxonomy | None
    ) -> None:
        self._mentees, self._mentors = mentees, mentors
        self._teach = np.rint(np.array(criterion.teach) * SCALE).astype(np.int64)
        resolver = resolver_of(taxonomy)
        lists = mentees.goals, mentees.skills, mentors.skills
        self._skills = understood(resolver, *lists)
        codes = [each[one.codes] for each, one in zip(self._skills.maps, lists, strict=True)]
        width = max(1, len(self._skills.labels))
        self._related = Related(
            relate(
                self._skills.labels,
                self._skills.concepts,
                resolver,
                company(profiles(lists, codes, width)) if criterion.related else None,
            ),
            criterion.related,
        )
        self._goals, self._offers = codes[0], codes[2]
        self._present = present_levels(mentees, codes[0], codes[1], width)
        wanted = codes[0] * LEVELS + self._present
        columns = np.unique(wanted)
        wants = mentees.goals
        rank = np.arange(len(wanted)) - np.repeat(wants.indptr[:-1], np.diff(wants.indptr))
        self._weights = goal_weights(rank)
        wide = max(1, len(columns))
        wish = sparse(wants.indptr, np.searchsorted(columns, wanted), self._weights, wide)
        total = np.asarray(wish.sum(axis=1)).reshape(-1) * SCALE * FULL
        self._total = np.maximum(total, 1)
        offer = self._expanded(columns)
        super().__init__(Product(wish, offer, (self._total, np.ones(len(mentors)))))
        self.known_mentees = any_of(mentees.goals)
        self.known_mentors = any_of(mentors.skills)

    def _teaches(self, gap: Index) -> Index:
        """Return how well a gap of levels can be taught, in thousandths."""
        worth: Index = self._teach[np.clip(gap + 1, 0, len(self._teach) - 1)]
        return worth

    def _expanded(self, columns: Index) -> Any:
        """Return what each mentor teaches in every wanted column, CSR in millionths."""
        skills, wide = self._mentors.skills, max(1, len(columns))
        earns = self._related.offered(columns // LEVELS)
        indptr, entries = ragged_take(earns.indptr, self._offers)
        each = np.repeat(np.arange(len(self._offers)), np.diff(indptr))
        column = earns.indices[entries].astype(np.int64)
        gap = stated(skills)[each] - columns[column] % LEVELS
        worth = earns.data[entries].astype(np.int64) * self._teaches(gap)
        owner = np.repeat(np.arange(len(skills)), np.diff(skills.indptr))[each]
        hit = worth > 0
        keys, worth = owner[hit] * wide + column[hit], worth[hit]
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
        best = np.maximum.reduceat(worth[order], starts) if len(starts) else worth
        owner, column = np.divmod(keys[order][starts], wide)
        counts = np.bincount(owner, minlength=len(skills))
        return sparse(np.concatenate([[0], np.cumsum(counts)]), column, best, wide)

    def _value(self, sums: Values, rows: Index, cols: Index) -> Values:  # noqa: ARG002
        values: Values = sums / self._total[rows]
        return values

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return each goal with the skill that answers it, best answered first."""
        wants = self._mentees.goals
        answered, open_goals = [], []
        for at in range(wants.indptr[row], wants.indptr[row + 1]):
            goal = f"goal '{wants.written[wants.codes[at]]}'"
            worth, skill = self._best(at, col)
            present = int(self._present[at])
            own = f", mentee at level {present}" if present and skill else ""
            if worth:
                answered.append((-worth * int(self._weights[at]), f"{goal} <- {skill}{own}"))
            else:
                why = f": {skill}{own}" if skill else ""
                open_goals.append(f"{goal} is not answered{why}")
        return (*(line for _, line in sorted(answered)), *open_goals)

    def _best(self, goal: int, col: int) -> tuple[int, str]:
        """Return what the mentor's best skill for a goal is worth, and that skill in words."""
        skills, wanted, found = self._mentors.skills, int(self._goals[goal]), []
        start, stop = skills.indptr[col : col + 2].tolist()
        for at, offered in enumerate(self._offers[start:stop].tolist(), start):
            credit, kind = self._related.of(wanted, offered)
            if credit:
                worth = credit * int(self._taught(goal, at))
                found.append((-worth, -credit, skills.written[skills.codes[at]], at, kind))
        if not found:
            return 0, ""
        worth, credit, name, at, kind = min(found)
        level = int(skills.levels[at])
        said = f"skill '{name}' " + (f"level {level}" if level else "level not stated")
        manner = self._manner(goal, at) if kind == "same skill" else _relation(kind, -credit)
        return -worth, f"{said} ({manner})" if manner else said

    def _taught(self, goal: int, skill: int) -> Index:
        """Return how well the gap between a goal's present level and a skill's can be taught."""
        level = int(self._mentors.skills.levels[skill]) or UNSTATED
        return self._teaches(level - self._present[goal])

    def _manner(self, goal: int, at: int) -> str:
        """Say how two names were found to mean one skill, or return ``""`` if they are equal."""
        wants, skills = self._mentees.goals, self._mentors.skills
        mine, theirs = int(wants.codes[goal]), int(skills.codes[at])
        if wants.labels[mine] == skills.labels[theirs]:
            return ""
        hows = self._skills.how[0][mine], self._skills.how[2][theirs]
        return next(MANNERS[how] for how in hows if how in MANNERS)


class Related:
    """The credit that skills earn for each other, with a ceiling for what is only related.

    Parameters
    ----------
    found : Relatedness
        The credit of every pair of skills.
    most : float
        The most that another skill earns, in [0, 1/2].
    """

    def __init__(self, found: Relatedness, most: float) -> None:
        self._found = found
        self._share = most * FULL / HALF
        self._told: dict[tuple[int, int], tuple[int, str]] = {}
        self._credit = found.credit.copy()
        self._credit.data = self._lowered(self._credit.data)
        self._credit.eliminate_zeros()

    def _lowered(self, credit: Any) -> Any:
        return np.where(credit <= HALF, np.rint(credit * self._share), credit)

    def offered(self, wanted: Index) -> Any:
        """Return what each skill earns for each of those wanted, CSR (skills, wanted)."""
        from scipy.sparse import csr_array

        return csr_array(self._credit[wanted].T)

    def of(self, wanted: int, offered: int) -> tuple[int, str]:
        """Return the credit of one pair of skills in thousandths, and its kind."""
        pair = wanted, offered
        if pair not in self._told:  # the same few pairs of skills meet again and again
            credit, kind = self._found.of(wanted, offered)
            self._told[pair] = int(self._lowered(np.int64(credit))), kind
        return self._told[pair]


def _relation(kind: str, credit: int) -> str:
    """Say in words why a related skill earns credit, and how much."""
    if credit == FULL:
        return kind
    amount = "half credit" if credit == HALF else f"credit {credit / FULL:.2f}"
    return f"related ({kind}), {amount}"
