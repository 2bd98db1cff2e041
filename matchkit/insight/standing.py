"""Which matches are the same in every best matching, and which a tie decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from matchkit.assembly import claimed
from matchkit.assign import Residual
from matchkit.shown import Shown

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
    """

    rows: tuple[Standing, ...]

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
        The result. Without its people, who else a mentee could have is left out.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql"}, {"id": "gil", "skills": "sql"}]
    >>> matching = mk.match(mentors, [{"id": "ana", "goals": "sql"}])
    >>> [(row.how, len(row.others)) for row in mk.insight.ties(matching).rows]
    [('tie', 1)]
    """
    others: dict[str, list[str]] = {}
    if matching.round_ is not None:
        round_ = matching.people
        free = Residual(round_.problem, claimed(matching, round_)).free()
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
