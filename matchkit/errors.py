"""Every error that matchkit raises on purpose, and the findings that explain them.

The tree is small, so that a caller can catch at the level that it can act on::

    MatchkitError
    ├── ProfileError          people: a file, a frame or a record cannot be read as given
    │   └── OutcomeError        outcomes: the same
    ├── ProgramError          configuration: the program, the call or an argument is wrong
    │   └── UnknownPersonError  an id that nobody has (also a KeyError)
    ├── ProblemError          arrays given to the index-level engine do not fit together
    ├── TooLargeError         the memory needed is more than the memory allowed
    ├── InfeasibleError       rules, locks or quotas that cannot be met together
    ├── NothingToLearnError   outcomes that are too few or too much alike to learn weights from
    ├── DetachedError         the answer needs the people, and the result was loaded without them
    ├── ResultError           a saved result cannot be read, or does not belong to these people
    └── InternalError         a result that failed its own verification: a bug, never an answer
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

Severity = Literal["note", "repaired", "warning", "question", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed while reading or scoring, and what to do about it.

    Attributes
    ----------
    severity : {"note", "repaired", "warning", "question", "error"}
        What it means for the round. An ``"error"`` stops it, and so does a ``"question"``
        that only the user can answer, until it is answered.
    message : str
        What was found, in plain words.
    mend : str
        What to change, empty where there is nothing to do.
    id, column, value : str
        The person, the column and the cell concerned, empty where there is none.
    source : str
        File name, or ``"mentors"`` / ``"mentees"`` for frames and records. Shown on
        screen only, never stored in a result.
    row : int or None
        Row number as a spreadsheet counts it (headings are row 1), or the position
        in a frame. Shown on screen only.

    Examples
    --------
    >>> print(Finding("error", "'many' is not a whole number", mend="write 0, 1, 2 ...",
    ...               column="capacity", value="many", source="mentors.csv", row=4))
    mentors.csv, row 4, column capacity: 'many' is not a whole number; write 0, 1, 2 ...
    """

    severity: Severity
    message: str
    mend: str = ""
    id: str = ""
    column: str = ""
    value: str = ""
    source: str = ""
    row: int | None = None

    def __str__(self) -> str:
        """Place, message and mend on one line."""
        row = "" if self.row is None else f"row {self.row}"
        column = self.column and f"column {self.column}"
        place = ", ".join(part for part in (self.source, row, column) if part)
        text = f"{place}: {self.message}" if place else self.message
        line = f"{text}; {self.mend}" if self.mend else text
        return " ".join(line.split())

    def without_place(self) -> Finding:
        """Return the same finding without file and row, as results store it."""
        return replace(self, source="", row=None)


class MatchkitError(Exception):
    """Base of every error that matchkit raises on purpose.

    Attributes
    ----------
    exit_status : int
        The status with which the command line ends on this error.
    """

    exit_status: ClassVar[int] = 2

    @property
    def lines(self) -> tuple[str, ...]:
        """The error as separate lines, one for each fault."""
        return tuple(str(self).splitlines())


class ProfileError(MatchkitError, ValueError):
    """People that cannot be read as given: all faults of the input at once.

    Attributes
    ----------
    findings : tuple of Finding
        Every fault, in the order of the input.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self) -> tuple[type[ProfileError], tuple[tuple[Finding, ...]]]:
        """Pickle by findings, so that the error survives a process boundary."""
        return type(self), (self.findings,)

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each fault."""
        return tuple(str(finding) for finding in self.findings)


class OutcomeError(ProfileError):
    """Outcomes that cannot be read as given: all faults of the input at once."""


class ProgramError(MatchkitError, ValueError):
    """The program, the call or one of its arguments is wrong."""


class UnknownPersonError(ProgramError, KeyError):
    """An id that nobody in the round has."""

    def __str__(self) -> str:
        """Return the plain message: a KeyError alone would show its repr."""
        return str(self.args[0]) if self.args else ""


class ProblemError(MatchkitError, ValueError):
    """Arrays given to the index-level engine that do not fit together."""


class TooLargeError(MatchkitError, MemoryError):
    """The memory that the work needs is more than the memory allowed."""


class InfeasibleError(MatchkitError):
    """Rules, locks or quotas that cannot be met together.

    Attributes
    ----------
    conflicts : tuple of str
        The conditions that clash, one line each.
    clash : matchkit.assign.Clash or None
        The same in indices, where constraints across pairs clash.
    """

    exit_status: ClassVar[int] = 3

    def __init__(self, conflicts: Iterable[str], clash: Any = None) -> None:
        self.conflicts: tuple[str, ...] = tuple(conflicts)
        self.clash = clash
        super().__init__("\n".join(self.conflicts))

    def __reduce__(self) -> tuple[type[InfeasibleError], tuple[tuple[str, ...], Any]]:
        """Pickle by conflicts, so that the error survives a process boundary."""
        return type(self), (self.conflicts, self.clash)

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each conflict."""
        return self.conflicts


class NothingToLearnError(MatchkitError):
    """Outcomes that are too few or too much alike to learn weights from.

    Attributes
    ----------
    reasons : tuple of str
        Why, one line each.
    """

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons: tuple[str, ...] = tuple(reasons)
        super().__init__("\n".join(self.reasons))

    def __reduce__(self) -> tuple[type[NothingToLearnError], tuple[tuple[str, ...]]]:
        """Pickle by reasons, so that the error survives a process boundary."""
        return type(self), (self.reasons,)


class DetachedError(MatchkitError):
    """The answer needs the people, and the result was loaded without them."""


class ResultError(MatchkitError, ValueError):
    """A saved result that cannot be read, or that does not belong to these people."""

    exit_status: ClassVar[int] = 4


class InternalError(MatchkitError, RuntimeError):
    """A result that failed its own verification: a bug in matchkit, never an answer."""

    exit_status: ClassVar[int] = 4


def nearest(name: str, names: Sequence[str], *, most: int = 3) -> str:
    """Say which known names come closest to an unknown one.

    Parameters
    ----------
    name : str
        The name that was not found.
    names : sequence of str
        The names there are.
    most : int, default 3
        How many to offer.

    Returns
    -------
    str
        A clause such as ``"; did you mean 'ana'?"``, empty where nothing is close.

    Examples
    --------
    >>> nearest("anna", ["ana", "bo"])
    "; did you mean 'ana'?"
    """
    close = difflib.get_close_matches(name, names, n=most, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(text) for text in close)}?" if close else ""
