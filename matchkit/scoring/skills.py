"""Skill coverage: how well a mentor's skills answer what a mentee wants to learn.

For each goal, a mentor who has the skill teaches it as well as the gap between the two
levels allows. Most is learned from somebody a few steps ahead (Vygotsky, *Mind in Society*,
1978, ch. 6: the zone of proximal development); nobody is taught by somebody behind them.
Goals count in the order in which they were written, with the logarithmic discount that
graded ranking measures use (Jaervelin and Kekaelaeinen, *ACM TOIS* 20(4), 2002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchkit.profiles import vocabulary
from matchkit.scoring.features import SumFeature
from matchkit.scoring.products import Product, any_of, sparse
from matchkit.scoring.sides import Index, Values

if TYPE_CHECKING:
    from matchkit.profiles import Pool, SkillLists

LEVELS = 6
"""Present levels 0 (not yet) to 5."""

UNSTATED = 3
"""Level taken where a skill is listed without one: the middle of 1 to 5."""

SCALE = 1000
"""Teachability and goal weights are whole thousandths, so that sums are exact."""


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
    """Return each goal's present level from the person's own skills, 0 where it has none."""
    owner = np.repeat(np.arange(len(pool)), np.diff(pool.skills.indptr))
    keys = owner * width + skills
    order = np.argsort(keys, kind="stable")
    wanted = np.repeat(np.arange(len(pool)), np.diff(pool.goals.indptr)) * width + goals
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64)
    where = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][where] == wanted, stated(pool.skills)[order][where], 0)


class SkillFeature(SumFeature):
    """Skill coverage bound to the people of a round.

    A goal and the mentee's present level together are one column, and each mentor is
    expanded once over those columns, which turns coverage into a sparse matrix product.
    """

    def __init__(self, teach: tuple[float, ...], mentees: Pool, mentors: Pool) -> None:
        self._mentees, self._mentors = mentees, mentors
        self._teach = np.rint(np.array(teach) * SCALE).astype(np.int64)
        self._steps: list[int] = self._teach.tolist()
        labels, (goals, mine, theirs) = vocabulary(mentees.goals, mentees.skills, mentors.skills)
        width = max(1, len(labels))
        goal_codes = goals[mentees.goals.codes]
        self._present = present_levels(mentees, goal_codes, mine[mentees.skills.codes], width)
        wanted = goal_codes * LEVELS + self._present
        columns = np.unique(wanted)
        wants = mentees.goals
        rank = np.arange(len(wanted)) - np.repeat(wants.indptr[:-1], np.diff(wants.indptr))
        self._weights = goal_weights(rank)
        wide = max(1, len(columns))
        wish = sparse(wants.indptr, np.searchsorted(columns, wanted), self._weights, wide)
        total = np.asarray(wish.sum(axis=1)).reshape(-1) * SCALE
        self._total = np.maximum(total, 1)
        offer = self._expanded(columns, theirs[mentors.skills.codes])
        super().__init__(Product(wish, offer, (self._total, np.ones(len(mentors)))))
        self.known_mentees = any_of(mentees.goals)
        self.known_mentors = any_of(mentors.skills)
        self._by_mentor: dict[int, dict[str, tuple[int, str]]] = {}

    def _teaches(self, gap: Index) -> Index:
        """Return how well a gap of levels can be taught, in thousandths."""
        worth: Index = self._teach[np.clip(gap + 1, 0, len(self._teach) - 1)]
        return worth

    def _expanded(self, columns: Index, codes: Index) -> object:
        """Return what each mentor teaches in every wanted column, CSR in thousandths."""
        skills = self._mentors.skills
        present = np.arange(LEVELS)
        keys = codes[:, None] * LEVELS + present
        worth = self._teaches(stated(skills)[:, None] - present)
        where = np.searchsorted(columns, keys)
        inside = where < len(columns)
        hit = inside & (worth > 0)
        hit[inside] &= columns[where[inside]] == keys[inside]
        owner = np.repeat(np.arange(len(skills)), np.diff(skills.indptr))
        counts = np.bincount(owner, weights=hit.sum(axis=1), minlength=len(skills))
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return sparse(indptr, where[hit], worth[hit], max(1, len(columns)))

    def _value(self, sums: Values, rows: Index, cols: Index) -> Values:  # noqa: ARG002
        values: Values = sums / self._total[rows]
        return values

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return each goal with the skill that answers it, best answered first."""
        goals = self._mentees.goals
        span = slice(goals.indptr[row], goals.indptr[row + 1])
        each = zip(
            goals.codes[span].tolist(),
            self._present[span].tolist(),
            self._weights[span].tolist(),
            strict=True,
        )
        offered, last = self._offered(col), len(self._steps) - 1
        answered, open_goals = [], []
        for code, present, weight in each:
            goal = f"goal '{goals.written[code]}'"
            level, skill = offered.get(goals.labels[code], (0, ""))
            own = f", mentee at level {present}" if present else ""
            worth = self._steps[min(max(level - present + 1, 0), last)] if skill else 0
            if worth:
                answered.append((-worth * weight, f"{goal} <- {skill}{own}"))
            else:
                why = f": {skill}{own}" if skill else ""
                open_goals.append(f"{goal} is not answered{why}")
        return (*(line for _, line in sorted(answered)), *open_goals)

    def _offered(self, col: int) -> dict[str, tuple[int, str]]:
        """Return a mentor's skills: label -> level that counts, and the skill in words."""
        found = self._by_mentor.get(col)
        if found is None:
            skills = self._mentors.skills
            span = slice(skills.indptr[col], skills.indptr[col + 1])
            each = zip(skills.codes[span].tolist(), skills.levels[span].tolist(), strict=True)
            found = {
                skills.labels[code]: (
                    level or UNSTATED,
                    f"skill '{skills.written[code]}' "
                    + (f"level {level}" if level else "level not stated"),
                )
                for code, level in each
            }
            self._by_mentor[col] = found
        return found
