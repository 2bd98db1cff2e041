"""What the command line shows: plain lines that read well without color and at 80 columns."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from matchkit.errors import Finding, ProgramError

if TYPE_CHECKING:
    from matchkit.assign import Progress
    from matchkit.buddies import Buddies
    from matchkit.matching import Matching
    from matchkit.plans import Plan
    from matchkit.profiles import Pool

SCHEMA = 1
"""Version of what ``--json`` prints."""

WARNINGS = 20
"""Warnings listed after a round; their number is always given."""

STAGES = {
    "read": "Reading people",
    "score": "Scoring pairs",
    "candidates": "Finding candidates",
    "assign": "Finding the best matching",
    "prices": "Pricing places",
    "certificate": "Proving it over all pairs",
    "ties": "Settling ties",
    "verify": "Verifying",
    "plan": "Planning meetings",
    "write": "Writing",
}
"""Stages of a round in words."""

_SEVERITIES = {
    "error": "errors",
    "question": "questions",
    "warning": "warnings",
    "repaired": "repaired",
    "note": "notes",
}
_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}


def plain(text: str) -> str:
    r"""Return text on one line that a terminal only shows: no control signs, no turned order.

    Examples
    --------
    >>> plain("Åse \x1b[31mred\x07")
    'Åse \\x1b[31mred\\x07'
    """
    return "".join(
        sign.encode("unicode_escape").decode()
        if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} or ord(sign) in _TURNING
        else sign
        for sign in text
    )


def say(*lines: str) -> None:
    """Print lines to standard output."""
    for line in lines:
        sys.stdout.write(plain(line) + "\n")


def complain(*lines: str) -> None:
    """Print lines to standard error, after what standard output already holds."""
    sys.stdout.flush()
    for line in lines:
        sys.stderr.write(f"matchkit: {plain(line)}\n")


def say_json(document: Mapping[str, object]) -> None:
    """Print one JSON document to standard output, in ASCII, whatever the terminal takes."""
    json.dump({"schema": SCHEMA, **document}, sys.stdout, indent=1, default=str)
    sys.stdout.write("\n")


def table(rows: Sequence[tuple[str, str]]) -> None:
    """Print labelled lines, wrapped within the width of the terminal; no word is cut."""
    wide = max(len(label) for label, _ in rows) + 2
    room = max(20, shutil.get_terminal_size().columns - wide - 1)
    for label, value in rows:
        lines = textwrap.wrap(plain(value), room, break_long_words=False, break_on_hyphens=False)
        say(f"{label:<{wide}}{lines[0] if lines else ''}".rstrip())
        say(*(" " * wide + line for line in lines[1:]))


@contextlib.contextmanager
def progress(*, wanted: bool) -> Iterator[Progress]:
    """Show on a terminal how far a round is; elsewhere, or unwanted, show nothing."""
    if not wanted or not sys.stderr.isatty():
        yield lambda _stage, _done, _total, _gap: None
        return
    from rich import progress as rich
    from rich.console import Console

    told = rich.TextColumn("{task.description}")
    columns = told, rich.BarColumn(), rich.TaskProgressColumn()
    with rich.Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        task = bars.add_task("", total=None)

        def on_progress(stage: str, done: int, total: int, gap: float | None) -> None:
            said = STAGES.get(stage, stage.capitalize())
            said += "" if gap is None else f" (gap {gap:.2g})"
            bars.update(task, description=said, completed=done, total=total)

        yield on_progress


# A round ------------------------------------------------------------------------------------------


def show_round(matching: Matching, folder: Path, plan: Plan | None) -> None:
    """Print what came of a round and where it lies."""
    from matchkit.tables import summary_lines

    findings = _findings(matching, plan)
    table(
        [
            *summary_lines(matching),
            ("follow-up", _follow_up(plan)),
            ("findings", counted(findings)),
            ("written to", str(folder)),
            ("open this", str(folder / "report.html")),
        ]
    )
    warnings = [finding for finding in findings if finding.severity in {"error", "warning"}]
    if warnings:
        say("", *(f"{one.severity}: {one}" for one in warnings[:WARNINGS]))
    if len(warnings) > WARNINGS:
        say(f"and {len(warnings) - WARNINGS} more warnings; the report lists them all")


def round_document(matching: Matching, folder: Path, plan: Plan | None) -> dict[str, object]:
    """Return what came of a round as plain data."""
    record = matching.record
    return {
        "directory": str(folder),
        "files": sorted(entry.name for entry in folder.iterdir()),
        "mentees": record.mentees,
        "mentors": record.mentors,
        "places": record.places,
        "certificate": asdict(matching.certificate),
        "continuity": matching.continuity and asdict(matching.continuity),
        "unmatched": [
            {"mentee": one.mentee, "reason": one.reason, "remedy": one.remedy}
            for one in matching.unmatched
        ],
        "rules": [{"rule": name, "pairs_removed": number} for name, number in record.rules],
        "skipped": [{"name": name, "why": why} for name, why in record.skipped],
        "schedule": plan and {"start": str(plan.start), **asdict(plan.quality)},
        "findings": [asdict(finding) for finding in _findings(matching, plan)],
    }


def warn_if_nobody(matching: Matching) -> None:
    """Say loudly that a round has no match at all: it is a result, but hardly the one meant."""
    if len(matching) or not matching.unmatched:
        return
    record = matching.record
    rules = [f"{name} removed {number:,}" for name, number in record.rules if number]
    pairs = f"{record.mentees * record.mentors:,} pairs"
    if not record.mentors:
        why = "there are no mentors"
    elif not record.places:
        why = "the mentors offer no places"
    elif rules:
        why = f"of {pairs}, {', '.join(rules)}"
    else:
        why = f"none of {pairs} is worth making under this program"
    complain(f"NOBODY IS MATCHED: {why}. This is the true result, not a failure.")


def _follow_up(plan: Plan | None) -> str:
    if plan is None:
        return "not planned: the round has no first day; give it with --start YYYY-MM-DD"
    done = plan.quality
    kinds = {
        "with a time": done.scheduled,
        "by week": done.by_week,
        "without a time": done.unscheduled,
    }
    said = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items() if number)
    return f"{done.meetings:,} meetings from {plan.start}: {said or 'nobody to meet'}"


def _findings(matching: Matching, plan: Plan | None) -> tuple[Finding, ...]:
    return (*matching.people.findings, *(plan.findings if plan else ()))


def counted(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each severity.

    Examples
    --------
    >>> counted([Finding("note", "a"), Finding("warning", "b"), Finding("note", "c")])
    '1 warning, 2 notes'
    """
    numbers: Counter[str] = Counter(finding.severity for finding in findings)
    said = [
        f"{numbers[severity]:,} {plural.removesuffix('s') if numbers[severity] == 1 else plural}"
        for severity, plural in _SEVERITIES.items()
        if severity in numbers
    ]
    return ", ".join(said) or "none"


