"""Skill names: the form in which they are compared, and vocabularies shared by both sides."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from matchkit.profiles.lists import Lists

# Typographic twins that NFKC leaves apart: a form editor types them where a keyboard does not.
_TWINS = str.maketrans({
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u2018": "'", "\u2019": "'", "\u02bc": "'",
    "\u200b": None, "\u2060": None, "\ufeff": None, "\u00ad": None,
})  # fmt: skip
_BULLETS = re.compile(r"^(?:[-*•·‣◦–]\s+)+")  # noqa: RUF001  (an en dash used as a bullet)
_CLOSERS = re.compile(r"(?<=[^\s.,;:!?])[\s.,;:!?]+$")


def fold(text: str) -> str:
    r"""Return the form in which plain values are compared: NFKC, casefolded, spaces collapsed.

    Examples
    --------
    >>> fold("  Human\u00a0 RESOURCES ")
    'human resources'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def clean_skill(text: str) -> str:
    """Return the form in which skills, goals and interests are compared.

    Compatibility forms are unified (NFKC), letters casefolded, spaces collapsed, dashes and
    apostrophes made plain, bullets and closing punctuation removed. Signs that make a name
    are kept: C, C++, C# and .NET stay four skills.

    Parameters
    ----------
    text : str
        The skill as somebody wrote it, without its level.

    Returns
    -------
    str
        The cleaned form; cleaning it again changes nothing. Empty where the text has only
        punctuation, such as a dash that means "none".

    Examples
    --------
    >>> [clean_skill(name) for name in ("C", "C++", " c# ", ".NET", "Public   Speaking.")]
    ['c', 'c++', 'c#', '.net', 'public speaking']
    """
    cleaned = fold(text.translate(_TWINS)).translate(_TWINS)
    cleaned = " ".join(_BULLETS.sub("", cleaned).split())
    cleaned = _CLOSERS.sub("", cleaned)
    return "" if cleaned.isascii() and not any(map(str.isalnum, cleaned)) else cleaned


def vocabulary(*lists: Lists) -> tuple[tuple[str, ...], list[NDArray[np.int64]]]:
    """Join the labels of several pools into one sorted vocabulary.

    Parameters
    ----------
    *lists : Lists
        Skills of mentors, goals of mentees, and so on.

    Returns
    -------
    labels : tuple of str
        Every label once, sorted.
    maps : list of int64 arrays
        For each argument the position in the vocabulary of each of its labels, so that
        ``maps[0][lists[0].codes]`` are codes into the vocabulary.

    Examples
    --------
    >>> from matchkit.profiles import read_people
    >>> mentors = read_people([{"id": "di", "skills": "SQL:4; Go"}], role="mentor")
    >>> mentees = read_people([{"id": "ana", "goals": "sql"}], role="mentee")
    >>> labels, (skills, goals) = vocabulary(mentors.skills, mentees.goals)
    >>> labels, goals.tolist()
    (('go', 'sql'), [1])
    """
    labels = tuple(sorted({label for each in lists for label in each.labels}))
    position = {label: i for i, label in enumerate(labels)}
    maps = [np.array([position[label] for label in each.labels], dtype=np.int64) for each in lists]
    return labels, maps
