"""What a coordinator should know of the people under a program, before anything is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matchkit.errors import Finding
from matchkit.scoring import SharedHours
from matchkit.scoring.base import OfColumn
from matchkit.scoring.hours import zones_in_use

if TYPE_CHECKING:
    from matchkit.profiles import Lists, Pool
    from matchkit.rounds import Round

REFERENCES = ("prefers", "avoids")
"""Columns in which people name those on the other side."""


def noticed(round_: Round) -> tuple[Finding, ...]:
    """Return what does not apply, whom nobody knows, what is blank, and whose hours say nothing.

    Parameters
    ----------
    round_ : Round
        The people with the program bound to them.
    """
    said = (_skipped(round_), _unheard(round_), _unchecked(round_), _adrift(round_))
    return tuple(finding for findings in said for finding in findings)


def _skipped(round_: Round) -> list[Finding]:
    """Report what could not apply; loudly where the program names a column that nobody has."""
    program = round_.program
    named = {
        each.name
        for each in (*program.criteria, *program.rules)
        if isinstance(each, OfColumn) and getattr(each, "weight", True)
    }
    return [
        Finding("warning" if name in named else "note", f"{name} was not applied: {why}")
        for name, why in round_.scorer.skipped
    ]


def _unheard(round_: Round) -> list[Finding]:
    """Report references to people whom nobody in the round answers to."""
    said = []
    for speakers, others in (
        (round_.mentees, round_.mentors),
        (round_.mentors, round_.mentees),
    ):
        for column in REFERENCES:
            said += _unheard_in(speakers, others, column)
        said += _managers_away(speakers, others)
    return said


def _unheard_in(speakers: Pool, others: Pool, column: str) -> list[Finding]:
    lists: Lists = getattr(speakers, column)
    known = others.locate(lists.written) >= 0
    owner = np.repeat(np.arange(len(speakers)), lists.lengths)
    lost = ~known[lists.codes]
    return [
        Finding(
            "warning",
            f"{lists.written[code]!r} names no {others.role} of this round, or more than one",
            mend=f"write the id, the e-mail address or the full name of a {others.role}",
            id=str(speakers.ids[person]),
            column=column,
            value=lists.written[code],
        )
        for person, code in zip(owner[lost].tolist(), lists.codes[lost].tolist(), strict=True)
    ]


def _managers_away(speakers: Pool, others: Pool) -> list[Finding]:
    """Count managers who are not in the round: the common case, so it is said once."""
    if not speakers.has("manager"):
        return []
    cells = [cell for cell in speakers.text("manager").tolist() if cell]
    away = int(((speakers.locate(cells) < 0) & (others.locate(cells) < 0)).sum())
    text = f"{away} of {len(cells)} managers of {speakers.role}s are not in the round"
    return [Finding("note", text, column="manager")] if away else []


def _adrift(round_: Round) -> list[Finding]:
    """Report people whose hours say nothing, because several zones occur and they name none."""
    pools = (round_.mentees, round_.mentors)
    scored = any(isinstance(each.criterion, SharedHours) for each in round_.scorer.criteria)
    if not scored or len(zones_in_use(*pools)) < 2:
        return []
    said = []
    for pool in pools:
        count = int(((pool.hours.lengths > 0) & (pool.zone == "")).sum())
        if count:
            people = pool.role if count == 1 else f"{pool.role}s"
            text = f"{count} {people} gave hours but no time zone: SharedHours cannot tell for them"
            mend = "fill in timezone"
            said.append(Finding("note", text, mend=mend, column="timezone"))
    return said


def _unchecked(round_: Round) -> list[Finding]:
    """Report how many people a rule could not be checked for, because a cell is blank."""
    said = []
    for rule, _ in round_.scorer.rules:
        sides = zip(rule.columns(), (round_.mentees, round_.mentors), strict=True)
        for columns, pool in sides:
            for column in columns:
                blank = int((pool.text(column) == "").sum())
                if blank:
                    people = pool.role if blank == 1 else f"{pool.role}s"
                    text = f"{rule.name} could not be checked for {blank} {people}: blank"
                    mend = f"fill in {column} to have the rule apply"
                    said.append(Finding("note", text, mend=mend, column=column))
    return said
