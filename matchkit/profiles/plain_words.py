"""Words that forms get for an answer: yes and no in all spellings, and words for nothing."""

from __future__ import annotations

from typing import Final

from matchkit.profiles.schema import COLUMNS
from matchkit.profiles.tables import Cells, Findings

_YES: Final = frozenset({
    "yes", "y", "yes.", "yes!", "yep", "yeah", "true", "ja", "oui", "si", "s\u00ed", "sim", "tak",
    "kyll\u00e4", "\u2713", "\u2714", "\u2611",
})  # fmt: skip
_NO: Final = frozenset({
    "no", "n", "no.", "no!", "nope", "false", "nein", "non", "nej", "nei", "nee", "n\u00e3o", "nie",
    "ei", "\u2717", "\u2718", "\u2610",
})  # fmt: skip
_NOTHING: Final = frozenset({"n/a", "n.a.", "n. a.", "#n/a n/a", "not applicable", "-", "--", "---",
                             "\u2013", "\u2014", "nil", "null", "nan", "tbd", "?"})  # fmt: skip
_NONE: Final = frozenset({"none", "none.", "nothing", "no", "nope", "na"})
_SAYS_NONE: Final = frozenset({"skills", "list", "people", "hours", "zone", "number"})


def with_truth_values(heading: str, cells: Cells, findings: Findings) -> Cells:
    """Write a column that holds nothing but yes and no as ``yes`` and ``no``.

    Frames know truth values, files have only words for them: both come out alike.
    """
    folded = [value.casefold() for value in cells.values]
    if not any(folded) or not all(text in _YES or text in _NO or not text for text in folded):
        return cells
    words = ["yes" if text in _YES else "no" if text else "" for text in folded]
    findings.read_as(heading, cells, words, where=lambda text: text.casefold() not in _PLAIN)
    return cells.mapped(words)


_PLAIN: Final = frozenset({"yes", "no"})


def without_words_for_nothing(key: str, heading: str, cells: Cells, findings: Findings) -> Cells:
    """Empty the cells that say only that there is nothing to say, such as ``n/a``.

    In a column of lists, hours, zones or numbers ``none`` says so too; in a column of the
    user's own a word may be an answer, and only ``n/a`` and dashes are taken for blanks.
    """
    known = COLUMNS.get(key)
    words = _NOTHING | _NONE if known and known.kind in _SAYS_NONE else _NOTHING
    said = {i for i, value in enumerate(cells.values) if value.casefold() in words}
    if not said or (known and known.kind == "id"):
        return cells
    for i in sorted(said, key=cells.values.__getitem__):
        count = len(cells.people(i))
        noun = "cell" if count == 1 else "cells"
        findings.add(
            "repaired", f"{cells.values[i]!r} was read as blank ({count} {noun})",
            column=heading, value=cells.values[i], row=findings.first_row(cells, i),
        )  # fmt: skip
    return cells.mapped(["" if i in said else value for i, value in enumerate(cells.values)])
