"""What learning weights from outcomes is worth, on simulated rounds with known weights.

Usage: python benchmarks/learning.py [--draws 200] [--rounds 12] [--seed 0]

Rounds of synthetic people are matched under equal weights. In each draw, true weights are
drawn, outcomes are simulated from them, weights are learned from the labels of three rounds,
and both sets of weights order the pairs of all the other rounds. Measured is the share of the
pairs of a good and a bad outcome that stand in the right order: 50 % is guessing, and the true
weights themselves are the peer that nothing can beat.

* 200 labels: learned weights against the equal weights they came from;
* 20 labels: the same, and against present weights that are the true ones already, where
  anything learned can only be noise. The noise is that of a held-out round of as many labels.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import matchkit as mk
from matchkit.errors import NothingToLearnError
from matchkit.feedback import Outcomes, simulate_outcomes
from matchkit.feedback.features import shares
from matchkit.feedback.ordering import concordance

CRITERIA = (
    mk.SkillCoverage(weight=1),
    mk.TextFit(weight=1),
    mk.SeniorityGap(weight=1),
    mk.SharedInterests(weight=1),
    mk.SameValue("department", weight=1),
)
NAMES = [criterion.name for criterion in CRITERIA]
TRAINING = 3
STRENGTH = 8.0
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Draw:
    """One set of true weights: how well each set of weights orders pairs not seen."""

    before: float
    after: float
    true: float


def weighted(weights: Values) -> mk.Program:
    """Return a program with these weights."""
    criteria = tuple(
        criterion.model_copy(update={"weight": float(weight)})
        for criterion, weight in zip(CRITERIA, weights, strict=True)
    )
    return mk.Program(criteria=criteria)


def some(outcomes: Outcomes, count: int, dice: np.random.Generator) -> Outcomes:
    """Return the outcomes of some pairs, drawn at random."""
    known = [each for each in outcomes if each.went_well is not None]
    chosen = sorted(dice.choice(len(known), size=min(count, len(known)), replace=False).tolist())
    return Outcomes(tuple(known[at] for at in chosen))


def ordered(matching: mk.Matching, outcomes: Outcomes, weights: Values) -> float:
    """Return the share of pairs of good and bad that weights put in the right order."""
    worth = np.nan_to_num(shares(matching, NAMES)) @ weights
    good = np.array([bool(each.went_well) for each in outcomes])
    return concordance(worth, good).value


def one(
    rounds: list[mk.Matching], labels: int, *, knowing: bool, dice: np.random.Generator
) -> Draw:
    """Draw true weights and outcomes, learn from a few rounds, and predict the others."""
    true = dice.dirichlet(np.ones(len(NAMES)))
    told = [
        simulate_outcomes(
            matching,
            weights=dict(zip(NAMES, true.tolist(), strict=True)),
            strength=STRENGTH,
            seed=int(dice.integers(1 << 30)),
        )
        for matching in rounds
    ]
    order = dice.permutation(len(rounds)).tolist()
    seen, unseen = order[:TRAINING], order[TRAINING:]
    present = true if knowing else np.full(len(NAMES), 1 / len(NAMES))
    counts = [labels // TRAINING + (at < labels % TRAINING) for at in range(TRAINING)]
    given = [
        (rounds[at], some(told[at], count, dice)) for at, count in zip(seen, counts, strict=True)
    ]
    try:
        learned = mk.learn_weights(weighted(present), given).program
        after = np.array([criterion.weight for criterion in learned.criteria])
    except NothingToLearnError:
        after = present
    tried = [
        [ordered(rounds[at], told[at], weights) for at in unseen]
        for weights in (present, after, true)
    ]
    before_, after_, true_ = (float(np.mean(values)) for values in tried)
    return Draw(before_, after_, true_)


def measure(
    rounds: list[mk.Matching], labels: int, *, knowing: bool, draws: int, seed: int
) -> tuple[float, float]:
    """Print one line; return the mean gain and its standard error."""
    dice = np.random.default_rng(seed)
    found = [one(rounds, labels, knowing=knowing, dice=dice) for _ in range(draws)]
    gains = np.array([each.after - each.before for each in found])
    before, after, true = (
        float(np.mean([getattr(each, name) for each in found]))
        for name in ("before", "after", "true")
    )
    gain, error = float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(draws))
    whose = "true" if knowing else "equal"
    print(
        f"{labels:>4} labels, present weights {whose:<5}  before {before:.4f}  after {after:.4f}  "
        f"true {true:.4f}  gain {gain:+.4f} +- {error:.4f}  "
        f"better in {np.mean(gains > 0):.0%}, worst {gains.min():+.4f}"
    )
    return gain, error


def main() -> int:
    """Measure; the exit status is 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    begin = time.process_time()
    program = weighted(np.ones(len(NAMES)))
    rounds = [
        mk.match(*mk.datasets.cohort(60, 150, seed=given.seed + at), program=program)
        for at in range(given.rounds)
    ]
    print(f"{given.rounds} rounds of {len(rounds[0])} pairs, {given.draws} draws of true weights")
    found = {
        (labels, knowing): measure(
            rounds, labels, knowing=knowing, draws=given.draws, seed=given.seed
        )
        for labels, knowing in ((200, False), (20, False), (20, True), (200, True))
    }
    # The noise of a held-out round with 20 labels: the standard error of such a share.
    noise = 0.5 / np.sqrt(3 * 5)
    print(f"noise of a round of 20 labels: {noise:.3f}")
    print(f"{time.process_time() - begin:.0f} s of processor time")
    gain, error = found[200, False]
    small = min(found[20, knowing][0] for knowing in (False, True))
    return 0 if gain > 2 * error and small > -noise else 1


if __name__ == "__main__":
    sys.exit(main())
