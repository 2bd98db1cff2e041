"""How a round went: completion, satisfaction and goals, for everybody and by group."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from matchkit import intervals
from matchkit.errors import ProgramError
from matchkit.feedback.cautions import cautions
from matchkit.feedback.records import Outcome, Outcomes
from matchkit.intervals import Estimate
from matchkit.matching import Match, Matching
from matchkit.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.profiles import Pool

Paired = tuple[Match, Outcome]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of some pairs.

    Attributes
    ----------
    name : str
        ``"met"`` (share with at least one meeting), ``"meetings"`` (mean held),
        ``"completed"`` (share that did not end early), ``"mentee_rating"``,
        ``"mentor_rating"`` (means, 1 to 5), ``"progress"`` (mean, 0 to 1) or
        ``"went_well"`` (share).
    group, value : str
        Which pairs: ``""`` for all, else what they have in common, such as
        ``"mentee department"`` and ``"Sales"``, or a criterion and ``"upper half"``.
    pairs, answered : int
        How many pairs these are, and how many of them answered.
    estimate : Estimate
        The figure with its 95 % interval.
    """

    name: str
    group: str
    value: str
    pairs: int
    answered: int
    estimate: Estimate

    @property
    def missing(self) -> int:
        """Pairs that did not answer."""
        return self.pairs - self.answered

    def __str__(self) -> str:
        """Say the figure, its interval and how many answered."""
        found, shares = self.estimate, self.name in _SHARES
        if not self.answered:
            said = "nobody answered"
        else:
            form = "{:.0%}" if shares else "{:.2f}"
            said = form.format(found.value)
            if not math.isnan(found.low):
                said += f" ({form.format(found.low)} to {form.format(found.high)})"
        whom = f"{self.group} {self.value}: " if self.group else ""
        return f"{whom}{_WORDS[self.name]} {said}, {self.answered} of {self.pairs} answered"


@dataclass(frozen=True, slots=True)
class Association:
    """Whether pairs with more of one criterion reported more of one measure.

    Attributes
    ----------
    criterion, measure : str
        What is compared.
    pairs : int
        Pairs in which both are known.
    estimate : Estimate
        Spearman's rank correlation with its 95 % interval.
    """

    criterion: str
    measure: str
    pairs: int
    estimate: Estimate

    def __str__(self) -> str:
        """Say how the two went together."""
        found = self.estimate
        if math.isnan(found.value):
            return f"{self.criterion} and {_WORDS[self.measure]}: nothing to compare"
        told = f"rank correlation {found.value:+.2f}"
        if not math.isnan(found.low):
            told += f" ({found.low:+.2f} to {found.high:+.2f})"
        return f"{self.criterion} and {_WORDS[self.measure]}: {told}, {self.pairs} pairs"


