"""What solves a graph of candidates: by whole vectors, by machine code, and that read as Python."""

from __future__ import annotations

import importlib
import sys

import numpy as np
import pytest

from matchkit.assign import augmenting, methods, solve
from matchkit.assign.augmenting import OPEN, Start
from matchkit.assign.core import open_core
from matchkit.assign.graph import Graph
from matchkit.assign.methods import COMPILED_FROM, GraphSolver, graph_solver
from tests.assign.reference import coarse_problem, keepable, same


@pytest.fixture(params=["vectors", "machine code", "Python"])
def optimum(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> GraphSolver:
    """Each of them, the functions that Numba compiles as they were written too."""
    if request.param == "vectors":
        return augmenting.optimum
    pytest.importorskip("numba")
    fast = importlib.import_module("matchkit.assign.fast")
    if request.param == "Python":
        for name, function in vars(fast).items():
            if hasattr(function, "py_func"):
                monkeypatch.setattr(fast, name, function.py_func)
    found: GraphSolver = fast.optimum
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_wrong_start_does_not_change_the_optimum(seed: int, optimum: GraphSolver) -> None:
    """A place kept, or a price believed, that the optimum does not bear out."""
    rng = np.random.default_rng(seed)
    problem = coarse_problem(rng, largest=30) if seed % 2 else keepable(seed, largest=30)
    core = open_core(problem, (-1_000_000, 1_000_000))
    at, to = np.nonzero(problem.eligible[core.rows])
    worth = problem.points[core.rows[at], to] + core.unit
    graph = Graph.empty(core.shape).joined(at, to, worth)
    (n, m), found = core.shape, set()
    for scale in (0, 10**3, 10**6, 10**12):
        prices = rng.integers(0, scale + 1, size=m)
        for start in (np.full(n, OPEN), rng.integers(-2, m, size=n)):
            mentor_of, prices = optimum(core, graph, Start(prices, start))
            surpluses = core.outside.copy()
            np.maximum.at(surpluses, at, worth - prices[to])
            assert (np.bincount(mentor_of[mentor_of >= 0], minlength=m) <= core.places).all()
            assert (prices >= 0).all()
            total = int(core.chosen(mentor_of).sum())
            assert total == int(surpluses.sum() + (prices * core.places).sum())
            found.add(total)
    assert len(found) == 1


@pytest.mark.parametrize("seed", range(40))
def test_machine_code_gives_the_same_bytes(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A choice among optima, or a price, that depends on what was installed."""
    pytest.importorskip("numba")
    problem = (
        keepable(seed, largest=40) if seed % 2 else coarse_problem(np.random.default_rng(seed))
    )
    expected = solve(problem, method="sparse")
    monkeypatch.setattr(methods, "COMPILED_FROM", 0)
    assert same(expected, solve(problem, method="sparse"))


def test_machine_code_is_for_rounds_where_it_pays() -> None:
    """Half a second to load it for a round of ten people."""
    pytest.importorskip("numba")
    assert graph_solver(COMPILED_FROM - 1) is augmenting.optimum
    assert graph_solver(COMPILED_FROM) is not augmenting.optimum


def test_does_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error where an extra is not installed."""
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "matchkit.assign.fast", raising=False)
    monkeypatch.delattr("matchkit.assign.fast", raising=False)
    assert graph_solver(COMPILED_FROM) is augmenting.optimum
