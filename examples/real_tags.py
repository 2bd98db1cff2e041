"""Match real people by the tags they typed: ``python examples/real_tags.py [FILE]``.

FILE is a CSV file with the columns id, country, languages (ISO codes) and skills (tags), such as
the mentors of a public volunteer programme. Every second person becomes a mentor with two
places, the others become mentees whose goals are their tags.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import matchkit as mk

USUAL_PLACE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "mentor_tags.csv"

PROGRAM = mk.Program(
    criteria=(mk.SkillCoverage(weight=3), mk.TextFit(weight=1)),
    rules=(mk.NotSelf(), mk.SharedLanguage()),
)


def halves(path: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return mentors and mentees."""
    with path.open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    mentors = [{**person, "capacity": "2"} for person in people[::2]]
    mentees = [
        {"id": person["id"], "languages": person["languages"], "goals": person["skills"]}
        for person in people[1::2]
    ]
    return mentors, mentees


def main(path: Path) -> None:
    """Match, and say how it went."""
    matching = mk.match(*halves(path), program=PROGRAM)
    print(matching.summary())
    best = max(matching, key=lambda match: (match.points, match.mentee))
    print(f"\n{mk.explain(matching, best.mentee)}")
    for person in matching.unmatched[:3]:
        print(f"\n{person}")


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else USUAL_PLACE
    if given.is_file():
        main(given)
    elif len(sys.argv) > 1:
        sys.exit(f"there is no file {given}")
    else:
        print("Nothing to match here: give the path of a CSV file of people and their tags.")
