"""Words for yes, for no and for nothing; and people who answer twice."""

from __future__ import annotations

import pytest

from matchkit.profiles import read_people


def test_yes_and_no_in_all_spellings() -> None:
    """Two people who agree would differ in a rule or an audit."""
    people = [{"id": i, "remote": text} for i, text in
              enumerate(["Yes", "y", "TRUE", "ja", "no", "N", "false", "", "\u2713"])]  # fmt: skip
    pool = read_people(people, role="mentee")
    assert pool.text("remote").tolist() == [
        "yes", "yes", "yes", "yes", "no", "no", "no", "", "yes",
    ]  # fmt: skip
    assert {each.severity for each in pool.findings} == {"repaired"}
    mixed = read_people([{"id": 1, "remote": "yes"}, {"id": 2, "remote": "N. America"}])
    assert mixed.text("remote").tolist() == ["yes", "N. America"]


@pytest.mark.parametrize(
    ("column", "text", "left"),
    [
        ("skills", "n/a", ""), ("goals", "None", ""), ("timezone", "-", ""), ("hours", "none", ""),
        ("team", "N/A", ""), ("team", "None", "None"), ("diet", "none", "none"),
        ("diet", "n/a", ""), ("seniority", "n/a", ""), ("languages", "n/a", ""),
    ],
)  # fmt: skip
def test_words_for_nothing_are_blank(column: str, text: str, left: str) -> None:
    """Everybody without an answer would have the same skill, or the same team."""
    pool = read_people([{"id": 1, column: text}, {"id": 2, column: ""}], role="mentee")
    assert pool.text(column)[0] == left
    assert len(pool.findings) == (not left)


PERSON = {"id": "1", "name": "Ana Fry", "email": "ana.fry@example.org"}


@pytest.mark.parametrize(
    "twin",
    [
        {"name": "Fry, Ana", "email": "anafry@example.org"},
        {"name": "ana fry", "email": "ana.fry+forms@example.org"},
        {"name": "Anna Fry", "email": "ana.fry@example.com"},
        {"name": "Ana Fry", "email": "ana.frey@example.org"},
        {"name": "Ana Fry", "email": "ana.rfy@example.org"},
    ],
)
def test_one_person_under_two_ids_is_a_warning_for_both(twin: dict[str, str]) -> None:
    """One person would be matched twice, without a word."""
    found = read_people([PERSON, twin | {"id": "2"}], role="mentee").findings
    assert [(each.severity, each.row) for each in found] == [("warning", 0), ("warning", 1)]
    assert "same person as '2'" in found[0].message


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Ana Fry", "email": "ana.fry2@example.org"},
        {"name": "Ana Fry", "email": "a@example.org"},
        {"name": "Bo Bay", "email": "ana.fry@example.com"},
        {"name": "Ana Fry", "email": ""},
        {"name": "", "email": "ana.fry@example.com"},
        {"name": "Ana Fry", "email": "ana.fritz@example.org"},
    ],
)
def test_different_people_are_no_twins(other: dict[str, str]) -> None:
    """Namesakes would be doubted."""
    assert not read_people([PERSON, other | {"id": "2"}], role="mentee").findings


def test_a_crowd_of_one_name_is_left_alone() -> None:
    """A thousand people of one name would be compared each with each."""
    people = [PERSON | {"id": str(i)} for i in range(20)]
    assert "same person" not in str(read_people(people, role="mentee").findings)
