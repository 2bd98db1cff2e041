"""Learned weights: fitted right, held out by round, restrained, and refused where they must be."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import matchkit as mk
from matchkit.errors import NothingToLearnError, ProgramError
from matchkit.feedback import Outcomes, simulate_outcomes
from matchkit.feedback.fitting import nonnegative_logistic
from matchkit.feedback.ordering import concordance, pooled

CRITERIA = (
    mk.SkillCoverage(weight=2),
    mk.SeniorityGap(weight=1),
    mk.SharedInterests(weight=1),
)
PROGRAM = mk.Program(criteria=CRITERIA)
Rounds = list[tuple[mk.Matching, Outcomes]]


@functools.cache
def matched(seed: int) -> mk.Matching:
    """Return a round that several tests look at."""
    return mk.match(*mk.datasets.cohort(25, 60, seed=seed), program=PROGRAM)


def rounds(count: int = 3, **settings: float) -> Rounds:
    """Return rounds in which nothing but shared interests mattered."""
    return [
        (matched(at), simulate_outcomes(matched(at), weights={"SharedInterests": 1}, **settings))  # type: ignore[arg-type]
        for at in range(count)
    ]


# Fitting ------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 10_000))
def test_the_fit_is_the_one_optimum(seed: int) -> None:
    """A coefficient would be negative, or another one would fit better."""
    dice = np.random.default_rng(seed)
    features, labels = dice.random((30, 3)), dice.random(30) < 0.5
    groups = np.sort(dice.integers(0, 2, 30))
    fit = nonnegative_logistic(features, labels, groups)
    assert (fit >= 0).all()
    free = LogisticRegression(C=10, fit_intercept=False, tol=1e-10, max_iter=10_000)
    used = fit > 0
    rates = np.eye(2)[groups] * 1_000  # so large that their penalty is none
    free.fit(np.hstack([features[:, used], rates]), labels)
    assert free.coef_[0, : used.sum()] == pytest.approx(fit[used], abs=1e-3)
    pull = labels - free.predict_proba(np.hstack([features[:, used], rates]))[:, 1]
    assert (features[:, ~used].T @ pull <= 1e-3).all()


@given(seed=st.integers(0, 10_000))
def test_concordance_is_the_area_under_the_curve(seed: int) -> None:
    """Ties would count as right, or as wrong."""
    dice = np.random.default_rng(seed)
    worth = dice.integers(0, 6, 20).astype(float)
    good = np.append(dice.random(18) < 0.5, [True, False])
    assert concordance(worth, good).value == pytest.approx(roc_auc_score(good, worth))


def test_the_interval_of_a_difference_holds_what_it_promises() -> None:
    """New weights would be called better by luck more often than one time in twenty."""
    dice = np.random.default_rng(1)
    held = 0
    for _ in range(300):
        pairs = []
        for _ in range(2):
            good = np.arange(50) < 25
            signal = good + dice.normal(size=50)
            worths = (signal + dice.normal(size=50), signal + dice.normal(size=50))
            pairs.append([concordance(worth, good) for worth in worths])
        found = pooled(pairs)[2]
        held += found.low <= 0 <= found.high
    assert 0.91 <= held / 300 <= 0.99
    same = pooled([(pairs[0][0], pairs[0][0])])[2]
    assert (same.low, same.value, same.high) == (0, 0, 0)


# Learning -----------------------------------------------------------------------------------------


def test_what_mattered_weighs_more() -> None:
    """A programme would learn the wrong thing from a plain pattern, or change all at once."""
    learned = mk.learn_weights(PROGRAM, rounds(strength=20))
    weights = {each.criterion: each for each in learned.weights}
    assert weights["SharedInterests"].after > weights["SharedInterests"].before
    assert weights["SkillCoverage"].after < weights["SkillCoverage"].before
    assert learned.after > learned.before
    assert learned.difference.low > 0
    assert "the new weights do better than the present ones" in str(learned)
    assert learned.trust == pytest.approx(learned.labels / (learned.labels + 100))
    for each in learned.weights:
        assert each.learned is not None
        mixed = (1 - learned.trust) * each.before + learned.trust * each.learned * 4
        assert each.after == pytest.approx(mixed, abs=1e-4)
    assert [criterion.weight for criterion in learned.program.criteria] == [
        each.after for each in learned.weights
    ]
    same = learned.program.model_copy(update={"criteria": CRITERIA})
    assert same == PROGRAM
    frame = learned.to_frame()
    assert frame["after"].sum() == pytest.approx(4, abs=1e-3)
    assert mk.match(*mk.datasets.cohort(5, 8), program=learned.program).certificate.gap == 0


def test_a_round_is_predicted_from_the_others_only() -> None:
    """Pairs of one round would vouch for each other, and every learning would look good."""
    learned = mk.learn_weights(PROGRAM, rounds(strength=20))
    assert [each.round for each in learned.held_out] == [1, 2, 3]
    spoiled = rounds(strength=20)
    matching, outcomes = spoiled[0]
    turned = tuple(
        replace(each, mentee_rating=5.0 if not each.went_well else 1.0, mentor_rating=None,
                progress=None, ended_early=False)
        for each in outcomes
    )  # fmt: skip
    spoiled[0] = matching, Outcomes(turned)
    again = mk.learn_weights(PROGRAM, spoiled)
    before, after = learned.held_out[0].after, again.held_out[0].after
    assert before is not None
    # The same weights order the same pairs, whose outcomes are all turned around.
    assert after == pytest.approx(1 - before)


def test_the_order_of_answers_changes_nothing() -> None:
    """Another sort of the survey would give other weights."""
    given = rounds(2, strength=20)
    turned = [(matching, Outcomes(tuple(reversed(list(told))))) for matching, told in given]
    assert mk.learn_weights(PROGRAM, given) == mk.learn_weights(PROGRAM, turned)


def test_a_criterion_that_no_round_applied_keeps_its_weight() -> None:
    """What nobody has evidence on would be weighed by accident."""
    program = mk.Program(criteria=(*CRITERIA, mk.SameValue("shoe", weight=0.7)))
    learned = mk.learn_weights(program, rounds(2, strength=20))
    last = learned.weights[-1]
    assert (last.criterion, last.before, last.after, last.learned) == (
        "SameValue(shoe)", 0.7, 0.7, None,
    )  # fmt: skip
    assert "not applied in any round" in str(learned)


def test_ones_own_idea_of_success() -> None:
    """A programme that cares for meetings would have to learn from ratings."""
    learned = mk.learn_weights(
        PROGRAM,
        rounds(strength=20),
        went_well=lambda each: None if each.meetings is None else each.meetings >= 6,
    )
    assert learned.good != mk.learn_weights(PROGRAM, rounds(strength=20)).good


def test_a_round_of_one_kind_is_told_and_not_compared() -> None:
    """A round in which everybody was happy would stop the learning, or count as a success."""
    matching, outcomes = matched(3), simulate_outcomes(matched(3))
    happy = Outcomes(tuple(replace(each, mentee_rating=5.0, mentor_rating=5.0, progress=1.0,
                                   ended_early=False) for each in outcomes))  # fmt: skip
    learned = mk.learn_weights(PROGRAM, [*rounds(2, strength=20), (matching, happy)])
    assert learned.held_out[2].before is None
    assert learned.held_out[2].good == learned.held_out[2].labels


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ([], 4),
        (rounds(1), 1),
        ([(each, Outcomes(())) for each in (matched(0), matched(1))], 4),
        ([(each, Outcomes(tuple(told)[:6])) for each, told in rounds(2)], 1),
    ],
)
def test_nothing_is_learned_from_nothing(given: Rounds, reasons: int) -> None:
    """Weights would change because of a handful of answers."""
    with pytest.raises(NothingToLearnError) as caught:
        mk.learn_weights(PROGRAM, given)
    assert len(caught.value.lines) >= reasons
    assert str(caught.value) == "\n".join(caught.value.reasons)


def test_refusals_say_why() -> None:
    """A coordinator would not know what to do better next time."""
    one = mk.Program(criteria=(mk.SkillCoverage(weight=1),))
    with pytest.raises(NothingToLearnError, match="there is no balance"):
        mk.learn_weights(one, rounds(2))
    alike = mk.Program(criteria=(mk.SameValue("site", weight=1), mk.SameValue("unit", weight=1)))
    people = [{"id": str(at), "site": "Oslo", "unit": "x"} for at in range(30)]
    matching = mk.match(people, people, program=alike)
    told = [(matching, simulate_outcomes(matching, seed=seed)) for seed in range(2)]
    with pytest.raises(NothingToLearnError, match="the same part of every criterion"):
        mk.learn_weights(alike, told)
    against = [
        (matching, simulate_outcomes(matching, strength=-40, seed=5))
        for matching in (matched(0), matched(1))
    ]
    with pytest.raises(NothingToLearnError, match="no criterion goes with good outcomes"):
        mk.learn_weights(PROGRAM, against)
    with pytest.raises(ProgramError, match="is no pair of this round"):
        mk.learn_weights(PROGRAM, [(matched(0), rounds(2)[1][1])])


def test_no_difference_is_called_none() -> None:
    """Noise would be sold as progress."""
    found = []
    for seed in range(12):
        with contextlib.suppress(NothingToLearnError):
            found.append(mk.learn_weights(PROGRAM, rounds(strength=0, seed=seed)))
    assert sum("better" in learned.verdict for learned in found) <= 1
    learned = next(each for each in found if each.difference.low < 0 < each.difference.high)
    assert "no clear difference" in learned.verdict
    worse = replace(learned, difference=replace(learned.difference, low=-0.2, high=-0.1))
    assert "keep those" in worse.verdict
