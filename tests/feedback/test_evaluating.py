"""Evaluation: figures against other libraries, missing answers counted, and honest words."""

from __future__ import annotations

import functools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import matchkit as mk
from matchkit import intervals
from matchkit.errors import DetachedError, ProgramError
from matchkit.feedback import Outcomes, simulate_outcomes


@given(answers=st.integers(1, 400), data=st.data())
def test_shares_have_the_score_interval(answers: int, data: st.DataObject) -> None:
    """An interval would not be the one that its source gives."""
    yes = data.draw(st.integers(0, answers))
    found = intervals.share(yes, answers)
    told = stats.binomtest(yes, answers).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((told.low, told.high), abs=1e-12)
    assert 0 <= found.low <= found.value == yes / answers <= found.high <= 1


@given(values=st.lists(st.sampled_from([1, 2, 3, 4, 5]), min_size=2, max_size=30))
def test_means_have_students_interval(values: list[float]) -> None:
    """An interval of the mean would be another, or leave the scale."""
    found = intervals.mean(values, least=1, most=5)
    error = stats.sem(values)
    half = stats.t.ppf(0.975, len(values) - 1) * error
    center = np.mean(values)
    told = max(1, center - half), min(5, center + half)
    assert (found.low, found.high) == pytest.approx(told, abs=1e-9)


@given(pairs=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), min_size=2, max_size=40))
def test_correlations_are_spearmans(pairs: list[tuple[int, int]]) -> None:
    """Ties would be ranked by their order."""
    left, right = zip(*pairs, strict=True)
    found = intervals.rank_correlation(left, right)
    if len(set(left)) == 1 or len(set(right)) == 1:
        assert math.isnan(found.value)
        return
    assert found.value == pytest.approx(stats.spearmanr(left, right).statistic, abs=1e-12)
    assert not found.low > found.value
    assert not found.high < found.value


def test_correlation_intervals_hold_what_they_promise() -> None:
    """Nineteen intervals of twenty would not hold the truth."""
    dice = np.random.default_rng(5)
    held, runs, truth = 0, 400, 0.5
    # Pearson's correlation that gives bivariate normals this rank correlation.
    moment = 2 * math.sin(math.pi * truth / 6)
    for _ in range(runs):
        left = dice.normal(size=40)
        right = moment * left + math.sqrt(1 - moment**2) * dice.normal(size=40)
        found = intervals.rank_correlation(left.tolist(), right.tolist())
        held += found.low <= truth <= found.high
    assert 0.92 <= held / runs <= 0.98


def test_nothing_is_estimated_from_nothing() -> None:
    """A figure would stand where nobody answered."""
    assert math.isnan(intervals.share(0, 0).value)
    assert math.isnan(intervals.mean([], least=1, most=5).value)
    one = intervals.mean([4], least=1, most=5)
    assert one.value == 4
    assert math.isnan(one.low)
    assert not one.clear
    few = intervals.rank_correlation([1, 2, 3], [1, 2, 3])
    assert few.value == 1
    assert math.isnan(few.low)


@pytest.fixture(scope="module")
def matching() -> mk.Matching:
    """Return a round of a synthetic cohort."""
    mentors, mentees = mk.datasets.cohort(mentors=40, mentees=120, seed=3)
    return mk.match(mentors, mentees, program=mk.Program(start=None, criteria=CRITERIA))


CRITERIA = (
    mk.SkillCoverage(weight=3),
    mk.SeniorityGap(weight=1),
    mk.SharedInterests(weight=1),
)


def test_everybody_is_counted_once(matching: mk.Matching) -> None:
    """Missing answers would be left out of sight, or counted twice."""
    outcomes = simulate_outcomes(matching, answering=0.6, seed=2)
    found = mk.evaluate(matching, outcomes, by=["department", "location"])
    assert found.pairs == len(matching)
    assert found.answered == sum(outcome.answered for outcome in outcomes) < found.pairs
    whole = found["mentee_rating"]
    ratings = [each.mentee_rating for each in outcomes if each.mentee_rating is not None]
    assert whole.estimate.value == pytest.approx(np.mean(ratings))
    assert whole.missing == found.pairs - len(ratings)
    for group in ("mentee department", "mentor department", "mentee location"):
        parts = [each for each in found.measures if each.group == group]
        counts = Counter[str]()
        for each in parts:
            counts[each.name] += each.pairs
            assert each.answered + each.missing == each.pairs
        assert set(counts.values()) == {found.pairs}
    frame = found.to_frame()
    assert len(frame) == len(found.measures)
    assert (frame["answered"] + frame["missing"] == frame["pairs"]).all()


