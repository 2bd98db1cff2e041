"""How long and how much memory each malformed input takes.

Usage: python benchmarks/malformed.py [--seconds 2] [--megabytes 500]

Reads every file of the corpus in ``tests/data/malformed``, each in a process of its own, and
prints the slowest and the largest. Ends with status 1 where one takes more than allowed, or
ends in anything but a result or a typed error. Times are of the processor.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matchkit as mk
from matchkit.errors import MatchkitError
from tests.malformed import Case, cases

SHOWN = 5


def attempt(case: Case, folder: Path) -> None:
    """Read one input, or match its people where it is a program that is malformed."""
    path = case.write(folder)
    try:
        if case.kind == "rules":
            (folder / "mentees.csv").write_text(case.mentees, encoding="utf-8")
            program = mk.Program.from_toml_text(case.program)
            mk.match(path, folder / "mentees.csv", program=program)
        else:
            mk.read_people(path, role="mentor" if case.role == "mentor" else "mentee")
    except MatchkitError:
        pass


def measured(case: Case, pipe: Connection) -> None:
    """Send seconds and peak megabytes of one input."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        attempt(case, Path(folder))
        seconds = time.process_time() - start
    pipe.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> None:
    """Measure every input, and say which take the most."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--megabytes", type=float, default=500.0)
    options = parser.parse_args()
    fork = multiprocessing.get_context("fork")
    taken: list[tuple[float, float, str]] = []
    failed: list[str] = []
    for case in cases():
        here, there = fork.Pipe(duplex=False)
        process = fork.Process(target=measured, args=(case, there))
        process.start()
        there.close()
        try:
            seconds, megabytes = here.recv()
            taken.append((seconds, megabytes, f"{case.kind}/{case.name}"))
        except EOFError:
            failed.append(f"{case.kind}/{case.name}")
        process.join()
    print(f"{len(taken)} inputs read or refused, {len(failed)} failed: {', '.join(failed) or '-'}")
    for unit, most in (("s", [(one[0], one[2]) for one in taken]),
                       ("MB", [(one[1], one[2]) for one in taken])):  # fmt: skip
        print(f"most {unit}")
        for amount, name in sorted(most, reverse=True)[:SHOWN]:
            print(f"  {amount:8.2f}  {name}")
    over = [one for one in taken if one[0] > options.seconds or one[1] > options.megabytes]
    sys.exit(1 if over or failed else 0)


if __name__ == "__main__":
    main()
