"""The criteria on columns and lists, by examples worked out by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from matchkit import (
    DifferentValue,
    ProgramError,
    SameValue,
    SeniorityGap,
    SharedInterests,
    SkillCoverage,
    StatedPreference,
    TextFit,
)
from tests.scoring.values import Records, feature, pools, values


def test_seniority_falls_evenly_from_the_ideal() -> None:
    """A mentor two steps ahead would not be the best, or a peer as good."""
    mentors = [{"id": str(lead), "seniority": 4 + lead} for lead in (-9, -1, 0, 2, 3.5, 5, 40)]
    found = values(SeniorityGap(), mentors, [{"id": "ana", "seniority": 4}])
    assert found == [pytest.approx([0, 0, 1 / 3, 1, 0.5, 0, 0])]


def test_seniorities_beyond_all_measure() -> None:
    """A slip of the keyboard would end in a warning that nobody understands."""
    mentors, mentees = [{"id": "di", "seniority": 1e308}], [{"id": "ana", "seniority": -1e308}]
    assert values(SeniorityGap(), mentors, mentees) == [[0]]


def test_seniority_settings() -> None:
    """A program that wants peers would get seniors."""
    mentors = [{"id": "di", "seniority": 4}, {"id": "gil", "seniority": 6}]
    found = values(SeniorityGap(ideal=0, spread=4), mentors, [{"id": "ana", "seniority": 4}])
    assert found == [[1, 0.5]]


def test_a_blank_seniority_is_unknown() -> None:
    """A blank would count as 0 years."""
    mentors: Records = [{"id": "di", "seniority": ""}, {"id": "gil", "seniority": 0}]
    mentees: Records = [{"id": "ana", "seniority": None}, {"id": "bo", "seniority": 0}]
    assert values(SeniorityGap(), mentors, mentees) == [[None, None], [None, pytest.approx(1 / 3)]]


def test_seniority_is_said() -> None:
    """A coordinator could not see the two seniorities."""
    mentors, mentees = [{"id": "di", "seniority": 6}], [{"id": "ana", "seniority": 3.5}]
    assert feature(SeniorityGap(), mentors, mentees).evidence(0, 0) == ("seniority 6 against 3.5",)


def test_interests_by_their_overlap() -> None:
    """Long lists would win by length."""
    mentors = [
        {"id": "di", "interests": "chess"},
        {"id": "gil", "interests": "Chess; sailing; opera; go"},
        {"id": "ed", "interests": "opera"},
        {"id": "flo", "interests": ""},
    ]
    mentees = [{"id": "ana", "interests": "chess ; Sailing"}, {"id": "bo", "interests": ""}]
    found = values(SharedInterests(), mentors, mentees)
    assert found == [[pytest.approx(1 / sqrt(2)), pytest.approx(2 / sqrt(8)), 0, None], [None] * 4]


def test_shared_interests_are_named() -> None:
    """A coordinator could not see what two people have in common."""
    mentors = [{"id": "di", "interests": "chess; Opera; go"}, {"id": "gil", "interests": "law"}]
    bound = feature(SharedInterests(), mentors, [{"id": "ana", "interests": "opera; Chess"}])
    assert bound.evidence(0, 0) == ("both listed: Chess, opera",)
    assert bound.evidence(0, 1) == ("no shared interest listed",)


def test_same_and_different_values() -> None:
    """Case or spaces would make two teams of one, or a blank would count as a team."""
    mentors = [{"id": at, "team": team} for at, team in enumerate(["data ", "Sales", ""])]
    mentees = [{"id": "ana", "team": "Data"}, {"id": "bo", "team": ""}]
    assert values(SameValue("team"), mentors, mentees) == [[1, 0, None], [None, None, None]]
    assert values(DifferentValue("team"), mentors, mentees) == [[0, 1, None], [None, None, None]]


def test_values_are_said_as_written() -> None:
    """A coordinator would read folded text."""
    mentors, mentees = [{"id": "di", "team": "Data "}], [{"id": "ana", "team": "Ops"}]
    assert feature(SameValue("Team"), mentors, mentees).evidence(0, 0) == ("Team: Ops and Data",)


NAMED = [
    {"id": "ana", "prefers": "di; gil; Ed Lee; nobody"},
    {"id": "bo", "prefers": ""},
    {"id": "cy", "prefers": "gil@example.org"},
    {"id": "dot", "prefers": "somebody else"},
]
ASKED = [
    {"id": "di", "prefers": "bo; ana"},
    {"id": "gil", "email": "Gil@example.org"},
    {"id": "ed", "name": "Ed Lee", "prefers": "cy"},
]


def test_preferences_of_mentees() -> None:
    """The second wish would weigh like the first, or silence like a refusal."""
    found = values(StatedPreference(of="mentee"), ASKED, NAMED)
    assert found == [[1, 0.75, 0.5], [None] * 3, [0, 1, 0], [None] * 3]


def test_preferences_of_mentors() -> None:
    """A mentor's wish would count for nothing."""
    found = values(StatedPreference(of="mentor"), ASKED, NAMED)
    assert found == [[0.5, None, 0], [1, None, 0], [0, None, 1], [0, None, 0]]


