"""How close a question comes to each skill of a segment, and through which words.

Words count by their rarity, and two words that are spelled alike count by how alike they are:
a soft cosine (Sidorov et al., *Computacion y Sistemas* 18(3), 2014) between the question and
each name of a skill, of which the best counts, and between the question and all names together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.buddies.calibration import HOP, MEANT, log_odds
from matchkit.buddies.words import content_words

if TYPE_CHECKING:
    from matchkit.buddies.naming import Meant
    from matchkit.buddies.question import Ask
    from matchkit.buddies.segment import Segment

IN_FULL: Final = 1 - 1e-6
"""Share of a name's words from which it stands in the question, but for rounding."""

Near = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Positions in a lexicon, and similarities."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """One thing asked for, compared with the skills of a segment.

    Skills that share no word with the question, and are not known to be meant by it, are left
    out: they are no answer.

    Attributes
    ----------
    segment : Segment
        Whose skills.
    ask : Ask
        What is asked for.
    meant : Meant
        What the whole question names.
    near : tuple of Near
        For each word of the question the words of the lexicon that are spelled alike.
    names : int64 array (n,)
        Names that share a word with the question, ascending.
    both : float64 array (n,)
        How close each comes to it.
    skills : int64 array (s,)
        Skills that share a word with the question or are meant, ascending.
    inputs : float64 array (5, s)
        What the calibration takes of each.
    odds : float64 array (s,)
        Log odds that each is what is asked for.
    """

    segment: Segment
    ask: Ask
    meant: Meant
    near: tuple[Near, ...]
    names: NDArray[np.int64]
    both: NDArray[np.float64]
    skills: NDArray[np.int64]
    inputs: NDArray[np.float64]
    odds: NDArray[np.float64]

    def best_name(self, skill: int) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the name of a skill that the question comes closest to, and how they meet.

        Returns
        -------
        name : str
            One of the names of the skill; the skill itself where none shares a word.
        pairs : tuple of (str, str)
            Words of the question and of the name, in the order of the question.
        """
        mine = self.segment.owner[self.names] == skill
        if not mine.any():
            return self.segment.skills[skill], ()
        at = self.names[mine][np.argmax(self.both[mine])]
        name = self.segment.names[at]
        own = {self.segment.lexicon.position[word]: word for word in content_words(name)}
        pairs = []
        for word, (near, similarity) in zip(self.ask.words, self.near, strict=True):
            both = zip((-similarity).tolist(), near.tolist(), strict=True)
            here = [(away, own[place]) for away, place in both if place in own]
            pairs += [(word, min(here)[1])] if here else []
        return name, tuple(pairs)

    def related_to(self, skill: int) -> str:
        """Return the skill that is meant where this one counts as one hop from it, else ``""``."""
        mine = self.segment.skills[skill] in self.meant.related
        at = int(np.searchsorted(self.skills, skill))
        return self.meant.skill if mine and self.odds[at] == HOP else ""


def compare(segment: Segment, ask: Ask, meant: Meant) -> Comparison:
    """Compare one thing asked for with the skills of a segment.

    Parameters
    ----------
    segment : Segment
        Whose skills.
    ask : Ask
        What is asked for.
    meant : Meant
        What the whole question names.
    """
    near = tuple(segment.lexicon.alike(word) for word in ask.words)
    names, by_name, skills, inputs = _inputs(segment, ask, near)
    least = {
        segment.skill_position[skill]: odds
        for skill, odds in (*((each, HOP) for each in meant.related), (meant.skill, MEANT))
        if skill in segment.skill_position
    }
    unmet = set(least).difference(skills.tolist())
    everything = np.sort(np.append(skills, np.array(sorted(unmet), dtype=np.int64)))
    widened = np.zeros((len(inputs), len(everything)))
    widened[:, np.searchsorted(everything, skills)] = inputs
    odds = log_odds(widened, max(1, len(ask.words)))
    for skill, enough in least.items():
        at = int(np.searchsorted(everything, skill))
        odds[at] = max(odds[at], enough)
    return Comparison(segment, ask, meant, near, names, by_name[2], everything, widened, odds)


_Inputs = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]


def _inputs(segment: Segment, ask: Ask, near: tuple[Near, ...]) -> _Inputs:
    """Return the names met, what each has in common with the question, and the same of skills."""
    weight, similarity = _met(segment, ask, near)
    (at,) = np.nonzero(similarity)
    which, entries, rarity = segment.by_word.under(at)
    count = len(segment.names)
    covered = np.bincount(entries, weights=rarity * similarity[at][which], minlength=count)
    names = np.flatnonzero(covered)
    shared = np.bincount(entries, weights=rarity * weight[at][which], minlength=count)[names]
    length = float(np.sqrt(ask.weights @ ask.weights)) or 1.0
    by_name = np.empty((4, len(names)))
    by_name[0] = shared * segment.scales[0, names] / length
    by_name[1] = covered[names] * segment.scales[1, names]
    np.sqrt(by_name[0] * by_name[1], out=by_name[2])
    np.multiply(by_name[0], by_name[1] > IN_FULL, out=by_name[3])
    owner = segment.owner[names]
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    skills = owner[first].astype(np.int64)
    inputs = np.empty((5, len(skills)))
    if len(skills):
        np.maximum.reduceat(by_name, first, axis=1, out=inputs[:4])
    which, entries, share = segment.concepts.under(at)
    total = np.bincount(entries, weights=share * weight[at][which], minlength=len(segment.skills))
    inputs[4] = total[skills] / length
    return names, by_name, skills, inputs


def _met(
    segment: Segment, ask: Ask, near: tuple[Near, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each word of the lexicon how much of the question meets it, weighed and not."""
    weight = np.zeros(len(segment.lexicon.words))
    similarity = np.zeros(len(weight))
    for (at, alike), counts in zip(near, ask.weights.tolist(), strict=True):
        weight[at] = np.maximum(weight[at], counts * alike)
        similarity[at] = np.maximum(similarity[at], alike)
    return weight, similarity
