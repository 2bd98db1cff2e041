"""Frames and records: tables made of Python values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np

from matchkit.errors import ProfileError
from matchkit.profiles.numbers import number_text
from matchkit.profiles.tables import Cells, Findings, Table

_VALUE_MEND = "give text, a number, a date, a truth value, or a list of texts"
_LIST_MEND = "give a list of texts without ';' and line breaks"


def read_frame(frame: Any, findings: Findings) -> Table:
    """Read a pandas, polars or other frame that narwhals knows.

    Parameters
    ----------
    frame : frame
        Eager or lazy; a lazy one is collected.
    findings : Findings
        Gets what is noticed.

    Returns
    -------
    Table
        Every cell as text; rows are numbered from 0, as frames do.

    Raises
    ------
    ProfileError
        It is no frame that narwhals knows, or two of its columns have the same name.
    """
    import narwhals.stable.v1 as nw

    try:
        known = nw.from_native(frame)
    except (TypeError, ValueError) as error:
        findings.add(
            "error", f"people cannot be read from {type(frame).__name__}: {error}",
            "give the path of a CSV file, a frame whose columns all have different names, "
            "or a list of profiles or dicts",
        )  # fmt: skip
        raise ProfileError(findings.errors()) from error
    eager = known.collect() if isinstance(known, nw.LazyFrame) else known
    findings.rows = np.arange(len(eager), dtype=np.int64)
    headings = [str(name) for name in eager.columns]
    cells = [
        _cells(heading, eager.get_column(name).to_list(), findings)
        for heading, name in zip(headings, eager.columns, strict=True)
    ]
    return Table(headings, cells, findings.rows)


def read_records(records: Iterable[object], findings: Findings) -> Table:
    """Read profiles or dicts, one for each person.

    Parameters
    ----------
    records : iterable of Profile or mapping
        Keys are headings; a person may leave some out.
    findings : Findings
        Gets what is noticed.

    Returns
    -------
    Table
        Every cell as text; rows are numbered from 0, as lists do.

    Raises
    ------
    ProfileError
        Something is neither a profile nor a mapping.
    """
    people: list[Mapping[object, object]] = []
    for row, record in enumerate(records):
        person = record.to_record() if hasattr(record, "to_record") else record
        if isinstance(person, Mapping):
            people.append(person)
        else:
            findings.add(
                "error", f"a person is given as {type(record).__name__}",
                "give a Profile, or a dict with the headings as keys", row=row,
            )  # fmt: skip
    if findings.errors():
        raise ProfileError(findings.errors())
    # Nobody has no headings: a list without people is an empty side, not a table without ids.
    keys = list(dict.fromkeys(key for person in people for key in person)) if people else ["id"]
    findings.rows = np.arange(len(people), dtype=np.int64)
    cells = [_cells(str(key), [person.get(key) for person in people], findings) for key in keys]
    return Table([str(key) for key in keys], cells, findings.rows)


def _cells(heading: str, values: Sequence[object], findings: Findings) -> Cells:
    """Turn the values of one column into text, noting those that hold none."""
    texts = []
    for row, value in enumerate(values):
        if value.__class__ is str:
            texts.append(value)
            continue
        try:
            texts.append(value_text(value))
        except ValueError as error:
            mend = _VALUE_MEND if np.isscalar(value) else _LIST_MEND
            findings.add("error", str(error), mend, column=heading, value=repr(value), person=row)
            texts.append("")
    return Cells.of(texts)


def value_text(value: object) -> str:
    """Write a Python value as a cell would hold it.

    Parameters
    ----------
    value : object
        Text, a number, a date, a truth value, nothing (None, NaN, NaT), a list of these, or a
        mapping of skills to levels.

    Returns
    -------
    str
        ``""`` for nothing; integral floats without a point; lists joined by ``"; "``.

    Raises
    ------
    ValueError
        The value is of another type, or a list that cannot be written in one cell.

    Examples
    --------
    >>> value_text(7.0), value_text(["a", "b"]), value_text({"sql": 4, "go": None})
    ('7', 'a; b', 'sql:4; go')
    """
    if isinstance(value, Mapping):
        if any(isinstance(level, Mapping | list | tuple) for level in value.values()):
            message = "a mapping within a mapping cannot be read as text"
            raise ValueError(message)
        return _joined(
            f"{value_text(name)}:{value_text(level)}" if level is not None else value_text(name)
            for name, level in value.items()
        )
    if isinstance(value, set | frozenset):
        return _joined(sorted(value_text(item) for item in value))
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim == 1):
        return _joined(value_text(item) for item in value)
    return _scalar_text(value)


def _joined(items: Iterable[str]) -> str:
    texts = [item.strip() for item in items]
    for text in texts:
        if ";" in text or "\n" in text:
            message = f"the item {text!r} of a list holds a separator"
            raise ValueError(message)
    texts = [text for text in texts if text]
    # The closing ';' tells a single item that holds another separator from two items.
    alone = len(texts) == 1 and ("," in texts[0] or "/" in texts[0])
    return texts[0] + ";" if alone else "; ".join(texts)


def _scalar_text(value: object) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | str):
        return str(value)
    if isinstance(value, float | Decimal):
        return "" if math.isnan(value) else number_text(float(value))
    if isinstance(value, date | time):
        return value.isoformat().removesuffix("T00:00:00")
    message = f"a value of type {type(value).__name__} cannot be read as text"
    raise ValueError(message)
