"""The whole job against the bare SciPy solve that it cannot do without.

Usage: python benchmarks/end_to_end.py [MENTORS MENTEES] [--runs N]

A synthetic cohort is written as two CSV files. Then, in one process and one thread:

* ``match()`` from the two paths, against ``scipy.optimize.linear_sum_assignment`` on the same
  points with every place a column of its own: the figure is what match() does beside its
  solve, as a multiple of that bare solve;
* writing the tables and the report, as a multiple of the same;
* calendars, in milliseconds a person;
* the peak memory of the process.

Last, the command line on 60 mentors and 150 mentees in fresh interpreters, as a multiple of
what importing pandas, SciPy and scikit-learn takes. Medians; times are wall clock.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

import matchkit as mk
from matchkit import datasets, export

START = date(2027, 1, 11)
IMPORTS = "import pandas, scipy.optimize, scipy.sparse, sklearn.feature_extraction.text"


def bare_solve(matching: mk.Matching) -> float:
    """Return the seconds that SciPy alone takes for the same points and places."""
    problem = matching.people.problem
    owner = np.repeat(np.arange(problem.shape[1]), problem.capacity)
    points = np.where(problem.eligible, problem.points + 2 * 10**6, 0).astype(np.float64)
    losses = -points[:, owner]
    begin = time.perf_counter()
    linear_sum_assignment(losses)
    return time.perf_counter() - begin


def timed_match(paths: tuple[Path, Path]) -> tuple[mk.Matching, float, dict[str, float]]:
    """Return the result, the seconds in all and the seconds of each stage."""
    stages: dict[str, float] = {}
    last = begin = time.perf_counter()
    current = "read"

    def progress(stage: str, _done: int, _total: int, _gap: float | None) -> None:
        nonlocal last, current
        now = time.perf_counter()
        stages[current] = stages.get(current, 0.0) + now - last
        last, current = now, stage

    matching = mk.match(*paths, program=mk.Program(start=START), on_progress=progress)
    done = time.perf_counter()
    stages["assemble"] = done - last
    return matching, done - begin, stages


def written_cohort(folder: Path, mentors: int, mentees: int) -> tuple[Path, Path]:
    """Write a cohort in which every mentor has 5 places, and return the two paths."""
    cohort = datasets.cohort(mentors, mentees)
    paths = folder / "mentors.csv", folder / "mentees.csv"
    for path, people in zip(paths, cohort, strict=True):
        frame = pd.DataFrame(people)
        if "capacity" in frame:
            frame = frame.assign(capacity="5", min_load="")
        frame.to_csv(path, index=False)
    return paths


def large_round(mentors: int, mentees: int, runs: int) -> None:
    """Print the figures of the large round."""
    with tempfile.TemporaryDirectory() as folder:
        paths = written_cohort(Path(folder), mentors, mentees)
        wholes, bares, writes = [], [], []
        for run in range(runs):
            matching, whole, stages = timed_match(paths)
            wholes.append(whole)
            bares.append(bare_solve(matching))
            begin = time.perf_counter()
            export.save(matching, Path(folder) / f"out{run}")
            writes.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        plan = mk.schedule(matching, start=START)
        planned = time.perf_counter()
        plan.to_ics(Path(folder) / "calendar")
        calendars = time.perf_counter() - planned
    bare, whole, write = map(statistics.median, (bares, wholes, writes))
    people = 2 * len(matching)
    print(f"{mentees:,} mentees x {mentors:,} mentors x 5 places, 1 thread, median of {runs}")
    print(f"  matched {len(matching):,}, gap {matching.certificate.gap:g}")
    print(f"  bare linear_sum_assignment       {bare:8.2f} s")
    print(f"  match() in all                   {whole:8.2f} s")
    for stage, seconds in stages.items():
        print(f"    {stage:30} {seconds:8.2f} s")
    print(f"  match() beside its solve         {(whole - bare) / bare:8.2f} x bare   (bar: 1)")
    print(f"  tables and report                {write / bare:8.2f} x bare   (bar: 1)")
    print(f"  planning                         {planned - begin:8.2f} s")
    print(
        f"  calendars                        {1000 * calendars / people:8.2f} ms a person (bar: 10)"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"  peak memory                      {peak:8.2f} GiB      (bar: 1.5)")


def small_round(runs: int) -> None:
    """Print the time of the command line as a multiple of its imports."""
    with tempfile.TemporaryDirectory() as folder:
        mentors, mentees = datasets.write(folder)
        out = Path(folder) / "out"
        command = [sys.executable, "-m", "matchkit", "match", str(mentors), str(mentees)]
        command += ["--start", START.isoformat(), "--quiet", "--out", str(out)]
        times: dict[str, list[float]] = {"imports": [], "command": []}
        for _ in range(runs):
            for name, call in (("imports", [sys.executable, "-c", IMPORTS]), ("command", command)):
                begin = time.perf_counter()
                subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
                times[name].append(time.perf_counter() - begin)
    imports, whole = statistics.median(times["imports"]), statistics.median(times["command"])
    print(f"150 mentees x 60 mentors on the command line, median of {runs}")
    print(f"  importing pandas, SciPy, sklearn {imports:8.2f} s")
    print(f"  matchkit match, everything       {whole:8.2f} s = {whole / imports:.2f} x (bar: 5)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 5000])
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    large_round(given.sizes[0], given.sizes[1], given.runs)
    small_round(given.runs)
