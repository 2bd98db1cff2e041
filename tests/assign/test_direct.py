"""Clashes that counting shows, against every assignment of small rounds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from matchkit.assign import Problem, Quota, conflicts, solve
from matchkit.assign.direct import impossible
from matchkit.errors import InfeasibleError


def possible(problem: Problem, least: NDArray[np.int64]) -> bool:
    """Tell whether some assignment keeps these least loads, and the quotas."""
    n, m = problem.shape
    eligible = problem.source.block(np.arange(n), np.arange(m)) > -np.inf
    choices = [[-1, *np.flatnonzero(row).tolist()] for row in eligible]
    for choice in product(*choices):
        mentor_of = np.array(choice)
        load = np.bincount(mentor_of[mentor_of >= 0], minlength=m)
        if (load < least).any() or (load > problem.capacity).any():
            continue
        if not any(each.violation(mentor_of, m) for each in problem.quotas):
            return True
    return False


def drawn(rng: np.random.Generator) -> Problem:
    """Return a small round in which least loads often clash."""
    return Problem(
        np.ones((4, 4), dtype=np.int64),
        capacity=2,
        eligible=rng.random((4, 4)) < 0.6,
        min_load=rng.integers(0, 3, size=4),
        keys=(rng.permutation(4).astype(np.uint64), rng.permutation(4).astype(np.uint64)),
    )


def test_least_loads_against_every_assignment() -> None:
    """A clash would be missed, made up, or named with mentors who have no part in it."""
    rng = np.random.default_rng(0)
    clashed = 0
    for _ in range(150):
        problem = drawn(rng)
        _, mentors = impossible(problem)
        assert bool(mentors.size) != possible(problem, problem.min_load)
        named = np.zeros(4, dtype=np.int64)
        named[mentors] = problem.min_load[mentors]
        assert not mentors.size or not possible(problem, named)
        for each in mentors:
            less = named.copy()
            less[each] = 0
            assert possible(problem, less)
        clashed += bool(mentors.size)
    assert 30 < clashed < 120


def test_a_quota_is_named_only_where_nothing_keeps_it() -> None:
    """A quota that some assignment keeps would be called impossible."""
    rng = np.random.default_rng(1)
    named = 0
    for _ in range(80):
        table = rng.integers(-2, 3, size=(2, 2))
        bound = {"at_least": 5} if rng.random() < 0.5 else {"at_most": -5}
        quota = Quota(rng.integers(2, size=4), rng.integers(2, size=4), table, **bound)
        problem = drawn(rng).changed(min_load=None, quotas=[quota])
        quotas, _ = impossible(problem)
        assert not quotas.size or not possible(problem, problem.min_load)
        named += quotas.size
    assert named > 10


def test_the_same_whatever_the_order_of_people() -> None:
    """Which mentors are named would depend on the order of rows and columns."""
    rng = np.random.default_rng(2)
    eligible = rng.random((30, 12)) < 0.3
    problem = Problem(np.ones((30, 12), dtype=np.int64), capacity=5, eligible=eligible, min_load=4)
    rows, cols = rng.permutation(30), rng.permutation(12)
    other = Problem(
        np.ones((30, 12), dtype=np.int64),
        capacity=5,
        eligible=eligible[np.ix_(rows, cols)],
        min_load=4,
        keys=(problem.row_keys[rows], problem.column_keys[cols]),
    )
    named = impossible(problem)[1]
    assert named.size
    assert sorted(cols[impossible(other)[1]].tolist()) == named.tolist()


def test_a_large_round_names_the_mentors_in_the_way() -> None:
    """All least loads of a large round would be named, and only after many linear programs."""
    eligible = np.ones((1000, 200), dtype=bool)
    eligible[90:, 7:27] = False
    problem = Problem(
        np.ones((1000, 200), dtype=np.int64), capacity=5, eligible=eligible, min_load=5
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(problem)
    clash = caught.value.clash
    assert clash is not None
    assert [each.kind for each in clash.conflicts] == ["load"] * 19
    assert {each.at for each in clash.conflicts} <= set(range(7, 27))
    assert (clash.wanted, clash.mentees.size) == (95, 90)
    assert not conflicts(problem.changed(min_load=4)).conflicts


def test_pairs_locked_against_a_rule_are_left_to_the_search() -> None:
    """A load would be called impossible that a lock keeps."""
    problem = Problem([[1, 1]], capacity=1, eligible=[[True, False]], min_load=[0, 1])
    assert impossible(problem)[1].tolist() == [1]
    assert impossible(problem.changed(min_load=[2, 0]))[1].tolist() == [0]
    assert not conflicts(problem.changed(min_load=[1, 0], locked=[(0, 0)])).conflicts
