"""What every other pair would cost the round, from the proof of the optimum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from matchkit.assign import INELIGIBLE, Residual
from matchkit.claims import claimed, proof
from matchkit.errors import ProgramError
from matchkit.insight.again import Again, less
from matchkit.shown import Shown, effort, worth_of

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.matching import Matching
    from matchkit.rounds import Round


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
    rounds : int
        How often the round was solved again, where constraints across pairs ask for that.
    seconds : float
        What that took; no part of what two answers are compared by.
    """

    rows: tuple[Regret, ...]
    rounds: int = 0
    seconds: float = field(default=0.0, compare=False)

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
            pair = f"{row.mentee} with {row.mentor}"
            if (fewer, points) < (0, 0):
                adds = worth_of(-fewer, -points)
                said.append(f"One of them, {pair}, would add {adds}: points are not what counts.")
            else:
                cost = worth_of(fewer, points)
                said.append(f"The cheapest of the rest, {pair}, costs {cost}.")
        lines = [" ".join(said)]
        if self.rounds:
            lines.append(effort(self.rounds, self.seconds))
        return "\n".join(lines)


def regrets(
    matching: Matching, *, most: int | None = 10, mentees: Iterable[str] | None = None
) -> Regrets:
    """Price the pairs that were not made, all at once and exactly.

    The cost of a pair is what the best matching with it loses against the best matching
    without that condition: the same number that :func:`matchkit.why_not` gives. Nothing is
    solved again, unless there are constraints across pairs: then no chain of moves tells the
    cost, and the round is solved again for every pair.

    Parameters
    ----------
    matching : Matching
        The result, with its people.
    most : int or None, default 10
        How many alternatives of each mentee, the cheapest; None for every pair.
    mentees : iterable of str, optional
        Whose alternatives; everybody's by default.

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
    asked = None if mentees is None else {round_.row(mentee) for mentee in mentees}
    if not matching.priced:
        return _solved_again(matching, most, asked)
    found = Residual(*proof(matching)).alternatives(most)
    each = zip(found.mentees.tolist(), found.mentors.tolist(), found.losses.tolist(), strict=True)
    return Regrets(_named(round_, [one for one in each if asked is None or one[0] in asked]))


def _named(round_: Round, found: Iterable[tuple[int, int, Sequence[int]]]) -> tuple[Regret, ...]:
    """Put ids in the place of indices."""
    mentees, mentors = round_.mentees.ids.tolist(), round_.mentors.ids.tolist()
    rows = [Regret(mentees[row], mentors[col], *loss) for row, col, loss in found]
    return tuple(sorted(rows, key=lambda row: (row.mentee, row.fewer, row.points, row.mentor)))


def _solved_again(matching: Matching, most: int | None, asked: set[int] | None) -> Regrets:
    """Set each pair by hand and solve again."""
    round_ = matching.people
    again, everyone = Again(matching), np.arange(len(round_.mentors))
    best, locked = again.worth(), again.problem.locked
    mentor_of = claimed(matching, round_).mentor_of
    found: list[tuple[int, int, Sequence[int]]] = []
    for row in np.setdiff1d(np.arange(mentor_of.size), locked[:, 0]).tolist():
        if asked is not None and row not in asked:
            continue
        losses = []
        points = again.problem.source.pairs(np.full(everyone.size, row), everyone)
        for col in np.flatnonzero((points != INELIGIBLE) & (everyone != mentor_of[row])).tolist():
            other = again.worth(locked=[*locked.tolist(), [row, col]])
            if best and other:
                losses.append((less(best, other), col))
        found += [(row, col, loss) for loss, col in sorted(losses)[:most]]
    return Regrets(_named(round_, found), again.rounds, again.seconds)
