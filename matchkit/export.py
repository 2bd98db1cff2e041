"""A whole round in one folder: tables for people, the page, and documents to read it back.

The folder appears whole or not at all. It is filled beside its goal and moved into place in
one step; a round that stood there before is replaced, anything else is never touched.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matchkit.documents import MATCHING_FILE, PEOPLE_FILE, TAXONOMY_FILE, load, people_document
from matchkit.files import write_atomically, write_csv
from matchkit.folders import check_free, everything, replacing
from matchkit.matching import Match, Matching, Unmatched
from matchkit.reports import cards, report, wording

if TYPE_CHECKING:
    from matchkit.plans import Plan
    from matchkit.profiles import Pool

__all__ = ["check_goal", "load", "save"]

MATCHES, UNMATCHED, SCHEDULE = "matches.csv", "unmatched.csv", "schedule.csv"
PAGE, CALENDAR = "report.html", "calendar"
FILES = (MATCHING_FILE, PEOPLE_FILE, TAXONOMY_FILE, PAGE, MATCHES, UNMATCHED, SCHEDULE)
"""What :func:`save` writes beside the calendars."""

_MATCH_HEADINGS = (
    *("mentee_id", "mentee", "mentee_email", "mentor_id", "mentor", "mentor_email"),
    *("score", "rank", "possible_mentors", "reasons", "cautions", "set_by_hand", "decided_by_tie"),
)
_PREVIOUS = "previous_mentor_id"
"""Heading of a column that is there where the round goes on from one before."""

_UNMATCHED_HEADINGS = ("mentee_id", "mentee", "mentee_email", "why", "what_could_help", "rules")


def save(
    matching: Matching,
    directory: str | os.PathLike[str],
    *,
    schedule: Plan | None = None,
    audit_by: Sequence[str] | None = None,
) -> Path:
    """Write everything about a round into one folder, whole or not at all.

    ``matches.csv``, ``unmatched.csv`` and ``report.html`` are for people, ``matching.json``
    and ``people.json`` are what :func:`~matchkit.documents.load` reads, with ``taxonomy.json``
    where the round had one, and ``schedule.csv`` and
    ``calendar/*.ics`` come with a schedule. The tables are UTF-8 with a BOM, as spreadsheets
    expect, and no cell runs as a formula.

    Parameters
    ----------
    matching : Matching
        The round, with its people.
    directory : path
        Where it goes. An empty folder, or one that holds a former round and nothing else,
        is replaced; folders above it are made.
    schedule : Plan, optional
        The follow-up of the round.
    audit_by : sequence of str, optional
        Columns by which the page compares outcomes, see :func:`matchkit.report`.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    DetachedError
        The matching was loaded without its people.
    ProgramError
        The folder holds something else, or cannot be written. Nothing is changed then.

    Examples
    --------
    >>> import tempfile
    >>> import matchkit as mk
    >>> from matchkit.export import load, save
    >>> matching = mk.match([{"id": "gil", "skills": "sql"}], [{"id": "ana", "goals": "sql"}])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = save(matching, f"{folder}/out")
    ...     sorted(file.name for file in saved.iterdir()), load(saved)["ana"].mentor
    (['matches.csv', 'matching.json', 'people.json', 'report.html', 'unmatched.csv'], 'gil')
    """
    people = matching.people
    with replacing(Path(directory), _foreign) as folder:
        emails = _emails(people.mentees), _emails(people.mentors)
        names = _names(people.mentees), _names(people.mentors)
        told = matching.continuity
        before = None if told is None else dict(told.previous.pairs)
        extra = () if before is None else (_PREVIOUS,)
        rows = (
            (*_match_row(match, names, emails), *_before(before, match.mentee))
            for match in matching.matches
        )
        write_csv(folder / MATCHES, (*_MATCH_HEADINGS, *extra), rows)
        left = (
            (*_unmatched_row(one, names[0], emails[0]), *_before(before, one.mentee))
            for one in matching.unmatched
        )
        write_csv(folder / UNMATCHED, (*_UNMATCHED_HEADINGS, *extra), left)
        if schedule is not None:
            schedule.to_csv(folder / SCHEDULE)
            schedule.to_ics(folder / CALENDAR)
        report(matching, folder / PAGE, schedule=schedule, audit_by=audit_by)
        write_atomically(folder / PEOPLE_FILE, people_document(people).encode())
        if people.taxonomy is not None:
            write_atomically(folder / TAXONOMY_FILE, people.taxonomy.to_json().encode())
        write_atomically(folder / MATCHING_FILE, matching.to_json().encode())
    return Path(directory)


def check_goal(directory: str | os.PathLike[str]) -> None:
    """Raise now what :func:`save` would raise later because of what stands in a folder.

    Parameters
    ----------
    directory : path
        Where a round is to go.

    Raises
    ------
    ProgramError
        A file stands there, or a folder that holds something that is no former round.
    """
    check_free(Path(directory), _foreign)


def _foreign(folder: Path) -> list[str]:
    """Name what does not belong to a former round."""
    names = everything(folder)
    if MATCHING_FILE not in names:
        return names
    others = [name for name in names if name not in (*FILES, CALENDAR)]
    if CALENDAR in names:
        held = everything(folder / CALENDAR)
        others += [f"{CALENDAR}/{name}" for name in held if not name.endswith(".ics")]
    return others


# Tables -------------------------------------------------------------------------------------------


def _emails(pool: Pool) -> Mapping[str, str]:
    cells = pool.columns.get("email")
    return {} if cells is None else dict(zip(pool.ids.tolist(), cells.tolist(), strict=True))


def _names(pool: Pool) -> Mapping[str, str]:
    return {text: pool.label(at) for text, at in pool.index.items()}


def _match_row(
    match: Match,
    names: tuple[Mapping[str, str], Mapping[str, str]],
    emails: tuple[Mapping[str, str], Mapping[str, str]],
) -> tuple[object, ...]:
    return (
        *(match.mentee, names[0][match.mentee], emails[0].get(match.mentee, "")),
        *(match.mentor, names[1][match.mentor], emails[1].get(match.mentor, "")),
        *(wording.score(match.points), match.rank, match.eligible),
        *(_reasons(match), "; ".join(match.cautions)),
        *("yes" if mark else "" for mark in (match.locked, match.tied)),
    )


def _before(mentors: Mapping[str, str] | None, mentee: str) -> tuple[str, ...]:
    """Return the mentor of the round before, where there was such a round."""
    return () if mentors is None else (mentors.get(mentee, ""),)


def _reasons(match: Match) -> str:
    return "; ".join(
        f"{reason.criterion} {reason.score}"
        + (f" ({', '.join(reason.evidence)})" if reason.evidence else "")
        for reason in cards.reasons(match)
    )


def _unmatched_row(
    one: Unmatched, names: Mapping[str, str], emails: Mapping[str, str]
) -> tuple[object, ...]:
    rules = "; ".join(f"{wording.title(rule)} removed {count}" for rule, count in one.blocking)
    who = one.mentee, names[one.mentee], emails.get(one.mentee, "")
    return (*who, one.explanation, one.remedy, rules)
