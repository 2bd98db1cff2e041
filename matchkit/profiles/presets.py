"""Exports that give themselves away by their headings, and what to know about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np

from matchkit.errors import ProgramError, nearest
from matchkit.profiles import scim
from matchkit.profiles.schema import heading_key
from matchkit.profiles.tables import Cells, Findings

Preset = Literal["google-forms", "microsoft-forms", "scim", "none"]

GOOGLE: Final = "Google Forms"
MICROSOFT: Final = "Microsoft Forms"
PRESETS: Final[dict[str, str]] = {
    "google-forms": GOOGLE,
    "microsoft-forms": MICROSOFT,
    "scim": scim.PRESET,
    "none": "",
}

RESPONSE: Final = "response"
"""Key of the running number of an answer, which is nobody's id."""

_TIMESTAMP: Final = frozenset(map(heading_key, (
    "Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Informazioni cronologiche",
    "Tijdstempel", "Tidsstämpel", "Tidsstempel", "Tidspunkt", "Carimbo de data/hora",
    "Sygnatura czasowa", "Aikaleima",
)))  # fmt: skip
_STARTED: Final = frozenset(map(heading_key, (
    "Start time", "Startzeit", "Heure de début", "Hora de inicio", "Ora di inizio", "Begintijd",
    "Starttid", "Starttidspunkt", "Hora de início", "Godzina rozpoczęcia",
)))  # fmt: skip
_ANONYMOUS: Final = frozenset({"anonymous", "anonym", "anonyme", "anonimo", "anoniem"})


def chosen_preset(name: object) -> str | None:
    """Return the preset that a caller names, None where it is to be recognized.

    Raises
    ------
    ProgramError
        There is no such preset.
    """
    if name is None:
        return None
    if not isinstance(name, str) or name not in PRESETS:
        hint = nearest(str(name), list(PRESETS)) or f"; there are {', '.join(PRESETS)}"
        raise ProgramError(f"there is no preset {name!r}{hint}")
    return PRESETS[name]


def recognized(headings: Sequence[str]) -> str:
    """Return which form a table comes from, judging by the headings that a form itself adds.

    Examples
    --------
    >>> recognized(["Timestamp", "Email Address", "What would you like to learn?"])
    'Google Forms'
    >>> recognized(["ID", "Start time", "Completion time", "Email", "Name"])
    'Microsoft Forms'
    """
    keys = [heading_key(heading) for heading in headings[:2]]
    if keys and keys[0] in _TIMESTAMP:
        return GOOGLE
    if keys[:1] == ["id"] and len(keys) > 1 and keys[1] in _STARTED:
        return MICROSOFT
    return ""


def own_headings(preset: str, headings: Sequence[str]) -> dict[str, str]:
    """Return what the headings mean that a form adds by itself."""
    if preset == MICROSOFT and headings and heading_key(headings[0]) == "id":
        return {headings[0]: RESPONSE}
    return {}


def without_strangers(preset: str, columns: Mapping[str, Cells]) -> dict[str, Cells]:
    """Return columns in which ``anonymous`` is nobody's address and nobody's name."""
    if preset != MICROSOFT:
        return dict(columns)
    return {
        key: cells.mapped(
            ["" if text.casefold() in _ANONYMOUS else text for text in cells.values]
        ) if key in {"email", "name"} else cells
        for key, cells in columns.items()
    }  # fmt: skip


def response_ids(columns: Mapping[str, Cells], side: str, findings: Findings) -> Cells | None:
    """Return ids made of the numbers of the answers, where a form knows nobody's address.

    Both forms of a round number their answers from 1, so the side is part of the id.
    """
    numbers = columns.get(RESPONSE)
    known = [columns[key] for key in ("id", "email") if key in columns]
    if numbers is None or any(not cells.blank().all() for cells in known):
        return None
    findings.add(
        "warning", "the form recorded no e-mail addresses: ids were made of the answers' numbers",
        "let the form ask for the e-mail address, so that people can be told apart and reached",
    )  # fmt: skip
    texts = [f"{side}-{text}" if text else "" for text in numbers.texts().tolist()]
    return Cells.of(texts) if texts else Cells([], np.zeros(0, dtype=np.int64))
