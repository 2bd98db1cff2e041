"""A question: words and skills, understood once before anybody is compared with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.buddies.words import content_words
from matchkit.errors import ProgramError

if TYPE_CHECKING:
    from matchkit.buddies.statistics import Statistics

LONGEST: Final = 10_000
"""Characters that a question may have: a page or two."""

MOST_WORDS: Final = 256
"""Distinct words of a question that count, the first of it."""

MOST_SKILLS: Final = 50
"""Skills that one question may list."""

_TAG: Final = re.compile(r"<[/!a-zA-Z][^<>]*>")

BEST: Final = 5
"""The highest level."""

Query = str | Iterable[str | tuple[str, int]]
"""Free text, the name of a skill, or a list of skills, with the levels wanted if need be."""


@dataclass(frozen=True, eq=False)
class Ask:
    """One thing that a question asks for.

    Attributes
    ----------
    text : str
        In the asker's words.
    level : int
        The level above which nothing is gained, 1 to 5.
    words : tuple of str
        Its content words.
    weights : float64 array (words,)
        How much each counts.
    """

    text: str
    level: int
    words: tuple[str, ...]
    weights: NDArray[np.float64]


def understood(query: Query, statistics: Statistics) -> tuple[Ask, ...]:
    """Return what a question asks for: one thing, or each skill of a list.

    Raises
    ------
    ProgramError
        The question is longer than anybody's, or is no text and no list of skills.
    """
    if isinstance(query, str):
        return (_ask(query, BEST, statistics),)
    if not isinstance(query, Iterable):
        raise ProgramError(f"the question is {query!r}; write a text or a list of skills")
    listed = list(query) or [""]
    if len(listed) > MOST_SKILLS:
        raise ProgramError(f"the question lists {len(listed)} skills; list at most {MOST_SKILLS}")
    return tuple(_ask(*_item(item), statistics) for item in listed)


def _ask(text: str, level: int, statistics: Statistics) -> Ask:
    if len(text) > LONGEST:
        raise ProgramError(f"the question has {len(text):,} characters; ask in at most {LONGEST:,}")
    words = content_words(_without_markup(text))[:MOST_WORDS]
    return Ask(text, level, words, statistics.weights(words))


def _without_markup(text: str) -> str:
    """Return a text without tags, and without scripts and all that they hold.

    Examples
    --------
    >>> _without_markup("<b>SQL</b> a < b<script>alert(1)</script>").split()
    ['SQL', 'a', '<', 'b']
    """
    plain, at, parts = text.lower(), 0, []
    while (start := plain.find("<script", at)) >= 0:
        end = plain.find("</script", start)
        parts.append(text[at:start])
        at = len(text) if end < 0 else end
    return _TAG.sub(" ", " ".join([*parts, text[at:]]))


def _item(item: object) -> tuple[str, int]:
    """Return name and level of an entry such as ``"sql:4"`` or ``("sql", 4)``."""
    name, level = item if isinstance(item, tuple) and len(item) == 2 else (item, None)
    if isinstance(name, str) and level is None:
        head, colon, tail = name.rpartition(":")
        name, level = (head, tail.strip()) if colon and tail.strip().isdigit() else (name, BEST)
    if not isinstance(name, str) or str(level) not in {"1", "2", "3", "4", "5"}:
        raise ProgramError(
            f"{item!r} is no skill with a level; write 'sql', 'sql:4' or ('sql', 4), levels 1 to 5"
        )
    return name, int(str(level))
