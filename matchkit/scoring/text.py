"""Text fit: the words of what a mentee writes against the words of what a mentor writes.

Term frequencies are dampened and weighted by rarity (tf-idf; Salton and Buckley,
*Information Processing & Management* 24(5), 1988) over words and pairs of words, by
scikit-learn. The unit vectors are then rounded to whole numbers once, so that every product
of two of them is exact.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from matchkit.profiles import Lists
from matchkit.scoring.features import SumFeature
from matchkit.scoring.products import Product
from matchkit.scoring.sides import Index, Mask, Values

if TYPE_CHECKING:
    from matchkit.profiles import Pool

UNIT = 1 << 14
"""A vector of length 1 in whole numbers."""

WORDS = re.compile(r"\.?\b\w[\w+#]*")
"""Words of one character and more; C++, C# and .NET keep their signs."""

SHOWN = 4
"""Shared words named as evidence."""


def terms(text: str) -> list[str]:
    r"""Return the words of a text and the pairs of neighboring words, without stop words.

    Case and accents make no difference. Pairs do not reach over the end of a line: the
    items of a list stand on lines of their own.

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


def documents(pool: Pool, columns: tuple[str, ...]) -> list[str]:
    """Return one text for each person from the columns that are there."""
    present = [_cells(pool, column) for column in columns if pool.has(column)]
    return ["\n".join(cells) for cells in zip(*present, strict=True)] or [""] * len(pool)


def _cells(pool: Pool, column: str) -> list[str]:
    """Return a column as text; of skills and goals the names alone, since levels are no words."""
    lists = getattr(pool, column, None)
    if isinstance(lists, Lists):
        return ["\n".join(lists.of(person)) for person in range(len(pool))]
    cells: list[str] = pool.text(column).tolist()
    return cells


class TextFeature(SumFeature):
    """Text fit bound to the people of a round."""

    def __init__(
        self,
        full: float,
        wishes: tuple[str, ...],
        experience: tuple[str, ...],
        *,
        mentees: Pool,
        mentors: Pool,
    ) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts = documents(mentees, wishes) + documents(mentors, experience)
        vectorizer = TfidfVectorizer(analyzer=terms, sublinear_tf=True)
        try:
            matrix = vectorizer.fit_transform(texts)
        except ValueError:
            # The only complaint scikit-learn can have about text is that no words are left.
            from scipy.sparse import csr_array

            matrix = csr_array((len(texts), 1))
            self._words: list[str] = [""]
        else:
            self._words = vectorizer.get_feature_names_out().tolist()
        matrix.data = np.rint(matrix.data * UNIT)
        self._mentees, self._mentors = matrix[: len(mentees)], matrix[len(mentees) :]
        self._full = full * UNIT * UNIT
        sides = self._mentees, self._mentors
        units = np.full(len(mentees), self._full / UNIT), np.full(len(mentors), UNIT)
        super().__init__(Product(*sides, units))
        self.known_mentees: Mask = np.diff(self._mentees.indptr) > 0
        self.known_mentors: Mask = np.diff(self._mentors.indptr) > 0

    def _value(self, sums: Values, rows: Index, cols: Index) -> Values:  # noqa: ARG002
        return np.minimum(sums / self._full, 1.0)

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return the shared words that count most."""
        mine = self._entries(self._mentees, row)
        theirs = self._entries(self._mentors, col)
        shared = sorted((-mine[word] * theirs[word], word) for word in mine.keys() & theirs.keys())
        words = [self._words[word] for _, word in shared[:SHOWN]]
        return (f"shared words: {', '.join(words)}",) if words else ("no words in common",)

    @staticmethod
    def _entries(matrix: object, person: int) -> dict[int, float]:
        indptr, indices, data = matrix.indptr, matrix.indices, matrix.data  # type: ignore[attr-defined]
        span = slice(indptr[person], indptr[person + 1])
        return dict(zip(indices[span].tolist(), data[span].tolist(), strict=True))
