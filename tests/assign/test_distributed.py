"""Blocks of pairs spread over processes by Dask: the same bytes as at home."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import joblib
import numpy as np
import pytest

from matchkit.assign import FactorSource, Objective, Problem, solve
from tests.assign.reference import same

distributed = pytest.importorskip(
    "distributed", reason="needs dask.distributed: pip install 'matchkit[distributed]'"
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Yield a client of two processes on this machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the cluster's own making, such as ports in use
        local = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        )
        with local, distributed.Client(local) as client:
            yield client


@pytest.mark.latest
@pytest.mark.parametrize("objective", ["total", "fair", "stable"])
def test_a_cluster_gives_the_same_bytes(cluster: Any, objective: Objective) -> None:
    """A result that depends on where it was computed, or work that never left home."""
    rng = np.random.default_rng(7)
    mentees, mentors = (rng.integers(0, 200, size=(size, 12)) for size in (9_000, 60))
    problem = Problem(FactorSource(mentees, mentors, scale=10), capacity=250)
    at_home = solve(problem, objective=objective, method="sparse")
    before = _executed(cluster)
    with joblib.parallel_config(backend="dask", scatter=[problem.source]):
        away = solve(problem, objective=objective, method="sparse", n_jobs=-1)
    assert same(away, at_home)
    assert _executed(cluster) > before


def _executed(cluster: Any) -> int:
    """Return how many tasks the workers have held so far."""

    def tasks(dask_scheduler: Any) -> int:
        return len(dask_scheduler.transition_log)

    return int(cluster.run_on_scheduler(tasks))
