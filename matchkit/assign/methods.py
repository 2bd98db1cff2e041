"""Which method to take.

The two costs are seconds of processor time as measured by ``python benchmarks/engine.py
methods``, whose table stands in ``docs/engine.md``. Only where they cross matters, so they
need not be those of the machine at hand; and they depend on nothing but the size of the
problem, so that the choice is the same everywhere.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

from matchkit.assign.problem import Problem
from matchkit.assign.sources import GridSource, ListedSource
from matchkit.errors import ProblemError

Method = Literal["auto", "dense", "sparse"]


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
