"""The words of questions and of skills, and which words are spelled alike.

Words are compared by the runs of three to five letters in them, the word's ends included:
shared runs over the geometric mean of both numbers of runs (the cosine of two sets). So
"databases" is close to "database" and "postgers" to "postgres". Words of three letters and
fewer are never compared by letters: "C" has nothing in common with "Go".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

ALIKE: Final = 0.3
"""Similarity of spelling from which two words can mean the same."""

SHORT: Final = 3
"""Letters up to which a word only equals itself."""

LONGEST: Final = 40
"""Letters of a word by which it is compared; what is longer is no word but a slip or an attack."""

_GRAMS: Final = (3, 4, 5)
_WORD: Final = re.compile(r"\.?[^\W_][\w+#]*")
_STOP: Final = frozenset({
    "a", "about", "after", "all", "also", "am", "an", "and", "any", "anybody", "anyone",
    "are", "as", "ask", "at", "be", "because", "been", "before", "being", "best", "better",
    "but", "by", "can", "could", "did", "do", "does", "doing", "done", "for", "from", "get",
    "give", "good", "got", "had", "has", "have", "having", "he", "hello", "help", "helps",
    "her", "here", "hi", "him", "his", "hey", "how", "i", "if", "in", "into", "is", "it",
    "its", "itself", "just", "know", "knows", "learn", "let", "like", "look", "looking",
    "make", "me", "might", "more", "most", "much", "must", "my", "need", "needs", "new", "no",
    "not", "of", "off", "on", "one", "or", "other", "our", "out", "over", "please",
    "question", "questions", "really", "she", "should", "so", "some", "somebody", "someone",
    "such", "than", "thank", "thanks", "that", "the", "their", "them", "then", "there",
    "these", "they", "thing", "things", "this", "those", "through", "to", "too", "under",
    "up", "us", "use", "used", "using", "various", "very", "want", "wanted", "was", "we",
    "well", "were", "what", "when", "where", "which", "while", "who", "whom", "why", "will",
    "with", "within", "without", "would", "you", "your", "yours", "etc",
})  # fmt: skip


def content_words(text: str) -> tuple[str, ...]:
    """Return the distinct words of a text, in order, without those that say nothing.

    Case, accents and punctuation make no difference; C++, C# and .NET keep their signs. A
    text of such words alone keeps them all: it may be a name.

    Examples
    --------
    >>> content_words("How do I read the résumé of a C++ developer?")
    ('read', 'resume', 'c++', 'developer')
    >>> content_words("to do")
    ('to', 'do')
    """
    found = dict.fromkeys(tokens(text))
    return tuple(word for word in found if word not in _STOP) or tuple(found)


def tokens(text: str) -> list[str]:
    """Return all words of a text, in order, without case and accents."""
    plain = text if text.isascii() else _plain(text)
    return [word[:LONGEST] for word in _WORD.findall(plain.lower())]


def says_something(words: Sequence[str]) -> bool:
    """Return whether words can be known for a name when they stand in a text.

    A single word must be no stop word and longer than three letters: "go" and "it" stand in
    every text.
    """
    return len(words) > 1 or (len(words) == 1 and len(words[0]) > SHORT and words[0] not in _STOP)


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(x for x in parts if not unicodedata.combining(x)))


def _grams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[at : at + length] for length in _GRAMS for at in range(len(padded) - length + 1)}


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Words, and the runs of letters by which others are found to be like them.

    Attributes
    ----------
    words : tuple of str
        The words, sorted.
    grams : tuple of str
        The runs of letters in the longer ones, sorted.
    indptr : int64 array (grams + 1,)
        Where the words of each run begin.
    entries : int32 array
        Positions in `words`.
    sizes : int32 array (words,)
        How many runs each word has, 0 for the short.

    Examples
    --------
    >>> lexicon = Lexicon.of(["database", "cooking", "go"])
    >>> at, similarity = lexicon.alike("databases")
    >>> [lexicon.words[i] for i in at], similarity.round(2).tolist()
    (['database'], [0.8])
    """

    words: tuple[str, ...]
    grams: tuple[str, ...]
    indptr: NDArray[np.int64]
    entries: NDArray[np.int32]
    sizes: NDArray[np.int32]

    @classmethod
    def of(cls, words: Iterable[str]) -> Lexicon:
        """Return the lexicon of some words."""
        ordered = tuple(sorted(set(words)))
        found: dict[str, list[int]] = {}
        sizes = np.zeros(len(ordered), dtype=np.int32)
        for at, word in enumerate(ordered):
            if len(word) > SHORT:
                grams = _grams(word)
                sizes[at] = len(grams)
                for gram in grams:
                    found.setdefault(gram, []).append(at)
        grams_sorted = tuple(sorted(found))
        indptr = np.zeros(len(grams_sorted) + 1, dtype=np.int64)
        np.cumsum([len(found[gram]) for gram in grams_sorted], out=indptr[1:])
        flat = [at for gram in grams_sorted for at in found[gram]]
        return cls(ordered, grams_sorted, indptr, np.array(flat, dtype=np.int32), sizes)

    @cached_property
    def position(self) -> dict[str, int]:
        """The position of each word."""
        return {word: at for at, word in enumerate(self.words)}

    @cached_property
    def _gram_position(self) -> dict[str, int]:
        return {gram: at for at, gram in enumerate(self.grams)}

    def alike(self, word: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the words spelled alike, ascending, and how similar each is; 1 is the same."""
        own = self.position.get(word)
        if len(word) <= SHORT:
            at = np.array([] if own is None else [own], dtype=np.int64)
            return at, np.ones(len(at))
        grams = _grams(word)
        known = [self._gram_position[gram] for gram in grams if gram in self._gram_position]
        if not known:
            return np.empty(0, dtype=np.int64), np.empty(0)
        parts = [self.entries[self.indptr[at] : self.indptr[at + 1]] for at in known]
        shared = np.bincount(np.concatenate(parts), minlength=len(self.words))
        # Too few shared runs cannot reach the threshold, whatever the other word's size.
        (near,) = np.nonzero(shared >= ALIKE * ALIKE * len(grams))
        similarity = shared[near] / np.sqrt(self.sizes[near] * float(len(grams)))
        keep = similarity >= ALIKE
        return near[keep], similarity[keep]
