"""One source that holds mentors and mentees."""

from __future__ import annotations

import pytest

import matchkit as mk
from matchkit.errors import ProfileError, ProgramError
from matchkit.profiles import examine_people, read_people
from matchkit.profiles.sides import parse_side

PEOPLE = [
    {"id": "di", "side": "Mentor", "skills": "sql:4"},
    {"id": "ana", "side": "mentee", "goals": "sql"},
    {"id": "bo", "side": "Both", "skills": "go", "goals": "sql"},
]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Mentor", "mentor"), ("MENTEES", "mentee"), ("both", "both"), ("Either", "both"),
        ("mentor, mentee", "both"), ("A mentor and a mentee", "both"),
        ("I would like to be a mentor", "mentor"), ("I am looking for a mentor", "mentee"),
        ("I want to be mentored", "mentee"), ("be a mentor; find a mentor", "both"),
        ("Mentorin", "mentor"),
    ],
)  # fmt: skip
def test_sides_are_read(text: str, side: str) -> None:
    """Somebody who looks for a mentor would become one."""
    assert parse_side(text) == side


@pytest.mark.parametrize("text", ["yes", "not a mentor", "neither", "I don't need a mentor", "?"])
def test_what_is_no_side_is_refused(text: str) -> None:
    """Somebody would be put on a side that they did not choose."""
    with pytest.raises(ValueError, match="neither mentor nor mentee"):
        parse_side(text)


def test_each_side_gets_its_people() -> None:
    """A single file of people could not be matched."""
    assert read_people(PEOPLE, role="mentor").ids.tolist() == ["di", "bo"]
    assert read_people(PEOPLE, role="mentee").ids.tolist() == ["ana", "bo"]
    assert read_people(PEOPLE).ids.tolist() == ["di", "ana", "bo"]
    assert examine_people(PEOPLE).sides == {"mentor": 2, "mentee": 2}


def test_one_source_is_matched() -> None:
    """The whole job would need two files."""
    matching = mk.match(iter(PEOPLE))
    assert {pair.mentee for pair in matching} == {"ana", "bo"}
    assert all(pair.mentor != pair.mentee for pair in matching)
    assert mk.verify(matching) == ()
    assert mk.score(PEOPLE).points.shape == (2, 2)


def test_one_source_must_tell_the_sides() -> None:
    """Everyone would be matched with everyone."""
    with pytest.raises(ProfileError, match="nothing in it says who is a mentor"):
        mk.match([{"id": "a"}])
    with pytest.raises(ProfileError, match="there is no file"):
        mk.match("nobody.csv")


def test_faults_of_one_source_come_once() -> None:
    """Each fault would be told for both sides."""
    with pytest.raises(ProfileError) as caught:
        mk.match([{"id": "a", "side": "both", "capacity": "x"}])
    assert len(caught.value.findings) == 1


def test_a_column_of_roles_may_be_one_of_sides() -> None:
    """The most usual heading, Role, would be taken for the job."""
    people = [{"id": 1, "Role": "Mentor"}, {"id": 2, "Role": "Mentee"}]
    assert read_people(people, role="mentee").ids.tolist() == ["2"]
    people = [{"id": 1, "Role": "Mentor coordinator"}, {"id": 2, "Role": "Mentor"}]
    assert read_people(people, role="mentor").text("role").tolist() == [
        "Mentor coordinator", "Mentor",
    ]  # fmt: skip


def test_who_chooses_no_side_is_named() -> None:
    """A person would be on neither side, without a word."""
    with pytest.raises(ProfileError) as caught:
        read_people([{"id": 1, "side": ""}, {"id": 2, "side": "boss"}], role="mentor")
    assert [(each.row, each.value) for each in caught.value.findings] == [(0, ""), (1, "boss")]


def test_one_person_may_answer_for_each_side() -> None:
    """Somebody who sent the form once as mentor and once as mentee would be refused."""
    people = [{"id": 1, "side": "mentor"}, {"id": 1, "side": "mentee"}]
    assert [len(read_people(people, role=role)) for role in ("mentor", "mentee")] == [1, 1]


def test_roles_must_exist() -> None:
    """A misspelled role would read everyone."""
    with pytest.raises(ProgramError, match="role is 'mentors'"):
        read_people(PEOPLE, role="mentors")  # type: ignore[arg-type]
