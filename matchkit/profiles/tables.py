"""Tables: what every kind of source is turned into before anything is understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from matchkit.errors import Finding, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Invisible signs that copying from web pages leaves at the ends of a cell.
_TRIM: Final = "\u200b\u2060\ufeff" + "".join(
    chr(code) for code in range(0x3001) if chr(code).isspace()
)
_LINE_BREAKS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
FORBIDDEN: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_SPREADSHEET_ERROR: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)"
)
_STOPPING: Final = frozenset({"question", "error"})
_READ_AS: Final = 30
_LONGEST_SHOWN: Final = 120
_LONGEST_MESSAGE: Final = 500

# What is wrong with a cell, and how to mend it.
Problem = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Cells:
    """One column of text: its distinct values once, and which of them each row has.

    Attributes
    ----------
    values : list of str
        The distinct cells.
    codes : int64 array (n,)
        Positions in `values`.
    """

    values: list[str]
    codes: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Cells:
        """Return a column of these texts, its distinct values in the order of their coming."""
        encoder = Encoder()
        encoder.add(texts)
        return encoder.cells()

    def texts(self) -> NDArray[np.object_]:
        """Return the column itself, object (n,); equal cells share one string."""
        return _objects(self.values)[self.codes]

    def mapped(self, values: Sequence[str]) -> Cells:
        """Return the column with each distinct value replaced; equal ones become one."""
        if values == self.values:
            return self
        merged = Cells.of(values)
        return Cells(merged.values, merged.codes[self.codes])

    def blank(self) -> NDArray[np.bool_]:
        """Return which rows are blank, bool (n,)."""
        blanks = np.array([not value for value in self.values], dtype=bool)
        return blanks[self.codes] if self.values else np.zeros(0, dtype=bool)

    def people(self, code: int) -> list[int]:
        """Return the rows that have one of the distinct values, in their order."""
        order, bounds = self._rows_by_code
        people: list[int] = order[bounds[code] : bounds[code + 1]].tolist()
        return people

    @cached_property
    def _rows_by_code(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        counts = np.bincount(self.codes, minlength=len(self.values))
        return np.argsort(self.codes, kind="stable"), np.append(0, np.cumsum(counts))

    def take(self, rows: NDArray[np.int64]) -> Cells:
        """Return some rows; values that no row has any more go too."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        return Cells([self.values[code] for code in used.tolist()], codes.astype(np.int64))


class _Numbers(dict[str, int]):
    """Gives each new text the next number."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class Encoder:
    """Gathers texts piece by piece, keeping each distinct one once."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._codes: list[NDArray[np.int64]] = []

    def add(self, texts: Sequence[str]) -> None:
        """Append some more texts."""
        # A dict that numbers what it does not know keeps the loop over all cells in C.
        numbers = map(self._numbers.__getitem__, texts)
        self._codes.append(np.fromiter(numbers, dtype=np.int64, count=len(texts)))

    def cells(self) -> Cells:
        """Return what was gathered so far."""
        codes = np.concatenate(self._codes) if self._codes else np.zeros(0, dtype=np.int64)
        return Cells(list(self._numbers), codes)


def _objects(values: Sequence[str]) -> NDArray[np.object_]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


