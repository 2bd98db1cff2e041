"""What every other pair would cost the round, from the proof of the optimum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from matchkit.assembly import claimed
from matchkit.assign import Residual
from matchkit.errors import ProgramError
from matchkit.shown import Shown, worth_of

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.matching import Matching


@dataclass(frozen=True, slots=True)
class Regret:
    """What the round would lose if a pair were set by hand.

    Attributes
    ----------
    mentee, mentor : str
        Ids of a pair that is possible and was not made.
    fewer : int
        How many fewer people would be matched; 0 where only points count
        (``coverage="score"``).
    points : int
        Micro-points that the round would lose. Below 0 where fewer people would be
        matched, yet better.
    """

    mentee: str
    mentor: str
    fewer: int
    points: int


@dataclass(frozen=True, slots=True)
class Regrets(Shown):
    """What pairs that were not made would cost, the cheapest of each mentee first.

    Attributes
    ----------
    rows : tuple of Regret
        By mentee id, then by cost: people before points.
    """

    rows: tuple[Regret, ...]

    def of(self, mentee: str) -> tuple[Regret, ...]:
        """Return the alternatives of one mentee, the cheapest first."""
        return tuple(row for row in self.rows if row.mentee == mentee)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each pair: ``mentee, mentor, fewer, points``."""
        import pandas as pd

        rows = [(row.mentee, row.mentor, row.fewer, row.points) for row in self.rows]
        return pd.DataFrame(rows, columns=["mentee", "mentor", "fewer", "points"])

    def matrix(self, value: Literal["fewer", "points"] = "points") -> pd.DataFrame:
        """Return one row for each mentee and one column for each mentor.

        Missing is what can't be, what is matched already and, with ``most``, the rest.
        """
        frame = self.to_frame().pivot_table(index="mentee", columns="mentor", values=value)
        return frame.astype("Int64")

    def __str__(self) -> str:
        """Say how many pairs could be made at no cost, and what the next one costs."""
        free = sum(row.fewer == row.points == 0 for row in self.rows)
        priced = [(row.fewer, row.points, row) for row in self.rows if row.fewer or row.points]
        said = [f"{len(self.rows):,} other pairs are possible, {free:,} of them at no cost."]
        if priced:
            fewer, points, row = min(priced, key=lambda each: each[:2])
            cost = worth_of(fewer, points)
            said.append(f"The cheapest of the rest, {row.mentee} with {row.mentor}, costs {cost}.")
        return " ".join(said)


def regrets(matching: Matching, *, most: int | None = 10) -> Regrets:
    """Price the pairs that were not made, all at once and exactly.

    The cost of a pair is what the best matching with it loses against the best matching
    without that condition: the same number that :func:`matchkit.why_not` gives. Nothing is
    solved again.

    Parameters
    ----------
    matching : Matching
        The result, with its people.
    most : int or None, default 10
        How many alternatives of each mentee, the cheapest; None for every pair.

    Raises
    ------
    DetachedError
        The result was loaded without its people.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql:4"}, {"id": "gil", "skills": "python:5"}]
    >>> mentees = [{"id": "ana", "goals": "python"}, {"id": "bo", "goals": "sql"}]
    >>> answer = mk.insight.regrets(mk.match(mentors, mentees))
    >>> [(row.mentee, row.mentor, row.fewer) for row in answer.rows]
    [('ana', 'di', 0), ('bo', 'gil', 0)]
    """
    if most is not None and most < 1:
        raise ProgramError(f"most is {most}; give 1 or more, or None for every pair")
    round_ = matching.people
    found = Residual(round_.problem, claimed(matching, round_)).alternatives(most)
    mentees, mentors = round_.mentees.ids[found.mentees], round_.mentors.ids[found.mentors]
    each = zip(mentees.tolist(), mentors.tolist(), found.losses.tolist(), strict=True)
    rows = [Regret(mentee, mentor, *loss) for mentee, mentor, loss in each]
    return Regrets(
        tuple(sorted(rows, key=lambda row: (row.mentee, row.fewer, row.points, row.mentor)))
    )
