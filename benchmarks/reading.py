"""How long a large file takes to read, beside `pandas.read_csv` of the same file.

Usage: python benchmarks/reading.py [--people 100000] [--runs 3] [--folder DIR]

Makes a file of people with 20 columns and 12 skills each (seeded, so always the same), reads
it with pandas and with matchkit in turn, each time in a process of its own, and prints the
best time of each, their ratio and the peak memory. Aim: at most 6 s, at most 1 GiB, and at
most 10 times pandas. Times are of the processor: both work in one thread.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

from matchkit.datasets import cohort
from matchkit.datasets.dice import Dice
from matchkit.datasets.words import SKILLS

SKILLS_EACH = 12
MODELED = 5_000
EXTRA = ("goals", "goals_text")

# The clock stops before the peak is asked for; imports come before it starts.
_RUN = """
import json, resource, sys, time
{imports}
start = time.process_time()
{statement}
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([len(people), seconds, peak]))
"""
READERS = {
    "pandas.read_csv": ("import pandas", "people = pandas.read_csv(sys.argv[1])"),
    "matchkit.read_people": (
        "from matchkit.profiles import read_people",
        "people = read_people(sys.argv[1], role='mentor')",
    ),
}


def write_people(path: Path, people: int) -> None:
    """Write a file with as many people, ids of their own and skills drawn for each."""
    dice = Dice(0)
    skills = sorted({skill for area in SKILLS.values() for skill in area})
    made = cohort(MODELED, MODELED)
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = [*made.mentors[0], *EXTRA]
        columns.remove("prefers")
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        pairs = zip(cycle(made.mentors), cycle(made.mentees), strict=False)
        for number, (mentor, mentee) in enumerate(islice(pairs, people)):
            drawn = dice.several(skills, SKILLS_EACH, 0.5)
            person = mentor | {column: mentee[column] for column in EXTRA}
            person["id"] = f"p{number:06d}"
            person["email"] = f"{number}.{mentor['email']}"
            person["bio"] = f"{mentor['bio']} Ask for me at desk {number}."
            person["skills"] = "; ".join(f"{skill}:{dice.between(1, 5)}" for skill in drawn)
            writer.writerow(person)


def measure(reader: str, path: Path) -> tuple[int, float, float]:
    """Return the rows, the seconds and the peak memory in MiB of one reader."""
    imports, statement = READERS[reader]
    code = _RUN.format(imports=imports, statement=statement)
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    rows, seconds, peak = json.loads(run.stdout)
    return rows, seconds, peak


def main() -> None:
    """Make the file, read it in both ways, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (options.folder or Path(temporary)) / "people.csv"
        write_people(path, options.people)
        size = path.stat().st_size / 2**20
        print(f"{options.people} people, 20 columns, {SKILLS_EACH} skills each: {size:.0f} MiB")
        runs = [{reader: measure(reader, path) for reader in READERS} for _ in range(options.runs)]
        best = {}
        for reader in READERS:
            best[reader] = min(run[reader][1] for run in runs)
            rows, peak = runs[0][reader][0], max(run[reader][2] for run in runs)
            print(f"{reader:22} {rows} rows  {best[reader]:6.2f} s  {peak:5.0f} MiB")
        print(f"ratio {best['matchkit.read_people'] / best['pandas.read_csv']:.1f}")


if __name__ == "__main__":
    main()
