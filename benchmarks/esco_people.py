"""A public test set for skill-buddy lookups, made from ESCO: people, queries and who is relevant.

ESCO names each skill by a label, several aliases and a description. A synthetic organization is
drawn from it: jobs are ESCO occupations, and each person lists at most 12 of the skills of their
job with levels 1 to 5, each written as one of its aliases. A query asks for one skill: short as
an alias, long as the description, or as a question around the alias. The alias that a query uses
is reserved: nobody has written it, and no taxonomy that is given to the index holds it. Real
questions often use a name that others write as well; such a question is made for each skill too.
Who lists the skill is relevant, with the level as the grade. Other queries ask for skills that
nobody lists: they should be answered by nobody.

The skills are split in two halves by a keyed hash of their URIs. Training queries ask for one
half in an organization of their own, test queries for the other half in another, so that what is
fitted on the one has never met the skills of the other.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchkit.datasets.dice import Dice
from matchkit.profiles import clean_skill
from matchkit.profiles.skills import curated

ESCO = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "esco"
PEOPLE, QUERIES, JOBS = 1_000, 600, 150
SKILLS_EACH = 12
HOLDERS = 3
"""People who must list a skill before anybody asks for it: a ranking needs something to rank."""

QUESTIONS = {
    "train": (
        "how do I {}?",
        "I need help with {}",
        "who can show me how this works: {}",
        "our team struggles with {} this month",
        "it is my first time with {}, where do I start?",
        "looking for a colleague with experience in {} for a short call",
    ),
    "test": (
        "can anybody teach me {}?",
        "I am stuck with {} and the deadline is Friday",
        "what should I know about {} before the audit?",
        "half an hour on {}, please",
        "our new project needs {}: who has done it before?",
        "how does one get better at {}?",
    ),
}

EVERYDAY = {
    "train": (
        "my {} project is slow and I cannot see why",
        "errors in production since the last {} upgrade",
        "how to set up {} for a small team",
        "who can look over a {} report before Monday?",
        "is there a good way to test {}?",
        "{} for beginners",
    ),
    "test": (
        "my {} query takes minutes, how do I find the reason?",
        "moving our reporting to {} next quarter",
        "first steps in {}, from scratch",
        "a {} workshop for twelve people: what works?",
        "which {} settings matter most?",
        "stuck on {} permissions",
    ),
}
"""Questions about the skills that matchkit's own table knows, in the words of everyday work."""

TOP = 10
"""Places of a ranking that count."""

Split = Literal["train", "test"]


@dataclass(frozen=True)
class Skill:
    """One skill of ESCO: its names, its description, and the alias that only a query may use."""

    uri: str
    label: str
    aliases: tuple[str, ...]
    description: str
    reserved: str

    @property
    def written(self) -> tuple[str, ...]:
        """The aliases that people may write."""
        return tuple(alias for alias in self.aliases if alias != self.reserved)


@dataclass(frozen=True)
class Query:
    """What somebody asks, in several ways, and the grade of each person, 0 for most."""

    uri: str
    short: str
    long: str
    question: str
    known: str
    grades: NDArray[np.int64]


KINDS = ("short", "long", "question", "known")


@dataclass(frozen=True)
class TestSet:
    """An organization and what is asked in it."""

    people: list[dict[str, str]]
    queries: list[Query]
    absent: list[Query]
    """Queries for skills that nobody lists."""


def table(archive: str, name: str) -> Iterator[dict[str, str]]:
    """Read one table of ESCO."""
    with zipfile.ZipFile(ESCO / archive) as folder, folder.open(name) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8"))


@cache
def skills() -> dict[str, Skill]:
    """Return the skills that have two distinct aliases or more, by URI."""
    found = {}
    for row in table("esco-v1.1.1-en.zip", "skills_en.csv"):
        uri, label = row["conceptUri"], row["preferredLabel"]
        by_form = {clean_skill(alias): alias for alias in row["altLabels"].splitlines()}
        # In a list of skills a semicolon and a colon would mean something else.
        by_form = {form: alias for form, alias in by_form.items() if form and not {*";:"} & {*form}}
        by_form.pop(clean_skill(label), None)
        aliases = tuple(by_form.values())
        if len(aliases) >= 2:
            reserved = Dice(_number(uri)).pick(aliases)
            found[uri] = Skill(uri, label, aliases, row["description"], reserved)
    return found


@cache
def jobs() -> list[tuple[str, ...]]:
    """Return the skills of each occupation that lists twelve or more that can be asked for."""
    known, found = skills(), defaultdict(list)
    for row in table("esco-v1.1.1-relations.zip", "occupationSkillRelations.csv"):
        if row["skillUri"] in known:
            found[row["occupationUri"]].append(row["skillUri"])
    return [tuple(uris) for _, uris in sorted(found.items()) if len(uris) >= SKILLS_EACH]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def split_of(uri: str) -> Split:
    """Return the half to which a skill belongs."""
    return "train" if _number(f"split {uri}") % 2 else "test"


