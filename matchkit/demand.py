"""Skills that mentees want against skills that mentors offer, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from matchkit.matching import Matching
    from matchkit.profiles import Lists


@dataclass(frozen=True, slots=True)
class SkillDemand:
    """One skill: who wants it, who offers it, and what came of it.

    Attributes
    ----------
    name : str
        The skill that is meant, by whatever name people wrote it.
    wanted, mentors, places, met : int
        Mentees who have it as a goal; mentors with places who have it, and the places they
        offer; mentees among the first whose mentor has it.
    """

    name: str
    wanted: int
    mentors: int
    places: int
    met: int

    @property
    def unmet(self) -> int:
        """Mentees who want it and have no mentor with it."""
        return self.wanted - self.met


def skill_demand(matching: Matching, *, most: int, least: int = 1) -> tuple[SkillDemand, ...]:
    """Count wants and offers by skill.

    Parameters
    ----------
    matching : Matching
        A round with its people.
    most : int
        Skills to count: those that most mentees want, equals by name.
    least : int, default 1
        Skills that fewer mentees want are left out.

    Returns
    -------
    tuple of SkillDemand
        The most wanted first.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "SQL; Go", "capacity": 2}]
    >>> matching = mk.match(mentors, [{"id": "bo", "goals": "sql"}])
    >>> [(one.name, one.wanted, one.places, one.met) for one in skill_demand(matching, most=9)]
    [('SQL', 1, 1, 1)]
    """
    round_ = matching.people
    mentees, mentors = round_.mentees, round_.mentors
    meant = round_.wants_and_offers
    wanted = _counted(mentees.goals, meant.maps[0], len(meant.labels))
    every = np.lexsort((np.arange(len(wanted)), -wanted))
    shown = every[wanted[every] >= least][:most]
    wants = _has(mentees.goals, meant.maps[0], shown)
    offers = _has(mentors.skills, meant.maps[1], shown) & (mentors.capacity > 0)[:, None]
    pairs = [(mentees.index[one.mentee], mentors.index[one.mentor]) for one in matching.matches]
    rows, cols = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    columns = np.stack(
        [
            wanted[shown],
            offers.sum(axis=0),
            np.minimum(mentors.capacity, len(mentees)) @ offers,
            (wants[rows] & offers[cols]).sum(axis=0),
        ]
    )
    return tuple(
        SkillDemand(meant.labels[at], *columns[:, row].tolist())
        for row, at in enumerate(shown.tolist())
    )


def skills_wanted(matching: Matching, *, least: int = 1) -> int:
    """Return how many skills so many mentees want."""
    round_ = matching.people
    meant = round_.wants_and_offers
    wanted = _counted(round_.mentees.goals, meant.maps[0], len(meant.labels))
    return int((wanted >= least).sum())


def _counted(lists: Lists, codes: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return how many people have each skill, however often and by whatever name."""
    owner = np.repeat(np.arange(len(lists)), lists.lengths)
    once = np.unique(owner * size + codes[lists.codes])
    return np.bincount(once % max(1, size), minlength=size)


def _has(lists: Lists, codes: NDArray[np.int64], shown: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say who has which of the shown labels, shape (people, labels shown)."""
    owner, entries = np.repeat(np.arange(len(lists)), lists.lengths), codes[lists.codes]
    table = np.zeros((len(lists), len(shown)), dtype=bool)
    for column, label in enumerate(shown.tolist()):
        table[owner[entries == label], column] = True
    return table
