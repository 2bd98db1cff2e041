"""Numbers as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.profiles.numbers import (
    number_text,
    parse_count,
    parse_most,
    parse_number,
    parse_years,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("3,5", 3.5), ("3.5", 3.5), (" -2 ", -2), ("\u22122", -2), (".5", 0.5),
     ("1e3", 1000), ("0,125", 0.125), ("1.250", 1.25)],
)  # fmt: skip
def test_numbers_are_read(text: str, number: float) -> None:
    """A usual way to write a number would be refused."""
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "x", "1,000", "12,345", "1 000", "nan", "inf", "1e999", "1.2.3", "٣", "5 years"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    """Something would be guessed: 1,000 is one to some and a thousand to others."""
    with pytest.raises(ValueError, match=r"is|could"):
        parse_number(text)


@pytest.mark.parametrize("text", ["-1", "1.5", "x", "", "99999999999999999999"])
def test_what_is_no_count_is_refused(text: str) -> None:
    """Half a place, or minus one, would become a capacity."""
    with pytest.raises(ValueError, match="is"):
        parse_count(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_written_numbers_read_back(number: float) -> None:
    """Writing a pool and reading it again would change a number."""
    assert parse_number(number_text(number)) == number
    assert not math.isnan(parse_number(number_text(number)))


@pytest.mark.parametrize(
    ("text", "years"),
    [("5 years", 5), ("3-5", 4), ("3\u20135 yrs", 4), ("10+", 10), ("more than 10 years", 10),
     ("less than 1 year", 0.5), ("18 months", 1.5), ("two years of experience", 2), ("7,5", 7.5),
     ("> 3", 3), ("5 or more", 5)],
)  # fmt: skip
def test_years_are_read(text: str, years: float) -> None:
    """The usual choices of a form would be refused."""
    assert parse_years(text) == years


@pytest.mark.parametrize("text", ["5-3", "senior", "", "years", "1,000", "3-5-7", "- years"])
def test_what_are_no_years_is_refused(text: str) -> None:
    """Something would be guessed."""
    with pytest.raises(ValueError, match=r"is not|could be"):
        parse_years(text)


@pytest.mark.parametrize(
    ("text", "most"),
    [("3 people", 3), ("max. 2", 2), ("up to three mentees", 3), ("1-2", 2), ("one", 1),
     ("None", 0), ("2 mentees max", 2), ("1 to 3 people", 3)],
)  # fmt: skip
def test_capacities_are_read(text: str, most: int) -> None:
    """A mentor's own words would be refused."""
    assert parse_most(text) == most


def test_ranges_of_a_capacity_go_up() -> None:
    """A slip would become a number of places."""
    with pytest.raises(ValueError, match="not a whole number"):
        parse_most("3-1")
