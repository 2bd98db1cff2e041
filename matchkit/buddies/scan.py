"""Who answers a question: everybody who has a skill that it may be about, and how well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.buddies import calibration
from matchkit.buddies.calibration import probability, text_slope
from matchkit.buddies.closeness import Comparison
from matchkit.scoring.latent import UNIT

if TYPE_CHECKING:
    from matchkit.buddies.segment import Segment

UNLIKELY: Final = 0.001
"""Probability below which a skill is not what is asked for, whatever the limit."""


@dataclass(frozen=True, eq=False)
class Answers:
    """People of one segment who have something that is asked for.

    Attributes
    ----------
    person : int64 array (p,)
        Positions in the segment, ascending.
    score : float64 array (p,)
        What they can give, in [0, 1].
    chance : float64 array (p,)
        Probability that what they are best at here is what is asked for.
    entry : int64 array (asks, p)
        For each thing asked for the entry of the holders that counts, -1 where none does.
    """

    person: NDArray[np.int64]
    score: NDArray[np.float64]
    chance: NDArray[np.float64]
    entry: NDArray[np.int64]


@dataclass(frozen=True)
class Learner:
    """What somebody already knows, and how well each lead in level teaches them.

    Attributes
    ----------
    levels : mapping of str to int
        Their level of each skill that they list.
    teach : tuple of float
        Share taught by a lead of -1 or less, 0, 1, 2, ... levels; the last holds beyond.
    """

    levels: Mapping[str, int]
    teach: tuple[float, ...]

    def shares(
        self, skills: Sequence[str], which: NDArray[np.int64], levels: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return how well skills at some levels are taught, 1 where no own level is known."""
        own = np.array([self.levels.get(skill, 0) for skill in skills], dtype=np.int64)[which]
        lead = np.clip(levels - own + 1, 0, len(self.teach) - 1)
        return np.where(own > 0, np.array(self.teach)[lead], 1.0)


def answers(
    comparisons: Sequence[Comparison],
    query_vectors: NDArray[np.int16],
    learner: Learner,
    *,
    least: float = UNLIKELY,
) -> Answers:
    """Return who has a skill that is asked for.

    What one person gives for one thing asked for is the best over their skills of the
    probability that the skill is meant, times the level as a share of the level wanted, times
    how well the lead teaches the seeker. Of several things asked for it is the mean.

    Parameters
    ----------
    comparisons : sequence of Comparison
        Each thing asked for, compared with the skills of one segment.
    query_vectors : int16 array (asks, dimensions)
        The text vector of each.
    learner : Learner
        The seeker.
    least : float
        Probability below which a skill does not count.
    """
    found = [
        _best_entries(each, vector, learner, least)
        for each, vector in zip(comparisons, query_vectors, strict=True)
    ]
    if len(found) == 1:
        person, value, chance, entry = found[0]
        return Answers(person, value, chance, entry[None, :])
    people = np.unique(np.concatenate([person for person, *_ in found]))
    score, chances = np.zeros(len(people)), np.zeros(len(people))
    entries = np.full((len(found), len(people)), -1, dtype=np.int64)
    for row, (person, value, chance, entry) in enumerate(found):
        at = np.searchsorted(people, person)
        score[at] += value / len(found)
        chances[at] = np.maximum(chances[at], chance)
        entries[row, at] = entry
    return Answers(people, score, chances, entries)


_Best = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]


def _best_entries(
    comparison: Comparison, vector: NDArray[np.int16], learner: Learner, least: float
) -> _Best:
    """Return people ascending, with value, chance and place of the entry that counts for each."""
    segment, ask = comparison.segment, comparison.ask
    slope = text_slope(max(1, len(ask.words)))
    possible = comparison.odds >= calibration.UNLIKELY
    possible &= probability(comparison.odds + abs(slope)) >= least
    likely, odds = comparison.skills[possible], comparison.odds[possible]
    which, holders, levels = segment.holders.under(likely)
    cosine = _cosines(segment.vectors, holders, vector)
    chance = probability(odds[which] + slope * cosine)
    level = levels.astype(np.int64)
    value = chance * np.minimum(level, ask.level) / ask.level
    value *= learner.shares([segment.skills[at] for at in likely.tolist()], which, level)
    entry = _entries(segment, likely)
    keep = chance >= least
    person, value, chance, entry = holders[keep], value[keep], chance[keep], entry[keep]
    order = np.lexsort((entry, -value, person))
    best = order[np.flatnonzero(np.diff(person[order], prepend=-1))]
    return person[best].astype(np.int64), value[best], chance[best], entry[best]


def _entries(segment: Segment, skills: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of the holders of some skills among all holders."""
    from matchkit.profiles.lists import ragged_take

    return ragged_take(segment.holders.indptr, skills)[1]


def _cosines(
    vectors: NDArray[np.int16], people: NDArray[np.int32], vector: NDArray[np.int16]
) -> NDArray[np.float64]:
    """Return the cosines of some people's text vectors with a question's.

    Whole numbers below 2**53 in float64 add up exactly, in whatever order.
    """
    if not vector.any():
        return np.zeros(len(people))
    products = vectors[people].astype(np.float64) @ vector.astype(np.float64)
    cosines: NDArray[np.float64] = products / (UNIT * UNIT)
    return cosines
