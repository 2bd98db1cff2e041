"""Many readers and one writer on a skill-buddy index, and questions in hostile shapes.

Usage: python benchmarks/buddy_stress.py [--lookups 10000] [--updates 500] [--threads 8]

Eight threads ask the test questions of ESCO while another adds, updates, removes and notes
requests. Every answer is then worked out again, alone, for the states of the index between the
lookup's start and its end: it must be the answer for one of them. Then come questions that are
no questions; each must end in a typed error, or in nobody with a hint, within 50 ms.
"""

from __future__ import annotations

import argparse
import copy
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matchkit as mk
from benchmarks.buddies import taxonomy
from benchmarks.esco_people import KINDS, organization, test_set
from matchkit.buddies.snapshot import Snapshot

PEOPLE = 1_000
MONDAY = date(2027, 1, 11)
ALLOWED = 0.05

HOSTILE = {
    "empty": "", "one megabyte": "a " * 500_000, "one long word": "a" * 9_999, "one letter": "x",
    "markup": "<script>alert(document.cookie)</script>" * 50,
    "another script": "日本語の質問です。", "combining": "e\u0301" * 4_000,
    "stop words": "how do i get the of and to be", "punctuation": "?!.,;:-_()[]{}" * 100,
    "null": "\0" * 100, "emoji": "💥" * 2_000, "ten thousand letters": "ab cd ef gh ij " * 666,
    "distinct words": " ".join(f"word{n}" for n in range(1_100)), "empty list": [],
    "right to left": "\u202esql\u202c \u0645\u0631\u062d\u0628\u0627",
}  # fmt: skip


@dataclass
class Asked:
    """One lookup: the question, the states before and after, and the answer."""

    query: str
    before: Snapshot
    after: Snapshot
    answer: mk.Buddies


@dataclass
class Run:
    """What happens to one index while it is read."""

    index: mk.BuddyIndex
    queries: list[str]
    states: list[Snapshot] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)
    done: threading.Event = field(default_factory=threading.Event)

    def read(self, lookups: int) -> None:
        """Ask, each number once, until all lookups are made."""
        while (number := next(self.numbers)) < lookups:
            query = self.queries[number % len(self.queries)]
            before = self.index._snapshot  # noqa: SLF001 - the state is what is tested
            answer = self.index.find(query)
            after = self.index._snapshot  # noqa: SLF001
            self.asked.append(Asked(query, before, after, answer))

    def write(self, updates: int, lookups: int) -> None:
        """Change the index, spread over the lookups."""
        newcomers = organization(updates, seed=9)[0]
        self.states.append(self.index._snapshot)  # noqa: SLF001
        for number, person in enumerate(newcomers):
            while len(self.asked) < lookups * number // updates:
                time.sleep(0.0005)
            if number % 4 == 0:
                self.index.add([person | {"id": f"n{number}"}])
            elif number % 4 == 1:
                self.index.update([person | {"id": f"p{number:07d}"}])
            elif number % 4 == 2:
                self.index.remove(f"p{number:07d}")
            else:
                self.index.record(f"p{number:07d}", when=MONDAY)
            self.states.append(self.index._snapshot)  # noqa: SLF001

    def torn(self) -> int:
        """Return how many answers are right for no state between their start and their end."""
        place = {id(state): at for at, state in enumerate(self.states)}
        alone = copy.copy(self.index)
        wrong = 0
        for each in self.asked:
            first, last = place[id(each.before)], place[id(each.after)]
            for state in self.states[first : last + 1]:
                alone._snapshot = state  # noqa: SLF001
                if alone.find(each.query) == each.answer:
                    break
            else:
                wrong += 1
        return wrong


def hostile(index: mk.BuddyIndex) -> None:
    """Ask what is no question, and print what came of it."""
    index.find("warm up")
    for name, query in HOSTILE.items():
        start = time.perf_counter()
        try:
            found = index.find(query)
        except mk.MatchkitError as error:
            said = f"{type(error).__name__}: {error}"
        else:
            said = f"{len(found)} people; {found.hint}" if not found else f"{len(found)} people"
        took = time.perf_counter() - start
        late = "" if took <= ALLOWED else "  TOO LATE"
        print(f"{name:22} {took * 1e3:6.1f} ms{late}  {said[:90]}")


def main() -> None:
    """Run both, and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lookups", type=int, default=10_000)
    parser.add_argument("--updates", type=int, default=500)
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args()
    records = organization(PEOPLE, seed=2)[0]
    index = mk.BuddyIndex(records, taxonomy=taxonomy())
    queries = [getattr(each, kind) for each in test_set("test").queries for kind in KINDS]
    run = Run(index, queries)
    with ThreadPoolExecutor(options.threads + 1) as threads:
        jobs = [threads.submit(run.write, options.updates, options.lookups)]
        jobs += [threads.submit(run.read, options.lookups) for _ in range(options.threads)]
        for job in jobs:
            job.result()
    crossed = sum(each.before is not each.after for each in run.asked)
    print(
        f"{len(run.asked):,} lookups from {options.threads} threads, {len(run.states) - 1} changes "
        f"among them, {crossed} lookups met one: no error, {run.torn()} torn answers"
    )
    hostile(index)


if __name__ == "__main__":
    main()