def test_what_mattered_stands_out(matching: mk.Matching) -> None:
    """The criterion behind the outcomes would not be found, or another one would."""
    outcomes = simulate_outcomes(matching, weights={"SkillCoverage": 1}, strength=14, seed=4)
    found = mk.evaluate(matching, outcomes)
    clear = {each.criterion for each in found.associations if each.estimate.clear}
    assert "SkillCoverage" in clear
    frame = found.associations_frame()
    assert len(frame) == len(found.associations) == 3 * 7
    best = frame[frame["measure"] == "mentee_rating"].set_index("criterion")["correlation"]
    assert best.idxmax() == "SkillCoverage"
    halves = {
        each.value: each.estimate.value
        for each in found.measures
        if each.group == "SkillCoverage" and each.name == "mentee_rating"
    }
    assert halves["upper half"] > halves["lower half"]


def test_what_is_not_shown_is_said(matching: mk.Matching) -> None:
    """A reader would take a few kind answers for proof."""
    said = str(mk.evaluate(matching, simulate_outcomes(matching, answering=0.1, seed=6)))
    assert "pairs did not answer. They may have fared worse" in said
    assert "answers are few" in said
    assert "they were made because they scored well" in said
    assert "need not be cause and effect" in said
    assert "21 correlations were looked at; about 1 would stand out by chance" in said
    assert "have several pairs" in said
    full = mk.evaluate(matching, simulate_outcomes(matching, strength=14, seed=4))
    assert not any("did not answer" in caution for caution in full.cautions)
    assert "ended early" in str(full)


def test_a_round_without_any_answer(matching: mk.Matching) -> None:
    """Nothing would be said of a survey that nobody filled in, or everything."""
    found = mk.evaluate(matching, Outcomes(()))
    assert (found.answered, found.pairs) == (0, len(matching))
    assert "nobody answered" in str(found["completed"])
    assert all(math.isnan(each.estimate.value) for each in found.associations)
    assert "nothing to compare" in str(found.associations[0])
    empty = mk.evaluate(mk.match([], []), Outcomes(()))
    assert empty.pairs == 0
    assert not empty.associations


def test_calls_that_make_no_sense(matching: mk.Matching) -> None:
    """Another round's outcomes would be evaluated, or a misspelled column ignored."""
    outcomes = simulate_outcomes(matching)
    strange = mk.read_outcomes([{"mentee": "x", "mentor": "y"}])
    with pytest.raises(ProgramError, match="x with y is no pair of this round"):
        mk.evaluate(matching, strange)
    with pytest.raises(ProgramError, match="did you mean 'department'"):
        mk.evaluate(matching, outcomes, by=["departmnt"])
    with pytest.raises(ProgramError, match="must be a list of columns"):
        mk.evaluate(matching, outcomes, by="department")
    with pytest.raises(ProgramError, match="Outcomes is needed"):
        mk.evaluate(matching, "outcomes.csv")  # type: ignore[arg-type]
    with pytest.raises(DetachedError):
        mk.evaluate(mk.Matching.from_json(matching.to_json()), outcomes, by=["department"])
    with pytest.raises(KeyError, match="the measures are met"):
        mk.evaluate(matching, outcomes)["joy"]


@functools.cache
def small_round() -> mk.Matching:
    """Return a round that several examples look at."""
    mentors, mentees = mk.datasets.cohort(mentors=6, mentees=12, seed=1)
    return mk.match(mentors, mentees, program=mk.Program(criteria=CRITERIA))


@settings(max_examples=15)
@given(seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    """The same answers in another order would give other figures."""
    matching = small_round()
    frame = simulate_outcomes(matching, seed=seed, answering=0.8).to_frame()
    shuffled = frame.sample(frac=1, random_state=seed)
    first, second = (mk.read_outcomes(rows, matching) for rows in (frame, shuffled))
    assert first.records == second.records
    assert str(mk.evaluate(matching, first)) == str(mk.evaluate(matching, second))
