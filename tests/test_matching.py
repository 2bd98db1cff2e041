"""The result in hand: looking people up, frames, words and notebooks."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

import matchkit as mk
from matchkit.tables import SHOWN
from tests.builders import matching as built
from tests.builders import pair
from tests.dice import sound_matching
from tests.strategies import START

MENTORS = [
    {"id": "di", "skills": "sql:4", "capacity": 2},
    {"id": "gil", "skills": "rust:4"},
    {"id": "ed", "skills": "law:3", "capacity": 3},
]
MENTEES = [
    {"id": who, "goals": goal} for who, goal in (("cy", "sql"), ("ana", "rust"), ("bo", "sql"))
]
PROGRAM = mk.Program(criteria=(mk.SkillCoverage(),), min_score=0.5)


@pytest.fixture(scope="module")
def round_() -> mk.Matching:
    """Return a small round in which one person has no mentor."""
    return mk.match(MENTORS, [*MENTEES, {"id": "dot", "goals": "art"}], program=PROGRAM)


def test_a_matching_is_its_matches(round_: mk.Matching) -> None:
    """A loop over a result would miss people or give them in an odd order."""
    assert [match.mentee for match in round_] == ["ana", "bo", "cy"]
    assert len(round_) == 3
    assert "ana" in round_
    assert "dot" not in round_
    assert round_["ana"] is round_.matches[0]
    assert [one.mentee for one in round_.everyone] == ["ana", "bo", "cy", "dot"]
    assert [place.mentor for place in round_.places] == ["di", "ed", "gil"]


def test_mentors_and_their_mentees(round_: mk.Matching) -> None:
    """A mentor would not find their people."""
    assert [match.mentee for match in round_.of_mentor("di")] == ["bo", "cy"]
    assert round_.of_mentor("ed") == ()
    assert [(place.mentor, place.left) for place in round_.idle] == [("ed", 3)]


def test_unknown_ids_name_the_nearest(round_: mk.Matching) -> None:
    """A typing slip would be a bare KeyError."""
    with pytest.raises(KeyError, match=r"no mentee has the id 'anna'; did you mean 'ana'\?"):
        _ = round_["anna"]
    with pytest.raises(mk.UnknownPersonError, match="did you mean 'gil'"):
        round_.of_mentor("gill")
    with pytest.raises(mk.UnknownPersonError, match="no mentor has the id 7"):
        round_.of_mentor(7)  # type: ignore[arg-type]


def test_who_is_unmatched_is_told_why(round_: mk.Matching) -> None:
    """Asking for an unmatched person would look like a typing slip."""
    with pytest.raises(mk.UnknownPersonError, match=r"^dot has no mentor: .*matching.unmatched"):
        _ = round_["dot"]


def test_scores_and_shares() -> None:
    """A share would pass 1, or divide by nothing."""
    match = pair("ana", "di", (300_000, 150_000, 50_000))
    assert match.score == 0.5
    assert match.evidence_share == 0.7
    assert [part.share for part in match.parts] == [0.5, 0.5, 0.5]
    nothing = mk.Match("ana", "di", 0, 1, 1, ())
    assert nothing.evidence_share == 0.0
    assert mk.Part("x", 0, 0, known=True).share == 0.0
    assert str(match) == "ana with di: score 0.500, above all SkillCoverage"
    assert str(nothing) == "ana with di: score 0.000"


def test_results_cannot_be_changed(round_: mk.Matching) -> None:
    """A page could change what a later page shows."""
    with pytest.raises(FrozenInstanceError):
        round_["ana"].points = 5  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        round_.matches = ()  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        round_.people.board.points[0, 0] = 5


def test_results_can_be_sent_to_another_process() -> None:
    """A worker could not hand a result back."""
    calls: list[str] = []
    matching = mk.match(
        MENTORS, MENTEES, program=PROGRAM, on_progress=lambda stage, *_: calls.append(stage)
    )
    again = pickle.loads(pickle.dumps(matching))  # noqa: S301
    assert calls
    assert again.to_json() == matching.to_json()
    assert mk.verify(again) == ()
    assert mk.why_not(again, "ana", "ed").broken


def test_a_frame_has_everybody(round_: mk.Matching) -> None:
    """An analyst would lose those without a mentor, or get numbers as text."""
    frame = round_.to_frame()
    assert frame.columns.tolist() == [
        "mentee", "mentor", "score", "points", "rank", "SkillCoverage", "evidence_share",
        "cautions", "reason",
    ]  # fmt: skip
    assert frame["mentee"].tolist() == ["ana", "bo", "cy", "dot"]
    assert frame["mentor"].tolist() == ["gil", "di", "di", ""]
    assert frame["reason"].tolist() == ["", "", "", "no_eligible_mentor"]
    assert frame["points"].sum() == round_.certificate.total
    assert frame["rank"].isna().tolist() == [False, False, False, True]
    assert pd.api.types.is_float_dtype(frame["score"])
    assert pd.api.types.is_integer_dtype(frame["points"])


@pytest.mark.parametrize("seed", range(12))
def test_frames_of_any_round(seed: int) -> None:
    """A round in which nobody or everybody is matched would have other columns."""
    matching = sound_matching(seed)
    frame = matching.to_frame()
    assert len(frame) == matching.record.mentees
    names = [criterion.name for criterion in matching.record.criteria]
    assert frame.columns.tolist()[5:-3] == names
    assert frame["mentee"].tolist() == [one.mentee for one in matching.everyone]
    parts = frame[names].sum(axis=1).astype("Int64")
    assert (parts[frame["mentor"] != ""] == frame["points"][frame["mentor"] != ""]).all()


def test_a_summary_in_a_few_lines(round_: mk.Matching) -> None:
    """A coordinator would have to count."""
    assert round_.summary().splitlines() == [
        "matched           3 of 4 mentees",
        "mean score        0.850",
        "worst score       0.850 (ana with gil)",
        "gap               0 (proven optimal)",
        "places            6 offered, 3 left",
        "pairs removed by  min_score 9",
        "not applied       NotManager, Avoid, SharedLanguage",
    ]
    assert repr(round_) == "Matching(3 of 4 mentees matched, optimal, gap 0)"


def test_a_summary_without_rules() -> None:
    """A round that removed nothing would show an empty line."""
    matching = mk.match(
        MENTORS, MENTEES, program=mk.Program(criteria=(mk.SkillCoverage(),), rules=())
    )
    assert "pairs removed by  no rule (of 9 pairs)" in matching.summary()
    assert "not applied" not in matching.summary()


def test_a_notebook_shows_the_first_of_many() -> None:
    """A notebook would show nothing, or a thousand rows."""
    mentors, mentees = mk.datasets.cohort(30, 40)
    matching = mk.match(mentors, mentees, program=mk.Program(start=START))
    page = matching._repr_html_()
    assert page.count("<tr>") == 1 + SHOWN
    assert f"and {len(matching) - SHOWN} more" in page
    assert "<b>matched</b>" in page


def test_a_notebook_escapes_what_people_write() -> None:
    """A name in a file would run as a script in an analyst's notebook."""
    evil = "<script>alert(1)</script>"
    page = built(pair(evil, "di", word=evil), pair("bo", "di", (0, 0, 0)))._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "more:" not in page


def test_a_detached_result_says_so() -> None:
    """Who loaded a result without its people would get an attribute error."""
    with pytest.raises(mk.DetachedError, match="loaded without its people"):
        _ = built(pair("ana", "di")).people
