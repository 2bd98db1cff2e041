"""Constraints: conditions on the matching as a whole, and pairs set or ruled out by hand.

Each is a small frozen object that a program holds and a program file can name. What they
mean for the people of a round is worked out in :mod:`matchkit.conditions`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from matchkit.scoring.base import Configured


class Constraint(Configured):
    """A condition on the matching as a whole, beyond what a rule says of one pair."""


def _as_id(value: object) -> object:
    """Read an id as people's ids are read: trimmed, in NFC, the number 7 as ``"7"``."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else value


Id = Annotated[str, BeforeValidator(_as_id), Field(min_length=1)]


class _Pair(Constraint):
    """A constraint on one pair, given by ids."""

    mentee: Id
    mentor: Id

    def __init__(
        self, mentee: str | int | None = None, mentor: str | int | None = None, **other: Any
    ) -> None:
        given = {"mentee": mentee, "mentor": mentor}
        super().__init__(**{name: who for name, who in given.items() if who is not None}, **other)

    @property
    def name(self) -> str:
        """Name in results, with the two."""
        return f"{self.kind}({self.mentee}, {self.mentor})"


class Locked(_Pair):
    """The pair is set by hand, and everybody else is matched around it.

    A lock that breaks a rule or another constraint is a conflict and raises
    :class:`~matchkit.errors.InfeasibleError`.

    Attributes
    ----------
    mentee, mentor : str
        Ids.
    """

    if TYPE_CHECKING:  # pydantic tells type checkers of keywords only

        def __init__(self, mentee: str | int, mentor: str | int) -> None: ...


class Forbidden(_Pair):
    """The pair must not be made.

    Attributes
    ----------
    mentee, mentor : str
        Ids.
    """

    if TYPE_CHECKING:  # pydantic tells type checkers of keywords only

        def __init__(self, mentee: str | int, mentor: str | int) -> None: ...


