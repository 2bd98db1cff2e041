"""The rules that come with matchkit: who may be paired at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from matchkit.scoring.base import Check, Context, OfColumn, Rule

if TYPE_CHECKING:
    from matchkit.profiles import Pool
    from matchkit.scoring.sides import Side


class Different(OfColumn, Rule):
    """The two must have different values in a column, such as another team.

    Attributes
    ----------
    column : str
        The column, compared without case and surrounding spaces. A blank breaks nothing.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors, mentees = [{"id": "di", "team": "data"}], [{"id": "ana", "team": "Data"}]
    >>> program = mk.Program(rules=(mk.Different("team"),))
    >>> mk.match(mentors, mentees, program=program).unmatched[0].blocking
    (('Different(team)', 1),)
    """

    if TYPE_CHECKING:  # pydantic tells type checkers of keywords only

        def __init__(self, column: str) -> None: ...

    def allows(self, mentee: Side, mentor: Side) -> Any:
        """Return True where the values differ."""
        return mentee.text(self.column) != mentor.text(self.column)


class Same(OfColumn, Rule):
    """The two must have the same value in a column, such as the site.

    Attributes
    ----------
    column : str
        The column, compared without case and surrounding spaces. A blank breaks nothing.
    """

    if TYPE_CHECKING:  # pydantic tells type checkers of keywords only

        def __init__(self, column: str) -> None: ...

    def allows(self, mentee: Side, mentor: Side) -> Any:
        """Return True where the values are equal."""
        return mentee.text(self.column) == mentor.text(self.column)


class NotManager(Rule):
    """Neither may be the other's manager.

    The column ``manager`` holds an id, an e-mail address or a name that only one person
    has.
    """

    def missing(self, mentees: Pool, mentors: Pool) -> str:
        """Say why this cannot apply: nobody's manager is known."""
        if mentees.has("manager") or mentors.has("manager"):
            return ""
        return "nobody has a 'manager'"

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Check:  # noqa: ARG002
        """Return this rule for the people of one round."""
        from matchkit.scoring.people import reporting

        return reporting(mentees, mentors)


class NotSelf(Rule):
    """Nobody is their own mentor: the same id or e-mail address on both sides."""

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Check:  # noqa: ARG002
        """Return this rule for the people of one round."""
        from matchkit.scoring.people import same_person

        return same_person(mentees, mentors)


class SharedLanguage(Rule):
    """The two need a language in common. Who listed none breaks nothing."""

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns needed: languages on both sides."""
        return ("languages",), ("languages",)

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Check:  # noqa: ARG002
        """Return this rule for the people of one round."""
        from matchkit.scoring.people import LanguageCheck

        return LanguageCheck(mentees, mentors)


class MaxTimezoneGap(Rule):
    """The two clocks may differ by at most some hours on the program's first day.

    Attributes
    ----------
    hours : float
        Largest difference, in hours. A person without a zone breaks nothing.
    """

    hours: float = Field(ge=0, le=24)

    @property
    def name(self) -> str:
        """Name in results, with the hours."""
        return f"{self.kind}({self.hours:g} h)"

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns needed: the zone on both sides."""
        return ("timezone",), ("timezone",)

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Check:
        """Return this rule for the people of one round."""
        from matchkit.scoring.people import ZoneCheck

        return ZoneCheck(self.hours, mentees, mentors, context)


class Avoid(Rule):
    """Whoever is named in the column ``avoids`` of either side is not matched with them."""

    def missing(self, mentees: Pool, mentors: Pool) -> str:
        """Say why this cannot apply: nobody named anybody."""
        if mentees.has("avoids") or mentors.has("avoids"):
            return ""
        return "nobody has 'avoids'"

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Check:  # noqa: ARG002
        """Return this rule for the people of one round."""
        from matchkit.scoring.people import avoiding

        return avoiding(mentees, mentors)


RULES: tuple[type[Rule], ...] = (
    Different,
    Same,
    NotManager,
    NotSelf,
    SharedLanguage,
    MaxTimezoneGap,
    Avoid,
)
"""Every rule that a program file can name."""
