"""Grids of forms: one question in many columns."""

from __future__ import annotations

import pytest

from matchkit.errors import ProfileError
from matchkit.profiles import read_people

SKILLS = "Rate your skills"


def test_a_grid_of_skills_is_one_column() -> None:
    """The levels that everybody stated would lie in columns of their own, unread."""
    people = [
        {"id": 1, f"{SKILLS} [Python]": "4", f"{SKILLS} [SQL; joins]": "Advanced", "team": "a"},
        {"id": 2, f"{SKILLS} [Python]": "No experience", f"{SKILLS} [SQL; joins]": "", "team": ""},
    ]
    pool = read_people(people, role="mentee")
    assert pool.skills.of(0) == ("Python", "SQL, joins")
    assert pool.skills.levels.tolist() == [4, 4]
    assert pool.skills.of(1) == ()
    assert pool.mapping == {"id": "id", SKILLS: "skills", "team": "team"}
    assert any("2 columns" in each.message for each in pool.findings)
    again = read_people(pool.to_records(), role="mentee")
    assert again.fingerprint == pool.fingerprint


def test_a_grid_of_hours_is_one_column() -> None:
    """The hours of each day would lie in columns of their own, unread."""
    ask = "When are you available?"
    people = [{"id": 1, f"{ask} [Monday]": "9-11, 14-16", f"{ask} [Tuesday]": ""}]
    pool = read_people(people, role="mentee")
    assert pool.hours.of(0) == ("Mon 09:00-11:00", "Mon 14:00-16:00")


def test_a_grid_of_ticks_names_what_is_ticked() -> None:
    """A tick would be an unknown level, or no tick a skill."""
    ask = "What would you like to learn?"
    people = [{"id": 1, f"{ask} [Go]": "Yes", f"{ask} [SQL]": "No", f"{ask} [C]": "x"}]
    assert read_people(people, role="mentee").goals.of(0) == ("Go", "C")


def test_answers_of_a_grid_that_are_no_levels_are_faults() -> None:
    """An answer would be dropped, or become part of a skill's name."""
    people = [{"id": 1, f"{SKILLS} [Go]": "wonderful", f"{SKILLS} [C]": "2"}]
    with pytest.raises(ProfileError, match="the level 'wonderful' is not a number from 1 to 5"):
        read_people(people, role="mentee")


def test_other_brackets_are_left_alone() -> None:
    """A column of the user's own would vanish into another."""
    people = [{"id": 1, "Size [cm]": "7", "Size [in]": "3", f"{SKILLS} [Go]": "2"}]
    pool = read_people(people, role="mentee")
    assert set(pool.columns) == {"id", "size_[cm]", "size_[in]", "rate_your_skills_[go]"}
    mapped = read_people(
        [{"id": 1, "Ability [Go]": "2", "Ability [C]": "3", "Ability [x]": "3"}], role="mentee",
        columns={"Ability": "skills", "Ability [x]": ""},
    )  # fmt: skip
    assert mapped.skills.of(0) == ("Go", "C")
