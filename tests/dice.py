"""Seeded random rounds, where hundreds are needed quickly and none has to be made smaller."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import matchkit as mk
from tests.strategies import START, People

SKILLS = ("python", "sql", "go", "law", "design")
TEAMS = ("data", "sales", "ops", "")
ZONES = ("Europe/Berlin", "Asia/Kathmandu", "America/New_York")
HOURS = ("Mon 9-11; Thu 14-16", "Tue 10-12", "Fri 22-02", "")


def _some(rng: np.random.Generator, words: Sequence[str], most: int) -> str:
    count = int(rng.integers(0, min(most, len(words)) + 1))
    return "; ".join(str(word) for word in rng.choice(words, size=count, replace=False))


def _person(rng: np.random.Generator, who: str, others: Sequence[str]) -> dict[str, str]:
    return {
        "id": who,
        "team": str(rng.choice(TEAMS)),
        "skills": _some(rng, SKILLS, 3),
        "goals": _some(rng, SKILLS, 3),
        "seniority": str(rng.choice(["", "1", "3", "6"])),
        "timezone": str(rng.choice(ZONES)),
        "hours": str(rng.choice(HOURS)),
        "prefers": _some(rng, others, 2),
        "avoids": _some(rng, others, 1) if rng.random() < 0.2 else "",
        "capacity": str(rng.choice(["", "0", "1", "2", "3"])),
    }


def people(rng: np.random.Generator, mentors: int, mentees: int) -> tuple[People, People]:
    """Draw mentors and mentees."""
    ids = [f"m{at}" for at in range(mentors)], [f"e{at}" for at in range(mentees)]
    return (
        [_person(rng, who, ids[1]) for who in ids[0]],
        [_person(rng, who, ids[0]) for who in ids[1]],
    )


def program(rng: np.random.Generator) -> mk.Program:
    """Draw a program without text, which would take most of the time."""
    criteria = (
        mk.SkillCoverage(weight=3),
        mk.SeniorityGap(weight=1),
        mk.SharedHours(weight=1),
        mk.StatedPreference(weight=1),
        mk.DifferentValue("team", weight=0.5),
    )
    rules = (mk.Different("team"), mk.Avoid(), mk.MaxTimezoneGap(hours=9))
    return mk.Program(
        criteria=tuple(each for each in criteria if rng.random() < 0.7),
        rules=tuple(each for each in rules if rng.random() < 0.5),
        coverage="first" if rng.random() < 0.7 else "score",
        min_score=float(rng.choice([0, 0, 0.3])),
        start=START,
        seed=int(rng.integers(0, 5)),
    )


def sound_matching(seed: int) -> mk.Matching:
    """Match a random round; every second one has a pair that was set by hand."""
    rng = np.random.default_rng(seed)
    sides = people(rng, int(rng.integers(0, 6)), int(rng.integers(0, 9)))
    matching = mk.match(*sides, program=program(rng))
    if seed % 2 and matching.matches:
        first = matching.matches[0]
        last = matching.matches[-1]
        constraints = (
            mk.Locked(first.mentee, first.mentor),
            mk.Forbidden(last.mentee, last.mentor),
        )
        if first is not last:
            changed = matching.program.model_copy(update={"constraints": constraints})
            return mk.match(*sides, program=changed)
    return matching
