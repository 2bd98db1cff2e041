"""The page of a round of 300 people: its size, how long it takes, and the same bytes twice.

Usage: python benchmarks/report.py [RUNS]

The time is CPU time of this process, the median of the runs, beside that of matching the same
people, which sets the scale on any machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import matchkit as mk

SIZES = ((60, 240), (100, 200))
"""Mentors and mentees."""


def main(runs: int) -> None:
    """Print one line for each size."""
    print(f"{'mentors':>8}{'mentees':>8}{'kB':>7}{'page s':>8}{'match s':>9}  same bytes")
    for mentors, mentees in SIZES:
        people = mk.datasets.cohort(mentors, mentees)
        began = time.process_time()
        matching = mk.match(*people, program=mk.Program(start=date(2027, 1, 11)))
        matched = time.process_time() - began
        plan = mk.schedule(matching)
        taken, pages = [], set()
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(runs):
                began = time.process_time()
                page = mk.report(matching, Path(folder) / "page.html", schedule=plan)
                taken.append(time.process_time() - began)
                pages.add(page.read_bytes())
        size = len(next(iter(pages))) / 1000
        median = statistics.median(taken)
        same = "yes" if len(pages) == 1 else "NO"
        print(f"{mentors:8}{mentees:8}{size:7.0f}{median:8.2f}{matched:9.2f}  {same}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
