"""The scorer: weights, parts, means, and both faces of every criterion and rule."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.scoring import (
    POINTS,
    Context,
    Criterion,
    Scorer,
    latent,
    products,
    tables,
    whole_weights,
)
from matchkit.scoring import scorer as scorer_module
from matchkit.scoring.sides import Index, Values
from tests.scoring.values import every_pair, everyone, pools, scorer
from tests.strategies import CRITERIA, RULES, START, People, people


@given(st.lists(st.floats(0, 1e12, allow_nan=False), min_size=1, max_size=9).filter(any))
def test_weights_sum_to_a_million(weights: list[float]) -> None:
    """Points would not be comparable between programs."""
    whole = whole_weights(weights)
    total = sum(map(Fraction, weights))
    assert sum(whole) == POINTS
    for given_, got in zip(weights, whole, strict=True):
        assert abs(got - Fraction(given_) / total * POINTS) < 1


@pytest.mark.parametrize(
    ("weights", "whole"),
    [
        ([1, 1, 1], (333_334, 333_333, 333_333)), ([5, 2], (714_286, 285_714)),
        ([0, 3], (0, POINTS)), ([5e-324, 1], (0, POINTS)), ([1e300, 1e300], (500_000, 500_000)),
        ([1, 1, 1, 1, 1, 1], (166_667, 166_667, 166_667, 166_667, 166_666, 166_666)),
    ],
)  # fmt: skip
def test_weights_by_largest_remainder(weights: list[float], whole: tuple[int, ...]) -> None:
    """Who gets the last points would not be the documented ones."""
    assert whole_weights(weights) == whole


def bits(values: np.ndarray) -> list[int]:
    """Return the bits of floats, so that NaN equals NaN and -0 is not 0."""
    return np.ascontiguousarray(values).view(np.int64).reshape(-1).tolist()


@settings(max_examples=25)
@given(people(), people(), st.data(), st.sampled_from([None, 0]))
def test_grid_and_pairs_agree_to_the_bit(
    mentors: People, mentees: People, data: st.DataObject, cells: int | None
) -> None:
    """The solver would optimize other numbers than the result shows."""
    shape = len(mentees), len(mentors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(latent, "ENOUGH", data.draw(st.sampled_from([500, 2])))
        if cells is not None:
            patch.setattr(products, "TABLE_CELLS", cells)
            patch.setattr(tables, "TABLE_CELLS", cells)
        scoring = scorer(mentors, mentees, criteria=CRITERIA, rules=RULES, start=START)
        rows, cols = everyone(*shape)
        pairs = every_pair(*shape)
        for scored in scoring.criteria:
            grid = scored.feature.grid(rows, cols)
            assert bits(grid) == bits(scored.feature.pairs(*pairs)), scored.name
            assert np.isnan(grid[~scored.feature.known_mentees]).all(), scored.name
            assert np.isnan(grid[:, ~scored.feature.known_mentors]).all(), scored.name
            told = grid[~np.isnan(grid)]
            assert ((told >= 0) & (told <= 1)).all(), scored.name
        for rule, check in scoring.rules:
            assert check.grid(rows, cols).reshape(-1).tolist() == check.pairs(*pairs).tolist(), rule
        some = data.draw(st.lists(st.sampled_from(range(shape[0])), min_size=1).map(np.array))
        block = scoring.grid(some, cols[::-1])
        assert block.tolist() == scoring.grid(rows, cols)[some][:, ::-1].tolist()


@settings(max_examples=30)
@given(people(), people())
def test_parts_sum_to_points(mentors: People, mentees: People) -> None:
    """What a page shows of a pair would not add up."""
    scoring = scorer(mentors, mentees, criteria=CRITERIA, rules=RULES, start=START)
    pairs = every_pair(len(mentees), len(mentors))
    parts, known = scoring.parts(*pairs)
    points = scoring.pairs(*pairs)
    assert parts.sum(axis=1).tolist() == points.tolist()
    assert (
        scoring.grid(*everyone(len(mentees), len(mentors))).reshape(-1).tolist() == points.tolist()
    )
    assert sum(scored.weight for scored in scoring.criteria) == (POINTS if scoring.criteria else 0)
    for at, scored in enumerate(scoring.criteria):
        values = scored.feature.pairs(*pairs)
        expected = [
            scored.mean if np.isnan(value) else round(scored.weight * float(value))
            for value in values
        ]
        assert parts[:, at].tolist() == expected
        assert known[:, at].tolist() == (~np.isnan(values)).tolist()
        told = [part for part, sure in zip(expected, known[:, at], strict=True) if sure]
        mean = round(Fraction(sum(told), len(told))) if told else 0
        assert scored.mean == mean
        assert scored.known == pytest.approx(len(told) / len(values))


@settings(max_examples=20)
@given(people(), people(), st.randoms(use_true_random=False))
def test_row_order_changes_no_number(mentors: People, mentees: People, dice: Random) -> None:
    """Sorting a file would change its scores."""

    def told(first: People, second: People) -> dict[tuple[str, str], list[int]]:
        scoring = scorer(first, second, criteria=CRITERIA, rules=RULES, start=START)
        pairs = every_pair(len(second), len(first))
        parts = scoring.parts(*pairs)[0].tolist()
        eligible = scoring.eligible_pairs(*pairs).tolist()
        ids = [(second[row]["id"], first[col]["id"]) for row, col in zip(*pairs, strict=True)]
        return {
            names: [*part, sure] for names, part, sure in zip(ids, parts, eligible, strict=True)
        }

    shuffled = dice.sample(mentors, len(mentors)), dice.sample(mentees, len(mentees))
    assert told(*shuffled) == told(mentors, mentees)


def crowd(count: int, role: str) -> list[dict[str, object]]:
    """Return many people with a seniority, some without."""
    rng = np.random.default_rng(len(role))
    years = rng.integers(0, 12, count).tolist()
    return [
        {"id": f"{role}{at}", "seniority": "" if at % 7 == 0 else year}
        for at, year in enumerate(years)
    ]


def seniority_mean(mentors: list[dict[str, object]], mentees: list[dict[str, object]]) -> Scorer:
    """Return the scorer of a round in keyed order, as the pipeline makes it."""
    mentee_pool, mentor_pool = pools(mentors, mentees)
    return Scorer(mentee_pool.ordered(0), mentor_pool.ordered(0), criteria=[mk.SeniorityGap()])


def test_large_rounds_take_the_mean_of_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mean would cost as much as scoring everybody, or depend on the order of the file."""
    mentors, mentees = crowd(40, "mentor"), crowd(90, "mentee")
    (full,) = seniority_mean(mentors, mentees).criteria
    monkeypatch.setattr(scorer_module, "SAMPLE", 30)
    (sampled,) = seniority_mean(mentors, mentees).criteria
    (turned,) = seniority_mean(mentors[::-1], mentees[::-1]).criteria
    assert (sampled.mean, sampled.known) == (turned.mean, turned.known)
    assert sampled.mean != full.mean
    assert abs(sampled.mean - full.mean) < 0.1 * POINTS
    assert sampled.known == pytest.approx(full.known)


