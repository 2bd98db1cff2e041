"""A segment: some of an index's people, with everything needed to find them; never changed.

A question is compared with the names of skills, of which there are far fewer than people, and
only those who have one of the few skills that it is about are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.buddies.load import LIMIT_COLUMN
from matchkit.buddies.offers import ABOUT, offers
from matchkit.buddies.ragged import Postings
from matchkit.buddies.statistics import Statistics
from matchkit.buddies.times import ANY_DAY
from matchkit.buddies.words import Lexicon, content_words
from matchkit.embedding import Embedder, embedded
from matchkit.profiles import SkillLists, utc_offset
from matchkit.scoring.hours import HOUR
from matchkit.scoring.latent import whole_units

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from matchkit.buddies.naming import Named, Naming
    from matchkit.profiles import Pool

UNSTATED: Final = 3
"""Level taken where a skill is listed without one: the middle of 1 to 5."""


@dataclass(frozen=True, eq=False)
class Segment:
    """Some people, and what finds them.

    Attributes
    ----------
    people : Pool
        Who they are.
    skills : tuple of str
        Every skill that somebody here has, sorted.
    names : tuple of str
        Every name of every skill, those of one skill together.
    owner : int32 array (names,)
        The skill of each name, ascending.
    lexicon : Lexicon
        The words of the names.
    by_word : Postings
        Word -> names.
    scales : float64 array (2, names)
        One over the length of each name as a vector of rarities, and one over their sum.
    concepts : Postings
        Word -> skills, with the word's share of the unit vector of all names together.
    holders : Postings
        Skill -> people, with their levels 1 to 5.
    offers : SkillLists
        What each person lists, and then what their texts mention.
    listed : int32 array
        Beside the holders: the place among what the person offers.
    meant : int32 array (labels,)
        The skill that each label of the offers means.
    vectors : int16 array (people, dimensions)
        Text vectors in whole numbers.
    keys : uint64 array (people,)
        Keyed hash of each id, by which exact ties are broken.
    limits : float64 array (people,)
        Requests a week that each states as their limit, NaN where none.
    clocks : float64 array (people,)
        Hours from UTC on a fixed day, NaN where no time zone is known.
    """

    people: Pool
    skills: tuple[str, ...]
    names: tuple[str, ...]
    owner: NDArray[np.int32]
    lexicon: Lexicon
    by_word: Postings
    scales: NDArray[np.float64]
    concepts: Postings
    holders: Postings
    offers: SkillLists
    listed: NDArray[np.int32]
    meant: NDArray[np.int32]
    vectors: NDArray[np.int16]
    keys: NDArray[np.uint64]
    limits: NDArray[np.float64]
    clocks: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.people)

    @cached_property
    def skill_position(self) -> dict[str, int]:
        """The position of each skill."""
        return {skill: at for at, skill in enumerate(self.skills)}

    def meant_by(self, person: int) -> dict[str, str]:
        """Return the skill that each label of somebody's list means."""
        lists, first = self.offers, int(self.offers.indptr[person])
        codes = lists.codes[first : first + int(self.people.skills.lengths[person])].tolist()
        return {lists.labels[code]: self.skills[self.meant[code]] for code in codes}


# Making one ---------------------------------------------------------------------------------------


def learned(people: Pool, naming: Naming, embedder: Embedder | None) -> Statistics:
    """Return what people's words tell about words."""
    named = naming.named(people.skills.labels)
    words = [content_words(name) for names in named.names for name in names]
    statistics = Statistics.of_names(words)
    if embedder is not None:
        return statistics
    order = np.argsort(people.keys(0), kind="stable")
    return statistics.with_axes(_text_counts(people, statistics), order)


def segment(
    people: Pool,
    naming: Naming,
    statistics: Statistics,
    *,
    embedder: Embedder | None,
    seed: int,
) -> Segment:
    """Return a segment of some people.

    Parameters
    ----------
    people : Pool
        Who is in it.
    naming : Naming
        What names of skills mean.
    statistics : Statistics
        What is known about words.
    embedder : Embedder, optional
        Turns texts into vectors; by default they are made from the statistics.
    seed : int
        Keys the hash by which exact ties are broken.
    """
    offered = offers(people, naming.mentionable)
    named = naming.named(offered.labels)
    names = [name for each in named.names for name in each]
    skill = np.repeat(np.arange(len(named.names)), [len(each) for each in named.names])
    words = [content_words(name) for name in names]
    lexicon = Lexicon.of(word for each in words for word in each)
    owner = np.repeat(np.arange(len(names)), [len(each) for each in words])
    flat = np.array([lexicon.position[word] for each in words for word in each], dtype=np.int64)
    rarity = statistics.rarities(lexicon.words)
    holders, listed = _holders(offered, named)
    return Segment(
        people=people,
        skills=named.skills,
        names=tuple(names),
        owner=skill.astype(np.int32),
        lexicon=lexicon,
        by_word=Postings.of(flat, owner, rarity[flat].astype(np.float32), count=len(lexicon.words)),
        scales=_scales(owner, rarity[flat], len(names)),
        concepts=_concepts(flat, skill[owner], rarity),
        holders=holders,
        offers=offered,
        listed=listed,
        meant=named.codes.astype(np.int32),
        vectors=_vectors(people, statistics, embedder),
        keys=people.keys(seed),
        limits=_limits(people),
        clocks=clocks(people),
    )


