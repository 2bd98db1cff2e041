"""How close two names are by what they are written of: stems of words, and parts of words.

Tf-idf (Salton and Buckley, *Information Processing & Management* 24(5), 1988) over the
stems of words and over all runs of three and four letters inside longer words, so that both
another order of words and a slip of the finger leave most of a name standing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.profiles.skills.forms import SHORT, stem, words

GRAMS: Final = (3, 4)
"""Lengths of the runs of letters, beside whole words."""

SUPPORT: Final = 0.2
"""What the mean of a concept's next names adds to the closeness of its closest one."""

NEXT: Final = 3
"""How many next names support the closest one."""

CLOSEST: Final = 60
"""Names looked at for each query, the closest of all."""

AT_ONCE: Final = 64
"""Queries multiplied at once, which bounds the memory that they take."""


def features(cleaned: str) -> list[str]:
    """Return what a cleaned name is compared by.

    Short words count whole and not by their letters: C# and C++ have nothing in common.

    Examples
    --------
    >>> features("c# tests")
    ['=c#', '=test', ' te', 'tes', 'est', 'sts', 'ts ', ' tes', 'test', 'ests', 'sts ']
    """
    found = words(cleaned)
    parts = [f"={stem(word)}" for word in found]
    for word in found:
        if len(word) > SHORT:
            padded = f" {word} "
            parts += [padded[at : at + n] for n in GRAMS for at in range(len(padded) - n + 1)]
    return parts


class Rarity:
    """How rare each part of a name is among known names, and so how much it says.

    Parameters
    ----------
    names : iterable of str
        Cleaned names that are known.
    """

    def __init__(self, names: Iterable[str]) -> None:
        known = [set(features(name)) for name in names]
        counts = Counter(part for parts in known for part in parts)
        self._unseen = 1 + log(1 + len(known))
        self._weights = {part: self._unseen - log(1 + n) for part, n in counts.items()}

    def vectors(self, names: Sequence[str]) -> Any:
        """Return unit tf-idf vectors of names, CSR of float64, shape (names, parts).

        The cosine of two names depends on these two and on what is known, on no other name.
        """
        from scipy.sparse import csr_array

        counted = [Counter(features(name)) for name in names]
        column = {part: at for at, part in enumerate(sorted(set().union(*counted)))}
        indptr, indices, data = [0], [], []
        for counts in counted:
            weights = [
                (1 + log(n)) * self._weights.get(part, self._unseen) for part, n in counts.items()
            ]
            length = sqrt(sum(weight * weight for weight in weights))
            indices += [column[part] for part in counts]
            data += [weight / length for weight in weights]
            indptr.append(len(data))
        matrix = csr_array((data, indices, indptr), shape=(len(names), max(1, len(column))))
        matrix.sort_indices()
        return matrix


@dataclass(frozen=True, eq=False, slots=True)
class Near:
    """The skills closest to a name, best first, equals by their place among the concepts.

    Attributes
    ----------
    concepts : int64 array (k,)
        The skills.
    cosine : float64 array (k,)
        How close the closest name of each is.
    rank : float64 array (k,)
        That, and :data:`SUPPORT` times the mean of its next names: of two skills of which one
        name each is close, the one that has more such names is meant.
    """

    concepts: NDArray[np.int64]
    cosine: NDArray[np.float64]
    rank: NDArray[np.float64]

    @property
    def margin(self) -> float:
        """How far the first skill is ahead of the second in rank."""
        return float(self.rank[0] - self.rank[1]) if len(self.rank) > 1 else float(self.rank[0])

    @property
    def support(self) -> float:
        """The mean cosine of the next names of the first skill."""
        return float(self.rank[0] - self.cosine[0]) / SUPPORT

    def first(self, k: int) -> list[tuple[int, float]]:
        """Return the first skills with their cosines."""
        return list(zip(self.concepts[:k].tolist(), self.cosine[:k].tolist(), strict=True))


class ClosestNames:
    """Known names in a form in which the closest to a new one are found fast.

    Parameters
    ----------
    names : sequence of str
        Cleaned names.
    owner : int64 array (names,)
        The concept of each.
    """

    def __init__(self, names: Sequence[str], owner: NDArray[np.int64]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.preprocessing import normalize

        self._owner = owner
        self._vectorizer = TfidfVectorizer(analyzer=features, sublinear_tf=True, norm=None)
        self._names = normalize(self._vectorizer.fit_transform(names)).T.tocsr()
        self._rarest = 1 + np.log(1 + len(names))

    def closest(self, queries: Sequence[str]) -> list[Near]:
        """Return the closest skills of each query."""
        found = []
        for start in range(0, len(queries), AT_ONCE):
            near = self._vectors(queries[start : start + AT_ONCE]) @ self._names
            found += [
                self._ranked(near.indices[a:b], near.data[a:b]) for a, b in pairwise(near.indptr)
            ]
        return found

    def _vectors(self, queries: Sequence[str]) -> Any:
        """Return unit vectors of queries; what no name has makes them longer, as it should.

        Left out, a query with one known word would be as close as that word alone.
        """
        from scipy.sparse import csr_array, diags_array

        seen = csr_array(self._vectorizer.transform(queries))
        known = self._vectorizer.vocabulary_
        counts = [Counter(features(query)) for query in queries]
        unseen = [
            sum((1 + log(n)) ** 2 for part, n in count.items() if part not in known)
            for count in counts
        ]
        squares = seen.power(2).sum(axis=1) + self._rarest**2 * np.array(unseen)
        length = np.sqrt(np.maximum(squares, 1.0))  # no feature weighs less than 1
        return csr_array(diags_array(1 / length) @ seen)

    def _ranked(self, names: NDArray[np.int64], cosines: NDArray[np.float64]) -> Near:
        if len(names) > CLOSEST:
            least = np.partition(cosines, -CLOSEST)[-CLOSEST]
            names, cosines = names[cosines >= least], cosines[cosines >= least]
        owner = self._owner[names]
        order = np.lexsort((-cosines, owner))
        owner, cosines = owner[order], cosines[order]
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        place = np.arange(len(owner)) - np.repeat(first, np.diff(first, append=len(owner)))
        group = np.cumsum(np.diff(owner, prepend=-1) > 0) - 1
        support = np.where((place >= 1) & (place <= NEXT), cosines, 0.0)
        best = cosines[first]
        rank = best + SUPPORT / NEXT * np.bincount(group, weights=support, minlength=len(first))
        order = np.lexsort((owner[first], -rank))
        return Near(owner[first][order], best[order], rank[order])
