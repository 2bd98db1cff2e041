"""What a user's type checker sees. mypy reads this file; nothing runs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_type

import matchkit as mk


def matching(mentors: str, mentees: str) -> mk.Matching:
    """Keep the types of the main job's call and of its result."""
    program = mk.Program(criteria=(mk.SkillCoverage(weight=2),), rules=(mk.Different("team"),))
    assert_type(program, mk.Program)
    mk.SameValue("site", weight=2)
    mk.Locked("ana", "di")
    result = mk.match(mentors, mentees, program=program)
    assert_type(result, mk.Matching)
    return result


def pairs(result: mk.Matching) -> Iterator[mk.Match]:
    """Keep the types of what a result holds."""
    assert_type(len(result), int)
    assert_type(result["ana"].points, int)
    assert_type(result["ana"].score, float)
    assert_type(result.unmatched, tuple[mk.Unmatched, ...])
    assert_type(result.of_mentor("di"), tuple[mk.Match, ...])
    assert_type(result.certificate, mk.Certificate)
    assert_type(result.to_json(), str)
    return iter(result)


def misspelled() -> None:
    """Keep a misspelled name an error: an unused ignore would be reported."""
    mk.Progam  # type: ignore[attr-defined]  # noqa: B018