def _as_amount(value: object) -> object:
    """Read a number of pairs (whole) or a share (a decimal, or text such as ``"2/3"``)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("write a whole number of pairs, or a share such as 0.6 or '2/3'")  # noqa: TRY004 - pydantic collects ValueErrors
    if isinstance(value, int):
        if value < 0:
            raise ValueError(f"{value} is below 0")
        return value
    try:
        share = Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{value!r} is no share; write 0.6 or '2/3'") from None
    if not 0 <= share <= 1:
        raise ValueError(f"{value} is no share from 0 to 1; a number of pairs is whole")
    if share.denominator > _FINEST:
        raise ValueError(f"{value} has too many digits; write it as a short decimal or '2/3'")
    return value.strip() if isinstance(value, str) else value


_FINEST = 1_000_000  # denominators beyond this are slips of the pen, and slow to compute with

Amount = Annotated[int | float | str, BeforeValidator(_as_amount)]
"""A whole number counts pairs or people; a decimal, or text such as ``"2/3"``, is a share."""

Value = Annotated[str, BeforeValidator(_as_id), Field(min_length=1)]
Values = Annotated[
    tuple[Value, ...],
    BeforeValidator(lambda given: (given,) if isinstance(given, str | int) else given),
    Field(min_length=1),
]
"""One value of a column or several of which any will do."""


def as_share(amount: float | str) -> Fraction | None:
    """Return a share exactly as written, None for a whole number.

    Examples
    --------
    >>> as_share(0.6), as_share("2/3"), as_share(60)
    (Fraction(3, 5), Fraction(2, 3), None)
    """
    return None if isinstance(amount, int) else Fraction(str(amount))


class Priced(Constraint):
    """A constraint that must be kept, unless it is soft: then breaking it has a price.

    Attributes
    ----------
    soft : bool
        Whether it may be broken, at a price. The result says by how much it is.
    price : float, optional
        What each pair, or person, that it is short of or beyond costs, as a score: at
        0.1 the round gives up a tenth of a perfect pair for each and no more.
    """

    soft: bool = False
    price: float | None = Field(default=None, ge=0, le=1000, allow_inf_nan=False)

    @model_validator(mode="after")
    def _priced(self) -> Self:
        if self.soft and self.price is None:
            raise ValueError(
                "is soft: say what each pair too few or too many costs, such as price = 0.1"
            )
        if self.price is not None and not self.soft:
            raise ValueError("has a price but is not soft: write soft = true, or leave price out")
        return self


class _Bounded(Priced):
    """A constraint with a lower bound, an upper one, or both."""

    at_least: Amount | None = None
    at_most: Amount | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("bounds nothing: give at_least or at_most")
        least, most = self.at_least, self.at_most
        alike = type(least) is type(most) and not isinstance(least, str)
        if alike and least is not None and least > most:  # type: ignore[operator]
            raise ValueError(f"at_least is {least}, more than at_most, which is {most}")
        return self


class PairShare(_Bounded):
    """At least or at most a share, or a number, of the matched pairs are of a certain kind.

    A pair counts if it meets everything that is given; a blank cell meets nothing.
    Protected attributes may be named here: they are counted, never scored.

    Attributes
    ----------
    different, same : str, optional
        A column in which the two differ, or are equal.
    mentee, mentor : mapping, optional
        Columns of one side, with a value or a list of values of which any will do.
    at_least, at_most : int, float or str
        A whole number of pairs; or a share of those matched, as a decimal or ``"2/3"``.
    soft, price
        As for every constraint with a price.

    Examples
    --------
    >>> import matchkit as mk
    >>> mk.PairShare(different="department", at_least=0.6).name
    'PairShare(different department)'
    >>> mk.PairShare(mentee={"site": "Oslo"}, mentor={"grade": ["lead", "head"]}, at_most=5).name
    'PairShare(mentee site Oslo, mentor grade lead or head)'
    """

    different: str | None = Field(default=None, min_length=1)
    same: str | None = Field(default=None, min_length=1)
    mentee: Mapping[str, Values] = Field(default_factory=dict)
    mentor: Mapping[str, Values] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _counts(self) -> Self:
        if not (self.different or self.same or self.mentee or self.mentor):
            raise ValueError("counts every pair: give different, same, mentee or mentor")
        return self

    @property
    def name(self) -> str:
        """Name in results, with what is counted."""
        said = [f"{word} {column}" for word, column in self._columns() if column]
        for side, wanted in (("mentee", self.mentee), ("mentor", self.mentor)):
            said += [f"{side} {column} {' or '.join(any_of)}" for column, any_of in wanted.items()]
        return f"{self.kind}({', '.join(said)})"

    def _columns(self) -> tuple[tuple[Literal["different", "same"], str | None], ...]:
        return ("different", self.different), ("same", self.same)


class MaxPerMentor(Priced):
    """No mentor has more than so many mentees with the same value in a column.

    Attributes
    ----------
    same : str
        The column of mentees, such as ``team``. Blank cells are never the same.
    at_most : int
        How many.
    soft, price
        As for every constraint with a price.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "capacity": 2, "skills": "sql"}, {"id": "gil"}]
    >>> mentees = [{"id": who, "goals": "sql", "team": "data"} for who in ("ana", "bo")]
    >>> program = mk.Program(constraints=(mk.MaxPerMentor(same="team", at_most=1),))
    >>> len(mk.match(mentors, mentees, program=program).of_mentor("di"))
    1
    """

    same: str = Field(min_length=1)
    at_most: int = Field(ge=0)

    @property
    def name(self) -> str:
        """Name in results, with the column."""
        return f"{self.kind}({self.same})"


class GroupCoverage(_Bounded):
    """At least or at most a share, or a number, of a group of mentees are matched.

    Attributes
    ----------
    column : str
        A column of mentees.
    value : str or list of str
        The value that makes the group, or several of which any will do.
    at_least, at_most : int, float or str
        A whole number of people; or a share of the group, as a decimal or ``"2/3"``.
    soft, price
        As for every constraint with a price.
    """

    column: str = Field(min_length=1)
    value: Values

    @property
    def name(self) -> str:
        """Name in results, with the group."""
        return f"{self.kind}({self.column} {' or '.join(self.value)})"


class MinLoad(Priced):
    """Every mentor who offers a place has at least so many mentees.

    Attributes
    ----------
    mentees : int, optional
        How many; of those who offer fewer places, all of these. Without a number it is
        what each mentor wrote in the column ``min_load``.
    soft, price
        As for every constraint with a price.
    """

    mentees: int | None = Field(default=None, ge=0)

    def __init__(self, mentees: int | None = None, **other: Any) -> None:
        super().__init__(**({} if mentees is None else {"mentees": mentees}), **other)

    @property
    def name(self) -> str:
        """Name in results, with the number."""
        return f"{self.kind}({'min_load' if self.mentees is None else self.mentees})"


class MinScore(Constraint):
    """Pairs below a score are not made: the same as the program's ``min_score``.

    Attributes
    ----------
    score : float
        The least score, from 0 to 1. Of several, the highest counts.
    """

    score: float = Field(ge=0, le=1)

    def __init__(self, score: float | None = None, **other: Any) -> None:
        super().__init__(**({} if score is None else {"score": score}), **other)

    @property
    def name(self) -> str:
        """Name in results, with the score."""
        return f"{self.kind}({self.score:g})"


class Apart(Priced):
    """No two of these mentees have the same mentor.

    Attributes
    ----------
    mentees : tuple of str
        Ids, two or more.
    soft, price
        As for every constraint with a price.

    Examples
    --------
    >>> import matchkit as mk
    >>> mk.Apart("ana", "bo").mentees
    ('ana', 'bo')
    """

    mentees: tuple[Id, ...] = Field(min_length=2)

    def __init__(self, *mentees: str | int, **other: Any) -> None:
        super().__init__(**({"mentees": mentees} if mentees else {}), **other)

    @field_validator("mentees")
    @classmethod
    def _differ(cls, mentees: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse somebody named twice."""
        if len(set(mentees)) < len(mentees):
            raise ValueError("somebody is named twice; name people once each")
        return mentees

    @property
    def name(self) -> str:
        """Name in results, with the people."""
        return f"{self.kind}({', '.join(self.mentees)})"


