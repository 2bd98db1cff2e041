"""What an index knows about words: how rare each is, and in whose company it stands.

Both are learned once, from the people an index is made of, and stay as they are while people
come and go. So what somebody scores depends on that person, the question and these numbers
alone, and an index gives the same answers whichever way its people got into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.scoring.latent import whole_units

if TYPE_CHECKING:
    from scipy.sparse import csr_array

DIMENSIONS: Final = 64
"""Length of a person's text vector where no embedder is given."""

SAMPLE: Final = 20_000
"""People, by keyed hash, from whom the dimensions are learned where there are more."""

UNKNOWN: Final = 0.5
"""Weight of a word that nobody's skills hold, over that of the rarest known word."""


@dataclass(frozen=True, eq=False)
class Statistics:
    """Rarity of words, and the projection of word counts to text vectors.

    Attributes
    ----------
    words : tuple of str
        The known words, sorted.
    rarity : float64 array (words,)
        Inverse document frequency over the names of skills: ``ln((1 + n) / (1 + df)) + 1``.
    rarest : float64 array (1,)
        The rarity of a word in no name at all.
    axes : float64 array (words, dimensions)
        Latent semantic axes (Deerwester et al., *JASIS* 41(6), 1990), without columns where
        an embedder makes the vectors.
    """

    words: tuple[str, ...]
    rarity: NDArray[np.float64]
    rarest: NDArray[np.float64]
    axes: NDArray[np.float64]

    @classmethod
    def of_names(cls, names: Sequence[Sequence[str]]) -> Statistics:
        """Count in how many names, given as words, each word stands."""
        from collections import Counter

        counts = Counter(word for words in names for word in words)
        ordered = tuple(sorted(counts))
        held = np.array([counts[word] for word in ordered], dtype=np.float64)
        rarity = np.log((1 + len(names)) / (1 + held)) + 1
        rarest = np.array([np.log(1.0 + len(names)) + 1])
        return cls(ordered, rarity, rarest, np.zeros((len(ordered), 0)))

    @cached_property
    def position(self) -> dict[str, int]:
        """The position of each word."""
        return {word: at for at, word in enumerate(self.words)}

    def rarities(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return the rarity of each word, that of the rarest where it is unknown."""
        at = self.positions(words)
        return np.where(at >= 0, np.append(self.rarity, 0.0)[at], self.rarest[0])

    def weights(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return how much each word of a question counts."""
        known = self.positions(words) >= 0
        return np.where(known, self.rarities(words), UNKNOWN * self.rarest[0])

    def positions(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the position of each word, -1 where it is unknown."""
        return np.array([self.position.get(word, -1) for word in words], dtype=np.int64)

    def with_axes(self, counts: csr_array, order: NDArray[np.int64]) -> Statistics:
        """Learn the axes from the word counts of people.

        Parameters
        ----------
        counts : CSR array (people, words)
            How often each person's text holds each known word.
        order : int64 array (people,)
            The people in keyed order; the first 20,000 are learned from.
        """
        from sklearn.utils.extmath import randomized_svd
        from threadpoolctl import threadpool_limits

        weighed = self._weighed(counts[order[:SAMPLE]])
        size = min(DIMENSIONS, *(max(0, length - 1) for length in weighed.shape))
        if size < 1:
            return self
        with threadpool_limits(1):  # more threads would add in another order
            _, _, axes = randomized_svd(weighed, size, random_state=0)
        return Statistics(self.words, self.rarity, self.rarest, np.ascontiguousarray(axes.T))

    def _weighed(self, counts: csr_array) -> csr_array:
        """Return counts dampened and weighed by rarity."""
        weighed = counts.astype(np.float64)
        weighed.data = (1 + np.log(weighed.data)) * self.rarity[weighed.indices]
        return weighed

    def projected(self, counts: csr_array) -> NDArray[np.int16]:
        """Return text vectors of length 1 in whole numbers; 0 where no known word stands."""
        return whole_units(self._weighed(counts) @ self.axes)
