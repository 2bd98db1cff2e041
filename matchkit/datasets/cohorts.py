"""Seeded synthetic cohorts: people who do not exist, with the quirks of people who do."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Final, NamedTuple

from matchkit.datasets import words
from matchkit.datasets.dice import Dice
from matchkit.errors import ProgramError
from matchkit.files import write_atomically

Person = dict[str, str]

MENTOR_COLUMNS: Final = (
    "id", "name", "email", "role", "department", "team", "manager", "location", "timezone",
    "languages", "skills", "bio", "interests", "seniority", "hours", "capacity", "min_load",
    "prefers", "avoids",
)  # fmt: skip
MENTEE_COLUMNS: Final = (
    "id", "name", "email", "role", "department", "team", "manager", "location", "timezone",
    "languages", "skills", "goals", "goals_text", "bio", "interests", "seniority", "hours",
    "prefers", "avoids",
)  # fmt: skip

# How often a cell is left blank. Long answers are left out most often.
_BLANKS: Final = {
    "languages": 0.03, "skills": 0.03, "goals": 0.02, "goals_text": 0.12, "bio": 0.15,
    "interests": 0.15, "seniority": 0.05, "hours": 0.12, "capacity": 0.05, "timezone": 0.02,
}  # fmt: skip
_TOPICS: Final = {skill: topic for area in words.SKILLS.values() for skill, topic in area.items()}
_CAPACITIES: Final = (2, 3, 2, 3, 2, 4, 2, 3, 1, 3, 0)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri")
_STARTS: Final = (8, 9, 9, 10, 11, 13, 14, 14, 15, 16)


class Cohort(NamedTuple):
    """Two sides of a synthetic round.

    Attributes
    ----------
    mentors, mentees : list of dict
        One record for each person: canonical column names to cells, ``""`` where blank.
    """

    mentors: list[Person]
    mentees: list[Person]


def cohort(mentors: int = 60, mentees: int = 150, *, seed: int = 0) -> Cohort:
    """Make a synthetic cohort.

    Nobody in it exists: names are combined at random across languages. The rest is made to
    be like a real round: departments, teams and sites of unequal size; skills that follow
    Zipf's law; popular goals that more people want than there are places; managers who mentor
    in their own team; stated preferences that favor a few mentors; and blank cells.

    Parameters
    ----------
    mentors, mentees : int, default 60 and 150
        How many people on each side, at least 0.
    seed : int, default 0
        Equal arguments give equal people, on every machine.

    Returns
    -------
    Cohort
        ``(mentors, mentees)``: lists of records, as `match` and `read_people` take them and
        as ``pandas.DataFrame(records)`` or ``polars.DataFrame(records)`` makes frames of them.

    Raises
    ------
    ProgramError
        A number of people is negative.

    Examples
    --------
    >>> mentors, mentees = cohort(3, 5)
    >>> [mentor["id"] for mentor in mentors], len(mentees)
    (['m001', 'm002', 'm003'], 5)
    """
    if mentors < 0 or mentees < 0:
        raise ProgramError(f"mentors == {mentors}, mentees == {mentees}: both must be >= 0")
    dice = Dice(seed)
    guides = [_person(dice, number, "m", mentors) for number in range(1, mentors + 1)]
    learners = [_person(dice, number, "e", mentees) for number in range(1, mentees + 1)]
    _name(dice, [*guides, *learners])
    for person in guides:
        _offer(dice, person)
    for person in learners:
        _ask(dice, person)
    _report_to(dice, guides, learners)
    _prefer(dice, guides, learners)
    for person in (*guides, *learners):
        for column, share in _BLANKS.items():
            if column in person and dice.chance(share):
                person[column] = ""
    return Cohort(
        [{column: person[column] for column in MENTOR_COLUMNS} for person in guides],
        [{column: person[column] for column in MENTEE_COLUMNS} for person in learners],
    )


def write(
    folder: str | PathLike[str], mentors: int = 60, mentees: int = 150, *, seed: int = 0
) -> tuple[Path, Path]:
    """Write a cohort as ``mentors.csv`` and ``mentees.csv``: plain UTF-8, commas.

    Parameters
    ----------
    folder : path
        Made if it is not there.
    mentors, mentees, seed
        As in `cohort`.

    Returns
    -------
    tuple of Path
        The two files.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write(folder, 3, 5)]
    ['mentors.csv', 'mentees.csv']
    """
    made = cohort(mentors, mentees, seed=seed)
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    paths = place / "mentors.csv", place / "mentees.csv"
    for path, columns, people in zip(paths, (MENTOR_COLUMNS, MENTEE_COLUMNS), made, strict=True):
        write_atomically(path, _csv(columns, people))
    return paths


def _csv(columns: Sequence[str], people: Sequence[Person]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(people)
    return text.getvalue().encode()


def _person(dice: Dice, number: int, letter: str, of: int) -> Person:
    """Make somebody with a place in the organization, and without a name yet."""
    site = dice.skewed(words.SITES, 0.6)
    department = dice.skewed(words.DEPARTMENTS, 0.8)
    years = dice.between(6, 28) if letter == "m" else int(dice.between(0, 35) ** 2 / 100)
    rank = "head of team, " if years > 22 else "senior " if years > 6 else ""
    languages = ["English"] if dice.chance(0.93) else []
    if dice.chance(0.7) or not languages:
        languages.insert(0, dice.skewed(site.languages, 1.5))
    return {
        "id": f"{letter}{number:0{max(3, len(str(of)))}d}",
        "role": rank + dice.pick(department.jobs),
        "department": department.name,
        "team": dice.skewed(department.teams, 0.7),
        "location": site.name,
        "timezone": site.zone,
        "languages": "; ".join(languages),
        "interests": "; ".join(dice.several(words.INTERESTS, dice.between(1, 4), 0.6)),
        "seniority": str(years),
        "hours": _hours(dice),
    }


def _name(dice: Dice, people: Sequence[Person]) -> None:
    """Give everybody a name and an address; an address that is taken gets a number."""
    taken: dict[str, int] = {}
    for person in people:
        given, family = dice.pick(words.GIVEN_NAMES), dice.pick(words.FAMILY_NAMES)
        person["name"] = f"{given} {family}"
        address = ".".join(filter(None, map(_plain, (given, family)))) or person["id"]
        taken[address] = taken.get(address, 0) + 1
        again = str(taken[address]) if taken[address] > 1 else ""
        person["email"] = f"{address}{again}@example.org"


def _plain(name: str) -> str:
    """Return the letters of a name that an address can hold."""
    spelled = name.translate(str.maketrans("łŁøØıđß", "lLoOids"))
    apart = unicodedata.normalize("NFKD", spelled).lower()
    return "".join(letter for letter in apart if letter.isascii() and letter.isalpha())


def _hours(dice: Dice) -> str:
    """Write three to five windows of a working week."""
    days = sorted(dice.several(_DAYS, dice.between(3, 5), 0.0), key=_DAYS.index)
    windows = []
    for day in days:
        start, half = dice.pick(_STARTS), dice.pick(("00", "30"))
        windows.append(f"{day} {start:02d}:{half}-{start + dice.between(2, 4):02d}:{half}")
    return "; ".join(windows)


def _areas(person: Person) -> tuple[str, ...]:
    return next(d.areas for d in words.DEPARTMENTS if d.name == person["department"])


def _skills(dice: Dice, person: Person, count: int, levels: Sequence[int]) -> str:
    """Write skills of the person's own field and some that anybody may have."""
    drawn: dict[str, None] = {}
    for _ in range(count):
        area = "people" if dice.chance(0.25) else dice.pick(_areas(person))
        drawn[dice.skewed(tuple(words.SKILLS[area]), 0.8)] = None
    return "; ".join(
        f"{skill}:{dice.pick(levels)}" if dice.chance(0.85) else skill for skill in drawn
    )


