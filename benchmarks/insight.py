"""What answers cost beside the solve that they are about.

Usage: python benchmarks/insight.py [regrets|whynot|explain ...]

regrets  2,000 mentees, 400 mentors with 5 places: the 10 cheapest alternatives of every mentee
         and what every place is worth, against the solve in the same run; balanced, and with
         fewer and with more places
whynot   20,000 mentees, 4,000 mentors with 5 places: pairs looked at for one why-not, as a
         share of all pairs (a pass), the most and the mean of 20; its time against the solve
explain  20,000 mentees, 4,000 mentors: explain from a stored result, mean of 1,000

Times are of the processor, and BLAS has one thread.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matchkit as mk
from benchmarks.engine import cohort
from matchkit.assign import BlockSource, Problem, Residual, solve


class Counting:
    """A source that counts the pairs it is asked for."""

    def __init__(self, source: BlockSource) -> None:
        self._source, self.asked = source, 0

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        return self._source.shape

    @property
    def error(self) -> float:
        """The most that a block is away from exact points."""
        return self._source.error

    def block(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return a block, and count it."""
        self.asked += rows.size * cols.size
        return self._source.block(rows, cols)

    def pairs(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return exact points of pairs, and count them."""
        self.asked += rows.size
        return self._source.pairs(rows, cols)


def regrets() -> None:
    """Compare all alternatives and all places with the solve."""
    source = cohort(2_000, 400)
    points = np.array(
        [source.pairs(np.full(400, row), np.arange(400)) for row in range(2_000)], dtype=np.int64
    )
    for places in (4, 5, 6):
        started = time.process_time()
        problem = Problem(points, capacity=places)
        solution = solve(problem)  # its extreme prices are what places are worth
        solved = time.process_time()
        found = Residual(problem, solution).alternatives(10)
        took = time.process_time() - solved
        print(
            f"regrets: 2,000 x 400 x {places}: {found.mentees.size:,} alternatives in {took:.2f} s,"
            f" the solve {solved - started:.2f} s, ratio {took / (solved - started):.2f}"
        )


def whynot() -> None:
    """Count the passes of single questions in a large round."""
    n, m, asked = 20_000, 4_000, 20
    rng = np.random.default_rng(0)
    for places in (4, 5, 6):
        source = Counting(cohort(n, m))
        problem = Problem(source, capacity=places)
        started = time.process_time()
        solution = solve(problem)
        solved = time.process_time() - started
        passes, times, moved = [], [], []
        for row, col in zip(rng.integers(n, size=asked), rng.integers(m, size=asked), strict=True):
            if solution.mentor_of[row] == col:
                continue
            source.asked, started = 0, time.process_time()
            forced = Residual(problem, solution).forced(int(row), int(col))
            times.append(time.process_time() - started)
            passes.append(source.asked / (n * m))
            moved.append(len(forced.moves))
        print(
            f"whynot: 20,000 x 4,000 x {places}: at most {max(passes):.3f} passes, mean "
            f"{np.mean(passes):.3f}; {np.mean(times):.2f} s each, the solve {solved:.1f} s; "
            f"at most {max(moved)} people move"
        )


def explain() -> None:
    """Time explanations of a stored result."""
    people = mk.datasets.cohort(4_000, 20_000)
    started = time.process_time()
    matching = mk.match(people.mentors, people.mentees, program=mk.Program(start="2027-01-11"))
    matched = time.process_time() - started
    stored = mk.Matching.from_json(matching.to_json())
    some = [one.mentee for one in stored.everyone[::20]]
    started = time.process_time()
    for mentee in some:
        str(mk.explain(stored, mentee))
    took = (time.process_time() - started) / len(some)
    started = time.process_time()
    alone = [one.mentee for one in matching.unmatched[:20]]
    for mentee in alone:
        str(mk.explain(matching, mentee))
    left = (time.process_time() - started) / max(1, len(alone))
    print(
        f"explain: 20,000 x 4,000: {1000 * took:.2f} ms each from a stored result; somebody "
        f"unmatched, with the people, {1000 * left:.0f} ms; the match {matched:.0f} s"
    )


ROWS: dict[str, Callable[[], None]] = {"regrets": regrets, "whynot": whynot, "explain": explain}

if __name__ == "__main__":
    for name in sys.argv[1:] or ROWS:
        if name not in ROWS:
            sys.exit(__doc__)
        ROWS[name]()
