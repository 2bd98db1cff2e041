"""Matching <-> JSON: versioned, complete, and the same bytes for the same people."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchkit.constraints import AppliedConstraint, Multiplier
from matchkit.continuity import Continuity, Previous
from matchkit.errors import Finding, InfeasibleError, ProfileError, ProgramError, ResultError
from matchkit.matching import (
    AppliedCriterion,
    Certificate,
    Match,
    Matching,
    Part,
    Place,
    Record,
    Unmatched,
)
from matchkit.program import Program

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from matchkit.profiles import Pool, Taxonomy
    from matchkit.profiles.pool import Role
    from matchkit.rounds import Round
    from matchkit.scoring import Criterion, Rule

SCHEMA = 1
"""Version of the document; a newer one is refused, an older one is read."""

MATCHING_FILE = "matching.json"
PEOPLE_FILE = "people.json"
TAXONOMY_FILE = "taxonomy.json"
"""What a saved directory holds beside the tables for people; a taxonomy where one was given."""


@dataclass(frozen=True, slots=True)
class _Document:
    """The whole result as it is stored."""

    schema: int
    certificate: Certificate
    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]
    places: tuple[Place, ...]
    program: dict[str, Any]
    record: Record
    continuity: Continuity | None = None


def encode(matching: Matching) -> str:
    """Return a matching as JSON text, one record on each line, ending in a newline."""
    return _text(
        {
            "schema": SCHEMA,
            "certificate": matching.certificate,
            "program": matching.program.to_dict(),
            "record": matching.record,
            "continuity": matching.continuity,
            "matches": matching.matches,
            "unmatched": matching.unmatched,
            "places": matching.places,
        }
    )


def _text(sections: Mapping[str, object]) -> str:
    """Write one object, the items of its lists on lines of their own, so that tools can diff."""
    lines = []
    for name, value in sections.items():
        if isinstance(value, list | tuple):
            items = ",\n".join(_line(item) for item in value)
            lines.append(f'"{name}": [\n{items}\n]')
        else:
            lines.append(f'"{name}": {_line(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_fields)


_STORED: Mapping[type[Any], tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind))
    for kind in (
        *(AppliedCriterion, Certificate, Continuity, Match, Part, Place, Previous, Record),
        *(AppliedConstraint, Multiplier, Unmatched),
    )
} | {Finding: ("severity", "message", "mend", "id", "column", "value")}
"""Fields stored of each dataclass; findings leave file and row out."""


def _fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in _STORED[type(value)]}


def decode(
    text: str | bytes,
    *,
    mentors: object = None,
    mentees: object = None,
    taxonomy: Taxonomy | None = None,
    custom: Sequence[type[Criterion | Rule]] = (),
) -> Matching:
    """Return the matching that a text holds; see :meth:`Matching.from_json`."""
    if (mentors is None) != (mentees is None):
        raise ProgramError("give both mentors and mentees, or neither")
    document = _parsed(text)
    try:
        program = Program.from_dict(document.program, custom=custom)
    except ProgramError as error:
        raise ResultError(
            f"the program of this result cannot be read: {error}; "
            "give your own criteria and rules as custom=(...)"
        ) from error
    round_ = None
    if mentors is not None:
        _check_taxonomy(document.record, taxonomy)
        round_ = _attached(document, program, (mentors, mentees), taxonomy)
    return Matching(
        matches=document.matches,
        unmatched=document.unmatched,
        places=document.places,
        certificate=document.certificate,
        program=program,
        record=document.record,
        round_=round_,
        continuity=document.continuity,
    )


def _parsed(text: str | bytes) -> _Document:
    from pydantic import ValidationError
    from pydantic_core import from_json

    try:
        data = from_json(text)
    except (TypeError, ValueError) as error:
        raise ResultError(f"not a matchkit result: it is not JSON ({error})") from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if type(schema) is not int:
        raise ResultError("not a matchkit result: it has no schema number")
    if schema > SCHEMA:
        raise ResultError(
            f"this result has schema {schema} and this matchkit reads up to {SCHEMA}: "
            "update matchkit"
        )
    try:
        return _reader().validate_json(text, strict=True)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise ResultError(f"not a sound matchkit result: {where}: {fault['msg']}") from error


@cache
def _reader() -> TypeAdapter[_Document]:
    from pydantic import TypeAdapter

    return TypeAdapter(_Document)


def _check_taxonomy(record: Record, taxonomy: Taxonomy | None) -> None:
    """Refuse another taxonomy than the one that the result was made with."""
    told, given = record.hashes.get("taxonomy"), taxonomy.fingerprint if taxonomy else None
    if told != given:
        raise ResultError(
            "this result was made without a taxonomy; leave it out"
            if told is None
            else "this result was made with a taxonomy: give that one as taxonomy=..."
        )


def _attached(
    document: _Document,
    program: Program,
    people: tuple[object, object],
    taxonomy: Taxonomy | None,
) -> Round:
    """Rebuild the round from people that are proven to be the same."""
    from matchkit.rounds import prepare

    mentors, mentees = people
    pools = {
        "mentors": _people(mentors, "mentor", document.record),
        "mentees": _people(mentees, "mentee", document.record),
    }
    hashes, before = document.record.hashes, document.continuity
    changed = [side for side, pool in pools.items() if pool.fingerprint != hashes.get(side)]
    if changed:
        raise ResultError(
            f"these {' and '.join(changed)} are not the people of this result: "
            "their hashes differ; give the files that the result was made from"
        )
    try:
        return prepare(
            pools["mentees"],
            pools["mentors"],
            program,
            before.previous if before else None,
            taxonomy=taxonomy,
        )
    except (ProgramError, InfeasibleError) as error:
        raise ResultError(
            f"the program of this result does not fit its people: {'; '.join(error.lines)}"
        ) from error


def _people(source: object, role: Role, record: Record) -> Pool:
    """Read people, headings as the result understood them or as they stand, whichever fits.

    Files have the headings of that time, and saved people those that matchkit gave them.
    Either way a program may name a column by the heading that it had.
    """
    from matchkit.profiles import Pool, read_people

    hash_, mapping = record.hashes.get(f"{role}s"), record.mapping.get(f"{role}s", {})
    if isinstance(source, Pool):
        return source
    source = list(source) if isinstance(source, Iterator) else source
    pool: Pool | None = None
    with contextlib.suppress(ProfileError):  # then the headings are others
        pool = read_people(source, role=role, columns=mapping)
    if pool is None or pool.fingerprint != hash_:
        pool = read_people(source, role=role)
    there = {heading: column for heading, column in mapping.items() if column in pool.columns}
    return replace(pool, mapping=there) if pool.fingerprint == hash_ else pool


def people_document(round_: Round) -> str:
    """Return the people of a round as JSON text, from which :func:`load` reads them back.

    Neither the order of rows nor that of columns in the files changes a byte of it.
    """
    sides = {"mentors": round_.mentors, "mentees": round_.mentees}
    records = {
        side: [dict(sorted(record.items())) for record in pool.to_records()]
        for side, pool in sides.items()
    }
    return _text({"schema": SCHEMA, **records})


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ResultError(f"{path.name} cannot be read: {reason}") from error


def read_matching(path: str | PathLike[str]) -> Matching:
    """Read a result without its people from the file that holds it.

    Parameters
    ----------
    path : path
        ``matching.json``, or the folder in which it lies.

    Raises
    ------
    ResultError
        The file cannot be read or holds no result.
    """
    file = Path(path)
    return decode(_read(file / MATCHING_FILE if file.is_dir() else file))


def load(
    directory: str | PathLike[str], *, custom: Sequence[type[Criterion | Rule]] = ()
) -> Matching:
    """Load a result that was saved as a directory, with its people.

    Parameters
    ----------
    directory : path
        Holds ``matching.json``, ``people.json`` and, where the round had one,
        ``taxonomy.json``.
    custom : sequence of classes
        Your own criteria and rules that the result's program names.

    Raises
    ------
    ResultError
        A file is missing or cannot be read, or the people are not those of the result.
    """
    from matchkit.profiles import Taxonomy

    texts = [_read(Path(directory) / name) for name in (MATCHING_FILE, PEOPLE_FILE)]
    try:
        people = json.loads(texts[1])
        sides = {side: people[side] for side in ("mentors", "mentees")}
    except (ValueError, KeyError, TypeError) as error:
        raise ResultError(f"{PEOPLE_FILE} does not hold mentors and mentees") from error
    named = Path(directory) / TAXONOMY_FILE
    taxonomy = Taxonomy.from_json(_read(named)) if named.exists() else None
    return decode(texts[0], **sides, taxonomy=taxonomy, custom=custom)
