"""What a source is, and which reader turns it into a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Final

from matchkit.errors import ProfileError
from matchkit.profiles.encodings import SAVE_MEND
from matchkit.profiles.hints import Hints
from matchkit.profiles.tables import Findings, Form, Table
from matchkit.profiles.text_files import read_csv

LARGEST_FILE: Final = 1 << 30
"""Bytes that a file of people may have."""

_KNOWN_FORMATS: Final = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls), or one with a password"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a text document (RTF)"),
)
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_TEXT_NAMES: Final = frozenset({".csv", ".tsv", ".tab", ".txt"})
_MARKUP: Final = (b"<!doctype html", b"<html", b"<?xml", b"<table")


def read_table(source: Any, findings: Findings, hints: Hints | None = None) -> Table:
    """Turn any source into a table of text.

    Parameters
    ----------
    source : path, frame, or iterable of Profile or mapping
        Files are told apart by their content.
    findings : Findings
        Gets what is noticed.
    hints : Hints, optional
        What is known about the source.

    Raises
    ------
    ProfileError
        It is none of these, or cannot be read at all.
    """
    if isinstance(source, str | PathLike):
        return _read_file(Path(source), findings, hints or Hints())
    from matchkit.profiles.frames import read_frame, read_records

    # Asking the class leaves a lazy frame's own `columns` alone: that could run its query.
    is_frame = hasattr(type(source), "columns") or hasattr(source, "__narwhals_dataframe__")
    if is_frame or isinstance(source, Mapping | bytes) or not isinstance(source, Iterable):
        return replace(read_frame(source, findings), form=Form("frame"))
    return read_records(source, findings)


def _read_file(path: Path, findings: Findings, hints: Hints) -> Table:
    """Read a file by what it holds."""
    data = _read_bytes(path, findings)
    if data.startswith(_ZIP):
        from matchkit.profiles.workbooks import read_workbook

        return read_workbook(data, findings, hints)
    _refuse_known(data, findings)
    if _is_json(path, data):
        from matchkit.profiles.json_files import read_json

        return read_json(data, findings, hints)
    return read_csv(data, findings, hints)


def _read_bytes(path: Path, findings: Findings) -> bytes:
    """Read a regular file whole, or say why not."""
    try:
        if path.is_dir():
            findings.add("error", "this is a folder, not a file", "name the file in it")
        elif not path.exists():
            findings.add("error", f"there is no file {str(path)!r}", "check the path")
        elif not path.is_file():
            findings.add("error", "this is not a regular file", "save the people to a file first")
        elif (size := path.stat().st_size) > LARGEST_FILE:
            findings.add("error", f"the file has {size / 2**30:.1f} GiB",
                         "keep the columns that matter, or match in smaller groups")  # fmt: skip
        else:
            return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        findings.add("error", f"the file cannot be read: {reason}", "check path and permissions")
    raise ProfileError(findings.errors())


def _refuse_known(data: bytes, findings: Findings) -> None:
    """Refuse files of which the first bytes say that they are no table."""
    what = next((what for magic, what in _KNOWN_FORMATS if data.startswith(magic)), None)
    if what is None and data[:64].lstrip().lower().startswith(_MARKUP):
        what = "a web page or XML, whatever its name says"
    if what is not None:
        findings.add("error", f"the file is {what}, not CSV", SAVE_MEND)
        raise ProfileError(findings.errors())


def _is_json(path: Path, data: bytes) -> bool:
    """Return whether a file is JSON: by its name, or by its first sign where the name is silent."""
    suffix = path.suffix.casefold()
    if suffix == ".json" or suffix in _TEXT_NAMES:
        return suffix == ".json"
    first = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1]
    return first in {b"[", b"{"}
