"""What skills people mean by what they wrote, and every name under which each is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.buddies.words import says_something, tokens
from matchkit.profiles import clean_skill
from matchkit.profiles.skills import resolver_of
from matchkit.profiles.skills.taxonomy import names_by_concept

if TYPE_CHECKING:
    from matchkit.profiles.skills import Resolver, Taxonomy

NAME_WORDS: Final = 8
"""Words up to which a whole question may be the name of a skill."""


SLIP_WORDS: Final = 3
"""Words up to which it may be a name with a slip of the finger."""


@dataclass(frozen=True, eq=False)
class Named:
    """Labels as written, and the skills meant by them.

    Attributes
    ----------
    skills : tuple of str
        The distinct skills, sorted.
    codes : int64 array (labels,)
        The skill of each label.
    names : tuple of tuple of str
        For each skill all its names, at least one, as they are compared.
    """

    skills: tuple[str, ...]
    codes: NDArray[np.int64]
    names: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Meant:
    """What a whole question names.

    Attributes
    ----------
    skill : str
        The skill, ``""`` where the question names none.
    related : tuple of str
        Skills one hop away from it.
    """

    skill: str = ""
    related: tuple[str, ...] = ()


class Naming:
    """Names of skills, as a taxonomy and matchkit's own table know them.

    Parameters
    ----------
    taxonomy : Taxonomy or None
        Names that count before those that matchkit knows itself.
    """

    def __init__(self, taxonomy: Taxonomy | None) -> None:
        self.taxonomy = taxonomy

    @cached_property
    def _resolver(self) -> Resolver:
        return resolver_of(self.taxonomy)

    def named(self, labels: Sequence[str]) -> Named:
        """Return the skills that labels mean."""
        found = self._resolver.resolve(labels)
        known = self._resolver.taxonomy
        names = []
        for skill, concept in zip(found.labels, found.concepts.tolist(), strict=True):
            others = known.synonyms[concept] if concept >= 0 else ()
            names.append(tuple(dict.fromkeys(map(clean_skill, (skill, *others)))))
        return Named(found.labels, found.codes, tuple(names))

    @cached_property
    def mentionable(self) -> dict[tuple[str, ...], str]:
        """The names that can be told in a running text, by their words, and what each means."""
        known = self._resolver.taxonomy
        words = {tuple(tokens(name)): at for name, at in names_by_concept(known).items()}
        return {each: known.labels[at] for each, at in words.items() if says_something(each)}

    def meant(self, texts: Sequence[str]) -> list[Meant]:
        """Return the skill that each text as a whole names.

        A text that names none is a skill of its own, which others may have written as well.
        Longer names that are merely close are left to the comparison of words.
        """
        return [self._meant(text) for text in texts]

    def _meant(self, text: str) -> Meant:
        words = len(text.split())
        if words > NAME_WORDS:
            return Meant()
        found = self._resolver.resolve([text], similar=words <= SLIP_WORDS)
        if not len(found.labels):
            return Meant()
        return Meant(found.labels[0], self._related(int(found.concepts[0])))

    def _related(self, concept: int) -> tuple[str, ...]:
        """Return the skills one hop from a concept: broader, narrower, or named as related."""
        if concept < 0:
            return ()
        known = self._resolver.taxonomy
        near = (*known.parents[concept], *self._children.get(concept, ()), *known.related[concept])
        return tuple(sorted({known.labels[other] for other in near}))

    @cached_property
    def _children(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for child, parents in enumerate(self._resolver.taxonomy.parents):
            for parent in parents:
                found.setdefault(parent, []).append(child)
        return found
