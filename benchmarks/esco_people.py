"""A public test set for skill-buddy lookups, made from ESCO: people, queries and who is relevant.

ESCO names each skill by a label, several aliases and a description. A synthetic organization is
drawn from it: jobs are ESCO occupations, and each person lists at most 12 of the skills of their
job with levels 1 to 5, each written as one of its aliases. A query asks for one skill, short as
an alias or long as the description. The alias that a query uses is reserved: nobody has
written it, and no taxonomy that is given to the index holds it. Who lists the skill is relevant,
with the level as the grade.

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

ESCO = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "esco"
PEOPLE, QUERIES, JOBS = 1_000, 600, 150
SKILLS_EACH = 12
HOLDERS = 3
"""People who must list a skill before anybody asks for it: a ranking needs something to rank."""

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
    """What somebody asks, short and long, and the grade of each person, 0 for most."""

    uri: str
    short: str
    long: str
    grades: NDArray[np.int64]


@dataclass(frozen=True)
class TestSet:
    """An organization and what is asked in it."""

    people: list[dict[str, str]]
    queries: list[Query]


def _table(archive: str, name: str) -> Iterator[dict[str, str]]:
    """Read one table of ESCO."""
    with zipfile.ZipFile(ESCO / archive) as folder, folder.open(name) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8"))


@cache
def skills() -> dict[str, Skill]:
    """Return the skills that have two distinct aliases or more, by URI."""
    found = {}
    for row in _table("esco-v1.1.1-en.zip", "skills_en.csv"):
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
    for row in _table("esco-v1.1.1-relations.zip", "occupationSkillRelations.csv"):
        if row["skillUri"] in known:
            found[row["occupationUri"]].append(row["skillUri"])
    return [tuple(uris) for _, uris in sorted(found.items()) if len(uris) >= SKILLS_EACH]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def split_of(uri: str) -> Split:
    """Return the half to which a skill belongs."""
    return "train" if _number(f"split {uri}") % 2 else "test"


def organization(people: int, *, seed: int) -> tuple[list[dict[str, str]], list[dict[str, int]]]:
    """Return people as records, and what each truly knows: skill URI -> level.

    Parameters
    ----------
    people : int
        How many.
    seed : int
        Equal seeds give equal people.

    Returns
    -------
    records : list of dict
        ``id`` and ``skills`` as somebody would write them.
    knows : list of dict
        For each person the level of each skill.
    """
    dice, known = Dice(seed), skills()
    work = [dice.pick(jobs()) for _ in range(max(1, JOBS * people // PEOPLE))]
    records, knows = [], []
    for number in range(people):
        job = dice.pick(work)
        listed = list(dict.fromkeys(dice.pick(job) for _ in range(dice.between(6, SKILLS_EACH))))
        levels = {uri: dice.between(1, 5) for uri in listed}
        cells = [f"{dice.pick(known[uri].written)}:{level}" for uri, level in levels.items()]
        records.append({"id": f"p{number:07d}", "skills": "; ".join(cells)})
        knows.append(levels)
    return records, knows


def test_set(split: Split) -> TestSet:
    """Return the organization and the queries of one split."""
    records, knows = organization(PEOPLE, seed=1 if split == "train" else 2)
    holders = Counter(uri for levels in knows for uri in levels)
    asked = sorted(
        (uri for uri, count in holders.items() if count >= HOLDERS and split_of(uri) == split),
        key=lambda uri: _number(f"query {uri}"),
    )
    queries = []
    for uri in asked[:QUERIES]:
        skill = skills()[uri]
        grades = np.array([levels.get(uri, 0) for levels in knows])
        queries.append(Query(uri, skill.reserved, skill.description, grades))
    return TestSet(records, queries)


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
