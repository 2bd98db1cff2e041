"""What a lookup answers: a few people, each with reasons, or nobody with a hint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self


@dataclass(frozen=True, slots=True)
class BuddyEvidence:
    """One skill for which somebody was found.

    Attributes
    ----------
    skill : str
        The skill as that person wrote it.
    level : int
        Its level 1 to 5 as stated, 0 where none was.
    listed : bool
        Whether it stands among that person's skills; else their role or bio mentions it.
    asked : str
        What it answers: the question, or the entry of a list of skills.
    name : str
        The name of the skill through which the question led to it.
    words : tuple of (str, str)
        Words of the question beside the words of the name that they met.
    related_to : str
        The skill that is asked for where this one is only related to it, else ``""``.
    chance : float
        Probability that the skill is what is asked for.

    Examples
    --------
    >>> print(BuddyEvidence("SQL", 4, True, "postgers?", "PostgreSQL",
    ...                     (("postgers", "postgresql"),), "", 0.8))
    skill 'SQL' level 4, found as 'PostgreSQL': postgers ~ postgresql
    """

    skill: str
    level: int
    listed: bool
    asked: str
    name: str
    words: tuple[tuple[str, str], ...]
    related_to: str
    chance: float

    def __str__(self) -> str:
        """Name the skill, its level, and how the question led to it."""
        if self.related_to:
            return f"{self._what}, related to {self.related_to!r}"
        found = "" if self.name == self.skill else f", found as {self.name!r}"
        met = ", ".join(mine if mine == own else f"{mine} ~ {own}" for mine, own in self.words)
        return f"{self._what}{found}" + (f": {met}" if met else "")

    @property
    def _what(self) -> str:
        if not self.listed:
            return f"mentions {self.skill!r}"
        return f"skill {self.skill!r} " + (
            f"level {self.level}" if self.level else "level not stated"
        )


@dataclass(frozen=True, slots=True)
class Buddy:
    """Somebody who can help.

    Attributes
    ----------
    person : str
        Id.
    score : float
        Probability that what they offer is meant, times how much of it they can give, in
        [0, 1] and in whole millionths.
    evidence : tuple of BuddyEvidence
        The skill that answers each thing asked for, in the order of the question.
    load : int
        Requests noted for them in the week that counts.
    free_at : datetime or None
        The first moment of the window asked for at which they are free for half an hour, in
        UTC; None where no window was asked for.
    """

    person: str
    score: float
    evidence: tuple[BuddyEvidence, ...]
    load: int = 0
    free_at: datetime | None = None

    def __str__(self) -> str:
        """Person, score and the reasons on one line."""
        return f"{self.person} {self.score:.2f}: " + "; ".join(map(str, self.evidence))


class Buddies(tuple[Buddy, ...]):  # noqa: SLOT001 - a tuple takes no slots of its own
    """The people found, best first: a tuple that also says why it is empty.

    Attributes
    ----------
    hint : str
        What to try where nobody was found, else ``""``.
    nearest : tuple of str
        Skills on offer that come closest, where nobody was found.
    """

    hint: str
    nearest: tuple[str, ...]

    def __new__(
        cls, people: Iterable[Buddy] = (), *, hint: str = "", nearest: Iterable[str] = ()
    ) -> Self:
        """Hold people, or a hint."""
        made = super().__new__(cls, people)
        made.hint = hint
        made.nearest = tuple(nearest)
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """Copy and pickle with the hint."""
        return _buddies, (tuple(self), self.hint, self.nearest)


def _buddies(people: tuple[Buddy, ...], hint: str, nearest: tuple[str, ...]) -> Buddies:
    return Buddies(people, hint=hint, nearest=nearest)