@dataclass
class Findings:
    """Collects what is noticed, with the place of each.

    Attributes
    ----------
    source : str
        The file, or the side for frames and records.
    rows : int64 array (n,)
        The row number of each person.
    ids : object array (n,)
        The id of each person, once known.
    found : list of Finding
        What was noticed so far.
    """

    source: str
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    ids: NDArray[np.object_] = field(default_factory=lambda: np.zeros(0, dtype=object))
    found: list[Finding] = field(default_factory=list)

    def add(  # noqa: PLR0913  (a finding has as many sides)
        self,
        severity: Severity,
        message: str,
        mend: str = "",
        *,
        column: str = "",
        value: str = "",
        person: int | None = None,
        row: int | None = None,
    ) -> None:
        """Note one thing, at one person, at one row of the source, or at the whole of it."""
        if person is not None:
            row = int(self.rows[person])
        self.found.append(
            Finding(
                severity, shown(message, most=_LONGEST_MESSAGE), mend, self._id(person),
                shown(column), shown(value), self.source, row,
            )
        )  # fmt: skip

    def _id(self, person: int | None) -> str:
        return str(self.ids[person]) if person is not None and len(self.ids) else ""

    def at_cells(
        self, severity: Severity, column: str, cells: Cells, problems: Mapping[int, Problem]
    ) -> None:
        """Note what is wrong with distinct values, once for each row that has them."""
        for code, (message, mend) in problems.items():
            for person in cells.people(code):
                self.add(
                    severity, message, mend, column=column, value=cells.values[code], person=person
                )

    def read_as(
        self, column: str, cells: Cells, texts: Sequence[str], *, where: Callable[[str], bool]
    ) -> None:
        """Say what cells were read as that are not written as documented, each spelling once.

        Parameters
        ----------
        column : str
            The heading.
        cells : Cells
            As written.
        texts : sequence of str
            What each distinct cell was read as, blank where it was not understood.
        where : callable
            Tells of a cell whether it needs to be said.
        """
        said = [
            (text, code)
            for code, text in enumerate(cells.values)
            if text and texts[code] and text != texts[code] and where(text)
        ]
        if not said:
            return
        counts = np.bincount(cells.codes, minlength=len(cells.values)).tolist()
        for text, code in sorted(said)[:_READ_AS]:
            people = "1 cell" if counts[code] == 1 else f"{counts[code]} cells"
            self.add("repaired", f"{shown(text)!r} was read as {shown(texts[code])!r} ({people})",
                     column=column, value=text, row=self.first_row(cells, code))  # fmt: skip
        if len(said) > _READ_AS:
            self.add("repaired", f"and {len(said) - _READ_AS} more spellings were read likewise",
                     column=column)  # fmt: skip

    def first_row(self, cells: Cells, code: int) -> int | None:
        """Return the row of the first person who has a distinct value."""
        people = cells.people(code)
        return int(self.rows[people[0]]) if people else None

    def errors(self) -> list[Finding]:
        """Return the errors and the open questions, in the order of the rows."""
        errors = [finding for finding in self.found if finding.severity in _STOPPING]
        return sorted(errors, key=lambda finding: -1 if finding.row is None else finding.row)

    def others(self) -> list[Finding]:
        """Return the rest in an order that rows and columns of the input cannot change."""
        rest = [finding for finding in self.found if finding.severity not in _STOPPING]
        return sorted(
            rest, key=lambda each: (each.id, each.column, each.value, each.message, each.mend)
        )


def shown(value: str, *, most: int = _LONGEST_SHOWN) -> str:
    """Shorten a value for a message, and replace what no screen can show.

    Examples
    --------
    >>> shown("short"), shown("a long text", most=6)
    ('short', 'a lon…')
    """
    printable = FORBIDDEN.sub("\ufffd", value)
    return printable if len(printable) <= most else printable[: most - 1] + "…"


@dataclass(frozen=True)
class Form:
    """How a source was read.

    Attributes
    ----------
    kind : str
        ``"CSV"``, ``"Excel workbook"``, ``"JSON"``, ``"frame"`` or ``"records"``.
    encoding, delimiter : str
        Of text files; the encoding as Python names it.
    sheet : str
        Of workbooks.
    preset : str
        The kind of export that it was recognized as, empty where it is none.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    preset: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """A source as text, before its headings are understood.

    Attributes
    ----------
    headings : list of str
        As written, trimmed.
    cells : list of Cells
        One for each heading.
    rows : int64 array (n,)
        Row numbers as the source counts them.
    form : Form
        How the source was read.
    """

    headings: list[str]
    cells: list[Cells]
    rows: NDArray[np.int64]
    form: Form = Form("records")


def holds_control_character(text: str) -> bool:
    r"""Return whether a text holds signs that no cell may hold.

    Examples
    --------
    >>> holds_control_character("a\x00b"), holds_control_character("a\nb")
    (True, False)
    """
    return FORBIDDEN.search(text) is not None


def is_spreadsheet_error(text: str) -> bool:
    """Return whether a cell is what a spreadsheet shows for a failed formula.

    Examples
    --------
    >>> is_spreadsheet_error("#REF!"), is_spreadsheet_error("#1")
    (True, False)
    """
    return _SPREADSHEET_ERROR.fullmatch(text) is not None


def trim(text: str) -> str:
    """Remove white space and invisible signs from both ends.

    Examples
    --------
    >>> trim("\u200b Ana ")
    'Ana'
    """
    return text.strip(_TRIM)


def clean_text(text: str) -> str:
    r"""Trim a cell, bring it to NFC, and make its line breaks plain.

    Examples
    --------
    >>> clean_text(" Zoe\u0308 \u200b") == "Zo\u00eb"
    True
    """
    trimmed = text.strip(_TRIM)
    if trimmed.isascii() and trimmed.isprintable():
        return trimmed
    return _LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", trimmed)).strip(_TRIM)
