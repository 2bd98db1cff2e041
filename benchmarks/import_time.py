"""What the import costs, in milliseconds of CPU time, against bare Python.

Usage: python benchmarks/import_time.py [RUNS]

Each line is the median over fresh interpreters of the user and system time that the process
took; the second column is that less bare Python's.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

STATEMENTS = ("pass", "import matchkit", "from matchkit import Program", "import pandas")


def cpu_ms(statement: str) -> float:
    """Return the CPU milliseconds of one fresh interpreter that runs a statement."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", statement], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def main(runs: int) -> None:
    """Print one line for each statement."""
    samples: dict[str, list[float]] = {statement: [] for statement in STATEMENTS}
    for _ in range(runs):  # taken in turn, so that a busy moment hits all alike
        for statement in STATEMENTS:
            samples[statement].append(cpu_ms(statement))
    bare = statistics.median(samples["pass"])
    print(f"{'statement':30}{'CPU ms':>8}{'over bare':>11}   (median of {runs})")
    for statement, taken in samples.items():
        median = statistics.median(taken)
        print(f"{statement:30}{median:8.0f}{median - bare:11.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
