"""What outcomes cannot show, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from matchkit.feedback.records import Outcome

FEW: Final = 30
"""Answers below which a round is called small."""

_BY_CHANCE: Final = 0.05


def cautions(outcomes: Sequence[Outcome], comparisons: int) -> tuple[str, ...]:
    """Say what these outcomes, one for each pair, do not show.

    Parameters
    ----------
    outcomes : sequence of Outcome
        One for each pair of the round, answered or not.
    comparisons : int
        Correlations that were looked at.
    """
    answered = sum(outcome.answered for outcome in outcomes)
    silent = len(outcomes) - answered
    said = []
    if silent:
        said.append(
            f"{silent} of {len(outcomes)} pairs did not answer. They may have fared worse than "
            "those who did: people who stopped meeting seldom fill in forms."
        )
    if answered < FEW:
        said.append(
            f"{answered} answers are few: only large differences can show, and those that do "
            "show look larger than they are."
        )
    said.append(
        "Only pairs that were made have outcomes, and they were made because they scored well. "
        "A criterion on which all of them do well cannot show how much it matters."
    )
    said.append(
        "What went together need not be cause and effect: keen people may both write longer "
        "profiles and keep their meetings."
    )
    if comparisons:
        wrong = max(1, round(comparisons * _BY_CHANCE))
        said.append(
            f"{comparisons} correlations were looked at; about {wrong} would stand out by "
            "chance alone if nothing mattered."
        )
    shared = sum(count > 1 for count in Counter(each.mentor for each in outcomes).values())
    if shared:
        noun = "mentor has" if shared == 1 else "mentors have"
        said.append(
            f"{shared} {noun} several pairs. Their answers resemble each other, so that the "
            "intervals are somewhat too narrow."
        )
    return tuple(said)
