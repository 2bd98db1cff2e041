"""JSON files: lists of records, and people as directories hand them out (SCIM 2.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from matchkit.errors import ProfileError
from matchkit.profiles import scim
from matchkit.profiles.encodings import tell_encoding
from matchkit.profiles.frames import read_records
from matchkit.profiles.hints import Hints
from matchkit.profiles.tables import Findings, Form, Table

_SHAPE_MEND: Final = 'give a list of records, such as [{"id": "ana", "skills": "sql"}]'


class _Unreadable(ValueError):  # noqa: N818  (it never leaves this module)
    """What JSON allows and a record cannot hold."""


def read_json(data: bytes, findings: Findings, hints: Hints) -> Table:
    """Read the bytes of a JSON file into a table of text.

    Parameters
    ----------
    data : bytes
        A list of records, an object with one such list, or a SCIM 2.0 list response.
    findings : Findings
        Gets what is noticed.
    hints : Hints
        The encoding, if the user names one.

    Returns
    -------
    Table
        Every value as text; people are numbered from 0, as in a list.

    Raises
    ------
    ProfileError
        It is no JSON, or no list of records; every record that is none is named.
    """
    encoding = tell_encoding(data, findings, given=hints.encoding)
    document = _parsed(data.decode(encoding), findings)
    if scim.is_response(document):
        table = read_records(scim.flat_users(document, findings), findings)
        return replace(table, form=Form("JSON", encoding=encoding, preset=scim.PRESET))
    table = read_records(_records(document, findings), findings)
    return replace(table, form=Form("JSON", encoding=encoding))


def _parsed(text: str, findings: Findings) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unlike, parse_constant=_refused)
    except json.JSONDecodeError as error:
        findings.add(
            "error", f"this is not JSON: {error.msg} at sign {error.colno} of line {error.lineno}",
            "correct the file there", row=error.lineno,
        )  # fmt: skip
    except _Unreadable as error:
        findings.add("error", str(error), "correct the file, which other programs may misread")
    except RecursionError:
        findings.add("error", "the lists and objects of the file are nested too deeply",
                     _SHAPE_MEND)  # fmt: skip
    except ValueError:  # Python refuses whole numbers of thousands of digits
        findings.add("error", "the file holds a number of thousands of digits", "correct it")
    raise ProfileError(findings.errors())


def _unlike(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object, unless a key is there twice: the second would replace the first."""
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        message = f"the key {key!r} appears twice in one object"
        raise _Unreadable(message)
    return made


def _refused(name: str) -> None:
    message = f"{name} is no number that JSON knows"
    raise _Unreadable(message)


def _records(document: Any, findings: Findings) -> Sequence[Any]:
    """Return the list of records of a document."""
    if isinstance(document, list):
        return document
    if isinstance(document, Mapping):
        lists = {key: each for key, each in document.items() if isinstance(each, list)}
        if len(lists) == 1:
            key, records = next(iter(lists.items()))
            findings.add("note", f"the people were read from {key!r}")
            return list(records)
    findings.add("error", f"the file holds {_kind(document)}, not a list of records", _SHAPE_MEND)
    raise ProfileError(findings.errors())


def _kind(document: Any) -> str:
    if isinstance(document, Mapping):
        return "one object"
    return {str: "text", bool: "a truth value", type(None): "nothing"}.get(
        type(document), "a number"
    )
