"""The choice among optima that tie: the heaviest by hash, in rounds where nearly all pairs tie."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matchkit.assign import Problem, find_faults, solve
from matchkit.assign.core import EXACT
from matchkit.assign.heaviest import Tight, heaviest
from matchkit.errors import TooLargeError
from tests.assign.reference import coarse_problem, same


def drawn(rng: np.random.Generator) -> Tight:
    """Draw tight pairs with an assignment among them."""
    n, m = int(rng.integers(1, 30)), int(rng.integers(1, 12))
    room = rng.integers(0, 2 * n // m + 2, size=m)
    may_leave = rng.random(n) < 0.3
    held = np.full(n, -1)
    left = room.copy()
    for row in rng.permutation(n).tolist():
        free = np.flatnonzero(left)
        if free.size and not (may_leave[row] and rng.random() < 0.5):
            held[row] = rng.choice(free)
            left[held[row]] -= 1
    may_leave |= held < 0
    grid = rng.random((n, m)) < rng.choice([0.3, 1.0])
    grid[np.flatnonzero(held >= 0), held[held >= 0]] = True
    rows, mentors = np.nonzero(grid)
    bits = (EXACT // (16 * n)).bit_length() - 1
    must = (left == 0) & (rng.random(m) < 0.5)
    worth = (n << bits) + np.where(must, 2 * (n << bits) + 1, 0)
    hashes = rng.integers(0, 1 << int(rng.choice([2, bits])), size=rows.size)
    return Tight(rows, mentors, hashes, held, may_leave, room, worth, bits)


@pytest.mark.parametrize("seed", range(150))
def test_it_is_the_heaviest(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A heavier assignment that few candidates hide."""
    monkeypatch.setattr("matchkit.assign.heaviest._MENTORS", 1)
    monkeypatch.setattr("matchkit.assign.heaviest._PLACES", 0)
    monkeypatch.setattr("matchkit.assign.heaviest._FEW", 1)
    monkeypatch.setattr("matchkit.assign.heaviest._PART", 7)
    tight = drawn(np.random.default_rng(seed))
    n, m = tight.held.size, tight.room.size
    grid = np.zeros((n, m), dtype=np.int64)
    grid[tight.rows, tight.mentors] = tight.hashes + tight.worth[tight.mentors]
    possible = np.full((n, m), np.inf)
    possible[tight.rows, tight.mentors] = -grid[tight.rows, tight.mentors]
    alone = np.where(np.eye(n, dtype=bool) & tight.may_leave, 0.0, np.inf)
    losses = np.hstack([np.repeat(possible, tight.room, axis=1), alone])
    row, column = linear_sum_assignment(losses)
    most = -sum(int(loss) for loss in losses[row, column])
    found = heaviest(tight)
    at = np.flatnonzero(found.mentor_of >= 0)
    assert tight.may_leave[found.mentor_of < 0].all()
    assert (np.bincount(found.mentor_of[at], minlength=m) <= tight.room).all()
    assert sum(grid[at, found.mentor_of[at]].tolist()) == most
    # Prices and surpluses prove it: no pair is worth more, and those listed are worth as much.
    excess = (grid - found.prices - found.surpluses[:, None])[tight.rows, tight.mentors]
    assert excess.max(initial=0) == 0
    assert np.array_equal(np.flatnonzero(excess == 0), found.tight)
    assert (found.prices >= 0).all()


def test_components_are_the_same_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mentees told to be tied who are not, or not told, where only some moves are looked at."""
    problems = [coarse_problem(np.random.default_rng(seed), largest=40) for seed in range(40)]
    expected = [solve(problem) for problem in problems]
    monkeypatch.setattr("matchkit.assign.canonical._LINKED", 0)
    for problem, whole in zip(problems, expected, strict=True):
        assert same(whole, solve(problem))


def test_a_round_in_which_all_pairs_tie() -> None:
    """A choice that takes a place for each column, or that depends on the order of people."""
    n, m = 700, 150
    keys = np.arange(n), np.arange(m)
    problem = Problem(np.full((n, m), 7), capacity=5, keys=keys)
    found = solve(problem, method="sparse")
    assert find_faults(problem, found) == ()
    assert found.tied.all()
    order = np.random.default_rng(0).permutation(n)
    turned = Problem(np.full((n, m), 7), capacity=5, keys=(order, np.arange(m)))
    again = solve(turned, method="sparse")
    assert again.mentor_of.tolist() == found.mentor_of[order].tolist()


def test_moves_that_are_many_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verifier that forgets moves, or takes one twice, where there are very many."""
    problem = Problem(np.zeros((90, 40), dtype=np.int64), capacity=2)
    found = solve(problem)
    for waiting, table in ((5, 1 << 13), (5, 0)):
        monkeypatch.setattr("matchkit.assign.sighting._WAITING", waiting)
        monkeypatch.setattr("matchkit.assign.sighting._TABLE", table)
        assert find_faults(problem, found) == ()


def test_near_pairs_of_a_crowd_are_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair that is worth more, lost among equals."""
    monkeypatch.setattr("matchkit.assign.certificate._CROWD", 3)
    for seed in range(40):
        problem = coarse_problem(np.random.default_rng(seed), largest=40)
        assert same(solve(problem, method="dense"), solve(problem, method="sparse"))


def test_memory_for_ties_is_estimated() -> None:
    """A process killed for memory, where an error would do."""
    problem = Problem(np.zeros((700, 300), dtype=np.int64), capacity=3)
    with pytest.raises(TooLargeError, match="pairs that tie"):
        solve(problem, method="dense", memory_limit=8 * 10**6)


def test_memory_for_ties_is_that_of_all_stripes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that each stripe of mentees keeps, and all of them together do not."""
    monkeypatch.setattr("matchkit.assign.relook._STRIPE", 50)
    problem = Problem(np.zeros((700, 300), dtype=np.int64), capacity=3)
    with pytest.raises(TooLargeError, match="so many pairs tie"):
        solve(problem, method="sparse", memory_limit=11 * 10**6)
