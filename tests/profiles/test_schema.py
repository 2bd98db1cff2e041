"""Columns and headings: what is understood by which name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.profiles import COLUMNS, heading_key
from matchkit.profiles.headings import own_key
from matchkit.profiles.schema import columns_meant, columns_stood_for

CONTRACT = (
    "id name email role department team manager location timezone languages skills goals "
    "goals_text bio interests seniority hours capacity min_load prefers avoids side"
)
SCIM = {
    "displayName": "name",
    "userName": "email",
    "title": "role",
    "employeeNumber": "id",
    "division": "department",
    "costCenter": "team",
    "organization": "department",
    "locale": "languages",
}


def test_columns_are_those_of_the_contract() -> None:
    """A promised column would be missing, or the order of the documentation would change."""
    assert list(COLUMNS) == CONTRACT.split()
    assert all(column.key == key for key, column in COLUMNS.items())


@pytest.mark.parametrize("heading", ["Goals Text", "goals_text", "GOALS-TEXT", " goàls  text "])
def test_headings_are_compared_by_letters(heading: str) -> None:
    """Case, spaces, underscores or accents would make a heading unknown."""
    assert columns_meant(heading) == ("goals_text",)


@pytest.mark.parametrize("key", COLUMNS)
def test_every_key_means_its_column_alone(key: str) -> None:
    """An alias would make the name of a column ambiguous."""
    assert columns_meant(key) == (key,)
    assert columns_stood_for(key) == ()


@pytest.mark.parametrize(("heading", "key"), SCIM.items())
def test_scim_names_are_read(heading: str, key: str) -> None:
    """An export from an identity provider would lose a column."""
    assert columns_stood_for(heading) == (key,)


def test_no_name_both_means_and_stands_for() -> None:
    """A name would be understood in two ways, depending on the path."""
    for column in COLUMNS.values():
        for name in column.stand_ins:
            assert not columns_meant(name)
            assert columns_stood_for(name) == (column.key,)


@given(st.text(max_size=20))
def test_keys_are_stable(text: str) -> None:
    """Writing a pool and reading it again would rename a column of the user's own."""
    key = own_key(text)
    assert own_key(key) == key
    assert heading_key(key) == heading_key(text)
    assert heading_key(heading_key(text)) == heading_key(text)
