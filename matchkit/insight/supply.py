"""What is wanted and not there: by skill, site, language and department; and whom to recruit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matchkit.demand import skill_demand, skills_wanted
from matchkit.insight.reaching import Bottlenecks, bottlenecks
from matchkit.insight.recruiting import Recruit, recruited
from matchkit.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from matchkit.matching import Matching
    from matchkit.profiles import Pool

COLUMNS = {"location": "site", "languages": "language", "department": "department"}
"""Columns that are counted beside skills, and what one of their values is."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """One skill, site, language or department: who wants it, and what is offered.

    Attributes
    ----------
    kind : {"skill", "site", "language", "department"}
    value : str
        As most people wrote it.
    wanted : int
        Mentees who have the skill as a goal, or who are of the site, language or department.
    offered : int
        Places of mentors who have it.
    unmet : int
        Of a skill: mentees who want it and have no mentor with it. Of the others: mentees
        without any mentor.
    """

    kind: str
    value: str
    wanted: int
    offered: int
    unmet: int

    def __str__(self) -> str:
        """Say how many want it, and how many don't get it."""
        place = "place" if self.offered == 1 else "places"
        return (
            f"{self.kind} {self.value}: wanted by {self.wanted:,}, {self.offered:,} {place}, "
            f"not met for {self.unmet:,}"
        )


@dataclass(frozen=True, slots=True)
class Shortages(Shown):
    """What a round lacks, and whom to recruit.

    Attributes
    ----------
    rows : tuple of Shortage
        Most unmet first.
    recruits : tuple of Recruit
        Profiles of a further mentor, that which would add most first.
    bottlenecks : Bottlenecks
        Groups of mentees who can reach fewer places than there are of them.
    """

    rows: tuple[Shortage, ...]
    recruits: tuple[Recruit, ...]
    bottlenecks: Bottlenecks

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each value: ``kind, value, wanted, offered, unmet``."""
        import pandas as pd

        rows = [(row.kind, row.value, row.wanted, row.offered, row.unmet) for row in self.rows]
        return pd.DataFrame(rows, columns=["kind", "value", "wanted", "offered", "unmet"])

    def __str__(self) -> str:
        """Say what is lacking most, whom to recruit, and where places are too few."""
        short = [row for row in self.rows if row.unmet][:3]
        lines = [f"Lacking most: {row}." for row in short] or ["Nothing that is wanted is lacking."]
        lines += [f"To recruit: {each}." for each in self.recruits]
        if self.bottlenecks.rows:
            lines.append(str(self.bottlenecks))
        return "\n".join(lines)


def shortages(matching: Matching, *, recruits: int = 3) -> Shortages:
    """Say what is wanted and not there, and which further mentor would add most.

    Parameters
    ----------
    matching : Matching
        The result, with its people.
    recruits : int, default 3
        How many profiles of further mentors to try, each by matching the round again with
        one more mentor, of one place, who has it. 0 leaves them out.

    Raises
    ------
    DetachedError
        The result was loaded without its people.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql:4"}]
    >>> mentees = [{"id": "ana", "goals": "python"}, {"id": "bo", "goals": "sql; python"}]
    >>> found = mk.insight.shortages(mk.match(mentors, mentees), recruits=1)
    >>> print(found.rows[0])
    skill Python: wanted by 2, 0 places, not met for 2
    >>> print(found.recruits[0])
    a mentor with skills Python:4; SQL:4 adds 1 person and 892,857 points
    """
    most = max(1, skills_wanted(matching))
    rows = [
        Shortage("skill", one.name, one.wanted, one.places, one.unmet)
        for one in skill_demand(matching, most=most)
    ]
    rows += [row for column in COLUMNS for row in _by_column(matching, column)]
    rows.sort(key=lambda row: (-row.unmet, -row.wanted, row.kind, row.value))
    return Shortages(tuple(rows), recruited(matching, recruits), bottlenecks(matching))


def _by_column(matching: Matching, column: str) -> Iterator[Shortage]:
    """Count a column of text or of lists."""
    round_ = matching.people
    if not round_.mentees.has(column):
        return
    without = np.array([who not in matching for who in round_.mentees.ids.tolist()], dtype=bool)
    wanted = _members(round_.mentees, column)
    offering = _members(round_.mentors, column) if round_.mentors.has(column) else {}
    nobody = np.zeros(0, dtype=np.int64)
    for value, people in wanted.items():
        mentors = offering.get(value, nobody)
        places = np.minimum(round_.mentors.capacity[mentors], len(round_.mentees))
        yield Shortage(
            COLUMNS[column],
            _written(round_.mentees, column, people, value),
            people.size,
            int(places.sum()),
            int(without[people].sum()),
        )


def _members(pool: Pool, column: str) -> dict[str, NDArray[np.int64]]:
    """Return who has each value, as values are compared."""
    if column == "languages":
        owner = np.repeat(np.arange(len(pool)), pool.languages.lengths)
        codes, labels = pool.languages.codes, pool.languages.labels
    else:
        codes, labels = pool.codes(column)
        owner, codes = np.flatnonzero(codes >= 0), codes[codes >= 0]
    return {label: np.unique(owner[codes == at]) for at, label in enumerate(labels)}


def _written(pool: Pool, column: str, people: NDArray[np.int64], value: str) -> str:
    """Return a value as most people wrote it."""
    if column == "languages":
        return dict(zip(pool.languages.labels, pool.languages.written, strict=True))[value]
    cells: Counter[str] = Counter(pool.text(column)[people].tolist())
    return min(cells, key=lambda cell: (-cells[cell], cell))
