"""Numbers and names as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.matching import Certificate
from matchkit.program import Program
from matchkit.reports import wording


@given(st.lists(st.integers(0, 200_000), max_size=8))
def test_shown_parts_sum_to_the_shown_score(points: list[int]) -> None:
    """A reader who adds up the parts would get another score than the page shows."""
    shown = wording.part_scores(points)
    assert sum(map(Decimal, shown)) == Decimal(wording.score(sum(points)))
    for text, exact in zip(shown, points, strict=True):
        assert abs(Decimal(text) * 1_000_000 - exact) < 1_000


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SkillCoverage", "Skill coverage"),
        ("MaxTimezoneGap", "Max timezone gap"),
        ("SameValue(home_site)", "Same value: home_site"),
        ("SameHRUnit", "Same HR unit"),
        ("min_score", "min_score"),
        ("", ""),
    ],
)
def test_names_become_words(name: str, words: str) -> None:
    """A coordinator would read the names of Python classes."""
    assert wording.title(name) == words


def test_a_gap_is_never_called_proven() -> None:
    """A round that is not proven optimal would be sold as one."""
    open_gap = Certificate("feasible", 3, 3, 900_000, 1_000_000, 0.1)
    said = wording.proof(open_gap, Program())
    assert "proven" not in said
    assert "10.00%" in said


def test_score_mode_claims_no_coverage() -> None:
    """Under points only the page would claim that nobody more could be matched."""
    done = Certificate("optimal", 3, 3, 900_000, 900_000, 0.0)
    assert "people" not in wording.proof(done, Program(coverage="score"))
    assert "people" in wording.proof(done, Program())
