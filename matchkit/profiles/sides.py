"""Who is a mentor and who is a mentee, where one file holds both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchkit.errors import ProgramError
from matchkit.profiles.pool import Role
from matchkit.profiles.skills import fold
from matchkit.profiles.tables import Cells, Findings

SIDE: Final = "side"
"""The column that says it."""

BOTH: Final = "both"

_MEND: Final = "write mentor, mentee or both"
_SEEKS: Final = re.compile(
    r"\b(?:find|finding|have|having|need|get|want|would like|seek|seeking|looking for)"
    r" (?:a )?mentor\b|\bbe mentored\b|\bbeing mentored\b"
)
_MENTOR: Final = re.compile(r"\bmentor(?:s|in|innen|a|as|es|er)?\b")
_MENTEE: Final = re.compile(r"\bmentee[sn]?\b")
_NOT: Final = re.compile(r"\bnot\b|\bno\b|\bneither\b|n't\b|\bnone\b")
_PLAIN: Final = re.compile(r"(?:\b(?:a|as|and|or|both|mentors?|mentees?)\b|[\s,;/&+()-])+")


def parse_side(text: str) -> str:
    """Read on which side somebody takes part.

    Returns
    -------
    str
        ``"mentor"``, ``"mentee"`` or ``"both"``.

    Raises
    ------
    ValueError
        The text says neither.

    Examples
    --------
    >>> [parse_side(text) for text in ("Mentors", "I need a mentor", "Mentor & mentee")]
    ['mentor', 'mentee', 'both']
    """
    plain = fold(text)
    plain, seeks = _SEEKS.subn(" ", plain)
    mentor, mentee = bool(_MENTOR.search(plain)), bool(seeks or _MENTEE.search(plain))
    if _NOT.search(plain) or not (mentor or mentee or plain in {BOTH, "either"}):
        message = f"{text!r} says neither mentor nor mentee"
        raise ValueError(message)
    return ("both" if mentee else "mentor") if mentor else ("mentee" if mentee else BOTH)


def looks_like_sides(cells: Cells) -> bool:
    """Return whether a column holds nothing but mentor, mentee and both, in plain words.

    Examples
    --------
    >>> looks_like_sides(Cells.of(["Mentor", "mentee", ""])), looks_like_sides(Cells.of(["Cook"]))
    (True, False)
    """
    folded = [fold(value) for value in cells.values if value]
    return bool(folded) and all(
        _PLAIN.fullmatch(text) and (_MENTOR.search(text) or _MENTEE.search(text) or "both" in text)
        for text in folded
    )


def read_sides(column: str, cells: Cells, findings: Findings) -> Cells:
    """Read a column of sides; the cells come back as mentor, mentee, both or blank."""
    values, problems = [], {}
    for i, text in enumerate(cells.values):
        value = ""
        try:
            value = parse_side(text) if text else ""
        except ValueError as error:
            problems[i] = str(error), _MEND
        values.append(value)
    findings.at_cells("error", column, cells, problems)
    return cells.mapped(values)


def people_of(
    role: Role, column: str, cells: tuple[Cells, Cells], findings: Findings
) -> NDArray[np.int64]:
    """Return the rows of those who take part on a side; who says nothing is an error.

    Parameters
    ----------
    role : {"mentor", "mentee", "person"}
        The side that is wanted; everyone for ``"person"``.
    column : str
        The heading, for findings.
    cells : pair of Cells
        The column as written and as `read_sides` read it.
    findings : Findings
        Gets an error for each person without a side, and how many are on this one.

    Returns
    -------
    int64 array
        Positions of the people.
    """
    written, read = cells[0].texts(), cells[1].texts()
    for row in np.flatnonzero(written == "").tolist():
        findings.add("error", "it is not said whether this is a mentor or a mentee", _MEND,
                     column=column, person=row)  # fmt: skip
    if role == "person":
        return np.arange(len(read))
    rows = np.flatnonzero((read == role) | (read == BOTH))
    if len(rows) < len(read):
        findings.add("note", f"{len(rows)} of {len(read)} people take part as {role}s",
                     column=column)  # fmt: skip
    return rows


def told_by_role(
    keys: list[str], headings: Sequence[str], cells: Sequence[Cells], findings: Findings
) -> list[str]:
    """Take a column of roles for the column of sides where its cells say nothing else."""
    if SIDE in keys or "role" not in keys:
        return keys
    at = keys.index("role")
    if keys.count("role") > 1 or not looks_like_sides(cells[at]):
        return keys
    findings.add(
        "note", f"the heading {headings[at]!r} was read as the column {SIDE!r}: it holds nothing "
        "but mentor and mentee", column=headings[at],
    )  # fmt: skip
    return [*keys[:at], SIDE, *keys[at + 1 :]]


def chosen_role(role: object) -> Role:
    """Return the role that a caller names, ``"person"`` where none is.

    Raises
    ------
    ProgramError
        There is no such role.
    """
    if role is None:
        return "person"
    if role not in ("mentor", "mentee", "person"):
        message = f"role is {role!r}; give 'mentor' or 'mentee', or leave it out"
        raise ProgramError(message)
    return role


def counts(cells: Cells) -> Mapping[str, int]:
    """Return how many take part as mentors and as mentees; who is both counts twice."""
    said = cells.texts()
    both = int((said == BOTH).sum())
    return {role: int((said == role).sum()) + both for role in ("mentor", "mentee")}
