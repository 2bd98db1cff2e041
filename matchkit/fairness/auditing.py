"""Who is in which group, what came of them, and how the groups compare."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, get_args

import numpy as np

from matchkit.errors import ProgramError
from matchkit.fairness.groups import FOUR_FIFTHS, Audit, AuditedSide, Group
from matchkit.intervals import bootstrapped_mean, exact_share
from matchkit.profiles import Lists
from matchkit.profiles.pool import id_keys
from matchkit.profiles.schema import heading_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from matchkit.matching import Matching
    from matchkit.profiles import Pool

GROUPS: Final = 60
"""Groups of one column that an audit shows at most."""

_NOT_STATED: Final = "not stated"


def audit(
    matching: Matching,
    by: str | Sequence[str],
    *,
    side: AuditedSide = "mentee",
    least: int = 10,
) -> Audit:
    """Compare the outcomes of a round between groups of people.

    Parameters
    ----------
    matching : Matching
        The round, with its people.
    by : str or sequence of str
        One or more columns of that side. Several are compared each alone and all together.
        In columns that hold lists, somebody counts in the group of each entry.
    side : {"mentee", "mentor"}, default "mentee"
        Whose columns: mentees, or mentors who offer a place.
    least : int, default 10
        Groups of fewer people are shown and marked, and not compared.

    Returns
    -------
    Audit
        Share matched with exact intervals, impact ratios, points and ranks.

    Raises
    ------
    DetachedError
        The result was loaded without its people.
    ProgramError
        There is no such column, or it has too many values to be groups.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql", "capacity": 2}]
    >>> mentees = [{"id": "ana", "goals": "sql", "site": "Oslo"},
    ...            {"id": "bo", "goals": "sql", "site": "Rome"},
    ...            {"id": "cy", "site": "Rome", "manager": "di"}]
    >>> found = mk.audit(mk.match(mentors, mentees), "site", least=1)
    >>> [(group.name, group.matched, group.people, group.impact_ratio) for group in found]
    [('Rome', 1, 2, 0.5), ('Oslo', 1, 1, 1.0)]
    >>> found.verdict
    '1 group is matched less than four fifths as often as the best one: a signal to look at, \
not a verdict.'
    """
    if side not in get_args(AuditedSide):
        raise ProgramError(f"side == {side!r}, must be 'mentee' or 'mentor'")
    if least < 1:
        raise ProgramError(f"least == {least}, must be at least 1")
    columns = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    if not columns:
        raise ProgramError("by names no column; name one or more, such as by='department'")
    outcomes = _Outcomes.of(matching, side)
    parted = {column: _parted(outcomes.pool, column) for column in columns}
    sets = [(column,) for column in columns] + ([columns] if len(columns) > 1 else [])
    groups: list[Group] = []
    for names in sets:
        parts = itertools.product(*(parted[name] for name in names))
        groups += _compared([outcomes.group(names, part) for part in parts], least)
    return Audit(side, tuple(groups), least)


@dataclass(frozen=True, eq=False)
class _Part:
    """The people with one value in a column; the value is empty where it is blank."""

    value: str
    people: NDArray[np.bool_]


def _parted(pool: Pool, column: str) -> list[_Part]:
    """Part the people by their values in a column, the blank ones last."""
    known = getattr(pool, heading_key(column), None)
    if isinstance(known, Lists):
        names, codes = known.written, known.codes
        owner = np.repeat(np.arange(len(pool)), known.lengths)
    else:
        coded, names = pool.codes(column)
        owner = np.flatnonzero(coded >= 0)
        codes = coded[owner]
    if len(names) > GROUPS:
        raise ProgramError(
            f"{column} has {len(names)} different values; an audit compares at most {GROUPS} "
            "groups: put the values into ranges or kinds first"
        )
    parts = []
    for code, name in enumerate(names):
        people = np.zeros(len(pool), dtype=bool)
        people[owner[codes == code]] = True
        usual = name if isinstance(known, Lists) else _usual(pool.text(column)[people].tolist())
        parts.append(_Part(usual, people))
    blank = np.ones(len(pool), dtype=bool)
    blank[owner] = False
    return [*parts, _Part("", blank)]


def _usual(cells: list[str]) -> str:
    """Return the most frequent spelling, the first of the alphabet among equals."""
    return min(set(cells), key=lambda cell: (-cells.count(cell), cell))


@dataclass(frozen=True, eq=False)
class _Outcomes:
    """What came of each person of a side, in the order of the pool.

    Attributes
    ----------
    pool : Pool
        The people.
    there : NDArray[bool], shape (n,)
        Who counts: every mentee, and every mentor who offers a place.
    owner, points, ranks : NDArray[int64], shape (k,)
        Whose pair, its points, and the rank of the mentor.
    seed : int
        Of the program.
    """

    pool: Pool
    there: NDArray[np.bool_]
    owner: NDArray[np.int64]
    points: NDArray[np.int64]
    ranks: NDArray[np.int64]
    seed: int

    @classmethod
    def of(cls, matching: Matching, side: AuditedSide) -> _Outcomes:
        """Return the outcomes of one side of a round."""
        mentees = side == "mentee"
        pool = matching.people.mentees if mentees else matching.people.mentors
        pairs = [
            (pool.index[match.mentee if mentees else match.mentor], match.points, match.rank)
            for match in matching
        ]
        owner, points, ranks = np.array(pairs, dtype=np.int64).reshape(-1, 3).T
        there = np.ones(len(pool), dtype=bool) if mentees else pool.capacity > 0
        return cls(pool, there, owner, points, ranks, matching.program.seed)

    def group(self, by: tuple[str, ...], parts: tuple[_Part, ...]) -> Group:
        """Return the outcomes of those who are in every part, not yet compared."""
        members = np.logical_and.reduce([self.there, *(part.people for part in parts)])
        people = int(np.count_nonzero(members))
        matched = len(np.unique(self.owner[members[self.owner]]))
        values = tuple(part.value or _NOT_STATED for part in parts)
        # Sorted, so that the draws of the bootstrap cannot depend on the order of people.
        points = np.sort(self.points[members[self.owner]])
        ranks = self.ranks[members[self.owner]]
        drawn = int(id_keys([repr((by, values))], self.seed)[0])
        pairs = len(points) > 0
        return Group(
            by=by,
            values=values,
            stated=all(part.value for part in parts),
            people=people,
            matched=matched,
            share=matched / people if people else 0.0,
            share_interval=exact_share(matched, people),
            impact_ratio=None,
            small=False,
            below=False,
            by_chance=False,
            points=float(points.mean()) if pairs else None,
            points_interval=bootstrapped_mean(points, drawn) if pairs else None,
            points_quartiles=_quartiles(points) if pairs else None,
            rank=float(ranks.mean()) if pairs else None,
            rank_quartiles=_quartiles(ranks) if pairs else None,
            first_choices=float((ranks == 1).mean()) if pairs else None,
        )


def _compared(groups: Sequence[Group], least: int) -> list[Group]:
    """Compare the groups of the same columns with the one that fared best, and sort them."""
    there = [replace(group, small=group.people < least) for group in groups if group.people]
    there.sort(key=lambda group: (not group.stated, -group.people, group.values))
    fair = [group for group in there if group.stated and not group.small and group.matched]
    if not fair:
        return there
    best = max(fair, key=lambda group: (group.share, group.people))
    compared = []
    for group in there:
        if group.stated:
            ratio = group.share / best.share
            below = ratio < FOUR_FIFTHS and not group.small
            overlap = group.share_interval[1] >= best.share_interval[0]
            group = replace(  # noqa: PLW2901 - the same group, compared
                group, impact_ratio=ratio, below=below, by_chance=below and overlap
            )
        compared.append(group)
    return compared


def _quartiles(values: NDArray[np.int64]) -> tuple[int, int, int]:
    """Return a quarter, half and three quarters; each is one of the values."""
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75), method="inverted_cdf").tolist()
    return int(low), int(middle), int(high)
