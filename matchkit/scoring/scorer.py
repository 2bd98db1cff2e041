"""People to points: the criteria and rules of a program, bound to the people of a round.

Weights become whole micro-points that sum to 1,000,000; a part is ``rint(weight * value)``;
points are the exact sum of the parts. Where a criterion cannot tell, its part is the mean
over the pairs where it can. A grid of people and a list of pairs give the same integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchkit.errors import ProgramError
from matchkit.scoring.base import (
    BlockFeature,
    Check,
    Context,
    Criterion,
    Feature,
    Rule,
    TwoSidedFeature,
)
from matchkit.scoring.sides import Floats, Index, Mask, Values, blocks

if TYPE_CHECKING:
    from matchkit.profiles import Pool

POINTS = 1_000_000
"""Micro-points of a perfect pair."""

SAMPLE = 1_000
"""People of each side over whose pairs a mean is taken in large rounds."""

FLOAT32 = 2.0**-24
"""Relative error of one rounding to float32."""

ROUNDINGS = 8
"""Roundings of a part in float32 beside those of its sum: both sides' entries and scales,
the proportion, the weight and the weighing, with some to spare."""

Points = NDArray[np.int64]


def whole_weights(weights: Sequence[float], total: int = POINTS) -> tuple[int, ...]:
    """Turn weights into whole numbers that sum exactly to ``total``.

    Each gets its share rounded down, and what is left goes one by one to the largest
    remainders, the first of equals (Hamilton's method).

    Examples
    --------
    >>> whole_weights([1, 1, 1])
    (333334, 333333, 333333)
    """
    whole = sum(Fraction(weight) for weight in weights)
    shares = [Fraction(weight) * total / whole for weight in weights]
    floors = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda at: (floors[at] - shares[at], at))
    for at in by_remainder[: total - sum(floors)]:
        floors[at] += 1
    return tuple(floors)


@dataclass(frozen=True, eq=False, slots=True)
class Scored:
    """A criterion in use: its feature, its weight and its mean.

    Attributes
    ----------
    criterion : Criterion
        The configuration.
    name : str
        Its name in results.
    feature : Feature
        The criterion bound to the people.
    weight, mean : int
        Micro-points at most, and where it cannot tell.
    known : float
        Share of the pairs, of those the mean is taken over, where it can tell.
    """

    criterion: Criterion
    name: str
    feature: Feature
    weight: int
    mean: int
    known: float

    def parts(self, values: Values) -> Values:
        """Return values as micro-points, whole numbers in float64; the mean where they are NaN."""
        parts = values * self.weight
        np.rint(parts, out=parts)
        np.copyto(parts, self.mean, where=np.isnan(parts))
        return parts

    def block(self, rows: Index, cols: Index) -> Floats:
        """Return almost the parts of every row with every column in float32, shape (r, c)."""
        if isinstance(self.feature, BlockFeature):
            parts = self.feature.block(rows, cols)
        else:
            parts = self.feature.grid(rows, cols).astype(np.float32)
        parts *= self.weight
        np.copyto(parts, self.mean, where=np.isnan(parts))
        return parts

    @property
    def error(self) -> float:
        """The most that :meth:`block` is ever away from the exact part, in points.

        A value is a sum of ``terms`` numbers of one sign, of which each product and each
        addition in float32 loses at most 2**-24 of the sum, and is set in proportion,
        weighed and rounded; the exact part is rounded to a whole number.
        """
        terms = self.feature.terms if isinstance(self.feature, BlockFeature) else 1
        roundings = (2 * terms + ROUNDINGS) * FLOAT32
        return 0.5 + 1.001 * self.weight * roundings / (1 - roundings)


class Scorer:
    """Points, parts and eligibility of any pairs of a round.

    Parameters
    ----------
    mentees, mentors : Pool
        The people; rows are mentees, columns are mentors, in the order of the pools.
    criteria, rules : sequences
        What to score and what to require. Those whose columns are missing are skipped, and
        :attr:`skipped` says so.
    context : Context
        The round's first day and its taxonomy, where there are any.
    min_score : float
        Pairs below this score, in [0, 1], are not eligible.

    Attributes
    ----------
    criteria : tuple of Scored
        The criteria that apply.
    rules : tuple of (Rule, Check)
        The rules that apply.
    skipped : tuple of (str, str)
        Names of those that do not, and why.

    Raises
    ------
    ProgramError
        Two have one name, a criterion gives a value outside [0, 1], or several time zones
        are to be compared without a first day.
    """

    def __init__(
        self,
        mentees: Pool,
        mentors: Pool,
        *,
        criteria: Sequence[Criterion],
        rules: Sequence[Rule] = (),
        context: Context | None = None,
        min_score: float = 0.0,
    ) -> None:
        _check_names(criteria, rules)
        self.mentees, self.mentors = mentees, mentors
        self.shape = len(mentees), len(mentors)
        self.context = context or Context()
        given: tuple[Criterion | Rule, ...] = (*criteria, *rules)
        lacks = [(each, _lack(each, mentees, mentors)) for each in given]
        self.skipped: tuple[tuple[str, str], ...] = tuple((e.name, why) for e, why in lacks if why)
        usable = [each for each, why in lacks if not why]
        self.rules: tuple[tuple[Rule, Check], ...] = tuple(
            (rule, rule.bind(mentees, mentors, self.context))
            for rule in usable
            if isinstance(rule, Rule)
        )
        scoring = [each for each in usable if isinstance(each, Criterion)]
        self._least = round(min_score * POINTS)
        self.criteria: tuple[Scored, ...] = tuple(self._scored(scoring))

    def _scored(self, criteria: Sequence[Criterion]) -> Iterator[Scored]:
        if not criteria:
            return
        weights = whole_weights([criterion.weight for criterion in criteria])
        for criterion, weight in zip(criteria, weights, strict=True):
            feature = criterion.bind(self.mentees, self.mentors, self.context)
            yield Scored(criterion, criterion.name, feature, weight, *_mean(feature, weight))

    def grid(self, rows: Index, cols: Index) -> Points:
        """Return the points of every row with every column, shape (r, c), int64."""
        # Sums of whole numbers far below 2**53 are exact in float64.
        points = np.zeros((len(rows), len(cols)))
        for scored in self.criteria:
            points += scored.parts(scored.feature.grid(rows, cols))
        return points.astype(np.int64)

    def pairs(self, rows: Index, cols: Index) -> Points:
        """Return the points of the pairs (rows[k], cols[k]), shape (k,), int64."""
        points: Points = self.parts(rows, cols)[0].sum(axis=1)
        return points

    def parts(self, rows: Index, cols: Index) -> tuple[Points, Mask]:
        """Return points by criterion, shape (k, criteria), and where they are known."""
        points = np.zeros((len(rows), len(self.criteria)), dtype=np.int64)
        known = np.zeros(points.shape, dtype=bool)
        for at, scored in enumerate(self.criteria):
            values = scored.feature.pairs(rows, cols)
            points[:, at] = scored.parts(values)
            known[:, at] = ~np.isnan(values)
        return points, known

    def mentors_own(self) -> tuple[Index, Index, Points]:
        """Return the pairs that mentors see differently, and their points in mentors' eyes.

        Where both sides stated wishes, the points hold the mean of the two; a mentor's own
        points hold the mentor's alone. Nothing else is seen differently.
        """
        for scored in self.criteria:
            if isinstance(scored.feature, TwoSidedFeature):
                rows, cols, own = scored.feature.mentors_own()
                change = scored.parts(own) - scored.parts(scored.feature.pairs(rows, cols))
                return rows, cols, self.pairs(rows, cols) + change.astype(np.int64)
        none = np.zeros(0, dtype=np.int64)
        return none, none, none

    def allowed_grid(self, rows: Index, cols: Index) -> Iterator[tuple[str, Mask]]:
        """Yield each rule's name and which pairs it allows, shape (r, c)."""
        for rule, check in self.rules:
            yield rule.name, check.grid(rows, cols)

    def eligible_pairs(self, rows: Index, cols: Index) -> Mask:
        """Return which of the pairs meet every rule and the least score, shape (k,)."""
        allowed = self.pairs(rows, cols) >= self._least
        for _, check in self.rules:
            allowed &= check.pairs(rows, cols)
        return allowed

    @property
    def least(self) -> int:
        """Points that a pair needs to be eligible."""
        return self._least

    def broken(self, row: int, col: int) -> tuple[tuple[str, str], ...]:
        """Return the rules that a pair breaks, each with both sides' values."""
        pair = np.array([row]), np.array([col])
        said = [
            (rule.name, check.reason(row, col))
            for rule, check in self.rules
            if not check.pairs(*pair)[0]
        ]
        points = int(self.pairs(*pair)[0])
        if points < self._least:
            said.append(("min_score", f"the pair scores {points / POINTS:.3f}"))
        return tuple(said)

    def evidence(self, row: int, col: int) -> tuple[tuple[str, ...], ...]:
        """Return what each criterion's part of a pair rests on, in words."""
        return tuple(scored.feature.evidence(row, col) for scored in self.criteria)


def _lack(each: Criterion | Rule, mentees: Pool, mentors: Pool) -> str:
    """Say why a criterion or a rule cannot apply, or return ``""``."""
    if isinstance(each, Criterion) and not each.weight:
        return "its weight is 0"
    return each.missing(mentees, mentors)


def _check_names(criteria: Sequence[Criterion], rules: Sequence[Rule]) -> None:
    names = [each.name for each in (*criteria, *rules)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ProgramError(f"named more than once in the program: {', '.join(twice)}; keep one")


def _mean(feature: Feature, weight: int) -> tuple[int, float]:
    """Return a criterion's mean part over known pairs, and the share of pairs known.

    Rounds of more than a million pairs take the pairs of the first people of each side who
    can be known. People stand in the order of a keyed hash of their id, so these are a
    draw that depends on nothing but who is there.
    """
    rows, cols = np.nonzero(feature.known_mentees)[0], np.nonzero(feature.known_mentors)[0]
    reach = len(feature.known_mentees) * len(feature.known_mentors)
    able = len(rows) * len(cols)
    if able > SAMPLE * SAMPLE:
        width = max(SAMPLE, SAMPLE * SAMPLE // len(rows))
        cols = cols[:width]
        rows = rows[: max(1, SAMPLE * SAMPLE // len(cols))]
    total, count, cells = 0, 0, len(rows) * len(cols)
    for part in blocks(len(rows), len(cols)):
        values = feature.grid(rows[part], cols)
        known = ~np.isnan(values)
        total += int(np.rint(weight * values[known]).sum(dtype=np.int64))
        count += int(known.sum())
    share = able / reach * count / cells if cells else 0.0
    return (round(Fraction(total, count)) if count else 0), share
