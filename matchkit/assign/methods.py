"""Which method to take, and what solves the sparse one's graph of candidates.

The two costs are seconds of processor time as measured by ``python benchmarks/engine.py
methods``, whose table stands in ``docs/engine.md``. Only where they cross matters, so they
need not be those of the machine at hand; and they depend on nothing but the size of the
problem, so that the choice is the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from matchkit.assign import augmenting
from matchkit.assign.augmenting import Start
from matchkit.assign.core import Core
from matchkit.assign.graph import Graph
from matchkit.assign.problem import Problem
from matchkit.assign.sources import GridSource, ListedSource
from matchkit.errors import ProblemError

Method = Literal["auto", "dense", "sparse"]
GraphSolver = Callable[[Core, Graph, Start], tuple[NDArray[np.int64], NDArray[np.int64]]]

COMPILED_FROM = 100_000
"""Candidate pairs from which Numba's machine code makes up for being loaded."""


def chosen_method(problem: Problem, method: Method) -> Method:
    """Return the method to take, which is no longer ``"auto"``.

    Raises
    ------
    ProblemError
        If there is no such method.
    """
    if method not in get_args(Method):
        raise ProblemError(f"method == {method!r}, must be 'auto', 'dense' or 'sparse'.")
    if method != "auto":
        return method
    return "dense" if dense_seconds(problem) <= sparse_seconds(problem) else "sparse"


def dense_seconds(problem: Problem) -> float:
    """Return about what the dense method takes: it grows with mentees times places."""
    n, m = problem.shape
    filling = 0.0 if isinstance(problem.source, GridSource) else 1.3e-7 * n * m
    cells = float(n * problem.capacity.sum())
    return filling + 0.11 * math.pow(cells / 1e6, 1.2)


def sparse_seconds(problem: Problem) -> float:
    """Return about what the sparse method takes: it grows with people and the pairs looked at."""
    n, m = problem.shape
    source = problem.source
    pairs = source.columns.size if isinstance(source, ListedSource) else n * m
    return 0.02 + 2.5e-5 * n + 5e-5 * m + 4e-8 * pairs


def graph_solver(pairs: int) -> GraphSolver:
    """Return what finds the optimum on a graph of so many candidates.

    Where Numba is installed (the extra ``[fast]``) and there is much to do, that is
    `fast.optimum`; else `augmenting.optimum`. Results are the same to the byte.
    """
    if pairs < COMPILED_FROM:
        return augmenting.optimum
    try:
        from matchkit.assign import fast
    except (ImportError, RuntimeError):
        # There is no Numba, it does not know this NumPy yet, or may keep its code nowhere.
        return augmenting.optimum
    return fast.optimum
