"""How fast and how well plans are made, against bounds.

Usage: python benchmarks/schedule.py [--mentors 500] [--mentees 2000] [--seed 0]

Synthetic people in five time zones give weekly hours, generous in one round and narrow in the
other; four mentees share each mentor; three public holidays and absences of every tenth
person fall into the 26 weeks. Measured for each round, in one process:

* the time that ``schedule()`` takes, wall clock and processor;
* meetings placed, against how many any plan could place;
* meetings at their pair's weekly hour, against how many any choice of hours could keep;
* calendars, in milliseconds a person; and the peak memory of the process at the end.

The last line of each round checks every meeting anew with the clocks of the standard library.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

import matchkit as mk
from matchkit.profiles import Windows, parse_windows

START = date(2027, 1, 11)
HOLIDAYS = [date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)]
ZONES = ("Europe/Oslo", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
SHARES = (0.55, 0.25, 0.1, 0.08, 0.02)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
LENGTHS = {"generous": (2, 2, 3, 4), "narrow": (1, 1, 2)}
Person = dict[str, str]
Sides = tuple[list[Person], list[Person]]


def hours(dice: np.random.Generator, lengths: tuple[int, ...]) -> str:
    """Draw two to five windows on workdays, on full and half hours."""
    windows = []
    for _ in range(dice.integers(2, 6)):
        begin = int(dice.integers(8, 16))
        end = begin + int(dice.choice(lengths))
        half = dice.choice(("00", "30"))
        windows.append(f"{dice.choice(DAYS)} {begin:02d}:{half}-{end:02d}:30")
    return "; ".join(windows)


def people(mentors: int, mentees: int, kind: str, seed: int) -> Sides:
    """Make the two sides: a mentee prefers, and gets, a mentor who is mostly near."""
    dice = np.random.default_rng(seed)
    guides = [
        {
            "id": f"m{i}",
            "timezone": str(dice.choice(ZONES, p=SHARES)),
            "hours": hours(dice, LENGTHS[kind]),
            "capacity": str(-(-mentees // mentors)),
        }
        for i in range(mentors)
    ]
    learners = []
    for i in range(mentees):
        mentor = guides[i % mentors]
        near = dice.random() < 0.8
        learners.append(
            {
                "id": f"e{i}",
                "prefers": mentor["id"],
                "timezone": mentor["timezone"] if near else str(dice.choice(ZONES, p=SHARES)),
                "hours": hours(dice, LENGTHS[kind]),
            }
        )
    return guides, learners


def away(sides: Sides, seed: int) -> dict[str, list[tuple[date, date]]]:
    """Let every tenth person be away for one to three weeks."""
    dice = np.random.default_rng(seed + 1)
    found = {}
    for person in (sides[0] + sides[1])[::10]:
        first = START + timedelta(days=int(dice.integers(0, 170)))
        found[person["id"]] = [(first, first + timedelta(days=int(dice.integers(6, 21))))]
    return found


def faults(plan: mk.Plan, sides: Sides) -> int:
    """Count meetings outside somebody's hours, on a holiday or at the same time as another."""
    records = {each["id"]: each for side in sides for each in side}
    merged = Windows.of_texts(each["hours"] for each in records.values())
    windows = {name: parse_windows("; ".join(merged.of(i))) for i, name in enumerate(records)}
    bad = 0
    calendar: dict[str, list[tuple[datetime, datetime]]] = {}
    for meeting in plan:
        if meeting.start is None or meeting.end is None:
            continue
        for name in (meeting.mentor, meeting.mentee):
            zone = ZoneInfo(records[name]["timezone"])
            begin, end = (each.astimezone(zone) for each in (meeting.start, meeting.end))
            first = begin.weekday() * 1440 + begin.hour * 60 + begin.minute
            last = end.weekday() * 1440 + end.hour * 60 + end.minute
            bad += not any(b <= first < last <= e for b, e in windows[name])
            bad += begin.date() in HOLIDAYS
            calendar.setdefault(name, []).append((meeting.start, meeting.end))
    for times in calendar.values():
        bad += sum(end > begin for (_, end), (begin, _) in pairwise(sorted(times)))
    return bad


def measure(mentors: int, mentees: int, kind: str, seed: int) -> bool:
    """Plan one round, print what came of it, and say whether it met its targets."""
    sides = people(mentors, mentees, kind, seed)
    program = mk.Program(criteria=(mk.StatedPreference(),), rules=(), start=START)
    matching = mk.match(*sides, program=program)
    begin, processor = time.perf_counter(), time.process_time()
    plan = mk.schedule(matching, START, holidays=HOLIDAYS, busy=away(sides, seed))
    seconds, processor = time.perf_counter() - begin, time.process_time() - processor
    done = plan.quality
    placed, kept = done.scheduled / done.scheduled_bound, done.kept / done.kept_bound
    print(f"{kind} hours: {len(matching)} pairs, {mentors} mentors, {done.meetings} meetings")
    print(f"  schedule()      {seconds:.1f} s wall clock, {processor:.1f} s processor")
    print(f"  placed          {done.scheduled} of at most {done.scheduled_bound} ({placed:.2%})")
    print(f"  at weekly hour  {done.kept} of at most {done.kept_bound} ({kept:.2%})")
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        plan.to_ics(folder)
        each = (time.perf_counter() - begin) / (len(list(Path(folder).iterdir())) - 1)
    print(f"  calendars       {each * 1000:.1f} ms a person")
    wrong = faults(plan, sides)
    print(f"  faults          {wrong}")
    return seconds <= 20 and placed >= 0.98 and not wrong


def main() -> int:
    """Measure both rounds; the exit status is 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--mentors", type=int, default=500)
    parser.add_argument("--mentees", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    print(f"matchkit {mk.__version__}, numpy {np.__version__}, {datetime.now(UTC):%Y-%m-%d}")
    good = [measure(given.mentors, given.mentees, kind, given.seed) for kind in LENGTHS]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak memory {peak:.2f} GiB")
    return 0 if all(good) and peak <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
