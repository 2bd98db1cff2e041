"""Outcomes by group: who was matched, how well, and where to look closer.

The audit reads a finished round and changes nothing in it. It works on any column, those
that no criterion may see among them: that scoring is blind to a column does not make its
outcomes equal. What it shows is a signal to look at, not a verdict.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from matchkit.errors import ProgramError
from matchkit.profiles import Lists
from matchkit.profiles.pool import id_keys
from matchkit.profiles.schema import heading_key
from matchkit.scoring import POINTS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from matchkit.matching import Matching
    from matchkit.profiles import Pool

AuditedSide = Literal["mentee", "mentor"]

FOUR_FIFTHS: Final = 0.8
"""Impact ratios below this are worth a look: the four-fifths rule of the Uniform Guidelines
on Employee Selection Procedures, 29 CFR 1607.4 D."""

GROUPS: Final = 60
"""Groups of one column that an audit shows at most."""

_NOT_STATED: Final = "not stated"
_CONFIDENCE: Final = 0.95
_DRAWS: Final = 1_000
_DRAWN: Final = 1 << 22  # numbers drawn at a time


@dataclass(frozen=True, slots=True)
class Group:
    """People who have the same values in the audited columns, and their outcomes.

    Attributes
    ----------
    by : tuple of str
        The columns.
    values : tuple of str
        What these people have in them, as most of them wrote it.
    stated : bool
        False for those who left one of the columns blank: they are counted, and not
        compared.
    people, matched : int
        Everybody, and those with a match.
    share : float
        ``matched / people``.
    share_interval : tuple of (float, float)
        The exact 95 % interval of the share (C. J. Clopper and E. S. Pearson, "The use of
        confidence or fiducial limits illustrated in the case of the binomial", Biometrika
        26(4), 1934).
    impact_ratio : float or None
        The share over that of the group with the highest share, small groups and those who
        stated nothing set aside. None where nobody can be compared with.
    small : bool
        Fewer people than the audit was told to compare.
    below : bool
        The impact ratio is below four fifths, and the group is not small.
    by_chance : bool
        Its interval and that of the best group overlap: chance alone could do it.
    points : float or None
        Mean micro-points of the group's pairs; None where there is none.
    points_interval : tuple of (float, float) or None
        The 95 % percentile bootstrap interval of that mean, of 1,000 draws (B. Efron and
        R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3), seeded
        by the program.
    points_quartiles, rank_quartiles : tuple of (int, int, int) or None
        A quarter, half and three quarters of the pairs have at most so much.
    rank : float or None
        Mean rank of the mentor among those whom the mentee could have had.
    first_choices : float or None
        Share of the group's pairs in which the mentor was the mentee's first choice.
    """

    by: tuple[str, ...]
    values: tuple[str, ...]
    stated: bool
    people: int
    matched: int
    share: float
    share_interval: tuple[float, float]
    impact_ratio: float | None
    small: bool
    below: bool
    by_chance: bool
    points: float | None
    points_interval: tuple[float, float] | None
    points_quartiles: tuple[int, int, int] | None
    rank: float | None
    rank_quartiles: tuple[int, int, int] | None
    first_choices: float | None

    @property
    def name(self) -> str:
        """The values in one line."""
        return " & ".join(self.values)

    def __str__(self) -> str:
        """Say how many were matched, and whether that is worth a look."""
        low, high = self.share_interval
        said = (
            f"{self.name}: {self.matched:,} of {self.people:,} matched "
            f"({self.share:.0%}, 95 % interval {low:.0%} to {high:.0%})"
        )
        if self.points is not None:
            said += f", mean score {self.points / POINTS:.3f}"
        if self.small:
            return f"{said}; too few to compare"
        if self.below:
            chance = ", which chance alone could do" if self.by_chance else ""
            return f"{said}; impact ratio {self.impact_ratio:.2f}, below four fifths{chance}"
        return (
            said if self.impact_ratio is None else f"{said}; impact ratio {self.impact_ratio:.2f}"
        )


@dataclass(frozen=True, slots=True)
class Audit:
    """Outcomes by group.

    ``str()`` tells it in lines, notebooks show a table, and iterating gives the groups.

    Attributes
    ----------
    side : {"mentee", "mentor"}
        Whose groups they are.
    groups : tuple of Group
        For each column alone and, where several were named, for all of them together; the
        largest group first, those who stated nothing last.
    least : int
        Groups of fewer people are shown and not compared.
    """

    side: AuditedSide
    groups: tuple[Group, ...]
    least: int

    def __iter__(self) -> Iterator[Group]:
        """Iterate over the groups."""
        return iter(self.groups)

    @property
    def signals(self) -> tuple[Group, ...]:
        """The groups whose impact ratio is below four fifths."""
        return tuple(group for group in self.groups if group.below)

    def of(self, *by: str) -> tuple[Group, ...]:
        """Return the groups of these columns together."""
        return tuple(group for group in self.groups if group.by == by)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each group.

        Returns
        -------
        pandas.DataFrame
            Columns ``by, group, stated, people, matched, share, share_low, share_high,
            impact_ratio, small, below_four_fifths, by_chance, points, points_low,
            points_high, points_q1, points_median, points_q3, rank, rank_q1, rank_median,
            rank_q3, first_choices``.
        """
        import pandas as pd

        return pd.DataFrame([_row(group) for group in self.groups], columns=list(_COLUMNS))

    def __str__(self) -> str:
        """Tell it in lines, a heading for each column."""
        lines = []
        for by, groups in itertools.groupby(self.groups, key=lambda group: group.by):
            lines.append(f"{self.side}s by {' & '.join(by)}")
            lines += [f"  {group}" for group in groups]
        return "\n".join([*lines, self.verdict])

    @property
    def verdict(self) -> str:
        """What the numbers say in one sentence, and what they cannot say."""
        found = self.signals
        if not any(group.impact_ratio is not None for group in self.groups):
            return f"No group has {self.least} people or more: there is nothing to compare."
        if not found:
            return "No group is matched less than four fifths as often as the best one."
        noun = "group is" if len(found) == 1 else "groups are"
        return (
            f"{len(found)} {noun} matched less than four fifths as often as the best one: "
            "a signal to look at, not a verdict."
        )

    def _repr_html_(self) -> str:
        """Return the table that notebooks show."""
        shown = self.to_frame()[["by", "group", "people", "matched", "share", "impact_ratio"]]
        return f"<p>{escape(self.verdict)}</p>{shown.round(2).to_html(index=False)}"


