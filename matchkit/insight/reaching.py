"""Groups of mentees who can reach fewer places than there are of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matchkit.assign import Shortfall, shortfalls, solve
from matchkit.claims import claimed
from matchkit.scoring.sides import blocks
from matchkit.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.matching import Matching
    from matchkit.rounds import Round

NAMED = 12
"""People named of a group in one sentence; the fields name all."""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A group of mentees, all whom they can reach, and too few places.

    Attributes
    ----------
    mentees, mentors : tuple of str
        Ids: the group, and every mentor with a place for whom any of them is eligible.
    places : int
        Places of these mentors that pairs set by hand do not take.
    short : int
        How many of the group stay unmatched at least, whoever is chosen. No smaller group
        falls short by as many.
    rules : tuple of (str, int)
        Rules, and how many further mentors each keeps out of reach all by itself, most
        first.
    """

    mentees: tuple[str, ...]
    mentors: tuple[str, ...]
    places: int
    short: int
    rules: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        """Say who can reach whom, what follows, and what keeps the others out of reach."""
        group = _counted(len(self.mentees), "mentee")
        if self.mentors:
            reached = _counted(len(self.mentors), "mentor")
            place = _counted(self.places, "place")
            reach = f"can reach only {reached} with {place}"
        else:
            reach = "can reach no mentor who has a place"
        stays = "stays" if self.short == 1 else "stay"
        lines = [f"{group} {reach}, so at least {self.short} {stays} unmatched."]
        lines.append(f"  The mentees: {_named(self.mentees)}.")
        if self.mentors:
            lines.append(f"  The mentors: {_named(self.mentors)}.")
        lines += [
            f"  {rule} alone keeps {_counted(count, 'other mentor')} out of reach."
            for rule, count in self.rules
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Bottlenecks(Shown):
    """Every group of mentees for whom places are too few.

    Attributes
    ----------
    rows : tuple of Bottleneck
        The shortest of places first. No two share anybody.
    """

    rows: tuple[Bottleneck, ...]

    @property
    def short(self) -> int:
        """How many mentees stay unmatched in any matching."""
        return sum(row.short for row in self.rows)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each group: ``mentees, mentors, places, short, rules``."""
        import pandas as pd

        rows = [
            (
                ", ".join(row.mentees),
                ", ".join(row.mentors),
                row.places,
                row.short,
                ", ".join(rule for rule, _ in row.rules),
            )
            for row in self.rows
        ]
        return pd.DataFrame(rows, columns=["mentees", "mentors", "places", "short", "rules"])

    def __str__(self) -> str:
        """Tell of each group."""
        return "\n".join(map(str, self.rows)) or "There is a place for every mentee."


def bottlenecks(matching: Matching) -> Bottlenecks:
    """Say for which mentees places are too few, and what keeps others out of reach.

    It is about who may be matched with whom and how many places there are. Points play no
    part, nor do conditions on the matching as a whole, which can leave more people
    unmatched.

    Parameters
    ----------
    matching : Matching
        The result, with its people.

    Raises
    ------
    DetachedError
        The result was loaded without its people.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "team": "a"}, {"id": "gil", "team": "b"}]
    >>> mentees = [{"id": "ana", "team": "a"}, {"id": "bo", "team": "a"}]
    >>> program = mk.Program(criteria=(mk.SameValue("team"),), rules=(mk.Different("team"),))
    >>> print(mk.insight.bottlenecks(mk.match(mentors, mentees, program=program)))
    2 mentees can reach only 1 mentor with 1 place, so at least 1 stays unmatched.
      The mentees: ana, bo.
      The mentors: gil.
      Different(team) alone keeps 1 other mentor out of reach.
    """
    round_ = matching.people
    problem = round_.problem
    most = claimed(matching, round_) if matching.priced else solve(problem)
    found = shortfalls(problem, most.mentor_of)
    return Bottlenecks(tuple(_told(round_, group) for group in found))


def _told(round_: Round, group: Shortfall) -> Bottleneck:
    """Put ids in the place of indices, and look for what keeps others out of reach."""
    return Bottleneck(
        tuple(sorted(round_.mentees.ids[group.mentees].tolist())),
        tuple(sorted(round_.mentors.ids[group.mentors].tolist())),
        group.places,
        group.short,
        _keeping_out(round_, group),
    )


def _keeping_out(round_: Round, group: Shortfall) -> tuple[tuple[str, int], ...]:
    """Count the mentors with a place whom each rule alone keeps out of reach."""
    taken = np.bincount(round_.locked[:, 1], minlength=len(round_.mentors))
    others = np.setdiff1d(np.flatnonzero(round_.mentors.capacity > taken), group.mentors)
    names = round_.source.rules
    near = np.zeros((len(names), others.size), dtype=bool)
    for part in blocks(group.mentees.size, others.size):
        masks = list(round_.source.masks(group.mentees[part], others))
        once = sum((~mask).astype(np.int16) for mask in masks) == 1
        for at, mask in enumerate(masks):
            near[at] |= (once & ~mask).any(axis=0)
    counts = zip(names, near.sum(axis=1).tolist(), strict=True)
    return tuple(sorted(((name, n) for name, n in counts if n), key=lambda each: (-each[1], each)))


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def _named(ids: Sequence[str]) -> str:
    """Name the first few."""
    more = len(ids) - NAMED
    return ", ".join(ids[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
