"""Outcomes by group on the coordinator's page: shown where they tell something, nowhere else."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import matchkit as mk
from matchkit.errors import ProgramError
from matchkit.reports import outcomes
from matchkit.reports.page import render
from tests.reports.pages import Outline


@cache
def matching() -> mk.Matching:
    """Return a round in which places are short, with three columns of its own."""
    mentors, mentees = mk.datasets.cohort(10, 60)
    for number, person in enumerate(mentees):
        person["gender"] = ("f", "m", "")[number % 3]
        person["badge"] = f"b{number}"
        person["all alike"] = "yes"
    return mk.match(mentors, mentees, program=mk.Program(start=date(2027, 1, 11)))


def test_columns_that_part_people_are_found() -> None:
    """The page would compare sixty badges, or miss the column that matters."""
    assert outcomes.telling(matching().people.mentees) == ("department", "location", "gender")


def test_the_page_shows_every_group_and_its_numbers() -> None:
    """A group would be missing where a coordinator looks for it."""
    words = " ".join(Outline(render(matching(), audit_by=["gender"])).texts)
    found = mk.audit(matching(), ["gender"])
    assert found.verdict in words
    for group in found:
        assert re.search(rf"{group.name}\s+{group.people}\s+{group.matched} \(", words)


def test_several_named_columns_are_compared_together() -> None:
    """Who is both would stay hidden behind two columns that look fair alone."""
    built = outcomes.build(matching(), ["gender", "department"])
    assert built is not None
    assert [each.by for each in built.comparisons] == [
        "gender",
        "department",
        "gender and department",
    ]


def test_shares_stand_within_the_chart() -> None:
    """A dot or an interval would be drawn beside its scale."""
    built = outcomes.build(matching())
    assert built is not None
    for each in built.comparisons:
        for line in each.lines:
            assert outcomes.LABEL <= line.low <= line.at <= line.high <= built.width


def test_nothing_is_shown_where_nothing_can_be_compared() -> None:
    """The page would have a heading with nothing below it."""
    round_ = mk.match([{"id": "di"}], [{"id": "ana"}])
    assert outcomes.build(round_) is None
    assert outcomes.build(matching(), ()) is None
    assert 'id="outcomes"' not in render(round_)


def test_marks_are_words_and_not_color_alone() -> None:
    """Who cannot see the color would not see the signal."""
    mentees = [
        {"id": f"{site}{number}", "site": site, "speaks": "en" if number < matched else "xx"}
        for site, matched in (("Oslo", 20), ("Rome", 9))
        for number in range(20)
    ]
    program = mk.Program(criteria=(mk.SameValue("speaks"),), rules=(mk.Same("speaks"),))
    page = render(
        mk.match([{"id": "di", "speaks": "en", "capacity": 99}], mentees, program=program)
    )
    assert '<span class="caution">below four fifths</span>' in page
    assert "too few to compare" not in page


def test_other_audiences_see_no_comparison() -> None:
    """Small groups would be told about to everybody."""
    person = matching().matches[0].mentee
    assert 'id="outcomes"' not in render(matching(), audience="participant", person=person)
    assert 'id="outcomes"' not in render(matching(), audience="public")


def test_a_misspelled_column_is_named(tmp_path: Path) -> None:
    """The page would quietly leave the comparison out."""
    with pytest.raises(ProgramError, match="did you mean 'gender'"):
        mk.report(matching(), tmp_path / "page.html", audit_by=["gendr"])
    assert not list(tmp_path.iterdir())
