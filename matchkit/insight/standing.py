"""Which matches are the same in every best matching, and which a tie decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from matchkit.assign import Residual
from matchkit.claims import proof
from matchkit.insight.again import Again
from matchkit.shown import Shown, effort

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.matching import Match, Matching, Unmatched

How = Literal["always", "tie", "by hand"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure one mentee's match is.

    Attributes
    ----------
    mentee, mentor : str
        Ids; the mentor is empty for nobody.
    how : {"always", "tie", "by hand"}
        The same in every best matching; decided by a tie, which the program's seed breaks;
        set by hand.
    others : tuple of str
        Mentors whom the mentee has in other best matchings, sorted; empty where the result
        is without its people.
    """

    mentee: str
    mentor: str
    how: How
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ties(Shown):
    """Who is matched alike in every best matching, and who by a tie.

    Attributes
    ----------
    rows : tuple of Standing
        By mentee id.
    rounds : int
        How often the round was solved again, where constraints across pairs ask for that.
    seconds : float
        What that took; no part of what two answers are compared by.
    """

    rows: tuple[Standing, ...]
    rounds: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def tied(self) -> tuple[Standing, ...]:
        """Those whom a tie decided."""
        return tuple(row for row in self.rows if row.how == "tie")

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each mentee: ``mentee, mentor, how, others``."""
        import pandas as pd

        rows = [(row.mentee, row.mentor, row.how, ", ".join(row.others)) for row in self.rows]
        return pd.DataFrame(rows, columns=["mentee", "mentor", "how", "others"])

    def __str__(self) -> str:
        """Say how many ties there are, and whom they concern."""
        if self.rounds:
            return f"{self._said()}\n{effort(self.rounds, self.seconds)}"
        return self._said()

    def _said(self) -> str:
        if not self.tied:
            return "Every best matching gives every mentee the same: nothing hangs on a tie."
        who = ", ".join(row.mentee for row in self.tied[:12])
        rest = f" and {len(self.tied) - 12} more" if len(self.tied) > 12 else ""
        count = f"{len(self.tied)} of {len(self.rows)} mentees"
        return f"For {count} a tie decided between equally good matchings: {who}{rest}."


def ties(matching: Matching) -> Ties:
    """Say which matches hold in every best matching, and which a tie decided.

    Parameters
    ----------
    matching : Matching
        The result. Without its people, who else a mentee could have is left out. Where
        there are constraints across pairs they are needed: the round is solved again for
        each mentee, without the pair that was made. A stable round has no ties: keys tell
        equals apart.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql"}, {"id": "gil", "skills": "sql"}]
    >>> matching = mk.match(mentors, [{"id": "ana", "goals": "sql"}])
    >>> [(row.how, len(row.others)) for row in mk.insight.ties(matching).rows]
    [('tie', 1)]
    """
    if not matching.priced and not matching.program.stable:
        return _solved_again(matching)
    others: dict[str, list[str]] = {}
    if matching.round_ is not None and matching.priced:
        round_ = matching.people
        free = Residual(*proof(matching)).free()
        mentees = round_.mentees.ids[free.mentees].tolist()
        for mentee, mentor in zip(mentees, round_.mentors.ids[free.mentors].tolist(), strict=True):
            others.setdefault(mentee, []).append(mentor)
    return Ties(
        tuple(
            Standing(
                one.mentee,
                getattr(one, "mentor", ""),
                _how(one),
                tuple(sorted(others.get(one.mentee, ()))),
            )
            for one in matching.everyone
        )
    )


def _how(one: Match | Unmatched) -> How:
    if getattr(one, "locked", False):
        return "by hand"
    return "tie" if one.tied else "always"


def _solved_again(matching: Matching) -> Ties:
    """Look for a matching as good in which a mentee is matched differently."""
    round_ = matching.people
    again = Again(matching)
    problem = again.problem
    best = again.worth()
    rows = []
    for one in matching.everyone:
        mentor, how = getattr(one, "mentor", ""), _how(one)
        row = round_.row(one.mentee)
        if mentor and how != "by hand":
            pair = (row, round_.column(mentor))
            other = again.worth(forbidden=[*problem.forbidden.tolist(), pair])
        elif not mentor:
            # Being left out counts a point less: with a match elsewhere nothing is lost.
            alone = problem.unmatched_points.copy()
            alone[row] -= 1
            other = again.worth(unmatched_points=alone)
        else:
            other = None
        rows.append(Standing(one.mentee, mentor, "tie" if other and other == best else how))
    return Ties(tuple(rows), again.rounds, again.seconds)
