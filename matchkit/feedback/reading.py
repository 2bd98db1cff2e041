"""From a file, a frame or records to outcomes: the same door as for people, other columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from matchkit.errors import OutcomeError, ProfileError, ProgramError, nearest
from matchkit.feedback.records import Outcome, Outcomes
from matchkit.matching import Matching
from matchkit.profiles.cleaning import cleaned
from matchkit.profiles.numbers import parse_count, parse_number
from matchkit.profiles.schema import heading_key
from matchkit.profiles.sources import read_table
from matchkit.profiles.tables import Cells, Findings

if TYPE_CHECKING:
    from matchkit.profiles import Pool

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "mentee": ("mentee id", "mentee email", "mentee name"),
    "mentor": ("mentor id", "mentor email", "mentor name"),
    "meetings": ("meetings held", "number of meetings"),
    "mentee_rating": ("rating by mentee", "mentee satisfaction"),
    "mentor_rating": ("rating by mentor", "mentor satisfaction"),
    "progress": ("goal progress",),
    "ended_early": ("ended", "stopped early"),
    "continues": ("goes on", "wants to go on"),
    "reason": ("why", "reason for ending"),
    "comment": ("comments", "free text", "feedback"),
}
"""Columns, and other headings that mean them."""

_KEYS: Final = {
    heading_key(name): key for key, names in _HEADINGS.items() for name in (key, *names)
}
_YES: Final = {"yes", "y", "true", "1", "1.0"}
_NO: Final = {"no", "n", "false", "0", "0.0"}


def read_outcomes(source: Any, matching: Matching | None = None) -> Outcomes:
    """Read what became of the pairs of a round.

    Parameters
    ----------
    source : str, PathLike, frame, or iterable of dict
        A CSV file, any frame that narwhals reads, or a dict for each pair. The columns are
        ``mentee``, ``mentor``, ``meetings`` (held), ``mentee_rating`` and ``mentor_rating``
        (1 to 5), ``progress`` (0 to 1, or 80%), ``ended_early`` and ``continues`` (yes or
        no), ``reason`` and ``comment``. Only ``mentee`` must be there, and ``mentor`` where
        no matching is given; a blank cell is a question that nobody answered.
    matching : Matching, optional
        The round. People may then be named by id, or by e-mail or name where it holds its
        people, and every row must be one of its pairs.

    Returns
    -------
    Outcomes
        A record for each row, sorted by mentee.

    Raises
    ------
    OutcomeError
        Something was not understood: all faults together, each with row, column, value and
        the mend.

    Examples
    --------
    >>> import matchkit as mk
    >>> outcomes = mk.read_outcomes(
    ...     [{"mentee": "bo", "mentor": "di", "meetings": 5, "mentee rating": 4, "progress": "80%"}]
    ... )
    >>> outcomes["bo"].progress, outcomes["bo"].mentor_rating, outcomes["bo"].went_well
    (0.8, None, True)

    Every fault is told at once:

    >>> mk.read_outcomes([{"mentee": "bo", "mentor": "di", "mentee_rating": 7, "progress": 80}])
    Traceback (most recent call last):
        ...
    matchkit.errors.OutcomeError: outcomes, row 0, column mentee_rating: '7' is not a rating \
