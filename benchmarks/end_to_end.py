"""The whole job against the bare SciPy solve that it cannot do without.

Usage: python benchmarks/end_to_end.py [MENTORS MENTEES] [--runs N]
       python benchmarks/end_to_end.py scale [MENTORS MENTEES] [--runs N]

A synthetic cohort is written as two CSV files. Then, in one process and one thread:

* ``match()`` from the two paths, against ``scipy.optimize.linear_sum_assignment`` on the same
  points with every place a column of its own: the figure is what match() does beside its
  solve, as a multiple of that bare solve;
* writing the tables and the report, as a multiple of the same;
* calendars, in milliseconds a person;
* the peak memory of the process.

Last, the command line on 60 mentors and 150 mentees in fresh interpreters, as a multiple of
what importing pandas, SciPy and scikit-learn takes. Medians; times are wall clock.

``scale`` is for rounds whose pairs are not held, 20,000 mentees and 4,000 mentors if no
sizes are given: ``match()`` from the two paths against the engine alone, on as many people
and places, whose points are products of bare vectors (benchmarks/engine.py). Each run has a
process of its own and one thread; figures are medians of processor time, and of the peak
memory of the process that matches.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matchkit as mk
from benchmarks import engine
from matchkit import assign, datasets, export

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


def timed_match(
    paths: tuple[Path, Path], clock: Callable[[], float] = time.perf_counter
) -> tuple[mk.Matching, float, dict[str, float]]:
    """Return the result, the seconds in all and the seconds of each stage."""
    stages: dict[str, float] = {}
    last = begin = clock()
    current = "read"

    def progress(stage: str, _done: int, _total: int, _gap: float | None) -> None:
        nonlocal last, current
        now = clock()
        stages[current] = stages.get(current, 0.0) + now - last
        last, current = now, stage

    matching = mk.match(*paths, program=mk.Program(start=START), on_progress=progress)
    done = clock()
    stages["assemble"] = done - last
    return matching, done - begin, stages


ENGINE = ("score", "candidates", "assign", "certificate", "ties", "verify")
"""Stages in which the engine works or pairs are scored."""


def scaled_match(mentors: int, mentees: int) -> dict[str, float]:
    """Match a large round from two files, and return the seconds of its stages and the peak."""
    with tempfile.TemporaryDirectory() as folder:
        paths = written_cohort(Path(folder), mentors, mentees)
        engine.forget_peak()
        matching, whole, stages = timed_match(paths, time.process_time)
        peak = engine.peak() / 2**20
    return {"whole": whole, "MB": peak, "gap": matching.certificate.gap} | stages


def scaled_engine(mentors: int, mentees: int) -> dict[str, float]:
    """Solve a round of bare vectors, and return the seconds."""
    source = engine.cohort(mentees, mentors)
    begin = time.process_time()
    assign.solve(assign.Problem(source, capacity=5))
    return {"bare": time.process_time() - begin}


CHILDREN = {"match": scaled_match, "engine": scaled_engine}


def scale(mentors: int, mentees: int, runs: int) -> None:
    """Print what match() takes beside the engine alone."""
    found = []
    for _ in range(runs):
        run: dict[str, float] = {}
        for name in CHILDREN:
            command = [sys.executable, __file__, "child", name, str(mentors), str(mentees)]
            done = subprocess.run(command, check=True, capture_output=True)
            run |= json.loads(done.stdout)
        found.append(run)
    own = {key: statistics.median(run[key] for run in found) for key in found[0]}
    inside = sum(own[stage] for stage in ENGINE)
    print(f"{mentees:,} mentees x {mentors:,} mentors x 5 places, 1 thread, median of {runs}")
    print(f"  the engine alone, bare vectors   {own['bare']:8.2f} s")
    print(f"  match() in all                   {own['whole']:8.2f} s, gap {own['gap']:g}")
    for stage in own.keys() - {"bare", "whole", "gap", "MB"}:
        print(f"    {stage:30} {own[stage]:8.2f} s")
    print(f"  engine and scoring               {inside / own['whole']:8.0%}        (bar: 50%)")
    print(f"  match(), times the engine alone  {own['whole'] / own['bare']:8.2f}        (bar: 8)")
    print(f"  peak memory                      {own['MB']:8.0f} MB     (bar: 1200)")


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
    parser.add_argument("what", nargs="*", default=[])
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    numbers = [int(each) for each in given.what if each.isdigit()]
    if given.what[:1] == ["child"]:
        print(json.dumps(CHILDREN[given.what[1]](*numbers)))
    elif given.what[:1] == ["scale"]:
        mentors, mentees = numbers or (4_000, 20_000)
        scale(mentors, mentees, given.runs)
    else:
        mentors, mentees = numbers or (1_000, 5_000)
        large_round(mentors, mentees, given.runs)
        small_round(given.runs)
