"""The profile: one person as a user's program writes it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _as_list(value: object) -> object:
    """Split a text written as a cell; leave everything else to pydantic."""
    if isinstance(value, str):
        return [part.strip() for part in value.replace("\n", ";").split(";") if part.strip()]
    return value


Level = Annotated[int, Field(ge=1, le=5)]
Texts = Annotated[list[str], BeforeValidator(_as_list)]
Skills = Annotated[dict[str, Level | None] | list[str], BeforeValidator(_as_list)]


class Profile(BaseModel):
    """One person, given as a record instead of a row.

    Any further field is kept as a column of its own. `Profile.model_json_schema` describes
    the fields to other programs.

    Attributes
    ----------
    id : str
        Who it is; may be left out where `email` is given.
    skills : dict of str to int or None, or list of str
        Skills with levels 1 to 5, or with None; or written as ``"python:4"``.
    goals : list of str
        What the person wants to learn, most wanted first.
    hours : list of str
        Weekly windows in the person's own zone, such as ``"Mon 09:00-11:30"``.

    Examples
    --------
    >>> Profile(id="ana", skills={"python": 4, "sql": None}, goals=["leadership"]).to_record()
    {'id': 'ana', 'skills': {'python': 4, 'sql': None}, 'goals': ['leadership']}
    """

    model_config = ConfigDict(frozen=True, extra="allow", coerce_numbers_to_str=True)

    id: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    department: str = ""
    team: str = ""
    manager: str = ""
    location: str = ""
    timezone: str = ""
    languages: Texts = []
    skills: Skills = []
    goals: Texts = []
    goals_text: str = ""
    bio: str = ""
    interests: Texts = []
    seniority: float | None = None
    hours: Texts = []
    capacity: Annotated[int, Field(ge=0)] | None = None
    min_load: Annotated[int, Field(ge=0)] | None = None
    prefers: Texts = []
    avoids: Texts = []
    side: str = ""

    @model_validator(mode="after")
    def _has_id(self) -> Self:
        if not self.id.strip() and not self.email.strip():
            message = "a profile needs an id or an e-mail"
            raise ValueError(message)
        return self

    def to_record(self) -> dict[str, object]:
        """Return the fields that say something, by column."""
        return {key: value for key, value in self if value not in ("", None, [], {})}
