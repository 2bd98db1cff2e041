"""Matching <-> JSON: versioned, complete, and the same bytes for the same people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from matchkit.errors import ProgramError, ResultError
from matchkit.matching import Certificate, Match, Matching, Place, Record, Unmatched
from matchkit.program import Program

if TYPE_CHECKING:
    from matchkit.scoring import Criterion, Rule

SCHEMA = 1
"""Version of the document; a newer one is refused, an older one is read."""


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


def encode(matching: Matching) -> str:
    """Return a matching as JSON text, two spaces deep, ending in a newline."""
    document = _Document(
        schema=SCHEMA,
        certificate=matching.certificate,
        matches=matching.matches,
        unmatched=matching.unmatched,
        places=matching.places,
        program=matching.program.to_dict(),
        record=matching.record,
    )
    return json.dumps(asdict(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def decode(
    text: str | bytes,
    *,
    mentors: object = None,
    mentees: object = None,
    custom: Sequence[type[Criterion | Rule]] = (),
) -> Matching:
    """Return the matching that a text holds; see :meth:`Matching.from_json`."""
    document = _parsed(text)
    try:
        program = Program.from_dict(document.program, custom=custom)
    except ProgramError as error:
        raise ResultError(
            f"the program of this result cannot be read: {error}; "
            "give your own criteria and rules as custom=(...)"
        ) from error
    round_ = None
    if (mentors is None) != (mentees is None):
        raise ResultError("give both mentors and mentees, or neither")
    if mentors is not None:
        round_ = _attached(program, document.record, mentors, mentees)
    return Matching(
        matches=document.matches,
        unmatched=document.unmatched,
        places=document.places,
        certificate=document.certificate,
        program=program,
        record=document.record,
        round_=round_,
    )


def _parsed(text: str | bytes) -> _Document:
    from pydantic import TypeAdapter, ValidationError

    try:
        data = json.loads(text)
    except ValueError as error:
        raise ResultError(f"not a matchkit result: it is not JSON ({error})") from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(schema, int):
        raise ResultError("not a matchkit result: it has no schema number")
    if schema > SCHEMA:
        raise ResultError(
            f"this result has schema {schema} and this matchkit reads up to {SCHEMA}: "
            "update matchkit"
        )
    try:
        return TypeAdapter(_Document).validate_python(data)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise ResultError(f"not a sound matchkit result: {where}: {fault['msg']}") from error


def _attached(program: Program, record: Record, mentors: object, mentees: object) -> Any:
    """Rebuild the round from people that are proven to be the same."""
    from matchkit.profiles import Pool, read_people
    from matchkit.rounds import prepare

    pools = {
        "mentors": mentors if isinstance(mentors, Pool) else read_people(mentors, role="mentor"),
        "mentees": mentees if isinstance(mentees, Pool) else read_people(mentees, role="mentee"),
    }
    changed = [side for side, pool in pools.items() if pool.fingerprint != record.hashes.get(side)]
    if changed:
        raise ResultError(
            f"these {' and '.join(changed)} are not the people of this result: "
            "their hashes differ; give the files that the result was made from"
        )
    return prepare(pools["mentees"], pools["mentors"], program)
