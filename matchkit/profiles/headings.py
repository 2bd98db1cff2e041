"""Which heading is which column, and what to do where that is not clear."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from matchkit.profiles.schema import COLUMNS, columns_meant, columns_stood_for, heading_key
from matchkit.profiles.tables import Findings

_RENAME = "rename one of them, or remove it"


def map_headings(headings: Sequence[str], findings: Findings) -> list[str]:
    """Return the key of the column that each heading is read as.

    A heading is first taken for the column whose name it is, then for one that it stands for
    if nothing closer is there, and is otherwise a column of the user's own.

    Parameters
    ----------
    headings : sequence of str
        As written.
    findings : Findings
        Gets an error for each heading that could mean two columns, and for each column that
        two headings mean; and a note where a heading stands for a column.

    Returns
    -------
    list of str
        One key for each heading, each different where there was no error.
    """
    keys: dict[int, str] = {}
    _note_repeated(headings, findings)
    for i, heading in enumerate(headings):
        meant = columns_meant(heading)
        if len(meant) > 1:
            findings.add(
                "error", f"the heading {heading!r} could mean {' or '.join(map(repr, meant))}",
                "rename it to the one that it is", column=heading,
            )  # fmt: skip
        elif meant:
            keys[i] = meant[0]
    _note_shared(headings, keys, findings)
    _stand_in(headings, keys, findings)
    return [keys.get(i, own_key(heading)) for i, heading in enumerate(headings)]


def own_key(heading: str) -> str:
    """Return the key of a column of the user's own: lower case, ``_`` for spaces.

    Examples
    --------
    >>> own_key("Shoe  Size")
    'shoe_size'
    """
    return "_".join(unicodedata.normalize("NFC", heading.casefold()).split())


def _note_repeated(headings: Sequence[str], findings: Findings) -> None:
    """Note headings that differ in nothing that counts."""
    places: dict[str, list[int]] = {}
    for i, heading in enumerate(headings):
        places.setdefault(heading_key(heading) or own_key(heading), []).append(i)
    for where in places.values():
        if len(where) > 1:
            written = " and ".join(f"{headings[i]!r} (column {i + 1})" for i in where)
            findings.add(
                "error", f"the heading appears {len(where)} times: {written}", _RENAME,
                column=headings[where[0]],
            )  # fmt: skip


def _note_shared(headings: Sequence[str], keys: dict[int, str], findings: Findings) -> None:
    """Note columns that several different headings mean."""
    for key in dict.fromkeys(keys.values()):
        different = {
            heading_key(headings[i]): repr(headings[i]) for i, meant in keys.items() if meant == key
        }
        if len(different) > 1:
            written = " and ".join(different.values())
            findings.add(
                "error", f"the headings {written} all mean the column {key!r}", _RENAME, column=key
            )


def _stand_in(headings: Sequence[str], keys: dict[int, str], findings: Findings) -> None:
    """Let the closest heading stand for each column that is missing."""
    candidates: dict[str, list[int]] = {}
    for i, heading in enumerate(headings):
        for key in columns_stood_for(heading) if i not in keys else ():
            candidates.setdefault(key, []).append(i)
    for key, where in candidates.items():
        if key in keys.values():
            continue
        ranks = {heading_key(text): rank for rank, text in enumerate(COLUMNS[key].stand_ins)}
        best = min(where, key=lambda i: ranks[heading_key(headings[i])])
        if best not in keys:
            keys[best] = key
            findings.add(
                "note", f"the heading {headings[best]!r} was read as the column {key!r}",
                column=headings[best],
            )  # fmt: skip