def _topics(skills: str) -> list[tuple[str, str]]:
    names = [item.partition(":")[0] for item in skills.split("; ")]
    return [(name, _TOPICS[name]) for name in names]


def _offer(dice: Dice, person: Person) -> None:
    """Fill in what makes somebody a mentor."""
    levels = (2, 3, 4, 4) if int(person["seniority"]) < 12 else (3, 4, 4, 5, 5)
    person["skills"] = _skills(dice, person, dice.between(5, 10), levels)
    person["bio"] = _bio(dice, person, sentences=3)
    person["capacity"] = str(dice.pick(_CAPACITIES))
    person["min_load"] = "1" if dice.chance(0.15) and person["capacity"] != "0" else ""


def _ask(dice: Dice, person: Person) -> None:
    """Fill in what makes somebody a mentee."""
    levels = (1, 1, 2, 3) if int(person["seniority"]) < 3 else (1, 2, 3, 3, 4)
    person["skills"] = _skills(dice, person, dice.between(2, 6), levels)
    goals: dict[str, None] = {}
    for _ in range(dice.between(2, 4)):
        own = tuple(words.SKILLS[dice.pick(_areas(person))])
        goals[dice.skewed(words.WANTED if dice.chance(0.6) else own, 0.8)] = None
    person["goals"] = "; ".join(goals)
    first = next(iter(goals))
    lines = [
        dice.pick(words.GOAL_SENTENCES).format(goal=first, topic=_TOPICS[first]),
        dice.pick(words.GOAL_ENDINGS).format(ambition=dice.pick(words.AMBITIONS)),
    ]
    person["goals_text"] = " ".join(filter(None, lines))
    person["bio"] = _bio(dice, person, sentences=1)


