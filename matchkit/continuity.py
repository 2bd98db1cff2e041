"""How a round goes on from the one before: which pairs stay, and whom that leaves where."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Previous:
    """The round before, as far as it counts in this one.

    Attributes
    ----------
    sha256 : str
        Hash of its JSON text: what ``sha256sum matching.json`` prints.
    stay_bonus : int
        Points that each of its pairs counts more in this round, in the objective only.
    pairs : tuple of (str, str)
        Mentee and mentor, sorted.
    """

    sha256: str
    stay_bonus: int
    pairs: Pairs

    @classmethod
    def of(cls, text: str, pairs: Pairs, stay_bonus: int) -> Previous:
        """Describe the result that is stored as ``text``."""
        return cls(hashlib.sha256(text.encode()).hexdigest(), stay_bonus, tuple(sorted(pairs)))


@dataclass(frozen=True, slots=True)
class Continuity:
    """What became of every pair of the round before; the four kinds sum to all of them.

    Attributes
    ----------
    previous : Previous
        That round.
    kept : int
        Pairs that are in both rounds.
    moved : tuple of str
        Mentees who have another mentor now, sorted.
    left_out : tuple of str
        Mentees who have no mentor now, sorted.
    departed : tuple of str
        Mentees who are not in this round, sorted.

    Examples
    --------
    >>> before = Previous.of("{}", (("ana", "di"), ("bo", "di"), ("cy", "gil")), 1_000_000)
    >>> went_on = Continuity.between(before, {"ana": "di", "bo": "gil"}, {"ana", "bo"})
    >>> print(went_on)
    1 of 3 pairs kept, 1 mentee moved (bo), 1 left the programme
    """

    previous: Previous
    kept: int
    moved: tuple[str, ...]
    left_out: tuple[str, ...]
    departed: tuple[str, ...]

    @classmethod
    def between(
        cls, previous: Previous, mentor_of: Mapping[str, str], present: frozenset[str] | set[str]
    ) -> Continuity:
        """Compare the round before with the mentors of this one and those who take part."""
        moved, left_out, departed = [], [], []
        for mentee, mentor in previous.pairs:
            if mentee not in present:
                departed.append(mentee)
            elif mentee not in mentor_of:
                left_out.append(mentee)
            elif mentor_of[mentee] != mentor:
                moved.append(mentee)
        changed = len(moved) + len(left_out) + len(departed)
        kept = len(previous.pairs) - changed
        return cls(previous, kept, tuple(moved), tuple(left_out), tuple(departed))

    @property
    def bonus(self) -> int:
        """Points that the pairs kept add to the objective, and to nothing that people see."""
        return self.kept * self.previous.stay_bonus

    def __str__(self) -> str:
        """Say it on one line."""
        count = len(self.previous.pairs)
        said = [f"{self.kept} of {count} {'pair' if count == 1 else 'pairs'} kept"]
        if self.moved:
            people = "mentee" if len(self.moved) == 1 else "mentees"
            said.append(f"{len(self.moved)} {people} moved ({_some(self.moved)})")
        if self.left_out:
            said.append(f"{len(self.left_out)} without a mentor now ({_some(self.left_out)})")
        if self.departed:
            said.append(f"{len(self.departed)} left the programme")
        return ", ".join(said)


_SHOWN = 5
"""Ids named on one line."""


def _some(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return ", ".join(ids[:_SHOWN]) + more
