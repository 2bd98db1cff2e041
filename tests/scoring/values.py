"""What one criterion or rule says of every pair, as plain Python values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchkit.profiles import Pool, read_people
from matchkit.scoring import Context, Criterion, Feature, Rule, Scorer

Records = Sequence[dict[str, Any]]


def pools(mentors: Records, mentees: Records) -> tuple[Pool, Pool]:
    """Return mentees and mentors in the order given."""
    return read_people(mentees, role="mentee"), read_people(mentors, role="mentor")


def feature(
    criterion: Criterion, mentors: Records, mentees: Records, *, start: date | None = None
) -> Feature:
    """Bind a criterion to people."""
    return criterion.bind(*pools(mentors, mentees), Context(start=start))


def values(
    criterion: Criterion, mentors: Records, mentees: Records, *, start: date | None = None
) -> list[list[float | None]]:
    """Return the value of every pair, a list for each mentee, None where it cannot be told."""
    bound = feature(criterion, mentors, mentees, start=start)
    grid = bound.grid(*everyone(len(mentees), len(mentors)))
    return [[None if np.isnan(value) else float(value) for value in row] for row in grid]


def allowed(
    rule: Rule, mentors: Records, mentees: Records, *, start: date | None = None
) -> list[list[bool]]:
    """Return which pairs a rule allows, a list for each mentee."""
    check = rule.bind(*pools(mentors, mentees), Context(start=start))
    found: list[list[bool]] = check.grid(*everyone(len(mentees), len(mentors))).tolist()
    return found


def scorer(
    mentors: Records,
    mentees: Records,
    *,
    criteria: Sequence[Criterion],
    rules: Sequence[Rule] = (),
    start: date | None = None,
) -> Scorer:
    """Return the scorer of people in the order given."""
    return Scorer(*pools(mentors, mentees), criteria=criteria, rules=rules, context=Context(start))


def everyone(n: int, m: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows and columns of a whole round."""
    return np.arange(n), np.arange(m)


def every_pair(n: int, m: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows and columns of every pair, row by row."""
    rows, cols = np.divmod(np.arange(n * m), max(1, m))
    return rows, cols
