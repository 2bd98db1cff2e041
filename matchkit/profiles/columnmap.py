"""Mapping files: what a user says about headings and files that do not speak for themselves."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, Final, Self

from matchkit.errors import ProgramError, nearest
from matchkit.files import keep_others, write_atomically
from matchkit.profiles.pool import Role
from matchkit.profiles.schema import COLUMNS, columns_meant, heading_key

_TABLES: Final = ("columns", "mentors", "mentees", "file", "orders")
_SLIP: Final = 0.8  # names as near as this to a column are a slip, others are the user's own
_FILE: Final = ("encoding", "delimiter", "sheet", "preset")
_SIDES: Final[dict[str, Role]] = {"mentors": "mentor", "mentees": "mentee"}
_HEAD: Final = """\
# How the headings of files of people are read: "heading as written" = "column".
# The columns are listed in docs/columns.md; any other name is kept as a column of its own,
# and "" leaves a column out. [mentors] and [mentees] count for one side only.
"""


@dataclass(frozen=True)
class ColumnMap:
    r"""Which heading is which column, and how a file is to be read.

    Attributes
    ----------
    columns : mapping of str to str
        Headings as written and the columns they mean; ``""`` leaves a column out.
    mentors, mentees : mapping of str to str
        The same for one side only; these win.
    encoding, delimiter, sheet, preset : str
        How files are read, empty where that is to be told from them.
    seniority : tuple of str
        Labels of seniority, the most junior first: they count 1, 2, 3 ...

    Examples
    --------
    >>> chosen = ColumnMap.from_toml_text('[columns]\n"What I do" = "role"')
    >>> chosen.of_side("mentor")
    {'What I do': 'role'}
    >>> ColumnMap.from_toml_text(chosen.to_toml()) == chosen
    True
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    mentors: Mapping[str, str] = field(default_factory=dict)
    mentees: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    preset: str = ""
    seniority: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: object) -> Self:
        """Return a mapping from whatever a caller gives.

        Parameters
        ----------
        given : ColumnMap, mapping of str to str, path, or None
            A mapping of headings to columns, or the path of a mapping file.

        Raises
        ------
        ProgramError
            The file cannot be read, or something in it has no meaning.
        """
        if given is None:
            return cls()
        if isinstance(given, cls):
            return given
        if isinstance(given, Mapping):
            return cls._checked({"columns": dict(given)}, "columns")
        if isinstance(given, str | PathLike):
            return cls.from_toml(given)
        raise ProgramError(
            f"columns is of type {type(given).__name__}; give a dict of headings to columns, "
            "or the path of a mapping file"
        )

    @classmethod
    def from_toml(cls, path: str | PathLike[str]) -> Self:
        """Read a mapping file.

        Raises
        ------
        ProgramError
            The file cannot be read, or something in it has no meaning: all faults together.
        """
        try:
            text = Path(path).read_text("utf-8-sig")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ProgramError(
                f"the mapping file {str(path)!r} cannot be read: {reason}"
            ) from error
        return cls.from_toml_text(text, name=Path(path).name)

    @classmethod
    def from_toml_text(cls, text: str, *, name: str = "columns") -> Self:
        """Read the text of a mapping file; `name` is what errors call it."""
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ProgramError(
                f'{name} is no TOML: {error}; put headings in quotes: "Job title" = "role"'
            ) from error
        return cls._checked(tables, name)

    @classmethod
    def _checked(cls, tables: Mapping[str, Any], name: str) -> Self:
        faults = [
            f"{name}: there is no table [{table}]{nearest(table, _TABLES)}"
            for table in tables if table not in _TABLES
        ]  # fmt: skip
        chosen: dict[str, Any] = {}
        for table in ("columns", *_SIDES):
            chosen[table] = _headings(tables.get(table, {}), f"{name}, [{table}]", faults)
        chosen |= _settings(tables.get("file", {}), f"{name}, [file]", faults)
        orders = tables.get("orders", {})
        labels = orders.get("seniority", []) if isinstance(orders, Mapping) else None
        if not isinstance(labels, list) or not all(isinstance(each, str) for each in labels):
            faults.append(f'{name}, [orders]: write seniority = ["Junior", "Senior", "Lead"]')
        elif len({heading_key(each) for each in labels}) < len(labels):
            faults.append(f"{name}, [orders]: a label of seniority appears twice")
        if faults:
            raise ProgramError("\n".join(faults))
        return cls(**chosen, seniority=tuple(labels or ()))

    def of_side(self, role: Role | None) -> dict[str, str]:
        """Return headings and columns as they count for one side."""
        sides = {"mentor": self.mentors, "mentee": self.mentees}
        return {**self.columns, **sides.get(role or "", {})}

    def to_toml(self) -> str:
        """Return the text of a mapping file that reads back as the same mapping."""
        import tomli_w

        tables: dict[str, Any] = {"columns": dict(self.columns)}
        tables |= {name: dict(getattr(self, name)) for name in _SIDES}
        tables["file"] = {name: getattr(self, name) for name in _FILE if getattr(self, name)}
        tables["orders"] = {"seniority": list(self.seniority)} if self.seniority else {}
        filled = {name: table for name, table in tables.items() if table}
        return _HEAD + "\n" + tomli_w.dumps(filled)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a mapping file, whole or not at all; only another of its kind is replaced.

        Raises
        ------
        ProgramError
            The file cannot be written, or is one that matchkit did not write.
        """
        keep_others(path, _HEAD.encode())
        write_atomically(path, self.to_toml().encode())


def _headings(table: Any, where: str, faults: list[str]) -> dict[str, str]:
    """Return a table of headings with the columns under their own names."""
    if not isinstance(table, Mapping):
        faults.append(f'{where}: write lines such as "Job title" = "role"')
        return {}
    chosen = {}
    for heading, column in table.items():
        if not isinstance(column, str):
            faults.append(f'{where}: {heading!r} needs the name of a column, such as "role"')
            continue
        meant = columns_meant(column)
        chosen[str(heading)] = meant[0] if len(meant) == 1 else column
        near = difflib.get_close_matches(column, COLUMNS, n=1, cutoff=_SLIP) if not meant else []
        if near and heading_key(column) != heading_key(str(heading)):
            faults.append(
                f"{where}: {heading!r} = {column!r} names no known column; "
                f"did you mean {near[0]!r}?"
            )
    return chosen


def _settings(table: Any, where: str, faults: list[str]) -> dict[str, str]:
    """Return how files are to be read."""
    if not isinstance(table, Mapping):
        faults.append(f'{where}: write lines such as encoding = "cp1252"')
        return {}
    for name, value in table.items():
        if name not in _FILE:
            faults.append(f"{where}: there is no {name!r}{nearest(name, _FILE)}")
        elif not isinstance(value, str) or (name == "delimiter" and len(value) != 1):
            kind = "one sign" if name == "delimiter" else "text"
            faults.append(f"{where}: {name} must be {kind}, not {value!r}")
    return {name: str(table[name]) for name in _FILE if name in table}
