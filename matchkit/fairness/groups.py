"""What an audit finds: groups of people, their outcomes, and what stands out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, Literal

from matchkit.scoring import POINTS

if TYPE_CHECKING:
    import pandas as pd

AuditedSide = Literal["mentee", "mentor"]

FOUR_FIFTHS: Final = 0.8
"""Impact ratios below this are worth a look: the four-fifths rule of the Uniform Guidelines
on Employee Selection Procedures, 29 CFR 1607.4 D."""


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
