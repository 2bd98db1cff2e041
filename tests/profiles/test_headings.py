"""Which heading is read as which column."""

from __future__ import annotations

import pytest

from matchkit.errors import ProfileError
from matchkit.profiles import read_people


def faults(person: dict[str, object]) -> str:
    """Return the message of the error that reading one record gives."""
    with pytest.raises(ProfileError) as caught:
        read_people([person], role="mentor")
    return str(caught.value)


def test_mapping_says_how_each_heading_was_read() -> None:
    """Nobody could tell what became of a column."""
    pool = read_people([{"Employee ID": 7, "Job-Title": "cook", "Shoe  Size": "43"}], role="mentor")
    assert pool.mapping == {"Employee ID": "id", "Job-Title": "role", "Shoe Size": "shoe_size"}
    assert pool.text("shoe_size").tolist() == ["43"]


def test_a_heading_that_could_be_two_columns_is_an_error() -> None:
    """Years of experience would be read as skills, in silence."""
    message = faults({"id": 1, "Experience": "8"})
    assert "'Experience' could mean 'skills' or 'seniority'" in message


def test_two_headings_of_one_column_are_an_error() -> None:
    """One of two columns would win in silence."""
    message = faults({"id": 1, "Job title": "cook", "Role": "baker"})
    assert "'Job title' and 'Role' all mean the column 'role'" in message


def test_repeated_headings_are_an_error() -> None:
    """The second of two equal columns would replace the first in silence."""
    message = faults({"id": 1, "Shoe size": "43", "shoe_size": "44"})
    assert "'Shoe size' (column 2) and 'shoe_size' (column 3)" in message


def test_a_stand_in_gives_way_to_the_real_column() -> None:
    """A site that has both a title and a role could not be read."""
    pool = read_people([{"id": 1, "title": "Dr", "role": "cook"}], role="mentor")
    assert pool.mapping == {"id": "id", "title": "title", "role": "role"}
    assert pool.text("title").tolist() == ["Dr"]


def test_the_first_stand_in_wins_and_the_rest_are_kept() -> None:
    """An export with division and organization could not be read, or would lose one."""
    person = {"id": 1, "organization": "Acme", "division": "Sales"}
    pool = read_people([person], role="mentor")
    assert pool.text("department").tolist() == ["Sales"]
    assert pool.text("organization").tolist() == ["Acme"]
    assert [str(finding) for finding in pool.findings if "division" in finding.message]


def test_columns_answer_to_the_heading_as_written() -> None:
    """A rule could not name a column by the heading that the user sees."""
    pool = read_people([{"id": 1, "Site": "Oslo"}], role="mentor")
    assert pool.text("site").tolist() == pool.text("location").tolist() == ["Oslo"]
    again = read_people(pool.to_records(), role="mentor")
    assert again.text("site").tolist() == ["Oslo"]


def test_missing_ids_name_the_headings_seen() -> None:
    """The user could not see which heading was meant to be the id."""
    message = faults({"Full name": "Ana", "Team": "A"})
    assert "neither a column 'id' nor 'email'; the headings are 'Full name', 'Team'" in message


@pytest.mark.parametrize("heading", ["a\x00b", "a\ud800"])
def test_headings_without_text_are_an_error(heading: str) -> None:
    """A heading that cannot be written would break the result later."""
    assert "the heading holds the control character" in faults({"id": 1, heading: "x"})
