"""From what people write to skills that are known, in steps that each say how it came about.

1. clean: case, width, dashes and spaces make no difference; ``+ # .`` are kept;
2. ``label`` or ``alias``: a name of a concept; ``stripped``: without bracket, version, vendor;
3. ``spelling``: the same letters however joined; ``words``: the same words however ordered;
4. ``similar``: close by words and letters, and clearly closer than to anything else;
5. ``unresolved``: a skill of its own. Nothing is ever forced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from matchkit.profiles.skills.closeness import ClosestNames, Near, Rarity
from matchkit.profiles.skills.forms import (
    SHORT,
    clean_skill,
    plainer_forms,
    spelling_key,
    stem,
    stripped_forms,
    word_key,
    words,
)
from matchkit.profiles.skills.taxonomy import (
    Taxonomy,
    chosen_taxonomy,
    curated,
    names_by_concept,
)

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd
    from numpy.typing import NDArray

How = Literal["label", "alias", "stripped", "spelling", "words", "similar", "unresolved", "blank"]
"""How a name was understood; ``"blank"`` where nothing was written."""


SLIP: Final = 0.45
"""Cosine from which a name counts whose words are each nearly those of a known name."""

SLIP_MARGIN: Final = 0.03
"""How far it must be ahead of another skill of which the same can be said."""

LOOKED_AT: Final = 5
"""Skills among which a slip is looked for, the closest of all."""

NEARLY: Final = 0.8
"""Share of letters in common, in order, of two words that are nearly the same."""

PARAPHRASE: Final = 0.7
"""Cosine from which a name of other words counts as a paraphrase of a known one."""

PARAPHRASE_MARGIN: Final = 0.2
"""How far it must be ahead of any other skill."""

PARAPHRASE_SUPPORT: Final = 0.5
"""Mean cosine of the skill's next names: where only one name is close, the words that differ
make it another skill."""

PARAPHRASE_WORDS: Final = 3
"""Words that both names must have at least."""

LEAST_LETTERS: Final = 6
"""Letters of a single word below which one slip may make another word of it."""


@dataclass(frozen=True, eq=False)
class Resolved:
    """Names, and the skills that they mean.

    Attributes
    ----------
    raw : tuple of str
        Names as somebody wrote them.
    labels : tuple of str
        The distinct skills meant, sorted: labels of concepts, and of what is unresolved its
        own cleaned form.
    codes : int64 array (raw,)
        Positions in `labels`, -1 where blank.
    how : tuple of How
        How each name was understood.
    score : float64 array (raw,)
        1 for a name that is known, the cosine of a similar one, 0 for what is unresolved.
    concepts : int64 array (labels,)
        The concept of each label in the resolver's taxonomy, -1 for what is unresolved.
    """

    raw: tuple[str, ...]
    labels: tuple[str, ...]
    codes: NDArray[np.int64]
    how: tuple[How, ...]
    score: NDArray[np.float64]
    concepts: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        for array in (self.codes, self.score, self.concepts):
            array.setflags(write=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each name: ``raw, canonical, how, score``."""
        import pandas as pd

        return pd.DataFrame(
            {
                "raw": self.raw,
                "canonical": np.array([*self.labels, ""], dtype=object)[self.codes],
                "how": self.how,
                "score": self.score,
            }
        )


