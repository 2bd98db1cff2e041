"""Whom to recruit: profiles of a further mentor, tried by matching the round again."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matchkit.demand import skill_demand
from matchkit.pipeline import rematch
from matchkit.profiles import read_people
from matchkit.rounds import prepare
from matchkit.shown import worth_of

if TYPE_CHECKING:
    from matchkit.matching import Matching
    from matchkit.profiles import Pool

Person = dict[str, str]

LIKE, SKILLS, BESIDE, LEVEL = 4, 8, 2, 4
"""Mentors to copy; skills to build a profile on; skills beside it; the level that all get."""

OWN = ("id", "name", "email", "manager", "prefers", "avoids", "capacity", "min_load")
"""What belongs to one person, and is no part of a profile."""

TELLING = ("skills", "languages", "location", "department", "seniority")
"""What a profile is told by, beside the columns that rules ask for."""

PERSON = 1 << 42
"""More than all the points of a round, for putting people before points."""


@dataclass(frozen=True, slots=True)
class Recruit:
    """A profile of a further mentor with one place, and exactly what it would add.

    Attributes
    ----------
    profile : tuple of (str, str)
        Its skills, languages, place and seniority, and what rules ask for. The rest, such as
        hours, is that of the mentor whom it is like.
    like : str
        Id of the mentor whose profile it is, or from whom it takes all but the skills;
        empty if there is none.
    people, points : int
        How many more people would be matched, and for how many more points. Points can
        change elsewhere too, where means of what is unknown move.
    """

    profile: tuple[tuple[str, str], ...]
    like: str
    people: int
    points: int

    def __str__(self) -> str:
        """Say who, and what that adds."""
        who = ", ".join(f"{column} {cell}" for column, cell in self.profile)
        return f"a mentor with {who or 'any profile'} adds {worth_of(self.people, self.points)}"


def recruited(matching: Matching, most: int) -> tuple[Recruit, ...]:
    """Return the profiles of a further mentor that would add most.

    Candidates are the mentors whose places are worth most, as they are and with skills that
    are wanted and lacking. The prices that prove the optimum say what each would add; the
    best are tried by matching the round again.

    Parameters
    ----------
    matching : Matching
        The result, with its people.
    most : int
        How many to try.
    """
    if most < 1 or not len(matching.people.mentees):
        return ()
    candidates = _candidates(matching)
    found = []
    for at in _promising(matching, [person for _, person in candidates])[:most]:
        like, person = candidates[at]
        mentors = _joined(matching, [person])
        done = rematch(matching.people, mentors=mentors, result=matching).certificate
        before = matching.certificate
        adds = done.matched - before.matched, done.total - before.total
        if adds > (0, 0):
            found.append(Recruit(_told(matching, person), like, *adds))
    return tuple(sorted(found, key=lambda each: (-each.people, -each.points, each.profile)))


def _candidates(matching: Matching) -> list[tuple[str, Person]]:
    """Return profiles to try, each with the mentor whom it is like."""
    records = {one["id"]: one for one in matching.people.mentors.to_records()}
    dear = sorted(matching.places, key=lambda place: (-place.one_more[0], -place.one_more[1]))
    bases = [(place.mentor, _impersonal(records[place.mentor])) for place in dear[:LIKE]]
    first = bases[0] if bases else ("", {})
    found = list(bases)
    found += [(first[0], {**first[1], "skills": skills}) for skills in _wanted(matching)]
    once = {tuple(sorted(person.items())): at for at, (_, person) in reversed([*enumerate(found)])}
    return [found[at] for at in sorted(once.values())]


def _impersonal(record: Person) -> Person:
    return {column: cell for column, cell in record.items() if column not in OWN}


def _wanted(matching: Matching) -> list[str]:
    """Return cells of skills that are wanted and lacking, each with others wanted with it."""
    lacking = sorted(skill_demand(matching, most=100), key=lambda one: (-one.unmet, one.name))
    goals, meant = matching.people.mentees.goals, matching.people.wants_and_offers
    names = [meant.labels[code] for code in meant.maps[0][goals.codes].tolist()]
    ends = goals.indptr.tolist()
    wishes = [frozenset(names[start:end]) for start, end in itertools.pairwise(ends)]
    cells = []
    for one in lacking[:SKILLS]:
        beside: Counter[str] = Counter()
        for wish in wishes:
            if one.name in wish:
                beside.update(each for each in wish if each != one.name)
        by_count = sorted(beside, key=lambda name: (-beside[name], name))[:BESIDE]
        cells.append("; ".join(f"{name}:{LEVEL}" for name in (one.name, *by_count)))
    return cells


def _joined(matching: Matching, people: list[Person]) -> Pool:
    """Return the mentors with some more."""
    mentors = matching.people.mentors
    taken, new = set(mentors.ids.tolist()), []
    for at, person in enumerate(people, start=1):
        name = f"recruit {at}"
        while name in taken:
            name += "'"
        new.append({**person, "id": name, "capacity": "1"})
    return read_people([*mentors.to_records(), *new], role="mentor")


def _promising(matching: Matching, people: list[Person]) -> list[int]:
    """Return which profiles could add something, by what prices say, the most first.

    A place with a mentor adds the most that any mentee is worth there above that mentee's
    surplus.
    """
    round_ = matching.people
    wide = prepare(
        round_.mentees,
        _joined(matching, people),
        round_.program,
        round_.previous,
        taxonomy=round_.taxonomy,
    )
    new = [wide.column(who) for who in wide.mentors.ids.tolist() if who not in round_.mentors.index]
    order = sorted(new, key=lambda col: int(wide.mentors.rows[col]))
    rows, cols = np.arange(len(wide.mentees)), np.array(sorted(order), dtype=np.int64)
    points = wide.scorer.grid(rows, cols)
    allowed = np.ones(points.shape, dtype=bool)
    for mask in wide.source.masks(rows, cols, points):
        allowed &= mask
    surplus = {one.mentee: one.surplus for one in matching.everyone}
    by_row = np.array([surplus[who] for who in wide.mentees.ids.tolist()], dtype=np.int64)
    person = PERSON * int(round_.program.coverage == "first")
    gains = points + person - (by_row[:, 0] * PERSON + by_row[:, 1])[:, None]
    best = dict(zip(cols.tolist(), np.where(allowed, gains, 0).max(axis=0).tolist(), strict=True))
    ranked = sorted(range(len(order)), key=lambda at: (-best[order[at]], at))
    return [at for at in ranked if best[order[at]] > 0]


def _told(matching: Matching, person: Person) -> tuple[tuple[str, str], ...]:
    """Return the cells that tell one profile from another."""
    asked = [column for rule in matching.program.rules for column in rule.columns()[1]]
    columns = dict.fromkeys([*TELLING, *(column for column in asked if column not in OWN)])
    return tuple((column, person[column]) for column in columns if person.get(column))