@pytest.mark.parametrize(("mentors", "mentees"), [(3, 400), (400, 3)])
def test_samples_of_lopsided_rounds_use_all_of_the_few(
    mentors: int, mentees: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three mentors among many mentees would give a mean of a handful of pairs."""
    monkeypatch.setattr(scorer_module, "SAMPLE", 20)
    scoring = seniority_mean(crowd(mentors, "mentor"), crowd(mentees, "mentee"))
    feature = scoring.criteria[0].feature
    asked: list[int] = []
    grid = feature.grid

    def counted(rows: Index, cols: Index) -> Values:
        asked.append(len(rows) * len(cols))
        return grid(rows, cols)

    monkeypatch.setattr(feature, "grid", counted)
    scorer_module._mean(feature, 1)
    assert 380 <= sum(asked) <= 400


def test_what_cannot_apply_is_listed() -> None:
    """A criterion or a rule would be dropped without a word."""
    scoring = scorer(
        [{"id": "di", "team": "a"}],
        [{"id": "ana", "team": "b"}],
        criteria=[mk.SameValue("team"), mk.SkillCoverage(), mk.DifferentValue("team", weight=0)],
        rules=[mk.Different("team"), mk.Same("site")],
    )
    assert [scored.name for scored in scoring.criteria] == ["SameValue(team)"]
    assert [rule.name for rule, _ in scoring.rules] == ["Different(team)"]
    assert scoring.skipped == (
        ("SkillCoverage", "mentees have no 'goals' and mentors have no 'skills'"),
        ("DifferentValue(team)", "its weight is 0"),
        ("Same(site)", "mentees have no 'site' and mentors have no 'site'"),
    )


def test_a_round_without_criteria_scores_nothing() -> None:
    """A file of ids alone would fail."""
    scoring = scorer([{"id": "di"}], [{"id": "ana"}], criteria=CRITERIA)
    assert scoring.grid(*everyone(1, 1)).tolist() == [[0]]
    assert scoring.pairs(*every_pair(1, 1)).tolist() == [0]
    assert scoring.evidence(0, 0) == ()


def test_one_name_stands_once() -> None:
    """Two parts of one name would be one in every table."""

    class Twin(mk.Rule):
        """A rule with the name of a criterion."""

        @property
        def name(self) -> str:
            """Return that name."""
            return "SkillCoverage"

    with pytest.raises(mk.ProgramError, match="named more than once in the program: SkillCoverage"):
        scorer([], [], criteria=[mk.SkillCoverage()], rules=[Twin()])


def test_broken_rules_are_named_with_values() -> None:
    """Who asks why not would get no reason."""
    mentees, mentors = pools([{"id": "di", "team": "a"}], [{"id": "ana", "team": "a"}])
    criteria, rules = [mk.DifferentValue("team")], [mk.Different("team"), mk.NotSelf()]
    scoring = Scorer(mentees, mentors, criteria=criteria, rules=rules, min_score=0.25)
    assert scoring.least == 250_000
    assert scoring.broken(0, 0) == (
        ("Different(team)", "mentee's team is 'a', mentor's team is 'a'"),
        ("min_score", "the pair scores 0.000"),
    )
    assert scoring.eligible_pairs(*every_pair(1, 1)).tolist() == [False]
    assert scoring.evidence(0, 0) == (("team: a and a",),)


NO_COMPANY: tuple[Criterion, ...] = (
    mk.SkillCoverage(), mk.SeniorityGap(), mk.SharedInterests(), mk.SameValue("team"),
)  # fmt: skip
"""Criteria whose value of a pair depends on nobody else."""


@settings(max_examples=25)
@given(
    people(["skills", "seniority", "interests", "team"]),
    people(["skills", "goals", "seniority", "interests", "team"], least=2),
)
def test_a_further_person_changes_no_other_pair(mentors: People, mentees: People) -> None:
    """One late answer would move everybody's values."""
    bound = [
        criterion.bind(*pools(mentors, mentees), Context(start=START)) for criterion in NO_COMPANY
    ]
    fewer = [
        criterion.bind(*pools(mentors, mentees[1:]), Context(start=START))
        for criterion in NO_COMPANY
    ]
    rows, cols = everyone(len(mentees), len(mentors))
    for one, other in zip(bound, fewer, strict=True):
        assert bits(one.grid(rows[1:], cols)) == bits(other.grid(rows[:-1], cols))


@settings(max_examples=20)
@given(people(), people())
def test_ids_are_only_names(mentors: People, mentees: People) -> None:
    """A person would score by how they are called."""
    named = ("prefers", "avoids", "manager", "name", "email")
    plain = [[{k: v for k, v in who.items() if k not in named} for who in side]
             for side in (mentors, mentees)]  # fmt: skip
    other = [[{**who, "id": f"new {at}"} for at, who in enumerate(side)] for side in plain]
    shape = len(mentees), len(mentors)
    points = [
        scorer(*side, criteria=CRITERIA, start=START).grid(*everyone(*shape)).tolist()
        for side in (plain, other)
    ]
    assert points[0] == points[1]
