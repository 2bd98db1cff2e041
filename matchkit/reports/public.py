"""The page for everybody: numbers of five people or more, and no names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matchkit.demand import SkillDemand, skill_demand
from matchkit.reports import wording
from matchkit.reports.supply import SKILLS

if TYPE_CHECKING:
    from matchkit.matching import Matching

LEAST = 5
"""The smallest number of people that is shown."""

COLUMNS = ("department", "location")
"""What people are grouped by, where the column is there."""

OTHERS = "others and not stated"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the verdict strip."""

    term: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """People with the same value in a column, and how many of them have a mentor."""

    name: str
    people: int
    matched: str


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one column, the largest first."""

    column: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """The page for everybody."""

    headline: str
    proof: str
    start: str
    figures: tuple[Figure, ...]
    groups: tuple[Groups, ...]
    skills: tuple[tuple[str, str, str], ...]
    criteria: tuple[tuple[str, str], ...]


def build(matching: Matching) -> PublicPage:
    """Return what the page says to everybody.

    Parameters
    ----------
    matching : Matching
        A round with its people.
    """
    record, start = matching.record, matching.program.start
    large = record.mentees >= LEAST
    skills = skill_demand(matching, most=SKILLS, least=LEAST)
    return PublicPage(
        headline=f"{_of(len(matching), record.mentees)} mentees have a mentor"
        if large
        else "A round of fewer than five mentees",
        proof=wording.proof(matching.certificate, matching.program),
        start=wording.day(start) if start else "",
        figures=_figures(matching),
        groups=tuple(_groups(matching, column) for column in COLUMNS if _worth(matching, column)),
        skills=tuple((one.name, f"{one.wanted:,}", _offered(one)) for one in skills),
        criteria=tuple(
            (wording.title(one.name), wording.score(one.weight)) for one in record.criteria
        ),
    )


def number(people: int) -> str:
    """Return a number of people, or that it is too small to be shown.

    Examples
    --------
    >>> number(0), number(4), number(1200)
    ('0', 'under 5', '1,200')
    """
    return f"{people:,}" if people == 0 or people >= LEAST else f"under {LEAST}"


def _offered(skill: SkillDemand) -> str:
    """Return places, unless they are those of a few mentors."""
    if 0 < skill.mentors < LEAST:
        return f"of under {LEAST} mentors"
    return number(skill.places)


def _of(some: int, everybody: int) -> str:
    """Return a part of a group, with neither the part nor the rest being a few people."""
    if 0 < some < LEAST:
        return f"Under {LEAST} of {everybody:,}"
    if 0 < everybody - some < LEAST:
        return f"Over {everybody - LEAST:,} of {everybody:,}"
    return f"{some:,} of {everybody:,}"


def _figures(matching: Matching) -> tuple[Figure, ...]:
    record = matching.record
    figures = [Figure("Mentees", number(record.mentees)), Figure("Mentors", number(record.mentors))]
    if len(matching) >= LEAST:
        mean = sum(match.points for match in matching.matches) // len(matching)
        figures.append(Figure("Mean score", wording.score(mean), "1 would be perfect"))
    return (*figures, Figure("Rules broken", "0", "checked independently"))


def _worth(matching: Matching, column: str) -> bool:
    pool = matching.people.mentees
    return len(pool) >= LEAST and pool.has(column)


def _groups(matching: Matching, column: str) -> Groups:
    """Return the groups of one column: small ones together, and no few people to be told."""
    pool = matching.people.mentees
    cells = pool.text(column).tolist()
    size = Counter(cells)
    known = {cell for cell, people in size.items() if cell and people >= LEAST}
    names = [cell if cell in known else OTHERS for cell in cells]
    people = Counter(names)
    if 0 < people[OTHERS] < LEAST and known:
        # A few people beside the total could be told by subtraction: somebody joins them.
        joined = min(known, key=lambda name: (people[name], name))
        names = [OTHERS if name == joined else name for name in names]
        people = Counter(names)
    matched = Counter(
        name for name, one in zip(names, pool.ids.tolist(), strict=True) if one in matching
    )
    groups = [Group(name, people[name], _share(matched[name], people[name])) for name in people]
    groups.sort(key=lambda group: (group.name == OTHERS, -group.people, group.name))
    return Groups(column, _without_remainder(groups))


def _share(some: int, everybody: int) -> str:
    if 0 < some < LEAST or 0 < everybody - some < LEAST:
        return ""
    return f"{some:,}"


def _without_remainder(groups: list[Group]) -> tuple[Group, ...]:
    """Blank a second number where one alone is blank: the total would give it away."""
    hidden = [group for group in groups if not group.matched]
    if len(hidden) == 1 and len(groups) > 1:
        second = min(
            (group for group in groups if group.matched),
            key=lambda group: (group.people, group.name),
        )
        groups = [replace(group, matched="") if group is second else group for group in groups]
    return tuple(replace(group, matched=group.matched or "not shown") for group in groups)
