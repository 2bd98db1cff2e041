"""Levels of skills as people write them: ``python:4``, ``python (4)``, ``Python - advanced``."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from typing import Final

from matchkit.profiles.schema import heading_key
from matchkit.profiles.tables import trim

LEVEL_MEND: Final = "write the level as 1 to 5, such as 'python:4', or leave ':' out"

UNSTATED: Final = 0
"""Level of a skill for which none is stated."""

ABSENT: Final = -1
"""Level of a skill that somebody names only to say that they do not have it."""

_OF_FIVE: Final = re.compile(r"(?:level\s*)?([1-5])(?:\s*(?:/|of|out of)\s*5)?", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"(?P<name>.*\S)\s*[(\[](?P<level>[^()\[\]]+)[)\]]", re.DOTALL)
_AFTER_DASH: Final = re.compile(r"(?P<name>.*\S)(?:\s+[-\u2013\u2014]\s*|\s*=\s*)(?P<level>\S.*)",
                                re.DOTALL)  # fmt: skip
_MAY_HOLD_LEVEL: Final = frozenset("):]-=\u2013\u2014")


def split_level(text: str) -> tuple[str, int]:
    """Take a skill and its level apart.

    Parameters
    ----------
    text : str
        One item of a cell.

    Returns
    -------
    name : str
        The skill as written, without its level.
    level : int
        1 to 5, `UNSTATED`, or `ABSENT`.

    Raises
    ------
    ValueError
        A colon is followed by something that is no level.

    Examples
    --------
    >>> [split_level(text) for text in ("python:4", "Python (3.11)", "SQL (4/5)", "Go - advanced")]
    [('python', 4), ('Python (3.11)', 0), ('SQL', 4), ('Go', 4)]
    """
    if _MAY_HOLD_LEVEL.isdisjoint(text):
        return trim(text), UNSTATED
    name, colon, stated = text.rpartition(":")
    if colon:
        level = level_of(trim(stated))
        if level is None:
            message = f"the level {trim(stated)!r} is not a number from 1 to 5"
            raise ValueError(message)
        return trim(name), level
    plain = trim(text)
    for pattern in (_IN_BRACKETS, _AFTER_DASH):
        found = pattern.fullmatch(plain)
        level = level_of(found["level"].strip()) if found else None
        if found and level is not None:
            return trim(found["name"]), level
    return plain, UNSTATED


def level_of(text: str) -> int | None:
    """Return the level that a text states, None where it is no level.

    Examples
    --------
    >>> level_of("4"), level_of("Advanced"), level_of("none"), level_of("pandas")
    (4, 4, -1, None)
    """
    found = _OF_FIVE.fullmatch(text)
    return int(found.group(1)) if found else _level_words().get(heading_key(text))


@cache
def _level_words() -> dict[str, int]:
    text = resources.files("matchkit.profiles").joinpath("data/levels.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {heading_key(row["word"]): int(row["level"]) or ABSENT for row in rows}
