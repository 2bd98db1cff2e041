"""People as readers know them: names and notes where the people are attached, ids elsewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matchkit.errors import DetachedError
from matchkit.matching import Matching

if TYPE_CHECKING:
    from matchkit.profiles import Pool

NOTED = ("role", "department", "location")
"""Columns that help to tell people apart, shown under the name."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person on the page.

    Attributes
    ----------
    id : str
        The id.
    name : str
        The name, or the id where there is none.
    note : str
        Role, department and place, as far as they are known.
    anchor : str
        Where links to this person lead. Counted, never made from the id: an id may hold
        anything.
    """

    id: str
    name: str
    note: str
    anchor: str


def pools(matching: Matching) -> tuple[Pool, Pool] | None:
    """Return mentees and mentors, or None where the result is detached."""
    try:
        people = matching.people
    except DetachedError:
        return None
    return people.mentees, people.mentors


def directory(ids: Iterable[str], pool: Pool | None, *, prefix: str) -> dict[str, Person]:
    """Return every person by id, in the order in which a reader looks for them.

    Parameters
    ----------
    ids : iterable of str
        One side of the round.
    pool : Pool or None
        The people, where they are attached.
    prefix : str
        Start of the anchors.

    Returns
    -------
    dict
        Id -> person, sorted by name without case and accents, then by id.
    """
    known = [_known(text, pool) for text in ids]
    known.sort(key=lambda one: (_sorting(one[1]), one[0]))
    return {
        text: Person(text, name, note, f"{prefix}{number}")
        for number, (text, name, note) in enumerate(known, start=1)
    }


def _known(text: str, pool: Pool | None) -> tuple[str, str, str]:
    if pool is None or text not in pool.index:
        return text, text, ""
    at = pool.index[text]
    cells = (str(pool.columns[column][at]) for column in NOTED if column in pool.columns)
    return text, pool.label(at), " · ".join(cell for cell in cells if cell)


def _sorting(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