@dataclass(frozen=True, slots=True)
class AppliedConstraint:
    """What became of a constraint across pairs.

    Attributes
    ----------
    name : str
        Name of the constraint.
    told : str
        What it came to and what was asked, in words.
    counted, of : int
        The pairs, people or mentors that count, and of how many.
    soft : bool
        Whether it might be missed, at a price.
    missed : int
        By how many pairs or people it is missed.
    penalty : int
        Micro-points that this costs.
    """

    name: str
    told: str
    counted: int
    of: int
    soft: bool = False
    missed: int = 0
    penalty: int = 0

    def __str__(self) -> str:
        """Say what it came to."""
        short = f"; missed by {self.missed:,}" if self.missed else ""
        return f"{self.name}: {self.told}{short}"


@dataclass(frozen=True, slots=True)
class Multiplier:
    """What one more unit of a constraint counts in the proof.

    Attributes
    ----------
    quota : int
        The bound that it belongs to, in the order in which the constraints state them.
    points : int
        Micro-points for each unit: above 0 where a lower bound presses.
    group : int
        The group, where the bound is one for each mentor.
    mentor : str
        Id of the mentor, empty where the bound is one for the whole round.
    """

    quota: int
    points: int
    group: int = 0
    mentor: str = ""


CONSTRAINTS: tuple[type[Constraint], ...] = (
    PairShare,
    MaxPerMentor,
    GroupCoverage,
    MinLoad,
    MinScore,
    Apart,
    Locked,
    Forbidden,
)
"""Every constraint that a program file can name."""
