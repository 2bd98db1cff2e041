"""The configuration of one round: what counts, what is required, what is set by hand.

A :class:`Program` is a frozen value. It is written in Python, in TOML for people or in
JSON inside a result, and reads back as the same value from each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializeAsAny,
    field_validator,
    model_validator,
)
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

from matchkit.constraints import CONSTRAINTS, Constraint, Forbidden, Id, Locked, MinScore
from matchkit.errors import ProgramError, nearest
from matchkit.scoring.base import Configured, Criterion, Rule
from matchkit.scoring.criteria import (
    CRITERIA,
    SeniorityGap,
    SharedHours,
    SharedInterests,
    SkillCoverage,
    StatedPreference,
    TextFit,
)
from matchkit.scoring.protected import is_protected, plain_name
from matchkit.scoring.rules import RULES, Avoid, NotManager, NotSelf, SharedLanguage

_HOLIDAY = re.compile(r"\d{4}-\d{2}-\d{2}|[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?")


def _as_holiday(value: object) -> str:
    """Read a day or a country as text; TOML has dates of its own."""
    text = value.isoformat() if isinstance(value, date) else value
    if not isinstance(text, str) or not _HOLIDAY.fullmatch(text):
        raise ValueError(f"{value!r} is no holiday; write '2027-05-17', 'NO' or 'DE-BY'")
    return text


SECTIONS: Mapping[str, tuple[type[Configured], ...]] = {
    "criteria": CRITERIA,
    "rules": RULES,
    "constraints": CONSTRAINTS,
}


BASES: Mapping[str, type[Configured]] = {
    "criteria": Criterion,
    "rules": Rule,
    "constraints": Constraint,
}


def _built_all(
    items: object, section: str, kinds: Sequence[type[Configured]], faults: list[str]
) -> object:
    """Build the items of a section, and note the faults of those that cannot be built."""
    if isinstance(items, Mapping):
        faults.append(f"Program.{section}: is one table; write [[{section}]] over each of them")
        return ()
    if not isinstance(items, Sequence) or isinstance(items, str):
        return items
    built = []
    for at, item in enumerate(items):
        try:
            built.append(_build(item, section, kinds))
        except ValueError as error:
            faults += [f"Program.{section}[{at}]: {line}" for line in str(error).splitlines()]
    return tuple(built)


def _build(item: object, section: str, kinds: Sequence[type[Configured]]) -> object:
    """Turn a table with a ``kind`` into the object that it describes."""
    table = {each.__name__: each for each in kinds}
    for name, each in table.items():
        if item is each:
            raise ValueError(f"is the class {name}; write {name}(...)")
    if not isinstance(item, Mapping):
        return item
    kind = item.get("kind")
    if kind is None:
        raise ValueError(f"names no kind; write kind = one of {', '.join(table)}")
    if not isinstance(kind, str) or kind not in table:
        known = f"; the {section} are {', '.join(table)}"
        raise ValueError(f"has the unknown kind {kind!r}{nearest(str(kind), list(table)) or known}")
    return table[kind](**{str(name): value for name, value in item.items()})


class _Section:
    """Reads one section of a program, and describes it in JSON Schema: one of its kinds."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Turn tables into objects before they are validated."""
        return no_info_before_validator_function(self._built, handler(source))

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe every kind that matchkit knows."""
        kinds = []
        for each in SECTIONS[self._name]:
            told = handler.resolve_ref_schema(handler(each.__pydantic_core_schema__))
            kind = {"const": each.__name__, "title": "Kind", "type": "string"}
            told["properties"] = {"kind": kind} | told.get("properties", {})
            told["required"] = ["kind", *told.get("required", [])]
            kinds.append(told)
        return {"anyOf": kinds}

    def _built(self, item: object) -> object:
        return _build(item, self._name, SECTIONS[self._name])


class Sensitive(BaseModel):
    """A protected trait that a program may score by, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str = Field(min_length=1)
    reason: str = Field(min_length=1, pattern=r"\S")