from 1 to 5; write 1 (worst) to 5 (best), or leave it blank
    outcomes, row 0, column progress: '80' is not a share from 0 to 1; write 0.8 or 80%
    """
    if matching is not None and not isinstance(matching, Matching):
        raise ProgramError(f"matching is of type {type(matching).__name__}; give a Matching")
    name = Path(source).name if isinstance(source, str | PathLike) else "outcomes"
    findings = Findings(name)
    try:
        table = cleaned(read_table(source, findings), findings)
    except ProfileError as error:
        raise OutcomeError(error.findings) from error
    # A list without rows has no headings either: nobody has answered yet.
    columns = _columns(table.headings, table.cells, findings) if len(table.rows) else {}
    records = _Rows(columns, findings, matching).records()
    if findings.errors():
        raise OutcomeError(findings.errors())
    records.sort(key=lambda each: (each.mentee, each.mentor))
    return Outcomes(tuple(records), tuple(findings.others()))


def _columns(
    headings: list[str], cells: list[Cells], findings: Findings
) -> dict[str, tuple[str, Cells]]:
    """Return each column that is understood, with its heading as written."""
    found: dict[str, tuple[str, Cells]] = {}
    for heading, column in zip(headings, cells, strict=True):
        key = _KEYS.get(heading_key(heading))
        if key is None:
            names = ", ".join(_HEADINGS)
            findings.add("note", "this column is not read", f"the columns are {names}",
                         column=heading)  # fmt: skip
        elif key in found:
            findings.add("error", f"the headings {found[key][0]!r} and {heading!r} both mean {key}",
                         "remove one of them", column=heading)  # fmt: skip
        else:
            found[key] = heading, column
    return found


class _Rows:
    """The rows on their way to outcomes; every column passes through once."""

    def __init__(
        self,
        columns: dict[str, tuple[str, Cells]],
        findings: Findings,
        matching: Matching | None,
    ) -> None:
        self._columns, self._findings, self._matching = columns, findings, matching
        self._count = len(findings.rows)

    def records(self) -> list[Outcome]:
        """Return one outcome for each row; what is faulty is noted."""
        mentees, mentors = self._people("mentee"), self._people("mentor")
        mentors = self._paired(mentees, mentors)
        self._once(mentees, mentors)
        answers = {
            "meetings": self._read("meetings", parse_count, "write a whole number: 0, 1, 2 ...")
        }
        for key in ("mentee_rating", "mentor_rating"):
            answers[key] = self._read(
                key, _rating, "write 1 (worst) to 5 (best), or leave it blank"
            )
        answers["progress"] = self._read("progress", _share, "write 0.8 or 80%")
        for key in ("ended_early", "continues"):
            answers[key] = self._read(key, _truth, "write yes or no, or leave it blank")
        for key in ("reason", "comment"):
            answers[key] = self._texts(key)
        self._unfinished(answers["ended_early"], answers["reason"])
        return [
            Outcome(mentee, mentor, **{key: values[row] for key, values in answers.items()})
            for row, (mentee, mentor) in enumerate(zip(mentees, mentors, strict=True))
        ]

    def _texts(self, key: str) -> list[str]:
        if key not in self._columns:
            return [""] * self._count
        texts: list[str] = self._columns[key][1].texts().tolist()
        return texts

    def _heading(self, key: str) -> str:
        return self._columns[key][0] if key in self._columns else key

    def _read(self, key: str, parse: Callable[[str], Any], mend: str) -> list[Any]:
        """Understand each distinct cell, noting those that make no sense."""
        if key not in self._columns:
            return [None] * self._count
        heading, cells = self._columns[key]
        values, problems = [], {}
        for at, text in enumerate(cells.values):
            try:
                values.append(parse(text) if text else None)
            except ValueError as error:
                values.append(None)
                problems[at] = str(error), mend
        self._findings.at_cells("error", heading, cells, problems)
        return [values[code] for code in cells.codes.tolist()]

    def _people(self, role: str) -> list[str]:
        """Return the ids of one side, ``""`` where a cell is blank or names nobody."""
        if role not in self._columns:
            if self._count and (role == "mentee" or self._matching is None):
                mend = f"give a column {role!r}"
                self._findings.add("error", f"the outcomes name no {role}s", mend, column=role)
            return [""] * self._count
        heading, cells = self._columns[role]
        if role == "mentee" or self._matching is None:
            for row in np.flatnonzero(cells.blank()).tolist():
                self._findings.add("error", f"the row names no {role}", "write an id",
                                   column=heading, person=row)  # fmt: skip
        if self._matching is None:
            return self._texts(role)
        known = _ids(self._matching, role)
        found = _located(self._matching, role, cells.values, known)
        problems = {
            at: (f"no {role} of the round is called {text!r}{nearest(text, known)}",
                 "write the id as the matching has it")
            for at, (text, who) in enumerate(zip(cells.values, found, strict=True))
            if text and not who
        }  # fmt: skip
        self._findings.at_cells("error", heading, cells, problems)
        return [found[code] for code in cells.codes.tolist()]

    def _paired(self, mentees: list[str], mentors: list[str]) -> list[str]:
        """Return the mentors, filled in from the matching, in which every pair must be."""
        if self._matching is None:
            return mentors
        blank = set(self._blank("mentor"))
        told = []
        for row, (mentee, mentor) in enumerate(zip(mentees, mentors, strict=True)):
            given = mentor
            if mentee and mentee not in self._matching:
                self._findings.add("error", f"{mentee} has no mentor in this round",
                                   "remove the row", column=self._heading("mentee"),
                                   value=mentee, person=row)  # fmt: skip
            elif mentee and (mentor or row in blank):
                given = self._matching[mentee].mentor
                if mentor and mentor != given:
                    self._findings.add("error", f"{mentee} was matched with {given}, not {mentor}",
                                       f"write {given}, or remove the row",
                                       column=self._heading("mentor"), value=mentor,
                                       person=row)  # fmt: skip
            told.append(given)
        return told

    def _blank(self, key: str) -> list[int]:
        return [row for row, text in enumerate(self._texts(key)) if not text]

    def _once(self, mentees: list[str], mentors: list[str]) -> None:
        """Note pairs that stand twice."""
        first: dict[tuple[str, str], int] = {}
        for row, pair in enumerate(zip(mentees, mentors, strict=True)):
            if all(pair) and first.setdefault(pair, row) != row:
                where = int(self._findings.rows[first[pair]])
                self._findings.add("error", f"{pair[0]} with {pair[1]} is also in row {where}",
                                   "keep one row for each pair", column=self._heading("mentee"),
                                   value=pair[0], person=row)  # fmt: skip

    def _unfinished(self, ended: list[bool | None], reasons: list[str]) -> None:
        """Warn of reasons for an end that nobody said there was."""
        for row, (early, reason) in enumerate(zip(ended, reasons, strict=True)):
            if reason and early is None:
                self._findings.add("warning", "gives a reason, but not that it ended early",
                                   "write yes in ended_early if it did",
                                   column=self._heading("reason"), value=reason,
                                   person=row)  # fmt: skip


def _ids(matching: Matching, role: str) -> list[str]:
    if role == "mentee":
        return [one.mentee for one in matching.everyone]
    return [place.mentor for place in matching.places]


def _located(matching: Matching, role: str, texts: list[str], known: list[str]) -> list[str]:
    """Return whom each text names, ``""`` where nobody: by id, and by e-mail or name if known."""
    if matching.round_ is None:
        ids = set(known)
        return [text if text in ids else "" for text in texts]
    pool: Pool = getattr(matching.round_, f"{role}s")
    return [str(pool.ids[at]) if at >= 0 else "" for at in pool.locate(texts).tolist()]


def _rating(text: str) -> float:
    rating = parse_number(text)
    if not 1 <= rating <= 5:
        message = f"{text!r} is not a rating from 1 to 5"
        raise ValueError(message)
    return rating


def _share(text: str) -> float:
    percent = text.endswith("%")
    share = parse_number(text.removesuffix("%")) / (100 if percent else 1)
    if not 0 <= share <= 1:
        message = f"{text!r} is not a share from 0 to 1"
        raise ValueError(message)
    return share


def _truth(text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        message = f"{text!r} is neither yes nor no"
        raise ValueError(message)
    return word in _YES
