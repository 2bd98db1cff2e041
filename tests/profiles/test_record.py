"""Profiles: people as a program writes them."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from matchkit.profiles import COLUMNS, Profile, read_people


def test_fields_are_the_columns() -> None:
    """A column could not be given by a program, or under another name."""
    assert list(Profile.model_fields) == list(COLUMNS)


def test_profiles_become_people() -> None:
    """A profile would say less than the row of a file."""
    ana = Profile(
        id=7, skills={"Python": 4, "SQL": None}, goals=["writing", "Go"], seniority=2.5,
        hours=["Mon 9-10"], capacity=2, timezone="europe/oslo", shoe_size=43,
    )  # fmt: skip
    pool = read_people([ana], role="mentor")
    assert pool.ids.tolist() == ["7"]
    assert pool.skills.of(0) == ("Python", "SQL")
    assert pool.skills.levels.tolist() == [4, 0]
    assert pool.goals.of(0) == ("writing", "Go")
    assert (pool.zone[0], pool.capacity[0], pool.seniority[0]) == ("Europe/Oslo", 2, 2.5)
    assert pool.text("shoe_size").tolist() == ["43"]


def test_lists_may_be_written_as_in_a_cell() -> None:
    """A program that copies cells would have to take them apart."""
    written = Profile(id="a", skills="Python:4; SQL", goals="Go")
    assert written.skills == ["Python:4", "SQL"]
    assert written.goals == ["Go"]


@pytest.mark.parametrize(
    "fields",
    [{}, {"id": " "}, {"id": "a", "skills": {"sql": 6}}, {"id": "a", "capacity": -1},
     {"id": "a", "seniority": "old"}, {"id": "a", "goals": 7}],
)  # fmt: skip
def test_wrong_fields_are_refused(fields: dict[str, object]) -> None:
    """A wrong field would be found only once the round is matched."""
    with pytest.raises(ValidationError):
        Profile.model_validate(fields)


def test_profiles_are_frozen() -> None:
    """A person could change between reading and explaining."""
    with pytest.raises(ValidationError):
        Profile(id="a").name = "Ana"  # type: ignore[misc]


def test_profiles_have_a_schema() -> None:
    """Another program could not tell what a profile looks like."""
    schema = Profile.model_json_schema()
    assert set(schema["properties"]) == set(COLUMNS)
    again = Profile.model_validate_json(Profile(id="a", skills={"sql": 4}).model_dump_json())
    assert again.skills == {"sql": 4}
    json.dumps(schema)
