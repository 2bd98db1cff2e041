"""How far one skill stands in for another: the credit that a related skill earns.

The same skill counts in full. What is one hop away in the taxonomy, written alike, or known
by the same people counts up to a half, by the probability that it helps:

==================  ==========================================  ================================
kind                what it is                                  credit
==================  ==========================================  ================================
same words          unresolved names, ordered, inflected or     1
                    joined otherwise
parent, child       broader or narrower by one step             1/2
related             named as related by the taxonomy            1/2
sibling             of one parent with few children             1/8
similar             written alike                               1/2 of the probability
together            known by the same people                    1/2 of the probability
==================  ==========================================  ================================

The constants come from ESCO: those of likeness from its relations between skills, those of company
from its occupations, learned from one half of them and checked on the other. How far counts bear
them out is what ``benchmarks/relatedness.py`` prints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.profiles.skills.forms import clean_skill, spelling_key, word_key

if TYPE_CHECKING:
    from matchkit.profiles.skills.resolver import Resolver
    from matchkit.profiles.skills.taxonomy import Taxonomy

FULL: Final = 1_000
"""Credit of the same skill, in thousandths."""

HALF: Final = FULL // 2
"""The most that another skill earns."""

SIBLING: Final = FULL // 8
"""Credit of a sibling, a quarter of a parent's: occupations of ESCO ask for two skills of one
parent together about a third as often as for a skill and its parent."""

MOST_CHILDREN: Final = 30
"""Children above which a parent says nothing of how near they are to each other."""

ALIKE: Final = (7.5, -5.4)
"""Slope and offset of the log odds that two skills of ESCO are one hop apart, or of one parent or
group, over the cosine of their labels."""

TOGETHER: Final = (6.6, -5.7)
"""Slope and offset of the log odds that who has the one skill has the other, over the cosine of
their company, from the occupations of ESCO."""

UNLIKELY: Final = 0.1
"""Probability below which a skill earns nothing."""

KINDS: Final = (
    "same skill",
    "same words",
    "parent",
    "child",
    "related",
    "sibling",
    "similar",
    "together",
)
"""Why a skill earns credit; of equal credits the first is named."""

_AT_ONCE: Final = 256

Positions = NDArray[np.int64]
_Found = tuple[Positions, Positions, Positions | int, str]
"""Skills wanted, skills offered, credit, kind."""


@dataclass(frozen=True, eq=False)
class Relatedness:
    """The credit that skills earn for each other.

    Attributes
    ----------
    labels : tuple of str
        The v skills.
    credit : CSR array of float64, shape (v, v)
        Whole thousandths: what the skill of a column earns where that of the row is wanted;
        1000 on the diagonal.
    kind : int8 array (entries,)
        Positions in :data:`KINDS`, beside ``credit.data``.
    """

    labels: tuple[str, ...]
    credit: Any
    kind: NDArray[np.int8]

    def of(self, wanted: int, offered: int) -> tuple[int, str]:
        """Return credit in thousandths and kind of one pair of skills; 0 and ``""`` if none."""
        start, stop = self.credit.indptr[wanted : wanted + 2]
        at = start + int(np.searchsorted(self.credit.indices[start:stop], offered))
        if at == stop or self.credit.indices[at] != offered:
            return 0, ""
        return int(self.credit.data[at]), KINDS[self.kind[at]]


def relate(
    labels: tuple[str, ...],
    concepts: NDArray[np.int64],
    resolver: Resolver,
    company: NDArray[np.float64] | None = None,
) -> Relatedness:
    """Return what skills earn for each other.

    Parameters
    ----------
    labels : tuple of str
        The skills, as a resolver names them.
    concepts : int64 array (labels,)
        Their concepts in the resolver's taxonomy, -1 for what is unresolved.
    resolver : Resolver
        What named them.
    company : float64 array (labels, dimensions), optional
        Unit vectors of the skills by the people who have them, 0 where too few do.

    Examples
    --------
    >>> from matchkit.profiles.skills import resolver_of
    >>> resolver = resolver_of(None)
    >>> found = resolver.resolve(["React", "React Native", "tea tasting", "tasting teas"])
    >>> related = relate(found.labels, found.concepts, resolver)
    >>> found.labels
    ('React', 'React Native', 'tasting teas', 'tea tasting')
    >>> related.of(0, 1), related.of(2, 3), related.of(0, 2)
    ((500, 'child'), (1000, 'same words'), (0, ''))
    """
    each = np.arange(len(labels))
    cleaned = list(map(clean_skill, labels))
    found: list[_Found] = [(each, each, FULL, "same skill")]
    found += _same_words(cleaned, concepts)
    found += _hops(concepts, resolver.taxonomy)
    found.append(_likely(resolver.rarity.vectors(cleaned), ALIKE, "similar"))
    if company is not None:
        found.append(_likely(company, TOGETHER, "together"))
    return Relatedness(labels, *_strongest(found, len(labels)))


def _same_words(cleaned: Sequence[str], concepts: NDArray[np.int64]) -> Iterator[_Found]:
    """Yield unresolved names of the same words or the same letters."""
    for key in (word_key, spelling_key):
        groups: dict[str, list[int]] = {}
        for at in np.flatnonzero(concepts < 0).tolist():
            groups.setdefault(key(cleaned[at]), []).append(at)
        groups.pop("", None)
        yield *_pairs(groups.values()), FULL, "same words"


def _hops(concepts: NDArray[np.int64], taxonomy: Taxonomy) -> Iterator[_Found]:
    """Yield skills that are one hop apart in the taxonomy."""
    place = {concept: at for at, concept in enumerate(concepts.tolist()) if concept >= 0}
    children = Counter(parent for parents in taxonomy.parents for parent in parents)
    families: dict[int, list[int]] = {}
    up, across = [], []
    for concept, at in place.items():
        for parent in taxonomy.parents[concept]:
            families.setdefault(parent, []).append(at)
            if parent in place:
                up.append((at, place[parent]))
        across += [(at, place[other]) for other in taxonomy.related[concept] if other in place]
    wanted, offered = _ends(up)
    yield wanted, offered, HALF, "parent"
    yield offered, wanted, HALF, "child"
    wanted, offered = _ends(across)
    yield wanted, offered, HALF, "related"
    yield offered, wanted, HALF, "related"
    small = [family for parent, family in families.items() if children[parent] <= MOST_CHILDREN]
    yield *_pairs(small), SIBLING, "sibling"


def _ends(links: Sequence[tuple[int, int]]) -> tuple[Positions, Positions]:
    ends = np.array(links, dtype=np.int64).reshape(-1, 2)
    return ends[:, 0], ends[:, 1]


def _pairs(groups: Iterable[Sequence[int]]) -> tuple[Positions, Positions]:
    """Return every ordered pair of two different members of each group."""
    return _ends([pair for group in groups for pair in permutations(group, 2)])


def _likely(vectors: Any, odds: tuple[float, float], kind: str) -> _Found:
    """Return the skills whose vectors make it likely that one helps with the other.

    The cosine becomes a probability before it counts: where it was multiplied in as it is,
    skills that merely share a word outweighed a level that fits.
    """
    from scipy.sparse import coo_array

    slope, offset = odds
    least = (np.log(UNLIKELY / (1 - UNLIKELY)) - offset) / slope
    rows, cols, credits_ = [], [], []
    for start in range(0, vectors.shape[0], _AT_ONCE):
        near: Any = vectors[start : start + _AT_ONCE] @ vectors.T
        dense = isinstance(near, np.ndarray)
        near = coo_array(np.where(near >= least, near, 0.0)) if dense else near.tocoo()
        wanted = near.row + start
        keep = (near.data >= least) & (wanted != near.col)
        rows.append(wanted[keep])
        cols.append(near.col[keep])
        credits_.append(HALF / (1 + np.exp(-slope * near.data[keep] - offset)))
    whole = np.rint(np.concatenate(credits_)) if credits_ else np.empty(0)
    return _joined(rows), _joined(cols), whole.astype(np.int64), kind


def _joined(parts: Sequence[Positions]) -> Positions:
    return np.concatenate(parts).astype(np.int64) if parts else np.empty(0, dtype=np.int64)


def _strongest(found: Sequence[_Found], width: int) -> tuple[Any, NDArray[np.int8]]:
    """Return the largest credit of each pair of skills, and the first kind that gives it."""
    from scipy.sparse import csr_array

    rows = np.concatenate([wanted for wanted, _, _, _ in found])
    cols = np.concatenate([offered for _, offered, _, _ in found])
    amounts = np.concatenate(
        [np.broadcast_to(credit, wanted.shape) for wanted, _, credit, _ in found]
    )
    kinds = np.concatenate(
        [np.full(len(wanted), KINDS.index(kind)) for wanted, _, _, kind in found]
    )
    order = np.lexsort((kinds, -amounts, cols, rows))
    keys = rows[order] * width + cols[order]
    best = order[np.flatnonzero(np.diff(keys, prepend=-1))]
    indptr = np.zeros(width + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows[best], minlength=width), out=indptr[1:])
    matrix = csr_array((amounts[best].astype(np.float64), cols[best], indptr), shape=(width, width))
    kind = kinds[best].astype(np.int8)
    kind.setflags(write=False)
    return matrix, kind