@dataclass(frozen=True, slots=True)
class Evaluation(Shown):
    """How a round went, and what that does not show.

    ``str()`` tells it in lines.

    Attributes
    ----------
    pairs, answered : int
        Pairs of the round, and those of whom anything is known.
    measures : tuple of Measure
        Of all pairs first, then by group.
    associations : tuple of Association
        Each criterion with each measure.
    cautions : tuple of str
        What the data cannot show, in plain words.
    reasons : tuple of (str, int)
        Why pairs ended early, as written, the most frequent first.
    """

    pairs: int
    answered: int
    measures: tuple[Measure, ...]
    associations: tuple[Association, ...]
    cautions: tuple[str, ...]
    reasons: tuple[tuple[str, int], ...]

    def __getitem__(self, name: str) -> Measure:
        """Return a measure of all pairs by its name."""
        for measure in self.measures:
            if measure.name == name and not measure.group:
                return measure
        raise KeyError(f"{name!r} is no measure; the measures are {', '.join(_WORDS)}")

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each measure and group.

        Returns
        -------
        pandas.DataFrame
            ``measure, group, value, pairs, answered, missing, estimate, low, high``.
        """
        import pandas as pd

        rows = [
            {"measure": each.name, "group": each.group, "value": each.value, "pairs": each.pairs,
             "answered": each.answered, "missing": each.missing,
             "estimate": each.estimate.value, "low": each.estimate.low, "high": each.estimate.high}
            for each in self.measures
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def associations_frame(self) -> pd.DataFrame:
        """Return one row for each criterion and measure.

        Returns
        -------
        pandas.DataFrame
            ``criterion, measure, pairs, correlation, low, high``.
        """
        import pandas as pd

        rows = [
            {"criterion": each.criterion, "measure": each.measure, "pairs": each.pairs,
             "correlation": each.estimate.value, "low": each.estimate.low,
             "high": each.estimate.high}
            for each in self.associations
        ]  # fmt: skip
        columns = ["criterion", "measure", "pairs", "correlation", "low", "high"]
        return pd.DataFrame(rows, columns=columns)

    def __str__(self) -> str:
        """Tell it in lines: all pairs, criteria that stand out, and what cannot be shown."""
        lines = [f"{self.answered} of {self.pairs} pairs answered"]
        lines += [f"  {measure}" for measure in self.measures if not measure.group]
        clear = [each for each in self.associations if each.estimate.clear]
        lines.append("went together with the outcomes:" if clear else "no criterion stands out")
        lines += [f"  {each}" for each in clear]
        lines += [f"  ended early {count} times: {why}" for why, count in self.reasons]
        lines.append("what this does not show:")
        lines += [f"  {caution}" for caution in self.cautions]
        return "\n".join(lines)


def evaluate(matching: Matching, outcomes: Outcomes, *, by: Sequence[str] = ()) -> Evaluation:
    """Say how a round went, for whom, and which criteria went with it.

    Parameters
    ----------
    matching : Matching
        The round.
    outcomes : Outcomes
        What became of its pairs; pairs that nobody reported on count as unanswered.
    by : sequence of str
        Columns to compare groups by, on each side that has them; those that no criterion may
        see as well.

    Returns
    -------
    Evaluation
        Measures with intervals and missing answers, by group and by criterion.

    Raises
    ------
    ProgramError
        An outcome is of a pair that the matching has not, or nobody has a column.
    DetachedError
        Groups are asked for, and the matching was loaded without its people.

    Examples
    --------
    >>> import matchkit as mk
    >>> matching = mk.match([{"id": "di", "skills": "sql:4"}], [{"id": "bo", "goals": "sql"}])
    >>> outcomes = mk.read_outcomes([{"mentee": "bo", "mentee_rating": 5, "meetings": 6}], matching)
    >>> found = mk.evaluate(matching, outcomes)
    >>> print(found["mentee_rating"])
    rating by mentees 5.00, 1 of 1 answered
    """
    pairs = tuple(paired(matching, outcomes))
    groups = [("", "", pairs)]
    groups += [group for column in _columns(by) for group in _by_column(matching, column, pairs)]
    groups += _by_criterion(pairs)
    measures = tuple(
        _measure(name, group, value, [outcome for _, outcome in chosen])
        for group, value, chosen in groups
        for name in _WORDS
    )
    associations = tuple(_associations(pairs))
    reasons = Counter(outcome.reason for _, outcome in pairs if outcome.reason)
    return Evaluation(
        pairs=len(pairs),
        answered=sum(outcome.answered for _, outcome in pairs),
        measures=measures,
        associations=associations,
        cautions=cautions([outcome for _, outcome in pairs], len(associations)),
        reasons=tuple(sorted(reasons.items(), key=lambda each: (-each[1], each[0]))),
    )


def paired(matching: Matching, outcomes: Outcomes) -> Iterator[Paired]:
    """Yield every match with its outcome, which is empty where there is none.

    Raises
    ------
    ProgramError
        Outcomes of pairs that the matching has not: all of them.
    """
    for given, kind in ((matching, Matching), (outcomes, Outcomes)):
        if not isinstance(given, kind):
            name = type(given).__name__
            raise ProgramError(f"{name} is given where {kind.__name__} is needed")
    known = {(each.mentee, each.mentor): each for each in outcomes}
    strange = known.keys() - {(match.mentee, match.mentor) for match in matching}
    if strange:
        lines = [f"{mentee} with {mentor} is no pair of this round" for mentee, mentor in strange]
        raise ProgramError("\n".join(sorted(lines)))
    for match in matching:
        pair = match.mentee, match.mentor
        yield match, known.get(pair, Outcome(*pair))


# Measures -----------------------------------------------------------------------------------------

_WORDS: Final = {
    "met": "met at least once",
    "meetings": "meetings held",
    "completed": "did not end early",
    "mentee_rating": "rating by mentees",
    "mentor_rating": "rating by mentors",
    "progress": "progress toward the goals",
    "went_well": "went well",
}
_ANSWERS: Final[dict[str, Callable[[Outcome], float | None]]] = {
    "met": lambda each: None if each.meetings is None else float(each.meetings > 0),
    "meetings": lambda each: each.meetings,
    "completed": lambda each: None if each.ended_early is None else float(not each.ended_early),
    "mentee_rating": lambda each: each.mentee_rating,
    "mentor_rating": lambda each: each.mentor_rating,
    "progress": lambda each: each.progress,
    "went_well": lambda each: None if each.went_well is None else float(each.went_well),
}
_SHARES: Final = {"met", "completed", "went_well"}
_SCALES: Final = {"meetings": (0, math.inf), "progress": (0, 1)}
_RATINGS: Final = (1, 5)


def _measure(name: str, group: str, value: str, outcomes: Sequence[Outcome]) -> Measure:
    """Return one measure of some pairs."""
    given = [_ANSWERS[name](outcome) for outcome in outcomes]
    known = [answer for answer in given if answer is not None]
    if name in _SHARES:
        found = intervals.share(sum(answer > 0 for answer in known), len(known))
    else:
        least, most = _SCALES.get(name, _RATINGS)
        found = intervals.mean(known, least=least, most=most)
    return Measure(name, group, value, len(outcomes), len(known), found)


Group = tuple[str, str, tuple[Paired, ...]]


def _columns(by: object) -> list[str]:
    if isinstance(by, str) or not isinstance(by, Iterable):
        raise ProgramError(f"by == {by!r}, must be a list of columns such as ['department']")
    return list(dict.fromkeys(by))


def _by_column(matching: Matching, column: str, pairs: Sequence[Paired]) -> Iterator[Group]:
    """Yield the pairs of each value that mentees, and then mentors, have in a column."""
    people = matching.people
    sides = [("mentee", people.mentees), ("mentor", people.mentors)]
    having = [(side, pool) for side, pool in sides if pool.has(column)]
    if not having:
        people.mentees.text(column)  # says which columns there are
    for side, pool in having:
        label = _labels(pool, column)
        values = [label[getattr(match, side)] for match, _ in pairs]
        for value in sorted(set(values), key=lambda text: (text == _NOT_STATED, text)):
            chosen = zip(pairs, values, strict=True)
            yield f"{side} {column}", value, tuple(pair for pair, own in chosen if own == value)


_NOT_STATED: Final = "not stated"


def _labels(pool: Pool, column: str) -> dict[str, str]:
    """Return what each person has in a column, as most of those who have it wrote it."""
    codes, _ = pool.codes(column)
    written: dict[int, Counter[str]] = {}
    for code, text in zip(codes.tolist(), pool.text(column).tolist(), strict=True):
        written.setdefault(code, Counter())[text] += 1
    form = {
        code: min(texts, key=lambda text: (-texts[text], text)) for code, texts in written.items()
    } | {-1: _NOT_STATED}
    return dict(zip(pool.ids.tolist(), map(form.__getitem__, codes.tolist()), strict=True))


# Criteria -----------------------------------------------------------------------------------------


def _known_shares(pairs: Sequence[Paired]) -> dict[str, list[tuple[float, Paired]]]:
    """Return, for each criterion, its share in every pair that it could value."""
    found: dict[str, list[tuple[float, Paired]]] = {}
    for match, outcome in pairs:
        for part in match.parts:
            found.setdefault(part.criterion, [])
            if part.known:
                found[part.criterion].append((part.share, (match, outcome)))
    return found


def _by_criterion(pairs: Sequence[Paired]) -> Iterator[Group]:
    """Yield the half of the pairs with more of each criterion, and the half with less."""
    for criterion, known in _known_shares(pairs).items():
        middle = median(share for share, _ in known) if known else 0.0
        lower = tuple(pair for share, pair in known if share < middle)
        upper = tuple(pair for share, pair in known if share > middle)
        if lower and upper:
            yield criterion, "lower half", lower
            yield criterion, "upper half", upper


def _associations(pairs: Sequence[Paired]) -> Iterator[Association]:
    """Yield how each criterion went with each measure."""
    for criterion, known in _known_shares(pairs).items():
        for name, answer in _ANSWERS.items():
            both = [(share, answer(outcome)) for share, (_, outcome) in known]
            left = [share for share, given in both if given is not None]
            right = [given for _, given in both if given is not None]
            found = intervals.rank_correlation(left, right)
            yield Association(criterion, name, len(left), found)