def test_preferences_of_both_are_averaged_over_who_spoke() -> None:
    """One side's silence would halve the other's wish."""
    found = values(StatedPreference(), ASKED, NAMED)
    assert found == [[0.75, 0.75, 0.25], [1, None, 0], [0, 1, 0.5], [0, None, 0]]


def test_a_name_that_two_people_have_is_nobody() -> None:
    """A wish would be given to the wrong one of two."""
    mentors = [{"id": "di", "name": "Ed Lee"}, {"id": "ed", "name": "ed lee"}]
    found = values(StatedPreference(of="mentee"), mentors, [{"id": "ana", "prefers": "Ed Lee"}])
    assert found == [[None, None]]


def test_a_person_named_twice_counts_at_the_first_place() -> None:
    """The same wish by id and by name would count at its lower place."""
    mentors = [{"id": "di", "name": "Di Ma"}, {"id": "ed"}]
    mentees = [{"id": "ana", "prefers": "di; ed; Di Ma; x"}]
    assert values(StatedPreference(of="mentee"), mentors, mentees) == [[1, 0.75]]


def test_preferences_are_said() -> None:
    """A coordinator could not see who asked for whom."""
    bound = feature(StatedPreference(), ASKED, NAMED)
    assert bound.evidence(0, 0) == (
        "the mentee asked for this mentor",
        "the mentor asked for this mentee",
    )
    assert bound.evidence(2, 0) == ("not asked for by mentee", "not asked for by mentor")
    assert bound.evidence(1, 1) == ()


@pytest.mark.parametrize(
    ("of", "why"),
    [
        ("both", "mentees have no 'prefers' and mentors have no 'prefers'"),
        ("mentee", "mentees have no 'prefers'"),
        ("mentor", "mentors have no 'prefers'"),
    ],
)
def test_preferences_without_any(of: str, why: str) -> None:
    """A criterion that cannot apply would not be said to be skipped."""
    criterion = StatedPreference(of=of)
    assert criterion.missing(*pools([{"id": "di"}], [{"id": "ana"}])) == why
    assert criterion.missing(*pools(ASKED, NAMED)) == ""


def test_text_needs_one_column_on_each_side() -> None:
    """A file with goals alone would be said to have no text."""
    mentors, mentees = [{"id": "di", "role": "Analyst"}], [{"id": "ana", "goals": "sql"}]
    assert TextFit().missing(*pools(mentors, mentees)) == ""
    assert TextFit().missing(*pools(mentors, [{"id": "ana"}])) == (
        "mentees have none of goals_text, goals"
    )


@pytest.mark.parametrize("teach", [(), (0.5, 1.5), (-0.1,), (float("nan"),)])
def test_a_teaching_curve_holds_shares(teach: tuple[float, ...]) -> None:
    """A part could pass its weight."""
    with pytest.raises(ProgramError, match="one or more numbers between 0 and 1"):
        SkillCoverage(teach=teach)