def organization(
    people: int, *, seed: int, skills_each: int = 0
) -> tuple[list[dict[str, str]], list[dict[str, int]]]:
    """Return people as records, and what each truly knows: skill URI -> level.

    Parameters
    ----------
    people : int
        How many.
    seed : int
        Equal seeds give equal people.
    skills_each : int, optional
        How many skills each draws; by default 6 to 12.

    Returns
    -------
    records : list of dict
        ``id``, ``site``, and ``skills`` as somebody would write them.
    knows : list of dict
        For each person the level of each skill.
    """
    dice, known = Dice(seed), skills()
    work = [dice.pick(jobs()) for _ in range(max(1, JOBS * people // PEOPLE))]
    records, knows = [], []
    for number in range(people):
        job = dice.pick(work)
        count = skills_each or dice.between(6, SKILLS_EACH)
        if skills_each:
            listed = dice.several(job, count, 0.0)
        else:
            listed = list(dict.fromkeys(dice.pick(job) for _ in range(count)))
        levels = {uri: dice.between(1, 5) for uri in listed}
        cells = [f"{dice.pick(known[uri].written)}:{level}" for uri, level in levels.items()]
        site = ("Oslo", "Rome")[number % 2]
        records.append({"id": f"p{number:07d}", "skills": "; ".join(cells), "site": site})
        knows.append(levels)
    return records, knows


def test_set(split: Split) -> TestSet:
    """Return the organization and the queries of one split."""
    records, knows = organization(PEOPLE, seed=1 if split == "train" else 2)
    holders = Counter(uri for levels in knows for uri in levels)
    mine = sorted(
        (uri for uri in skills() if split_of(uri) == split),
        key=lambda uri: _number(f"query {uri}"),
    )
    asked = [uri for uri in mine if holders[uri] >= HOLDERS][:QUERIES]
    absent = [uri for uri in mine if not holders[uri]][:QUERIES]
    return TestSet(
        records,
        [_query(uri, split, knows) for uri in asked],
        [_query(uri, split, knows) for uri in absent],
    )


def _query(uri: str, split: Split, knows: list[dict[str, int]]) -> Query:
    skill = skills()[uri]
    dice = Dice(_number(f"frame {uri}"))
    frame = dice.pick(QUESTIONS[split])
    question, known = frame.format(skill.reserved), frame.format(dice.pick(skill.written))
    grades = np.array([levels.get(uri, 0) for levels in knows])
    return Query(uri, skill.reserved, skill.description, question, known, grades)


def everyday_set(split: Split) -> TestSet:
    """Return people with skills that matchkit's own table knows, and everyday questions."""
    table = curated()
    dice, names, work = Dice(3 if split == "train" else 4), {}, []
    for label, synonyms in zip(table.labels, table.synonyms, strict=True):
        names[label] = tuple(name for name in (label, *synonyms) if not {*";:"} & {*name})
        work.append(label)
    records, knows = [], []
    for number in range(PEOPLE):
        levels = {label: dice.between(1, 5) for label in dice.several(work, SKILLS_EACH, 0.3)}
        cells = [f"{dice.pick(names[label])}:{level}" for label, level in levels.items()]
        records.append({"id": f"p{number:07d}", "skills": "; ".join(cells)})
        knows.append(levels)
    queries = []
    for label in sorted(label for label in work if split_of(label) == split):
        asked = dice.pick(EVERYDAY[split]).format(dice.pick(names[label]))
        grades = np.array([levels.get(label, 0) for levels in knows])
        if grades.any():
            queries.append(Query(label, label, asked, asked, asked, grades))
    return TestSet(records, queries, [])


def ndcg(grades: NDArray[np.int64], ranking: NDArray[np.int64]) -> float:
    """Return the normalized discounted cumulative gain of the first ten places.

    The grade is the gain and the discount is ``1 / log2(place + 1)`` (Jaervelin and
    Kekaelaeinen, *ACM TOIS* 20(4), 2002); 1 is a perfect ranking.

    Parameters
    ----------
    grades : int64 array (people,)
        The grade of each person.
    ranking : int64 array
        People, best first; may be shorter than ten.
    """
    discount = 1 / np.log2(np.arange(TOP) + 2)
    best = np.sort(grades)[::-1][:TOP]
    gained = grades[ranking[:TOP]]
    return float((gained @ discount[: len(gained)]) / (best @ discount[: len(best)]))
