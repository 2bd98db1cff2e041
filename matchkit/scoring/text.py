"""Text fit: what a mentee writes against what a mentor writes, by words and by related words.

Everybody has a few documents: each text, and each entry of a list. Words and pairs of words
are counted in each on its own, dampened and weighted by rarity (tf-idf; Salton and Buckley,
*Information Processing & Management* 24(5), 1988). A document counts by the square root of
its length, so that a paragraph outweighs a tag and does not drown it, and a person is the sum
of their documents. What people's words have in common with related words of others comes on
top, from :mod:`matchkit.scoring.latent` or from a model of one's own. The unit vectors are
rounded to whole numbers once, so that every product of two of them is exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from matchkit.embedding import embedded
from matchkit.profiles import Lists
from matchkit.scoring.features import SumFeature
from matchkit.scoring.latent import UNIT, Blend, LatentProduct, learned_axes, whole_units
from matchkit.scoring.products import Product
from matchkit.scoring.sides import Index, Mask, Values

if TYPE_CHECKING:
    from matchkit.embedding import Embedder
    from matchkit.profiles import Pool

WORDS = re.compile(r"\.?\b\w[\w+#]*")
"""Words of one character and more; C++, C# and .NET keep their signs."""

PARTS = 20
"""What a fit is divided into: the shares of shared words and of related ones are whole parts."""

LEARNED = 3
"""Parts of related words that were learned from a round's own texts.

Measured by ``benchmarks/text.py``: from 2 to 4 parts make hardly a difference.
"""

MODEL = 6
"""Parts of a model of one's own."""

SHOWN = 4
"""Shared words named as evidence."""

NOTICED = 0.01
"""Of a full fit: below that related words are not named as evidence."""

RELATED = 2
"""Related pairs of words named as evidence."""


