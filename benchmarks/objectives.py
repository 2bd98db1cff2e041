"""What fairness and stability take beside the best total.

Usage: python benchmarks/objectives.py [--runs N]

fair      at 5,000 mentees, 1,000 mentors with 5 places
stable    at 10,000 mentees, 2,000 mentors with 5 places, for mentees and for mentors

Runs alternate in one process, on one thread; figures are medians of processor time, and
each is told as a share of that of the best total in the same rounds. The cohort is that of
``benchmarks/engine.py``: factor matrices, never the whole matrix.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.engine import cohort
from matchkit.assign import Objective, Problem, Solution, solve

ROWS: tuple[tuple[int, int, tuple[Objective, ...]], ...] = (
    (5_000, 1_000, ("total", "fair")),
    (10_000, 2_000, ("total", "stable", "stable_for_mentors")),
)
PLACES = 5


def timed(problem: Problem, objective: Objective) -> tuple[float, Solution]:
    """Return the processor time of one solve, and what it found."""
    start = time.process_time()
    solution = solve(problem, objective=objective)
    return time.process_time() - start, solution


def main(runs: int) -> None:
    """Measure every row and print a table."""
    print("| mentees | mentors | objective | cpu s | times total | mean points | worst pair |")
    print("|---|---|---|---|---|---|---|")
    for n, m, objectives in ROWS:
        problem = Problem(cohort(n, m), capacity=PLACES)
        taken: dict[str, list[float]] = {each: [] for each in objectives}
        found: dict[str, Solution] = {}
        for _ in range(runs):
            for each in objectives:
                seconds, found[each] = timed(problem, each)
                taken[each].append(seconds)
        whole = statistics.median(taken["total"])
        for each in objectives:
            median, pairs = statistics.median(taken[each]), found[each].mentor_of
            at = (pairs >= 0).nonzero()[0]
            worst = problem.source.pairs(at, pairs[at]).min()
            mean = found[each].total / found[each].matched
            shown = f"{median:.2f} | {median / whole:.2f} | {mean:,.0f} | {worst:,}"
            print(f"| {n:,} | {m:,} | {each} | {shown} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What other objectives take.")
    parser.add_argument("--runs", type=int, default=3)
    main(parser.parse_args().runs)
