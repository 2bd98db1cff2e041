"""What a criterion and a rule are, and how one is written in ten lines.

A :class:`Criterion` gives every pair a value in [0, 1], or NaN where it cannot tell; a
:class:`Rule` says whether a pair is allowed. Both are small frozen configuration objects.
Bound to the two pools of a round they become a :class:`Feature` or a :class:`Check`, which
answer for a grid of people and for a list of pairs with exactly the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol, runtime_checkable

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from matchkit.errors import ProgramError, nearest

if TYPE_CHECKING:
    from matchkit.profiles import Pool, Taxonomy
    from matchkit.scoring.layers import Layers
    from matchkit.scoring.sides import Floats, Index, Mask, Side, Values

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Context:
    """What binding may depend on beside the people.

    Attributes
    ----------
    start : date, optional
        The round's first day.
    taxonomy : Taxonomy, optional
        Skills by name, beside those that matchkit knows.
    """

    start: date | None = None
    taxonomy: Taxonomy | None = None


class Feature(Protocol):
    """A criterion bound to the people of a round.

    Both faces return float64 values in [0, 1], NaN where the criterion cannot tell, and
    agree to the last bit: they share integer sums and element-wise arithmetic only.
    """

    known_mentees: Mask
    known_mentors: Mask

    def grid(self, rows: Index, cols: Index) -> Values:
        """Return the values of every row with every column, shape (r, c)."""

    def pairs(self, rows: Index, cols: Index) -> Values:
        """Return the values of the pairs (rows[k], cols[k]), shape (k,)."""

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return what the value of one pair rests on, in words."""


@runtime_checkable
class BlockFeature(Feature, Protocol):
    """A feature that also answers for blocks in float32, faster than :meth:`grid`."""

    @property
    def terms(self) -> int:
        """The most numbers added up for a value, which bounds what float32 can lose."""

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return almost the values of every row with every column, shape (r, c)."""


@runtime_checkable
class Layered(Protocol):
    """A feature or a check that can be taken apart, so that blocks of it are added up fast."""

    def layers(self) -> Layers | None:
        """Return what it consists of, None where that would take too much memory."""


@runtime_checkable
class TwoSidedFeature(Feature, Protocol):
    """A feature in which the two sides may see a pair differently."""

    def mentors_own(self) -> tuple[Index, Index, Values]:
        """Return the pairs that mentors see differently, and the values that they give them."""


class Check(Protocol):
    """A rule bound to the people of a round."""

    def grid(self, rows: Index, cols: Index) -> Mask:
        """Return which pairs are allowed, shape (r, c)."""

    def pairs(self, rows: Index, cols: Index) -> Mask:
        """Return which of the pairs (rows[k], cols[k]) are allowed, shape (k,)."""

    def reason(self, row: int, col: int) -> str:
        """Return both sides' values of one pair, in words."""


class Configured(BaseModel):
    """What a program is made of: frozen fields, and one typed error for all their faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __init__(self, **fields: Any) -> None:
        if fields.get("kind") == self.kind:
            del fields["kind"]  # as dumps and program files write it
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise ProgramError(_fault_lines(type(self), error)) from error

    @model_serializer(mode="wrap")
    def _with_kind(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {"kind": self.kind, **handler(self)}

    @property
    def kind(self) -> str:
        """Name of the class, as a program file writes it."""
        return type(self).__name__

    @property
    def name(self) -> str:
        """Name in results: the kind, and the column where it is about one."""
        column = getattr(self, "column", None)
        return f"{self.kind}({column})" if column else self.kind


def _fault_lines(owner: type[Configured], error: ValidationError) -> str:
    """Return one line for each fault: where, what was given, what is wrong."""
    fields = list(owner.model_fields)
    lines = []
    for fault in error.errors(include_url=False):
        where = "".join(f"[{at}]" if isinstance(at, int) else f".{at}" for at in fault["loc"])
        said = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            name = str(fault["loc"][-1])
            said = f"is not a setting{nearest(name, fields) or '; there are ' + ', '.join(fields)}"
        elif fault["type"] not in {"missing", "value_error"}:
            said = f"{said}, not {fault['input']!r}"
        lines += [f"{owner.__name__}{where}: {line}" for line in said.splitlines()]
    return "\n".join(lines)


class _OnPairs(Configured):
    """What criteria and rules share: the columns they need of each side."""

    needs: ClassVar[tuple[str, ...]] = ()

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns needed of mentees and of mentors."""
        column = getattr(self, "column", None)
        both = (*type(self).needs, column) if column else type(self).needs
        return both, both

    def missing(self, mentees: Pool, mentors: Pool) -> str:
        """Say why this cannot apply to these people, or return ``""``."""
        sides = zip(self.columns(), (mentees, mentors), strict=True)
        lacks = [
            (pool, column) for columns, pool in sides for column in columns if not pool.has(column)
        ]
        said = " and ".join(f"{pool.role}s have no {column!r}" for pool, column in lacks)
        return said + _resembling(lacks)


