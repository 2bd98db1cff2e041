"""Which heading is which column, and what to do where that is not clear."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from matchkit.errors import nearest
from matchkit.profiles.schema import (
    COLUMNS,
    columns_asked,
    columns_meant,
    columns_stood_for,
    heading_key,
    nearly_asked,
)
from matchkit.profiles.tables import Cells, Findings

LEFT_OUT: Final = ""
"""The column of a heading that the user leaves out."""

UNMET: Final = "the mapping names a heading that is not there"
"""How the finding begins that a mapping does not fit."""

_CHOOSE: Final = "rename one of them, or say in a mapping file which one counts"


def map_headings(
    headings: Sequence[str], findings: Findings, chosen: Mapping[str, str] | None = None
) -> list[str]:
    """Return the key of the column that each heading is read as.

    What the user or a form says comes first. Else a heading is taken for the column whose
    name it is, then for the one that it asks for, then for one that it stands for if nothing
    closer is there; and otherwise it is a column of the user's own.

    Parameters
    ----------
    headings : sequence of str
        As written.
    findings : Findings
        Gets a question for each heading that could mean two columns, and a note where a
        heading stands for a column.
    chosen : mapping of str to str, optional
        Headings and the columns that they are, said by the user.

    Returns
    -------
    list of str
        One key for each heading; several may have the same key. `LEFT_OUT` where the user
        leaves a column out.
    """
    said = {heading_key(heading): column for heading, column in (chosen or {}).items()}
    _note_unmet(headings, chosen or {}, findings)
    keys: dict[int, str] = {}
    unclear: dict[int, tuple[str, ...]] = {}
    for i, heading in enumerate(headings):
        if (key := heading_key(heading)) in said:
            column = said[key]
            keys[i] = column if column in COLUMNS else own_key(column)
            continue
        meant = columns_meant(heading) or columns_asked(heading)
        if len(meant) > 1:
            unclear[i] = meant
        elif meant:
            keys[i] = meant[0]
    _give_way(headings, keys, set(said), findings)
    _stand_in(headings, keys, findings)
    _ask(headings, unclear, set(keys.values()), findings)
    _suggest([text for i, text in enumerate(headings) if i not in keys | unclear],
             set(keys.values()), findings)  # fmt: skip
    return [keys.get(i, own_key(heading)) for i, heading in enumerate(headings)]


def _ask(
    headings: Sequence[str],
    unclear: Mapping[int, Sequence[str]],
    taken: set[str],
    findings: Findings,
) -> None:
    """Ask what a heading means that could mean several columns, unless all of these are there."""
    for i, meant in unclear.items():
        heading = headings[i]
        could = f"the heading {heading!r} could mean {' or '.join(map(repr, meant))}"
        if taken.issuperset(meant):
            findings.add("note", f"{could}, for each of which there is a closer one",
                         column=heading)  # fmt: skip
            continue
        findings.add(
            "question", could,
            f'rename it, or say in a mapping file which it is: "{heading}" = "{meant[0]}"',
            column=heading,
        )  # fmt: skip


def _suggest(headings: Sequence[str], taken: set[str], findings: Findings) -> None:
    """Point at headings that nearly ask for a column that is missing."""
    for heading in headings:
        column = nearly_asked(heading)
        if column and column not in taken:
            findings.add(
                "warning", f"the heading {heading!r} may ask for {column!r}, but was not read so",
                f'if it does, say so in a mapping file: "{heading}" = "{column}"', column=heading,
            )  # fmt: skip


def own_key(heading: str) -> str:
    """Return the key of a column of the user's own: lower case, ``_`` for spaces.

    Examples
    --------
    >>> own_key("Shoe  Size")
    'shoe_size'
    """
    return "_".join(unicodedata.normalize("NFC", heading.casefold()).split())


def _note_unmet(headings: Sequence[str], chosen: Mapping[str, str], findings: Findings) -> None:
    """Warn of headings that the user names and the source does not have."""
    there = {heading_key(heading) for heading in headings}
    for heading in chosen:
        if heading_key(heading) not in there:
            findings.add(
                "warning", f"{UNMET}: {heading!r}",
                "correct it in the mapping" + nearest(heading, list(headings)), value=heading,
            )  # fmt: skip


def _give_way(
    headings: Sequence[str], keys: dict[int, str], said: set[str], findings: Findings
) -> None:
    """Let a heading that only asks for a column give way to one that bears its name.

    Two that bear the name, or two that ask, stay: which one counts is seen from their cells.
    """
    for key in set(keys.values()):
        where = [i for i, each in keys.items() if each == key]
        ranks = {i: _rank(headings[i], said) for i in where}
        best = min(ranks.values())
        for i in where:
            if ranks[i] > max(best, 1):
                del keys[i]
                findings.add(
                    "note", f"the heading {headings[i]!r} was not read as the column {key!r}, "
                    "for which there is a closer one", column=headings[i],
                )  # fmt: skip


def _rank(heading: str, said: set[str]) -> int:
    """Return how surely a heading is its column: said so, bearing its name, or asking for it."""
    if heading_key(heading) in said:
        return 0
    return 1 if columns_meant(heading) else 2


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


def one_of_each(
    headings: Sequence[str], keys: Sequence[str], cells: Sequence[Cells], findings: Findings
) -> tuple[dict[str, Cells], dict[str, str]]:
    """Make one column of each key.

    A form with one section for mentors and one for mentees asks the same question twice, and
    each person answers one of them: such columns are joined. Where somebody answers both,
    only the user can say which counts.

    Parameters
    ----------
    headings, keys, cells : sequences
        The columns of the source.
    findings : Findings
        Gets a question, or for one heading written twice an error, where columns of one key
        contradict each other.

    Returns
    -------
    columns : dict of str to Cells
        One column for each key.
    written : dict of str to str
        The heading of each, for findings.
    """
    places: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        if key != LEFT_OUT:
            places.setdefault(_same(key), []).append(i)
    columns: dict[str, Cells] = {}
    written: dict[str, str] = {}
    for where in places.values():
        key = keys[where[0]]
        written[key] = headings[where[0]]
        columns[key] = cells[where[0]]
        if len(where) > 1:
            columns[key] = _joined(key, where, findings, headings=headings, cells=cells)
    return columns, written


def _same(key: str) -> str:
    return key if key in COLUMNS else heading_key(key) or key


def _joined(
    key: str,
    where: Sequence[int],
    findings: Findings,
    *,
    headings: Sequence[str],
    cells: Sequence[Cells],
) -> Cells:
    """Join columns of which each person fills at most one, or ask which of them counts."""
    texts = cells[where[0]].texts().copy()
    clash = None
    for i in where[1:]:
        others = cells[i].texts()
        both = (texts != "") & (others != "") & (texts != others)
        if both.any() and clash is None:
            clash = int(both.argmax())
        texts[texts == ""] = others[texts == ""]
    names = list(dict.fromkeys(repr(headings[i]) for i in where))
    listed = " and ".join(f"{headings[i]!r} (column {i + 1})" for i in where)
    if clash is None:
        findings.add(
            "repaired", f"the columns {listed} were joined: nobody fills in more than one",
            column=headings[where[0]],
        )  # fmt: skip
    elif len(names) == 1 or key not in COLUMNS:
        findings.add(
            "error", f"the heading appears {len(where)} times, with different cells: {listed}",
            "rename one of them, or remove it", column=headings[where[0]], person=clash,
        )  # fmt: skip
    else:
        findings.add(
            "question", f"the headings {' and '.join(names)} all mean the column {key!r}",
            f'{_CHOOSE}: {names[-1]} = ""'.replace("'", '"'), column=key,
        )  # fmt: skip
    return Cells.of(texts.tolist())
