"""What it costs to spread requests: relevance lost against load spread, by fairness.

Usage: python benchmarks/buddy_fairness.py [--weeks 4] [--requests 300]

In each week of a simulated organization (`benchmarks/esco_people.py`, 1,000 people) some hundred
employees ask a test question, popular ones more often than others (Zipf's law), and the first
person named is asked. Relevance is the level of the person asked in the skill that the question
is about (0 without it, and where nobody is named) over the level of the best in the house. The
limit is the usual five requests a week; how many people are asked, how many of them as often as
that, and the share of requests that the busiest ten get show how the load is spread.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matchkit as mk
from benchmarks.buddies import taxonomy
from benchmarks.esco_people import TestSet, test_set
from matchkit.buddies.load import LIMIT
from matchkit.datasets.dice import Dice

MONDAY = date(2027, 1, 11)
FAIRNESS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
TOP = 10
SKEW = 0.6
"""Exponent of Zipf's law: the favorite question is asked some sixteen times as often as the
hundredth."""


@dataclass(frozen=True)
class Outcome:
    """What came of some weeks of questions; people are counted by the week."""

    relevance: float
    answered: float
    top_share: float
    people: float
    full: float


def simulate(people: TestSet, index: mk.BuddyIndex, *, weeks: int, requests: int) -> Outcome:
    """Ask for some weeks, and note each request.

    Parameters
    ----------
    people : TestSet
        Who can be asked, and what is.
    index : BuddyIndex
        The people, with a fairness and the usual limit.
    weeks, requests : int
        How many weeks, and how many requests in each.
    """
    dice = Dice(11)
    gained: list[float] = []
    loads: list[Counter[str]] = []
    for week in range(weeks):
        load: Counter[str] = Counter()
        for _ in range(requests):
            query = dice.skewed(people.queries, SKEW)
            found = index.find(query.short, 1)
            gained.append(0.0)
            if found:
                who = found[0].person
                index.record(who, when=MONDAY + timedelta(weeks=week))
                load[who] += 1
                gained[-1] = query.grades[int(who[1:])] / query.grades.max()
        loads.append(load)
    made = sum(sum(load.values()) for load in loads)
    top = sum(number for load in loads for _, number in load.most_common(TOP))
    full = sum(number >= LIMIT for load in loads for number in load.values())
    return Outcome(
        relevance=float(np.mean(gained)),
        answered=made / len(gained),
        top_share=top / made,
        people=sum(map(len, loads)) / weeks,
        full=full / weeks,
    )


def main() -> None:
    """Print one line for each setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=4)
    parser.add_argument("--requests", type=int, default=300)
    options = parser.parse_args()
    people, known = test_set("test"), taxonomy()
    print("fairness  relevance  answered  asked  asked enough  busiest ten's share")
    for fairness in FAIRNESS:
        index = mk.BuddyIndex(people.people, taxonomy=known, fairness=fairness)
        found = simulate(people, index, weeks=options.weeks, requests=options.requests)
        print(
            f"{fairness:8}  {found.relevance:9.3f}  {found.answered:8.2f}  {found.people:5.0f}  "
            f"{found.full:12.1f}  {found.top_share:19.3f}"
        )


if __name__ == "__main__":
    main()
