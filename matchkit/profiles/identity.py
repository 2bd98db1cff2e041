"""Who is who: ids, the e-mails that stand for them, and people who share one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from matchkit.profiles.tables import Cells, Findings

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIRST_NAMES: Final = ("first_name", "firstname", "given_name", "givenname", "forename", "vorname",
                       "prénom", "nombre", "förnamn", "fornavn")  # fmt: skip
_LAST_NAMES: Final = ("last_name", "lastname", "surname", "family_name", "familyname", "nachname",
                      "nom", "apellidos", "efternamn", "etternavn")  # fmt: skip
_NAMED: Final = 3  # people of one e-mail address named in a warning


def compose_names(columns: dict[str, Cells], headings: dict[str, str], findings: Findings) -> None:
    """Write a column of names where only first and last names have one."""
    first = next((key for key in _FIRST_NAMES if key in columns), None)
    last = next((key for key in _LAST_NAMES if key in columns), None)
    if "name" in columns or first is None or last is None:
        return
    pairs = zip(columns[first].texts().tolist(), columns[last].texts().tolist(), strict=True)
    columns["name"] = Cells.of([" ".join(filter(None, pair)) for pair in pairs])
    findings.add(
        "note", f"names were joined from {headings[first]!r} and {headings[last]!r}", column="name"
    )


def read_ids(
    columns: Mapping[str, Cells], headings: Mapping[str, str], findings: Findings
) -> NDArray[np.object_]:
    """Return everybody's id, or e-mail where there is none.

    Parameters
    ----------
    columns : mapping of str to Cells
        The columns by key, cleaned.
    headings : mapping of str to str
        The heading of each key as written.
    findings : Findings
        Learns the ids, and gets an error for each person who has none or shares one, and a
        warning for each who shares an e-mail address.

    Returns
    -------
    object array (n,)
        The ids, blank only where there was an error.
    """
    count = len(findings.rows)
    blank = Cells([""], np.zeros(count, dtype=np.int64))
    if "id" not in columns and "email" not in columns:
        seen = ", ".join(map(repr, headings.values())) or "none"
        findings.add(
            "error", f"there is neither a column 'id' nor 'email'; the headings are {seen}",
            'name one of them id, or say in a mapping file which it is: "Full name" = "id"',
        )  # fmt: skip
        return blank.texts()
    own = columns.get("id", blank).texts()
    emails = columns.get("email", blank).texts()
    ids = np.where(own == "", emails, own)
    findings.ids = ids
    stand_ins = (own == "") & (emails != "")
    if stand_ins.any():
        findings.add(
            "note", f"{int(stand_ins.sum())} of {count} people have no id: their e-mail "
            "stands for it",
        )  # fmt: skip
    column = headings.get("id", headings.get("email", "id"))
    _note_faulty(ids, column, findings)
    _note_shared(
        [text.casefold() if it_is else text for text, it_is in zip(ids, stand_ins, strict=True)],
        column, findings,
    )  # fmt: skip
    _note_shared_emails(np.where(stand_ins, "", emails), headings.get("email", ""), findings)
    return ids


def _note_faulty(ids: NDArray[np.object_], column: str, findings: Findings) -> None:
    """Note ids that are missing, or that no list of ids could name."""
    for person, text in enumerate(ids.tolist()):
        if not text:
            findings.add("error", "there is no id", "write one", column=column, person=person)
        elif not text.isprintable() and ("\n" in text or "\t" in text):
            findings.add("error", "the id holds a line break or tab", "write it on one line",
                         column=column, value=text, person=person)  # fmt: skip


def _note_shared(ids: list[str], column: str, findings: Findings) -> None:
    """Note ids that somebody in a row before has too."""
    if len(set(ids)) == len(ids):
        return
    first: dict[str, int] = {}
    for person, text in enumerate(ids):
        before = first.setdefault(text, person) if text else person
        if before != person:
            written = str(findings.ids[person])
            findings.add(
                "error", f"the id {written!r} is also in row {int(findings.rows[before])}",
                "give each person an id of their own", column=column, value=written,
                person=person,
            )  # fmt: skip


def _note_shared_emails(emails: NDArray[np.object_], column: str, findings: Findings) -> None:
    """Warn everybody who shares an address, in words that do not depend on the row order."""
    texts = [text.casefold() for text in emails.tolist()]
    if len(set(texts) - {""}) == len(texts) - texts.count(""):
        return
    folded = Cells.of(texts)
    for code, address in enumerate(folded.values):
        people = folded.people(code) if address else []
        if len(people) > 1:
            shared = sorted(str(findings.ids[person]) for person in people)
            names = ", ".join(shared[:_NAMED]) + (", ..." if len(shared) > _NAMED else "")
            for person in people:
                findings.add(
                    "warning", f"{len(people)} people have the same e-mail address: {names}",
                    "check that they are different people", column=column,
                    value=str(emails[person]), person=person,
                )  # fmt: skip
