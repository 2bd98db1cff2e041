"""Skill names: what is the same and what is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.profiles import clean_skill, read_people, vocabulary
from matchkit.profiles.skills import fold


@pytest.mark.parametrize(
    "spellings",
    [
        ("Python", "python", " PYTHON ", "Ｐｙｔｈｏｎ", "python.", "- python", "• Python"),
        ("public speaking", "Public  Speaking", "public\u00a0speaking", "Public speaking!"),
        ("front-end", "Front\u2013End", "front\u2011end"),
        ("Führung", "fu\u0308hrung"),
        ("people's growth", "People\u2019s growth"),
    ],
)
def test_spellings_fall_together(spellings: tuple[str, ...]) -> None:
    """Two spellings of one skill would be two skills."""
    assert len({clean_skill(text) for text in spellings}) == 1


def test_names_with_signs_stay_apart() -> None:
    """C, C++ and C# would become one skill, or .NET would become a word for fishing."""
    names = ("C", "C++", "C#", ".NET", "net", "Node.js", "F#", "R", "R&D", "CI/CD", "front-end")
    assert len({clean_skill(name) for name in names}) == len(names)
    assert clean_skill(".NET") == ".net"
    assert clean_skill("c++") == "c++"


@given(st.text(max_size=30))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """A cleaned label would not be found again by its own name."""
    cleaned = clean_skill(text)
    assert clean_skill(cleaned) == cleaned
    assert fold(fold(text)) == fold(text)


def test_vocabulary_joins_both_sides() -> None:
    """A goal and a skill of the same name would get two codes."""
    mentors = read_people([{"id": 1, "skills": "SQL; Go"}, {"id": 2, "skills": "C"}], role="mentor")
    mentees = read_people([{"id": 1, "goals": "sql; Rust"}], role="mentee")
    labels, (skills, goals) = vocabulary(mentors.skills, mentees.goals)
    assert labels == ("c", "go", "rust", "sql")
    assert [labels[code] for code in goals[mentees.goals.codes]] == ["sql", "rust"]
    assert [labels[code] for code in skills[mentors.skills.codes]] == ["sql", "go", "c"]


def test_vocabulary_of_nothing() -> None:
    """A round in which nobody has skills would fail."""
    empty = read_people([], role="mentor").skills
    labels, maps = vocabulary(empty, empty)
    assert labels == ()
    assert all(codes.dtype == np.int64 and len(codes) == 0 for codes in maps)
