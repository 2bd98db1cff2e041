"""Where one item of a list ends and the next begins, learned from the whole column.

People set items apart by semicolons or line breaks, which is clear; by commas, which also stand
inside the options of a form; or by slashes, which also stand inside names such as UI/UX. What
a separator means in one cell is seen from the other cells of its column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from matchkit.profiles.tables import Cells, Findings, trim

OFTEN: Final = 3
"""Cells in which the parts of an option must stand together, and never apart."""

_SPACED_SLASH: Final = re.compile(r"\s+/\s+")
_LANGUAGES_APART: Final = re.compile(
    r"\s*[/&+]\s*|(?:^|(?<=[;,\n])|\s+)\s*(?:(?:and|und|et|og|och)\s+)+", re.IGNORECASE
)
_DECIMAL: Final = re.compile(r":\s*\d+,(?=\d+(?:\s*[,;]|\s*$))")
_RECURRING: Final = 0.6
_CAPITALIZED: Final = 0.8


def apart(column: str, cells: Cells, findings: Findings, *, languages: bool = False) -> list[str]:
    """Rewrite distinct cells so that ``;`` and line breaks alone set items apart.

    Parameters
    ----------
    column : str
        The heading, for findings.
    cells : Cells
        Cleaned cells.
    findings : Findings
        Gets a line for each separator that was told from the column.
    languages : bool, default False
        Whether the items are languages, in whose names there is no slash and no "and".

    Returns
    -------
    list of str
        One text for each distinct cell.
    """
    texts = list(cells.values)
    if languages:
        texts = [_languages_apart(text) for text in texts]
        if texts != cells.values:
            findings.add("note", "its lists were split on '/', '&' and 'and'", column=column)
    unclear = [i for i, text in enumerate(texts) if not _is_clear(text)]
    commas = [i for i in unclear if "," in texts[i]]
    if commas:
        _split_commas(column, cells, findings, texts=texts, commas=commas)
    elif len(unclear) == len(texts):
        _split_slashes(column, texts, [i for i in unclear if "/" in texts[i]], findings)
    return texts


def _languages_apart(text: str) -> str:
    """Set languages apart that are joined by a slash or by "and"."""
    while (plain := _LANGUAGES_APART.sub(";", text)) != text:
        text = plain  # what stands between two separators may be an "and" of its own
    return text


def _is_clear(text: str) -> bool:
    return ";" in text or "\n" in text


def _split_commas(
    column: str, cells: Cells, findings: Findings, *, texts: list[str], commas: Sequence[int]
) -> None:
    """Split cells on their commas, but not within options that hold commas themselves."""
    options = {
        trim(item).casefold()
        for text in texts if _is_clear(text) and "," in text
        for item in text.replace("\n", ";").split(";")
    }  # fmt: skip
    counts = np.bincount(cells.codes, minlength=len(texts)).tolist()
    parts = {i: _outside_brackets(texts[i]) for i in commas}
    singles = Counter[str]()
    for i, text in enumerate(texts):
        if i not in parts and not _is_clear(text):
            singles[text] += counts[i]
    glued = _always_together(parts, counts, singles)
    whole: set[str] = set()
    for i, pieces in parts.items():
        if texts[i].casefold() in options:
            texts[i] += ";"
            continue
        items = _joined(pieces, glued, whole)
        texts[i] = ";".join(items) + ";"
    why = "there is no ';'" if not options else "they have no ';'"
    findings.add("note", f"its lists were split on ',': {why}", column=column)
    for option in sorted(whole):
        findings.add(
            "repaired", f"{option!r} was read as one item: its parts never occur apart",
            column=column, value=option,
        )  # fmt: skip


def _outside_brackets(text: str) -> list[str]:
    """Split on commas outside brackets, but not within a level such as that of ``sql:3,5``."""
    pieces, depth, start = [], 0, 0
    within = {found.end() - 1 for found in _DECIMAL.finditer(text)}
    for at, sign in enumerate(text):
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth = max(0, depth - 1)
        elif sign == "," and not depth and at not in within:
            pieces.append(text[start:at])
            start = at + 1
    pieces.append(text[start:])
    if depth:  # a bracket that is never closed holds nothing together
        pieces = text.split(",")
    return [trim(piece) for piece in pieces if trim(piece)]


def _always_together(
    parts: dict[int, list[str]], counts: Sequence[int], singles: Counter[str]
) -> set[tuple[str, str]]:
    """Return neighbors that are one option of a form.

    They are, where the second begins in lower case in a column of options that begin with
    capitals, and both stand together in at least `OFTEN` cells and never apart.
    """
    firsts: Counter[bool] = Counter()
    alone, together = Counter(singles), Counter[tuple[str, str]]()
    for i, pieces in parts.items():
        if not pieces:
            continue
        firsts[not pieces[0][0].islower()] += counts[i]
        alone.update({piece: counts[i] * number for piece, number in Counter(pieces).items()})
        together.update({pair: counts[i] * number
                         for pair, number in Counter(pairwise(pieces)).items()})  # fmt: skip
    for text, number in singles.items():
        firsts[not text[:1].islower()] += number
    if firsts[True] < _CAPITALIZED * firsts.total():
        return set()
    return {
        (one, other)
        for (one, other), number in together.items()
        if number >= OFTEN and other[0].islower() and alone[one] == alone[other] == number
    }


def _joined(pieces: Iterable[str], glued: set[tuple[str, str]], whole: set[str]) -> list[str]:
    """Join the pieces that belong together."""
    items: list[str] = []
    last = ""
    for piece in pieces:
        if (last, piece) in glued:
            items[-1] += f", {piece}"
        else:
            items.append(piece)
        last = piece
    whole.update(item for item in items if any(f"{one}, {other}" in item for one, other in glued))
    return items


def _split_slashes(
    column: str, texts: list[str], slashes: Sequence[int], findings: Findings
) -> None:
    """Split cells on slashes with spaces around them, or where the parts recur by themselves."""
    if not slashes:
        return
    spaced = [i for i in slashes if _SPACED_SLASH.search(texts[i])]
    pattern = _SPACED_SLASH if spaced else re.compile("/")
    chosen = spaced or slashes
    if not spaced:
        seen = Counter(
            trim(piece).casefold() for text in texts for piece in {*text.split("/")} if piece
        )
        pieces = {trim(piece).casefold() for i in slashes for piece in texts[i].split("/")} - {""}
        recurring = sum(seen[piece] > 1 for piece in pieces)
        if len(slashes) < OFTEN or recurring < _RECURRING * len(pieces):
            return
    for i in chosen:
        texts[i] = pattern.sub(";", texts[i]) + ";"
    findings.add("note", "its lists were split on '/': there is neither ';' nor ','", column=column)