class Program(Configured):
    """The configuration of one round.

    Attributes
    ----------
    criteria : tuple of Criterion
        What makes a pair good, with weights. Criteria whose columns are missing are
        skipped, and the result says so.
    rules : tuple of Rule
        What a pair must meet.
    constraints : tuple of Constraint
        Conditions on the matching as a whole, and pairs set or forbidden by hand.
    priority : tuple of str
        Ids of mentees who come first where places run out: of all matchings of as many
        people, those with the most of them, and of these the one with the most points.
    objective : {"total", "fair", "stable", "stable_for_mentors"}
        ``"total"`` makes the most points; ``"fair"`` makes the worst pair as good as can be
        and then the most points; ``"stable"`` leaves no two who would rather have each
        other, and is of all such matchings the best for mentees, ``"stable_for_mentors"``
        for mentors.
    coverage : {"first", "score"}
        ``"first"`` matches as many people as possible and then makes the most points of
        them; ``"score"`` counts points only.
    start : date, optional
        The round's first day. Needed where weekly hours in several time zones are
        compared.
    cadence : {"mentoring", "micro", "shadowing", "circle"}
        The rhythm of the follow-up, see :class:`~matchkit.plans.Cadence`.
    holidays : tuple of str, or mapping of str to tuple of str
        Days without meetings, as dates or country codes, for everybody or by the people's
        location; see :func:`~matchkit.schedule`.
    min_score : float
        Pairs below this score, in [0, 1], are not made.
    allow_sensitive : tuple of Sensitive
        Columns of protected traits that a criterion may name all the same, each as
        ``{"column": ..., "reason": ...}``. The reason is stored in the result.
    seed : int
        Orders equals. Another seed gives another, equally good, choice among ties.

    Notes
    -----
    The default weighs ``SkillCoverage`` 5, ``TextFit`` 2, ``SeniorityGap`` 1,
    ``SharedHours`` 1, ``StatedPreference`` 1 and ``SharedInterests`` 0.5, and requires
    ``NotSelf``, ``NotManager``, ``Avoid`` and ``SharedLanguage``: skills first, because
    they are what the mentee came for, and no rule that an organisation might not share.

    Examples
    --------
    >>> from matchkit import Program, SkillCoverage, Different
    >>> program = Program(criteria=(SkillCoverage(weight=2),), rules=(Different("team"),))
    >>> Program.from_toml_text(program.to_toml()) == program
    True
    """

    criteria: tuple[SerializeAsAny[Annotated[Criterion, _Section("criteria")]], ...] = (
        SkillCoverage(weight=5),
        TextFit(weight=2),
        SeniorityGap(ideal=2, weight=1),
        SharedHours(weight=1),
        SharedInterests(weight=0.5),
        StatedPreference(weight=1),
    )
    rules: tuple[SerializeAsAny[Annotated[Rule, _Section("rules")]], ...] = (
        NotSelf(),
        NotManager(),
        Avoid(),
        SharedLanguage(),
    )
    constraints: tuple[SerializeAsAny[Annotated[Constraint, _Section("constraints")]], ...] = ()
    priority: tuple[Id, ...] = ()
    objective: Literal["total", "fair", "stable", "stable_for_mentors"] = "total"
    coverage: Literal["first", "score"] = "first"
    start: date | None = None
    cadence: Literal["mentoring", "micro", "shadowing", "circle"] = "mentoring"
    holidays: tuple[str, ...] | dict[str, tuple[str, ...]] = ()
    min_score: float = Field(default=0.0, ge=0, le=1)
    allow_sensitive: tuple[Sensitive, ...] = ()
    seed: int = Field(default=0, ge=0, lt=2**63)

    @model_validator(mode="after")
    def _no_protected_trait(self) -> Self:
        allowed = {plain_name(each.column) for each in self.allow_sensitive}
        faults = [
            f"{criterion.name} scores people by {column!r}, a protected trait: leave it to "
            "constraints and audits, or name it in allow_sensitive with column and reason"
            for criterion in self.criteria
            for column in dict.fromkeys(chain(*criterion.columns()))
            if is_protected(column) and plain_name(column) not in allowed
        ]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @field_validator("criteria", "rules")
    @classmethod
    def _no_name_twice(cls, items: tuple[Configured, ...]) -> tuple[Configured, ...]:
        names = [item.name for item in items]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands more than once; keep one of each")
        return items

    @field_validator("holidays", mode="before")
    @classmethod
    def _days_or_countries(cls, given: object) -> object:
        if isinstance(given, Mapping):
            return {str(place): cls._days_or_countries(days) for place, days in given.items()}
        entries = [given] if isinstance(given, str | date) else given
        if not isinstance(entries, Iterable):
            raise ValueError(f'{given!r} is no list of holidays; write ["2027-05-17", "NO"]')  # noqa: TRY004 - pydantic collects ValueErrors
        return tuple(map(_as_holiday, entries))

    @property
    def stable(self) -> bool:
        """Whether the result is to be stable."""
        return self.objective in {"stable", "stable_for_mentors"}

    @property
    def locked(self) -> tuple[Locked, ...]:
        """The pairs set by hand."""
        return tuple(each for each in self.constraints if isinstance(each, Locked))

    @property
    def forbidden(self) -> tuple[Forbidden, ...]:
        """The pairs forbidden by hand."""
        return tuple(each for each in self.constraints if isinstance(each, Forbidden))

    @property
    def least_score(self) -> float:
        """The score below which no pair is made: ``min_score``, or a higher ``MinScore``."""
        asked = [each.score for each in self.constraints if isinstance(each, MinScore)]
        return max([self.min_score, *asked])

    @classmethod
    def from_dict(
        cls, data: Mapping[str, Any], *, custom: Sequence[type[Criterion | Rule]] = ()
    ) -> Self:
        """Build a program from plain data, as TOML and JSON hold it.

        Parameters
        ----------
        data : mapping
            Fields of the program; each criterion, rule and constraint a mapping with its
            ``kind``.
        custom : sequence of classes
            Your own criteria and rules that the data may name.

        Raises
        ------
        ProgramError
            A field, a kind or a value is not known; all faults at once.
        """
        if not isinstance(data, Mapping):
            raise ProgramError(f"a program is a table of settings, not {data!r}")
        fields = {str(name): value for name, value in data.items()}
        faults: list[str] = []
        for section, known in SECTIONS.items():
            if section in fields:
                kinds = (*known, *(each for each in custom if issubclass(each, BASES[section])))
                fields[section] = _built_all(fields[section], section, kinds, faults)
        try:
            program = cls(**fields)
        except ProgramError as error:
            faults.extend(error.lines)
        if faults:
            raise ProgramError("\n".join(faults))
        return program

    @classmethod
    def from_toml_text(cls, text: str, *, custom: Sequence[type[Criterion | Rule]] = ()) -> Self:
        """Build a program from the text of a TOML file; see :meth:`from_toml`."""
        import tomllib

        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ProgramError(f"not valid TOML: {error}") from error
        return cls.from_dict(data, custom=custom)

    @classmethod
    def from_toml(
        cls, path: str | PathLike[str], *, custom: Sequence[type[Criterion | Rule]] = ()
    ) -> Self:
        """Read a program from a TOML file.

        Parameters
        ----------
        path : path
            The file, UTF-8.
        custom : sequence of classes
            Your own criteria and rules that the file may name.

        Raises
        ------
        ProgramError
            The file cannot be read or says something that a program does not know.
        """
        name = Path(path).name
        try:
            return cls.from_toml_text(Path(path).read_text(encoding="utf-8-sig"), custom=custom)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise ProgramError(f"{name}: cannot be read: {reason}") from error
        except ProgramError as error:
            raise ProgramError("\n".join(f"{name}: {line}" for line in error.lines)) from error

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that :meth:`from_dict` and JSON understand."""
        data = self.model_dump(mode="json")
        data.pop("kind")
        return data

    def to_toml(self) -> str:
        """Return the program as TOML text that :meth:`from_toml` reads back."""
        import tomli_w

        data = self.model_dump()
        data.pop("kind")
        return tomli_w.dumps(_without_none(data))


def _without_none(value: Any) -> Any:
    """Leave out what is not set: TOML has no word for it."""
    if isinstance(value, Mapping):
        return {name: _without_none(each) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_without_none(each) for each in value]
    return value
