"""What each person offers: the skills that they list, and those that their texts mention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from matchkit.buddies.words import tokens
from matchkit.profiles import SkillLists, clean_skill

if TYPE_CHECKING:
    from matchkit.profiles import Pool

ABOUT: Final = ("role", "bio")
"""Columns whose words belong to a person's text, beside the skills."""

MENTIONED: Final = 2
"""Level taken where a text mentions a skill that its writer does not list."""

LONGEST_NAME: Final = 4
"""Words of a name that can be mentioned."""

Names = Mapping[tuple[str, ...], str]
"""Known names by their words, and the skill that each means."""


def offers(people: Pool, names: Names) -> SkillLists:
    """Return the skills of each person, the listed first and then the mentioned.

    Parameters
    ----------
    people : Pool
        The people.
    names : mapping
        What can be mentioned.
    """
    texts = [people.text(column).tolist() for column in ABOUT if people.has(column)]
    found = {text: _mentions(text, names) for column in texts for text in set(column)}
    if not any(found.values()):
        return people.skills
    mine = people.skills
    extra = [
        tuple(dict.fromkeys(skill for text in row for skill in found[text]))
        for row in zip(*texts, strict=True)
    ]
    spelled = {clean_skill(skill): skill for each in extra for skill in each}
    spelled |= dict(zip(mine.labels, mine.written, strict=True))
    labels = tuple(sorted(spelled))
    place = {label: at for at, label in enumerate(labels)}
    codes, levels, ends = [], [], [0]
    for person, mentioned in enumerate(extra):
        span = slice(int(mine.indptr[person]), int(mine.indptr[person + 1]))
        codes += [place[mine.labels[code]] for code in mine.codes[span].tolist()]
        codes += [place[clean_skill(skill)] for skill in mentioned]
        levels += [*mine.levels[span].tolist(), *(MENTIONED for _ in mentioned)]
        ends.append(len(codes))
    return SkillLists(
        indptr=np.array(ends, dtype=np.int64),
        codes=np.array(codes, dtype=np.int64),
        labels=labels,
        written=tuple(spelled[label] for label in labels),
        levels=np.array(levels, dtype=np.int8),
    )


def _mentions(text: str, names: Names) -> tuple[str, ...]:
    """Return the skills that a text names, longer names before the shorter within them."""
    words, found, at = tokens(text), [], 0
    while at < len(words):
        for length in range(LONGEST_NAME, 0, -1):
            skill = names.get(tuple(words[at : at + length]))
            if skill is not None:
                found.append(skill)
                break
        at += length if skill is not None else 1
    return tuple(found)
