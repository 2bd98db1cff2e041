"""Weights from outcomes: learned with restraint, tried on rounds that were not looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.errors import NothingToLearnError
from matchkit.feedback.evaluating import paired
from matchkit.feedback.features import shares
from matchkit.feedback.fitting import nonnegative_logistic
from matchkit.feedback.ordering import Concordance, concordance, pooled
from matchkit.feedback.records import Outcome, Outcomes
from matchkit.intervals import Estimate
from matchkit.matching import Matching
from matchkit.program import Program
from matchkit.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float64]
Label = Callable[[Outcome], bool | None]

RESTRAINT: Final = 100
"""Labels at which what was learned counts as much as what the program says."""

FEWEST_LABELS: Final = 20
FEWEST_OF_A_KIND: Final = 5
"""Below these nothing is learned."""

_DIGITS: Final = 4  # of a weight: its meaning has no more, and the last bits depend on the machine


@dataclass(frozen=True, slots=True)
class LearnedWeight:
    """One criterion's weight before and after.

    Attributes
    ----------
    criterion : str
        Name.
    before, after : float
        Weights in the program and in the new one.
    learned : float or None
        Share of the weight by the outcomes alone, in [0, 1]; None where no round applied
        the criterion, whose weight then stays.
    """

    criterion: str
    before: float
    after: float
    learned: float | None


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How both sets of weights order the pairs of a round that neither has seen.

    Attributes
    ----------
    round : int
        Position of the round, from 1.
    labels, good : int
        Pairs of which it is known whether they went well, and those that did.
    before, after : float or None
        Share of the pairs of a good and a bad outcome that the weights put in the right
        order, equals counting half: 0.5 is guessing. None without outcomes of both kinds.
        ``after`` is with weights learned from the other rounds only.
    """

    round: int
    labels: int
    good: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Learned(Shown):
    """A program with learned weights, held against the one before.

    Attributes
    ----------
    program : Program
        The new one: the same but for its weights.
    labels, good : int
        Pairs of which it is known whether they went well, and those that did.
    trust : float
        How much the outcomes count beside the present weights: ``n / (n + 100)``.
    weights : tuple of LearnedWeight
        Every criterion.
    held_out : tuple of HeldOut
        Every round, predicted from the others.
    before, after : float
        The same over all of them.
    difference : Estimate
        ``after - before`` with its 95 % interval.
    """

    program: Program
    labels: int
    good: int
    trust: float
    weights: tuple[LearnedWeight, ...]
    held_out: tuple[HeldOut, ...]
    before: float
    after: float
    difference: Estimate

    @property
    def verdict(self) -> str:
        """What the held-out rounds say of the new weights, in words."""
        if self.difference.low > 0:
            return "do better than the present ones"
        if self.difference.high < 0:
            return "do worse than the present ones: keep those"
        return "show no clear difference from the present ones"

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each criterion: ``criterion, before, after, learned``."""
        import pandas as pd

        rows = [(each.criterion, each.before, each.after, each.learned) for each in self.weights]
        frame = pd.DataFrame(rows, columns=["criterion", "before", "after", "learned"])
        return frame.astype({"learned": "float64"})

    def __str__(self) -> str:
        """Tell it in lines: weights, the comparison, and what it rests on."""
        wide = max(len(each.criterion) for each in self.weights)
        given = f"learned from {self.labels} pairs of {len(self.held_out)} rounds"
        lines = [f"{given}, {self.good} went well; the outcomes count {self.trust:.0%}"]
        for each in self.weights:
            told = "not applied in any round" if each.learned is None else f"{each.learned:.0%}"
            lines.append(
                f"  {each.criterion:<{wide}}  {each.before:g} -> {each.after:g}"
                f"  (outcomes alone: {told})"
            )
        found = self.difference
        lines.append(
            f"pairs put in the right order on held-out rounds: {self.before:.1%} before, "
            f"{self.after:.1%} after ({found.low:+.1%} to {found.high:+.1%})"
        )
        lines += [f"on rounds that they had not seen, the new weights {self.verdict}", _LIMITS]
        return "\n".join(lines)


_LIMITS: Final = (
    "only pairs that were made could be learned from, and nothing that profiles cannot tell, "
    "such as whether two people like each other"
)


def learn_weights(
    program: Program,
    rounds: Sequence[tuple[Matching, Outcomes]],
    *,
    went_well: Label | None = None,
) -> Learned:
    """Learn from outcomes how much each criterion should weigh.

    Parameters
    ----------
    program : Program
        The present one.
    rounds : sequence of (Matching, Outcomes)
        At least two, since each is predicted from the others to see what the weights are
        worth.
    went_well : callable, optional
        Says of an :class:`Outcome` whether it was good, or None where that cannot be told;
        :attr:`Outcome.went_well` by default.

    Returns
    -------
    Learned
        A new program, its weights beside the old ones, and both on held-out rounds.

    Raises
    ------
    NothingToLearnError
        The outcomes are too few or too much alike; each reason on a line of its own.
    ProgramError
        An outcome is of a pair that its round has not.

    Notes
    -----
    A logistic regression with coefficients of 0 or more, since a criterion that counted
    against a pair would be another criterion, and one base rate for each round. The
    coefficients' shares are mixed with the present ones, ``n / (n + 100)`` of the former for
    ``n`` labels. Rounds, and never single pairs, are held out: pairs of one round share
    mentors and circumstances, and would vouch for each other.

    Examples
    --------
    >>> import matchkit as mk
    >>> from matchkit.feedback import simulate_outcomes
    >>> criteria = (mk.SkillCoverage(weight=1), mk.SharedInterests(weight=1))
    >>> program = mk.Program(criteria=criteria)
    >>> rounds = []
    >>> for year in range(3):
    ...     matching = mk.match(*mk.datasets.cohort(40, 120, seed=year), program=program)
    ...     told = simulate_outcomes(matching, weights={"SkillCoverage": 1}, strength=12)
    ...     rounds.append((matching, told))
    >>> learned = mk.learn_weights(program, rounds)
    >>> [each.after > each.before for each in learned.weights]
    [True, False]
    """
    names = [criterion.name for criterion in program.criteria]
    samples = [
        _Sample.of(matching, outcomes, names, went_well or _told) for matching, outcomes in rounds
    ]
    before = np.array([criterion.weight for criterion in program.criteria])
    used = _usable(samples, before)
    after, alone = _mixed(samples, before, used)
    comparisons = [
        _held_out(samples, at, before, used) for at in range(len(samples)) if samples[at].both
    ]
    old, new, difference = pooled([pair for _, *pair in comparisons])
    tried = {at: pair for at, *pair in comparisons}
    return Learned(
        program=_reweighted(program, after),
        labels=sum(len(each.labels) for each in samples),
        good=sum(int(each.labels.sum()) for each in samples),
        trust=_trust(samples),
        weights=tuple(
            LearnedWeight(name, float(was), float(now), float(own) if known else None)
            for name, was, now, own, known in zip(names, before, after, alone, used, strict=True)
        ),
        held_out=tuple(_told_of(at, each, tried.get(at)) for at, each in enumerate(samples)),
        before=old,
        after=new,
        difference=difference,
    )


def _told(outcome: Outcome) -> bool | None:
    return outcome.went_well


@dataclass(frozen=True, eq=False)
class _Sample:
    """The pairs of one round of which it is known whether they went well.

    Attributes
    ----------
    shares : ndarray of float64, shape (k, criteria)
        NaN where the round did not apply a criterion.
    labels : ndarray of bool, shape (k,)
    """

    shares: Values
    labels: NDArray[np.bool_]

    @classmethod
    def of(
        cls, matching: Matching, outcomes: Outcomes, names: Sequence[str], label: Label
    ) -> _Sample:
        """Gather a round."""
        told = [label(outcome) for _, outcome in paired(matching, outcomes)]
        known = np.array([each is not None for each in told], dtype=bool)
        good = np.array([bool(each) for each in told], dtype=bool)
        return cls(shares(matching, names)[known], good[known])

    @property
    def both(self) -> bool:
        """Whether there are outcomes of both kinds."""
        return bool(self.labels.any() and not self.labels.all())


def _usable(samples: Sequence[_Sample], before: Values) -> NDArray[np.bool_]:
    """Return which criteria can be learned about, or say why there is nothing to learn."""
    reasons = []
    telling = sum(each.both for each in samples)
    if telling < 2:
        reasons.append(
            f"rounds with good and bad outcomes: {telling} of {len(samples)}; at least 2 are "
            "needed, so that one can be predicted from the other"
        )
    labels = np.concatenate([each.labels for each in samples]) if samples else np.zeros(0, bool)
    if len(labels) < FEWEST_LABELS:
        reasons.append(
            f"pairs known to have gone well or not: {len(labels)}; at least {FEWEST_LABELS} are "
            "needed"
        )
    good = int(labels.sum())
    for count, kind in ((good, "went well"), (len(labels) - good, "did not go well")):
        if count < FEWEST_OF_A_KIND:
            reasons.append(f"pairs that {kind}: {count}; at least {FEWEST_OF_A_KIND} are needed")
    applied = [each.shares for each in samples if len(each.labels)] or [
        np.full((1, len(before)), np.nan)
    ]
    known = ~np.isnan(np.vstack(applied)).any(axis=0)
    used: NDArray[np.bool_] = known & (before > 0)
    varied = [(each[:, used].max(axis=0) > each[:, used].min(axis=0)) for each in applied]
    if used.sum() < 2:
        reasons.append("fewer than 2 criteria were applied in every round: there is no balance")
    elif not reasons and not np.any(varied):
        reasons.append("every pair has the same part of every criterion")
    if reasons:
        raise NothingToLearnError(reasons)
    return used


def _trust(samples: Sequence[_Sample]) -> float:
    count = sum(len(each.labels) for each in samples)
    return count / (count + RESTRAINT)


def _mixed(
    samples: Sequence[_Sample], before: Values, used: NDArray[np.bool_]
) -> tuple[Values, Values]:
    """Return new weights, and the shares that the outcomes alone would give.

    Raises
    ------
    NothingToLearnError
        No criterion goes with good outcomes.
    """
    given = np.concatenate([np.full(len(each.labels), at) for at, each in enumerate(samples)])
    features = np.vstack([each.shares[:, used] for each in samples])
    labels = np.concatenate([each.labels for each in samples])
    learned = nonnegative_logistic(features, labels, given)
    if not learned.sum():
        raise NothingToLearnError(["no criterion goes with good outcomes"])
    alone = np.zeros_like(before)
    alone[used] = learned / learned.sum()
    whole, trust = before[used].sum(), _trust(samples)
    after = np.where(used, (1 - trust) * before + trust * alone * whole, before)
    return np.around(after, _DIGITS).astype(np.float64), alone


def _held_out(
    samples: Sequence[_Sample], at: int, before: Values, used: NDArray[np.bool_]
) -> tuple[int, Concordance, Concordance]:
    """Return how well the old weights, and those learned from other rounds, order a round."""
    others = [each for other, each in enumerate(samples) if other != at]
    try:
        after, _ = _mixed(others, before, used)
    except NothingToLearnError:
        after = before
    own = samples[at]
    worth = own.shares[:, used]
    old, new = (concordance(worth @ weights[used], own.labels) for weights in (before, after))
    return at, old, new


def _told_of(at: int, sample: _Sample, pair: Sequence[Concordance] | None) -> HeldOut:
    values = (None, None) if pair is None else (pair[0].value, pair[1].value)
    return HeldOut(at + 1, len(sample.labels), int(sample.labels.sum()), *values)


def _reweighted(program: Program, weights: Values) -> Program:
    """Return the program with other weights."""
    criteria = tuple(
        criterion.model_copy(update={"weight": float(weight)})
        for criterion, weight in zip(program.criteria, weights, strict=True)
    )
    return program.model_copy(update={"criteria": criteria})