def _scales(
    owner: NDArray[np.int64], rarity: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """Return what makes shares of sums: by length and by sum; 0 for a name without a word."""
    length = np.sqrt(np.bincount(owner, weights=rarity * rarity, minlength=count))
    sizes = np.stack([length, np.bincount(owner, weights=rarity, minlength=count)])
    scales: NDArray[np.float64] = np.divide(1.0, sizes, out=np.zeros_like(sizes), where=sizes > 0)
    return scales


def _concepts(
    words: NDArray[np.int64], skills: NDArray[np.int64], rarity: NDArray[np.float64]
) -> Postings:
    """Return for each word the skills in whose names it stands, and its share of each."""
    width = int(skills.max(initial=-1)) + 1
    keys, counts = np.unique(words * max(1, width) + skills, return_counts=True)
    word, skill = keys // max(1, width), keys % max(1, width)
    weight = (1 + np.log(counts)) * rarity[word]
    length = np.sqrt(np.bincount(skill, weights=weight * weight, minlength=width))
    share = weight / length[skill]
    return Postings.of(word, skill, share.astype(np.float32), count=len(rarity))


def _holders(lists: SkillLists, named: Named) -> tuple[Postings, NDArray[np.int32]]:
    """Return who has each skill at which level, and the place among what that person offers."""
    owner = np.repeat(np.arange(len(lists)), lists.lengths)
    place = np.arange(len(owner)) - np.repeat(lists.indptr[:-1], lists.lengths)
    skill = named.codes[lists.codes]
    levels = np.where(lists.levels == 0, UNSTATED, lists.levels).astype(np.int8)
    listed = place.astype(np.int32)[np.lexsort((owner, skill))]
    return Postings.of(skill, owner, levels, count=len(named.skills)), listed


def _limits(people: Pool) -> NDArray[np.float64]:
    if not people.has(LIMIT_COLUMN):
        return np.full(len(people), np.nan)
    return people.number(LIMIT_COLUMN)


def clocks(people: Pool) -> NDArray[np.float64]:
    """Return how many hours each person's clock is ahead of UTC, NaN where nobody can tell."""
    zones, place = np.unique(people.zone.astype(str), return_inverse=True)
    ahead = [utc_offset(zone, ANY_DAY) / HOUR if zone else np.nan for zone in zones.tolist()]
    return np.array(ahead, dtype=np.float64)[place.reshape(-1)]


def _vectors(people: Pool, statistics: Statistics, embedder: Embedder | None) -> NDArray[np.int16]:
    if embedder is None:
        return statistics.projected(_text_counts(people, statistics))
    return text_vectors(_texts(people), statistics, embedder)


def text_vectors(
    texts: Sequence[str], statistics: Statistics, embedder: Embedder | None
) -> NDArray[np.int16]:
    """Return the vectors of some texts, (texts, dimensions) in whole numbers."""
    if embedder is None:
        return statistics.projected(_word_counts(texts, statistics))
    distinct, place = np.unique(np.array(texts, dtype=object), return_inverse=True)
    # A model says how long its vectors are only when it is asked.
    vectors = embedded(embedder, distinct.tolist() or [""])
    return whole_units(vectors[place.reshape(-1)])


def _texts(people: Pool) -> list[str]:
    """Return the text of each person: skills as written, role and bio."""
    columns = [people.text(column).tolist() for column in ABOUT if people.has(column)]
    skills = ["; ".join(people.skills.of(person)) for person in range(len(people))]
    return ["\n".join(filter(None, parts)) for parts in zip(skills, *columns, strict=True)]


def _text_counts(people: Pool, statistics: Statistics) -> csr_array:
    """Return how often each person's text holds each known word, (people, words)."""
    from scipy.sparse import csr_array

    lists = people.skills
    has = _csr(lists.indptr, lists.codes, len(lists.labels))
    counts: Any = has @ _word_counts(lists.labels, statistics)
    for column in ABOUT:
        if people.has(column):
            cells, place = np.unique(people.text(column).astype(str), return_inverse=True)
            counts = counts + _word_counts(cells.tolist(), statistics)[place.reshape(-1)]
    counts.sort_indices()
    return csr_array(counts)


def _word_counts(texts: Sequence[str], statistics: Statistics) -> csr_array:
    """Return which known words each text holds, a one for each."""
    found = [statistics.positions(content_words(text)) for text in texts]
    known = [at[at >= 0] for at in found]
    indptr = np.concatenate([[0], np.cumsum([len(at) for at in known])])
    flat = np.concatenate(known) if known else np.empty(0, dtype=np.int64)
    return _csr(indptr, flat, len(statistics.words))


def _csr(indptr: NDArray[Any], indices: NDArray[np.int64], width: int) -> csr_array:
    from scipy.sparse import csr_array

    entries = (np.ones(len(indices)), indices, indptr)
    return csr_array(entries, shape=(len(indptr) - 1, max(width, 0)))