class Resolver:
    """Finds skills by the names that people write.

    What a name means depends on the taxonomy alone, never on who else is in the room.

    Parameters
    ----------
    taxonomy : Taxonomy
        Every concept that can be found.

    Examples
    --------
    >>> from matchkit.profiles.skills import resolver_of
    >>> found = resolver_of(None).resolve(["k8s", "Javscript", "Python 3", "sea kayaking"])
    >>> [found.labels[code] for code in found.codes]
    ['Kubernetes', 'JavaScript', 'Python', 'sea kayaking']
    >>> found.how
    ('alias', 'similar', 'stripped', 'unresolved')
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._labels = tuple(map(clean_skill, taxonomy.labels))
        self._exact = names_by_concept(taxonomy)

    def resolve(self, values: Iterable[str], *, similar: bool = True) -> Resolved:
        """Return the skill that each name means; each distinct name is looked up once.

        Parameters
        ----------
        values : iterable of str
            Names as somebody wrote them, without levels.
        similar : bool, default True
            Whether to look for close names where none is known, which takes most of the time.
        """
        raw = tuple(values)
        cleaned = {text: clean_skill(text) for text in dict.fromkeys(raw)}
        found = self._understood(sorted(set(cleaned.values()) - {""}), similar=similar)
        named = {
            name: self.taxonomy.labels[at] if at >= 0 else name
            for name, (at, _, _) in found.items()
        }
        labels = tuple(sorted(set(named.values())))
        place = {label: at for at, label in enumerate(labels)}
        concepts = np.full(len(labels), -1, dtype=np.int64)
        for name, (at, _, _) in found.items():
            concepts[place[named[name]]] = max(at, concepts[place[named[name]]])
        blank: tuple[int, How, float] = (-1, "blank", 0.0)
        each = [found.get(cleaned[text], blank) for text in raw]
        return Resolved(
            raw,
            labels,
            np.array([place[named[cleaned[text]]] if cleaned[text] else -1 for text in raw],
                     dtype=np.int64),
            tuple(how for _, how, _ in each),
            np.array([score for _, _, score in each], dtype=np.float64),
            concepts,
        )  # fmt: skip

    def candidates(self, values: Sequence[str], *, k: int = 5) -> list[list[tuple[str, float]]]:
        """Return for each name the labels that come closest, with their cosines.

        A name that is meant, slips of the finger apart, comes first.
        """
        labels = self.taxonomy.labels
        names = [clean_skill(text) for text in values]
        found = []
        for name, near in zip(names, self._closest.closest(names), strict=True):
            five = near.first(max(k, LOOKED_AT))
            if five:
                five.insert(0, five.pop(max(0, self._meant(name, near))))
            found.append([(labels[at], cosine) for at, cosine in five[:k]])
        return found

    def _understood(
        self, names: Sequence[str], *, similar: bool
    ) -> dict[str, tuple[int, How, float]]:
        """Return concept, how and score of each cleaned name, concept -1 if unresolved."""
        found: dict[str, tuple[int, How, float]] = {}
        for name in names:
            known = self._known(name)
            if known is not None:
                found[name] = (*known, 1.0)
        left = [name for name in names if similar and name not in found]
        open_names = [name for name in left if _comparable(name)]
        closest = self._closest.closest(open_names) if open_names else []
        for name, near in zip(open_names, closest, strict=True):
            at = self._meant(name, near)
            if at >= 0:
                found[name] = (int(near.concepts[at]), "similar", float(near.cosine[at]))
        return {name: found.get(name, (-1, "unresolved", 0.0)) for name in names}

    def _known(self, name: str) -> tuple[int, How] | None:
        """Return the concept that has this name, in whatever form, and how it was found."""
        at = self._exact.get(name)
        if at is not None:
            return at, "label" if self._labels[at] == name else "alias"
        for form, vendor in stripped_forms(name):
            at = self._exact.get(form)
            if at is not None and not (vendor and " " in self._labels[at]):
                return at, "stripped"
        at = self._by_spelling.get(spelling_key(name))
        if at is not None:
            return at, "spelling"
        for form in plainer_forms(name):
            at = self._exact.get(form)
            if at is not None:
                return at, "words"
        at = self._by_words.get(word_key(name))
        return None if at is None else (at, "words")

    def _meant(self, name: str, near: Near) -> int:
        """Return which of the closest skills is meant, -1 if that cannot be said."""
        # What is short is never compared by letters, so it must stand in a name as it is.
        short = _short_words(name)
        slips = [
            at
            for at, (concept, cosine) in enumerate(near.first(LOOKED_AT))
            if cosine >= SLIP
            and any(
                _short_words(each) == short and _aligned(name, each)
                for each in self._names_of[concept]
            )
        ]
        if slips:
            clear = len(slips) == 1 or near.rank[slips[0]] - near.rank[slips[1]] >= SLIP_MARGIN
            return slips[0] if clear else -1
        return 0 if self._paraphrased(name, near) else -1

    def _paraphrased(self, name: str, near: Near) -> bool:
        """Return whether the closest skill is so close that other words must mean it."""
        if (
            len(words(name)) < PARAPHRASE_WORDS
            or not len(near.concepts)
            or near.cosine[0] < PARAPHRASE
            or near.margin < PARAPHRASE_MARGIN
            or near.support < PARAPHRASE_SUPPORT
        ):
            return False
        short = _short_words(name)
        return any(
            _short_words(each) == short and len(words(each)) >= PARAPHRASE_WORDS
            for each in self._names_of[int(near.concepts[0])]
        )

    @cached_property
    def rarity(self) -> Rarity:
        """How rare the parts of names are among the labels."""
        return Rarity(self._labels)

    @cached_property
    def _by_spelling(self) -> dict[str, int]:
        return _unshared(self._exact, spelling_key)

    @cached_property
    def _by_words(self) -> dict[str, int]:
        return _unshared(self._exact, word_key)

    @cached_property
    def _names_of(self) -> list[list[str]]:
        names: list[list[str]] = [[] for _ in self._labels]
        for name, at in self._exact.items():
            names[at].append(name)
        return names

    @cached_property
    def _closest(self) -> ClosestNames:
        names = sorted(self._exact)
        return ClosestNames(names, np.array([self._exact[name] for name in names], dtype=np.int64))


def _unshared(exact: dict[str, int], key: Callable[[str], str]) -> dict[str, int]:
    """Return the concept of each key that only one concept has."""
    owner: dict[str, int] = {}
    for name, at in exact.items():
        each = key(name)
        owner[each] = at if owner.get(each, at) == at else -1
    owner.pop("", None)
    return {each: at for each, at in owner.items() if at >= 0}


def _aligned(name: str, other: str) -> bool:
    """Return whether two names have the same words, each of them nearly so written."""
    mine, left = words(name), words(other)
    if len(mine) != len(left):
        return False
    for word in mine:
        match = next((each for each in left if _nearly(word, each)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _nearly(word: str, other: str) -> bool:
    """Return whether a slip of the finger or an ending makes one word of the other."""
    if stem(word) == stem(other):
        return True
    near = SequenceMatcher(None, word, other).ratio()
    return abs(len(word) - len(other)) <= 1 and near >= NEARLY


def _short_words(name: str) -> frozenset[str]:
    return frozenset(word for word in words(name) if len(word) <= SHORT)


def _comparable(name: str) -> bool:
    """Return whether a name has letters enough to be compared by them."""
    long = [word for word in words(name) if len(word) > SHORT]
    return len(long) > 1 or (len(long) == 1 and len(long[0]) >= LEAST_LETTERS)


def resolver_of(taxonomy: Taxonomy | None) -> Resolver:
    """Return what finds skills: those of a taxonomy first, then those that matchkit knows."""
    return (curated() if taxonomy is None else taxonomy).resolver


def resolve_skills(
    values: Iterable[str], *, taxonomy: Taxonomy | str | PathLike[str] | None = None
) -> pd.DataFrame:
    """Say which skill each name means, and how that was found out.

    Parameters
    ----------
    values : iterable of str
        Names as somebody wrote them, without levels.
    taxonomy : Taxonomy or path, optional
        Your own; its names count before those that matchkit knows itself.

    Returns
    -------
    pandas.DataFrame
        One row for each value: ``raw``; ``canonical``, the skill's label, or its own cleaned
        form where it is unresolved; ``how``, one of ``label``, ``alias``, ``stripped`` (of a
        bracket, a version or a vendor), ``spelling`` (joined otherwise), ``words`` (ordered
        or inflected otherwise), ``similar``, ``unresolved`` and ``blank``; and ``score`` in
        [0, 1].

    Examples
    --------
    >>> import matchkit as mk
    >>> mk.resolve_skills(["py", "K8s", "Managing people", "bee keeping"])
                   raw          canonical         how  score
    0               py             Python       alias    1.0
    1              K8s         Kubernetes       alias    1.0
    2  Managing people  People management       alias    1.0
    3      bee keeping        bee keeping  unresolved    0.0
    """
    return resolver_of(chosen_taxonomy(taxonomy)).resolve(values).to_frame()