_COLUMNS: Final = (
    *("by", "group", "stated", "people", "matched", "share", "share_low", "share_high"),
    *("impact_ratio", "small", "below_four_fifths", "by_chance"),
    *("points", "points_low", "points_high", "points_q1", "points_median", "points_q3"),
    *("rank", "rank_q1", "rank_median", "rank_q3", "first_choices"),
)


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
            share_interval=share_interval(matched, people),
            impact_ratio=None,
            small=False,
            below=False,
            by_chance=False,
            points=float(points.mean()) if pairs else None,
            points_interval=_bootstrapped(points, drawn) if pairs else None,
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


def share_interval(some: int, everybody: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share, after Clopper and Pearson.

    Parameters
    ----------
    some, everybody : int
        The count and what it is a share of.

    Returns
    -------
    tuple of (float, float)
        In [0, 1]; all of it where there is nobody.

    Examples
    --------
    >>> share_interval(0, 0), [round(end, 4) for end in share_interval(5, 10)]
    ((0.0, 1.0), [0.1871, 0.8129])
    """
    from scipy.stats import beta

    tail = (1 - _CONFIDENCE) / 2
    low = beta.ppf(tail, some, everybody - some + 1) if some else 0.0
    high = beta.ppf(1 - tail, some + 1, everybody - some) if some < everybody else 1.0
    return float(low), float(high)


def _bootstrapped(values: NDArray[np.int64], seed: int) -> tuple[float, float]:
    """Return the percentile bootstrap interval of a mean."""
    rng = np.random.default_rng(seed)
    step = max(1, _DRAWN // len(values))
    means = np.concatenate(
        [
            values[rng.integers(len(values), size=(min(step, _DRAWS - done), len(values)))].mean(1)
            for done in range(0, _DRAWS, step)
        ]
    )
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(means, (tail, 1 - tail))
    return float(low), float(high)


def _quartiles(values: NDArray[np.int64]) -> tuple[int, int, int]:
    """Return a quarter, half and three quarters; each is one of the values."""
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75), method="inverted_cdf").tolist()
    return int(low), int(middle), int(high)


def _row(group: Group) -> tuple[object, ...]:
    """Return a group as a row of the frame."""
    nothing = (None, None, None)
    return (
        *(" & ".join(group.by), group.name, group.stated, group.people, group.matched),
        *(group.share, *group.share_interval),
        *(group.impact_ratio, group.small, group.below, group.by_chance),
        *(group.points, *(group.points_interval or nothing[:2])),
        *(group.points_quartiles or nothing),
        *(group.rank, *(group.rank_quartiles or nothing), group.first_choices),
    )