# Skill buddies ------------------------------------------------------------------------------------


def filters_of(conditions: Sequence[str]) -> dict[str, list[str]]:
    """Return columns and the values wanted in them.

    Raises
    ------
    ProgramError
        A condition is not ``COLUMN=VALUE``.

    Examples
    --------
    >>> filters_of(["site=Oslo", "site=Rome", "team=Data"])
    {'site': ['Oslo', 'Rome'], 'team': ['Data']}
    """
    found: dict[str, list[str]] = {}
    for condition in conditions:
        column, sign, value = condition.partition("=")
        if not sign or not column.strip():
            raise ProgramError(f"{condition!r} is no condition; write COLUMN=VALUE")
        found.setdefault(column.strip(), []).append(value.strip())
    return found


def show_buddies(found: Buddies, people: Pool) -> None:
    """Print who can help and why, or what to try instead."""
    for place, buddy in enumerate(found, start=1):
        name = people.label(people.index[buddy.person])
        known = "" if name == buddy.person else f" ({buddy.person})"
        say(f"{place}. {name}{known}  {buddy.score:.2f}")
        say(*(f"   {reason}" for reason in buddy.evidence))
    if not found:
        say(f"Nobody: {found.hint}.")
        if found.nearest and found.nearest[0] not in found.hint:
            say(f"Nearest skills on offer: {', '.join(found.nearest)}.")


def buddies_document(found: Buddies, people: Pool) -> dict[str, object]:
    """Return who can help as plain data."""
    return {
        "buddies": [
            {**asdict(buddy), "name": people.label(people.index[buddy.person])} for buddy in found
        ],
        "hint": found.hint,
        "nearest": list(found.nearest),
    }