def _bio(dice: Dice, person: Person, *, sentences: int) -> str:
    """Write a few sentences about the person's work, skills and free time."""
    job = person["role"].rpartition(", ")[2]
    a_job = f"{'an' if job[0] in 'aeiou' else 'a'} {job}"
    place = {"team": person["team"], "department": person["department"]}
    lines = [dice.pick(words.WORK_SENTENCES).format(a_job=a_job, site=person["location"], **place)]
    openings = dice.several(words.SKILL_SENTENCES, sentences, 0.0)
    for opening, (skill, topic) in zip(openings, _topics(person["skills"]), strict=False):
        lines.append(opening.format(skill=skill, topic=topic))
    interest = dice.pick(person["interests"].split("; "))
    lines.append(dice.pick(words.FREE_TIME_SENTENCES).format(interest=interest))
    return " ".join(filter(None, lines))


def _report_to(dice: Dice, mentors: Sequence[Person], mentees: Sequence[Person]) -> None:
    """Let the most senior mentor of each team manage most of the team."""
    heads: dict[str, Person] = {}
    for mentor in mentors:
        head = heads.setdefault(mentor["team"], mentor)
        if int(mentor["seniority"]) > int(head["seniority"]):
            heads[mentor["team"]] = mentor
    for person in (*mentors, *mentees):
        head = heads.get(person["team"], person)
        managed = head is not person and dice.chance(0.8)
        person["manager"] = head["id"] if managed else ""


def _prefer(dice: Dice, mentors: Sequence[Person], mentees: Sequence[Person]) -> None:
    """Let some people name whom they would like, and a few whom they would not."""
    for people, others, share in ((mentees, mentors, 0.3), (mentors, mentees, 0.12)):
        ids = [other["id"] for other in others]
        for person in people:
            liked = dice.several(ids, dice.between(1, 3), 0.7) if dice.chance(share) else []
            disliked = dice.several(ids, 1, 0.0) if dice.chance(0.05) else []
            person["prefers"] = "; ".join(liked)
            person["avoids"] = "; ".join(name for name in disliked if name not in liked)