def _resembling(lacks: Sequence[tuple[Pool, str]]) -> str:
    """Offer the nearest column where one is missing that matchkit does not know."""
    from matchkit.profiles import COLUMNS

    own = [(pool, column) for pool, column in lacks if column not in COLUMNS]
    return nearest(own[0][1], list(own[0][0].columns)) if own else ""


class Criterion(_OnPairs):
    """A scored preference. Subclass it, name the columns it needs, and give a value.

    ``value`` receives both sides as :class:`~matchkit.scoring.sides.Side`; their arrays
    broadcast together, so one NumPy expression serves a single pair and a whole block.
    Where a needed column is blank on either side the criterion counts as unable to tell.

    Attributes
    ----------
    weight : float
        Importance against the other criteria, 0 or more.

    Examples
    --------
    >>> import numpy as np
    >>> import matchkit as mk
    >>> class SameFloor(mk.Criterion):
    ...     '''People a few floors apart meet more often.'''
    ...     needs = ("floor",)
    ...     def value(self, mentee, mentor):
    ...         return 1 - np.minimum(abs(mentee.number("floor") - mentor.number("floor")), 5) / 5
    >>> program = mk.Program(criteria=(SameFloor(weight=1),))
    >>> mentors = [{"id": "di", "floor": 1}, {"id": "gil", "floor": 4}]
    >>> mk.match(mentors, [{"id": "ana", "floor": 3}], program=program)["ana"].score
    0.8
    """

    weight: Weight = 1.0

    def value(self, mentee: Side, mentor: Side) -> Any:  # noqa: ARG002
        """Return values in [0, 1], shape of the two sides broadcast; NaN cannot tell."""
        raise ProgramError(f"{self.kind} gives no value: define value(self, mentee, mentor)")

    def describe(self, mentee: dict[str, str], mentor: dict[str, str]) -> str:
        """Return the evidence for one pair from the cells of the columns needed."""
        if mentee.keys() == mentor.keys():
            return "; ".join(
                f"{column}: {mentee[column]} and {mentor[column]}" for column in mentee
            )
        said = [f"mentee's {column}: {cell}" for column, cell in mentee.items()]
        return "; ".join(said + [f"mentor's {column}: {cell}" for column, cell in mentor.items()])

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Feature:  # noqa: ARG002
        """Return this criterion for the people of one round."""
        from matchkit.scoring.tables import TableFeature

        return TableFeature(self, mentees, mentors)


class Rule(_OnPairs):
    """A hard condition on a pair. Subclass it, name its columns, and say who is allowed.

    A pair in which a needed column is blank cannot break the rule; how many people that
    concerns is said among the findings.

    Examples
    --------
    >>> import matchkit as mk
    >>> class SameSite(mk.Rule):
    ...     needs = ("site",)
    ...     def allows(self, mentee, mentor):
    ...         return mentee.text("site") == mentor.text("site")
    >>> program = mk.Program(criteria=(mk.SameValue("site"),), rules=(SameSite(),))
    >>> mentors = [{"id": "di", "site": "Oslo"}, {"id": "gil", "site": "Rome"}]
    >>> mk.match(mentors, [{"id": "ana", "site": "rome"}], program=program)["ana"].mentor
    'gil'
    """

    def allows(self, mentee: Side, mentor: Side) -> Any:  # noqa: ARG002
        """Return True where a pair is allowed, shape of the two sides broadcast."""
        raise ProgramError(f"{self.kind} allows nothing: define allows(self, mentee, mentor)")

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Check:  # noqa: ARG002
        """Return this rule for the people of one round."""
        from matchkit.scoring.tables import TableCheck

        return TableCheck(self, mentees, mentors)


class OfColumn(_OnPairs):
    """Configuration about one column, which may be given by position."""

    column: str = Field(min_length=1)

    def __init__(self, column: str | None = None, **fields: Any) -> None:
        if column is not None:
            fields["column"] = column
        super().__init__(**fields)