def terms(text: str) -> list[str]:
    r"""Return the words of a text and the pairs of neighboring words, without stop words.

    Case and accents make no difference. Pairs do not reach over the end of a line.

    Examples
    --------
    >>> terms("Planning the Été\nC++")
    ['planning', 'ete', 'planning ete', 'c++']
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, strip_accents_unicode

    found = []
    for line in strip_accents_unicode(text.lower()).split("\n"):
        words = [word for word in WORDS.findall(line) if word not in ENGLISH_STOP_WORDS]
        found += words
        found += map(" ".join, pairwise(words))
    return found


@dataclass(frozen=True, eq=False)
class Documents:
    """What some people wrote, each distinct text once.

    Attributes
    ----------
    texts : tuple of str
        The distinct texts, sorted.
    owned : CSR array of float64, shape (people, texts)
        How often each person wrote each.
    """

    texts: tuple[str, ...]
    owned: Any

    @classmethod
    def of(cls, sides: tuple[tuple[Pool, tuple[str, ...]], ...]) -> Documents:
        """Collect the cells of some columns, and the entries of those that are lists."""
        from scipy.sparse import csr_array

        people, texts, first = [np.zeros(0, dtype=np.int64)], [""], 0
        for pool, columns in sides:
            for column in columns:
                if pool.has(column):
                    owners, cells = _entries(pool, column)
                    people.append(owners + first)
                    texts += cells
            first += len(pool)
        distinct, place = np.unique(np.array(texts, dtype=object), return_inverse=True)
        entries = np.concatenate(people), place.reshape(-1)[1:]
        owned = csr_array((np.ones(len(texts) - 1), entries), shape=(first, len(distinct)))
        owned.sum_duplicates()
        return cls(tuple(distinct.tolist()), owned)


def _entries(pool: Pool, column: str) -> tuple[Index, list[str]]:
    """Return who wrote something into a column, and what; of skills and goals without levels."""
    lists = getattr(pool, column, None)
    if isinstance(lists, Lists):
        owners = np.arange(len(lists)).repeat(lists.lengths)
        return owners, [lists.written[code] for code in lists.codes.tolist()]
    cells = pool.text(column).tolist()
    wrote = [at for at, cell in enumerate(cells) if cell]
    return np.array(wrote, dtype=np.int64), [cells[at] for at in wrote]


@dataclass(frozen=True, eq=False)
class Weighed:
    """The words of what some people wrote, weighed.

    Attributes
    ----------
    people : CSR array of float64, shape (people, words)
        Rows of length 1; empty where somebody wrote no word that counts.
    words : list of str
        The words and pairs of words, sorted.
    shares : float64 array (texts,)
        What each text counts for whoever wrote it: the square root of its length.
    """

    people: Any
    words: list[str]
    shares: Values

    @classmethod
    def of(cls, documents: Documents) -> Weighed:
        """Count the words of each text on its own, and add up the texts of each person."""
        from scipy.sparse import csr_array, diags_array
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.preprocessing import normalize

        vectorizer = CountVectorizer(analyzer=terms, dtype=np.float64)
        people, texts = documents.owned.shape
        try:
            counts = csr_array(vectorizer.fit_transform(documents.texts))
        except ValueError:
            # The only complaint scikit-learn can have about text is that no words are left.
            return cls(csr_array((people, 1)), [""], np.zeros(texts))
        times = np.asarray(documents.owned.sum(axis=0)).reshape(-1)
        held = csr_array((np.ones_like(counts.data), counts.indices, counts.indptr), counts.shape)
        rarity = np.log((1 + times.sum()) / (1 + held.T @ times)) + 1
        counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
        shares = np.sqrt(np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).reshape(-1)))
        unit = np.divide(1, shares, out=np.zeros_like(shares), where=shares > 0)
        added = csr_array(documents.owned @ (diags_array(unit) @ counts))
        return cls(normalize(added), vectorizer.get_feature_names_out().tolist(), shares)


def embedded_people(embedder: Embedder, documents: Documents, shares: Values) -> Values:
    """Return the vectors that a model gives to what people wrote, shape (people, dimensions)."""
    from sklearn.preprocessing import normalize

    told = np.flatnonzero(shares)
    if not told.size:
        return np.zeros((documents.owned.shape[0], 1))
    vectors = normalize(embedded(embedder, [documents.texts[at] for at in told.tolist()]))
    people: Values = documents.owned[:, told] @ (shares[told, None] * vectors)
    return people


class TextFeature(SumFeature):
    """Text fit bound to the people of a round.

    Parameters
    ----------
    full : float
        The fit that counts as a full one.
    columns : two tuples of str
        The columns of mentees and of mentors.
    mentees, mentors : Pool
    embedder : Embedder, optional
        Tells what texts mean, in the place of what is learned from these people's own.
    """

    def __init__(
        self,
        full: float,
        columns: tuple[tuple[str, ...], tuple[str, ...]],
        *,
        mentees: Pool,
        mentors: Pool,
        embedder: Embedder | None = None,
    ) -> None:
        documents = Documents.of(((mentees, columns[0]), (mentors, columns[1])))
        weighed = Weighed.of(documents)
        matrix, self._words = weighed.people, weighed.words
        self._axes = learned_axes(matrix) if embedder is None else None
        vectors, parts = None, 0
        if embedder is not None:
            vectors, parts = embedded_people(embedder, documents, weighed.shares), MODEL
        elif self._axes is not None:
            vectors, parts = matrix @ self._axes, LEARNED
        matrix.data = np.rint(matrix.data * UNIT)
        first = len(mentees)
        self._mentees, self._mentors = matrix[:first], matrix[first:]
        self.known_mentees: Mask = np.diff(self._mentees.indptr) > 0
        self.known_mentors: Mask = np.diff(self._mentors.indptr) > 0
        self._times, self._full = (PARTS - parts, parts), full * PARTS * UNIT * UNIT
        units = np.full(first, self._full / UNIT / self._times[0]), np.full(len(mentors), UNIT)
        self._latent = None
        if vectors is not None:
            whole = whole_units(vectors)
            self._latent = LatentProduct(whole[:first], whole[first:], self._full / parts)
        words = Product(self._mentees, self._mentors, units)
        super().__init__(Blend(words, self._latent, self._times))

    def _value(self, sums: Values, rows: Index, cols: Index) -> Values:  # noqa: ARG002
        return np.minimum(sums / self._full, 1.0)

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return the shared words that count most, and related ones where these count more."""
        mine = self._entries(self._mentees, row)
        theirs = self._entries(self._mentors, col)
        shared = sorted((-mine[word] * theirs[word], word) for word in mine.keys() & theirs.keys())
        words = [self._words[word] for _, word in shared[:SHOWN]]
        lines = [f"shared words: {', '.join(words)}"] if words else []
        if self._latent is not None:
            close = float(self._latent.pairs(np.array([row]), np.array([col]))[0])
            counts = self._times[1] * close
            alike = -self._times[0] * sum(value for value, _ in shared)
            if counts > max(alike, NOTICED * self._full):
                lines += self._related(mine, theirs, close / (UNIT * UNIT))
        return tuple(lines) or ("no words in common",)

    def _related(self, mine: dict[int, float], theirs: dict[int, float], close: float) -> list[str]:
        """Return what makes two texts close beside the words that they share."""
        if self._axes is None:
            return [f"texts of like meaning: cosine {close:.2f}"]
        left, right = list(mine), list(theirs)
        ahead = self._axes[left] * np.array([mine[word] for word in left])[:, None]
        gains = ahead @ self._axes[right].T * np.array([theirs[word] for word in right])
        said: list[str] = []
        used: set[str] = set()
        for at in np.argsort(-gains, axis=None, kind="stable").tolist():
            ours, other = (
                self._words[side[place]]
                for side, place in zip((left, right), divmod(at, len(right)), strict=True)
            )
            if gains.flat[at] <= 0 or len(said) == RELATED:
                break
            parts = {*ours.split(), *other.split()}
            if ours != other and not used & parts and not {*ours.split()} & {*other.split()}:
                said.append(f"{ours} and {other}")
                used |= parts
        return [f"related words: {', '.join(said)}"] if said else []

    @staticmethod
    def _entries(matrix: object, person: int) -> dict[int, float]:
        indptr, indices, data = matrix.indptr, matrix.indices, matrix.data  # type: ignore[attr-defined]
        span = slice(indptr[person], indptr[person + 1])
        return dict(zip(indices[span].tolist(), data[span].tolist(), strict=True))
