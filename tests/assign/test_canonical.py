"""The choice among optima that tie: the heaviest by hash, in rounds where nearly all pairs tie."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matchkit.assign import Problem, find_faults, solve
from matchkit.assign.core import EXACT
from matchkit.assign.heaviest import Tight, heaviest
from matchkit.assign.pairset import Collector, PairSet
from matchkit.errors import TooLargeError
from tests.assign.reference import coarse_problem, same

Ints = NDArray[np.int64]


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
    hashes = rng.integers(0, 1 << int(rng.choice([2, bits])), size=(n, m))
    pairs = collected(rows, mentors, (n, m))
    hashed = hashes.__getitem__
    return Tight(pairs, np.arange(n), lambda *at: hashed(at), held, may_leave, room, worth, bits)


def collected(mentees: Ints, mentors: Ints, shape: tuple[int, int]) -> PairSet:
    """Return a set of pairs."""
    pairs = Collector(shape)
    pairs.add(mentees, mentors)
    return pairs.collected()


def grid_of(pairs: PairSet, n: int) -> NDArray[np.bool_]:
    """Return where the pairs are, and say that each is there once."""
    counts = np.zeros((n, pairs.width), dtype=np.int64)
    for mentees, mentors in pairs.chunks():
        assert mentees.size
        np.add.at(counts, (mentees, mentors), 1)
    assert counts.sum() == pairs.size
    assert counts.max(initial=0) <= 1
    return counts > 0


@pytest.mark.parametrize("seed", range(150))
def test_it_is_the_heaviest(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A heavier assignment that few candidates hide."""
    monkeypatch.setattr("matchkit.assign.heaviest._MENTORS", 1)
    monkeypatch.setattr("matchkit.assign.heaviest._PLACES", 0)
    monkeypatch.setattr("matchkit.assign.heaviest._FEW", 1)
    monkeypatch.setattr("matchkit.assign.pairset._CHUNK", 7)
    monkeypatch.setattr("matchkit.assign.pairset._TABLE", 20)
    tight = drawn(np.random.default_rng(seed))
    n, m = tight.held.size, tight.room.size
    there = grid_of(tight.pairs, n)
    grid = np.where(there, tight.hashed(*np.indices((n, m))) + tight.worth, 0)
    possible = np.where(there, -grid.astype(np.float64), np.inf)
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
    excess = grid - found.prices - found.surpluses[:, None]
    assert excess[there].max(initial=0) == 0
    assert np.array_equal(there & (excess == 0), grid_of(found.tight, n))
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
        monkeypatch.setattr("matchkit.assign.moves._WAITING", waiting)
        monkeypatch.setattr("matchkit.assign.moves._TABLE", table)
        assert find_faults(problem, found) == ()


def test_near_pairs_of_a_crowd_are_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair that is worth more, lost among equals."""
    monkeypatch.setattr("matchkit.assign.certificate._CROWD", 3)
    for seed in range(40):
        problem = coarse_problem(np.random.default_rng(seed), largest=40)
        assert same(solve(problem, method="dense"), solve(problem, method="sparse"))


def test_memory_for_ties_is_that_of_all_stripes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process killed for memory, or a limit that each stripe keeps and all of them do not."""
    monkeypatch.setattr("matchkit.assign.relook._STRIPE", 50)
    monkeypatch.setattr("matchkit.assign.sparse._PAIR", 0)
    monkeypatch.setattr("matchkit.assign.sparse._CELL", 0)
    problem = Problem(np.zeros((700, 300), dtype=np.int64), capacity=3)
    with pytest.raises(TooLargeError, match="so many pairs tie"):
        solve(problem, method="sparse", memory_limit=700 * 300 // 8)
    assert solve(problem, method="sparse", memory_limit=700 * 300 // 3).tied.all()


def test_memory_for_ties_is_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where all pairs are held."""
    monkeypatch.setattr("matchkit.assign.dense.needed", lambda _: 0)
    problem = Problem(np.zeros((700, 300), dtype=np.int64), capacity=3)
    with pytest.raises(TooLargeError, match="210000 pairs that tie"):
        solve(problem, method="dense", memory_limit=700 * 300 // 8)


def test_ties_take_a_bit_for_each_pair() -> None:
    """Numbers for each of a million pairs, where a bit would do."""
    shape = 1000, 333
    mentees, mentors = (np.ravel(each) for each in np.indices(shape))
    assert collected(mentees, mentors, shape).nbytes == 1000 * 42
    assert collected(mentees[::200], mentors[::200], shape).nbytes == 8 * 1665


@pytest.mark.parametrize("seed", range(60))
def test_sets_of_pairs(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair that is lost, comes twice, or turns up at another place."""
    rng = np.random.default_rng(seed)
    monkeypatch.setattr("matchkit.assign.pairset._CHUNK", int(rng.integers(1, 40)))
    monkeypatch.setattr("matchkit.assign.pairset._TABLE", int(rng.integers(1, 40)))
    n, m = int(rng.integers(1, 30)), int(rng.integers(1, 30))
    grid = rng.random((n, m)) < rng.choice([0.0, 0.01, 0.3, 1.0])
    cut = int(rng.integers(0, n + 1))
    parts = []
    for first, part in ((0, grid[:cut]), (cut, grid[cut:])):
        pairs = Collector(part.shape)
        mentees, mentors = np.nonzero(part)
        order = rng.permutation(mentees.size)
        for some in np.array_split(order, 3):
            pairs.add(mentees[some], mentors[some])
        parts.append(pairs.collected(first))
    found = PairSet.joined(parts)
    assert np.array_equal(grid_of(found, n), grid)
    keep = rng.random((n, m)) < 0.5
    kept = found.kept(lambda *at: keep[at])
    assert np.array_equal(grid_of(kept, n), grid & keep)
    assert kept.nbytes <= max(8 * kept.size, n * (m // 8 + 1))
