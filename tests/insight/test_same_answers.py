"""The same people get the same answers, in whatever order they come."""

from __future__ import annotations

import random

import pytest

import matchkit as mk


def answers(mentors: list[dict[str, str]], mentees: list[dict[str, str]]) -> list[object]:
    """Return an answer of every kind about a round with ties and people left out."""
    program = mk.Program(
        criteria=(mk.SameValue("department"), mk.SharedInterests()),
        rules=(mk.Different("team"), mk.SharedLanguage()),
    )
    matching = mk.match(mentors, mentees, program=program)
    first = matching.matches[0]
    others = sorted({place.mentor for place in matching.places} - {first.mentor})
    return [
        *(mk.explain(matching, one.mentee) for one in matching.everyone),
        *(mk.why_not(matching, first.mentee, mentor) for mentor in others),
        mk.insight.regrets(matching, most=3),
        mk.insight.places(matching),
        mk.insight.ties(matching),
        mk.insight.bottlenecks(matching),
        mk.insight.shortages(matching, recruits=2),
        mk.insight.rule_costs(matching),
        mk.what_if(matching, drop=first.mentor).moves,
    ]


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_rows_changes_no_answer(seed: int) -> None:
    """Who asks again from another export would be told something else."""
    cohort = mk.datasets.cohort(9, 24, seed=seed)
    mentors, mentees = list(cohort.mentors), list(cohort.mentees)
    expected = answers(mentors, mentees)
    dice = random.Random(seed)
    dice.shuffle(mentors)
    dice.shuffle(mentees)
    assert answers(mentors, mentees) == expected
