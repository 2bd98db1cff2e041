"""How long a skill-buddy lookup takes, how large an index is, and how long it takes to build.

Usage: python benchmarks/buddy_latency.py [--people 100000 1000000] [--queries 600]

Makes an organization of each size from ESCO with 12 skills each (`benchmarks/esco_people.py`),
builds an index in a process of its own, and asks it the test queries, short, long and in
questions, a third of them with a seeker and a filter. One thread; times are of the processor.
Beside them stands the time to read the bytes of the index once from memory, and what the median
lookup is as a multiple of it. Aim at 100,000 people: median at most 8 ms, 99th percentile at
most 20 ms, built in at most 60 s, at most 1 GiB.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import fields, is_dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matchkit as mk
from benchmarks.esco_people import KINDS, SKILLS_EACH, organization, test_set

READS = 5


def arrays(value: object) -> list[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """Return the numeric arrays of an index, however deep."""
    if isinstance(value, np.ndarray):
        return [] if value.dtype == object else [value]
    if isinstance(value, tuple):
        return [array for each in value for array in arrays(each)]
    if is_dataclass(value):
        return [array for each in fields(value) for array in arrays(getattr(value, each.name))]
    return []


def read_once(index: mk.BuddyIndex) -> tuple[float, float]:
    """Return the bytes that lookups can read, and the seconds to add them all up once."""
    held = [each for each in arrays(index._snapshot) if each.nbytes]  # noqa: SLF001
    words = [each.reshape(-1).view(np.uint8) for each in held]
    whole = [each[: len(each) // 8 * 8].view(np.uint64) for each in words]
    best = float("inf")
    for _ in range(READS):
        start = time.perf_counter()
        for each in whole:
            each.sum()
        best = min(best, time.perf_counter() - start)
    return float(sum(each.nbytes for each in held)), best


def peak() -> float:
    """Return the most memory that this process has held, in MiB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one(people: int, queries: int, *, with_taxonomy: bool) -> dict[str, float]:
    """Build one index and measure it."""
    from benchmarks.buddies import taxonomy
    from matchkit.profiles import read_people

    known = taxonomy() if with_taxonomy else None
    records = organization(people, seed=2, skills_each=SKILLS_EACH)[0]
    pool = read_people(records, role="mentor")
    del records
    start = time.process_time()
    index = mk.BuddyIndex(pool, taxonomy=known)
    built = time.process_time() - start
    asked = [getattr(query, kind) for query in test_set("test").queries for kind in KINDS[:3]]
    asked = [asked[at * 7 % len(asked)] for at in range(queries)]
    index.find(asked[0])
    took = []
    for number, query in enumerate(asked):
        more = {} if number % 3 else {"seeker": f"p{number:07d}", "filters": {"site": "Oslo"}}
        start = time.process_time()
        index.find(query, **more)  # type: ignore[arg-type]
        took.append(time.process_time() - start)
    size, read = read_once(index)
    median, last = np.percentile(took, (50, 99)) * 1e3
    return {
        "built": built, "median": float(median), "p99": float(last), "index": size / 2**20,
        "read": read * 1e3, "ratio": float(median) / (read * 1e3), "peak": peak(),
    }  # fmt: skip


def main() -> None:
    """Measure each size in a process of its own, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=600)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--taxonomy", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.people[0], options.queries, with_taxonomy=options.taxonomy)))
        return
    print("people     taxonomy  built s  median ms  p99 ms  index MiB  read ms  ratio  peak MiB")
    for people in options.people:
        for known in ([], ["--taxonomy"]):
            command = [sys.executable, __file__, "--one", "--people", str(people), *known]
            command += ["--queries", str(options.queries)]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(run.stdout)
            print(
                f"{people:<10,} {'yes' if known else 'no':8}  {found['built']:7.1f}  "
                f"{found['median']:9.2f}  {found['p99']:6.2f}  {found['index']:9.0f}  "
                f"{found['read']:7.2f}  {found['ratio']:5.1f}  {found['peak']:8.0f}"
            )


if __name__ == "__main__":
    main()
