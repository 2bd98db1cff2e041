"""Constraints -> arrays: what conditions across pairs mean for the people of one round.

The one place where the columns, values and ids that constraints name become the codes and
bounds that the engine knows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchkit.constraints import (
    Apart,
    AppliedConstraint,
    Constraint,
    GroupCoverage,
    MaxPerMentor,
    MinLoad,
    PairShare,
    Priced,
    as_share,
)
from matchkit.errors import ProgramError, UnknownPersonError, nearest
from matchkit.profiles.skills import fold
from matchkit.scoring import POINTS

if TYPE_CHECKING:
    from matchkit.assign.quotas import Condition, PerMentor
    from matchkit.profiles import Pool

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Term:
    """One constraint across pairs, for the people of a round.

    Attributes
    ----------
    constraint : Constraint
        As the program has it.
    quotas : tuple of Quota or PerMentor
        The same for the engine; empty where it is a least load.
    min_load : ndarray of int64, shape (m,)
        The least load of each mentor that it asks for; 0 where it asks for none.
    counted : callable
        Takes an assignment, ``mentor_of``, and returns how many pairs, or people, count
        towards it, and of how many.
    words : str
        Who counts, of whom, and what was asked, with gaps for the two numbers.
    """

    constraint: Constraint
    quotas: tuple[Condition, ...]
    min_load: Codes
    counted: Callable[[Codes], tuple[int, int]]
    words: str

    def told(self, mentor_of: Codes) -> AppliedConstraint:
        """Return what became of it in an assignment."""
        counted, of = self.counted(mentor_of)
        missed = self.missed(mentor_of)
        said = self.words.format(counted=counted, of=of)
        penalty = missed * self.price
        soft = isinstance(self.constraint, Priced) and self.constraint.soft
        return AppliedConstraint(self.constraint.name, said, counted, of, soft, missed, penalty)

    def missed(self, mentor_of: Codes) -> int:
        """Return by how many pairs, or people, an assignment misses it."""
        m = self.min_load.size
        load = np.bincount(mentor_of[mentor_of >= 0], minlength=m)
        short = int(np.maximum(self.min_load - load, 0).sum())
        return short + sum(quota.violation(mentor_of, m) for quota in self.quotas)

    @property
    def price(self) -> int:
        """Points that each of these costs; 0 where it must be kept."""
        given = self.constraint.price if isinstance(self.constraint, Priced) else None
        return round((given or 0) * POINTS)


def terms_of(constraints: tuple[Constraint, ...], mentees: Pool, mentors: Pool) -> tuple[Term, ...]:
    """Return every constraint across pairs for these people.

    Raises
    ------
    ProgramError
        A column, a value or an id is not there; all faults at once, with the nearest.
    """
    found: list[Term] = []
    faults: list[str] = []
    unknown: list[str] = []
    for constraint in constraints:
        binder = _BINDERS.get(type(constraint))
        if binder is None:
            continue
        try:
            found.append(binder(constraint, mentees, mentors))
        except UnknownPersonError as error:
            unknown += [f"{constraint.name}: {line}" for line in error.lines]
        except ProgramError as error:
            faults += [f"{constraint.name}: {line}" for line in error.lines]
    if unknown and not faults:
        raise UnknownPersonError("\n".join(unknown))
    if faults:
        raise ProgramError("\n".join(faults + unknown))
    return tuple(found)


def _pair_share(constraint: PairShare, mentees: Pool, mentors: Pool) -> Term:
    """Bind a share of pairs: people are numbered by what matters of them."""
    from matchkit.assign import Quota

    rows, cols = _Facts(mentees), _Facts(mentors)
    tests: list[tuple[int, bool]] = []
    for column, alike in ((constraint.different, False), (constraint.same, True)):
        if column:
            tests.append((rows.shared(column, cols), alike))
    inside = rows.among(constraint.mentee), cols.among(constraint.mentor)
    (row_codes, row_facts), (column_codes, column_facts) = rows.codes(), cols.codes()
    counted = np.ones((len(row_facts), len(column_facts)), dtype=bool)
    for at, alike in tests:
        mine, theirs = row_facts[:, at][:, None], column_facts[:, at][None, :]
        counted &= ((mine == theirs) == alike) & (mine >= 0) & (theirs >= 0)
    counted &= (row_facts[:, inside[0]] == 1)[:, None] & (column_facts[:, inside[1]] == 1)[None, :]
    quotas: list[Condition] = []
    for side, amount in (("at_least", constraint.at_least), ("at_most", constraint.at_most)):
        if amount is None:
            continue
        share, price = as_share(amount), _points(constraint)
        if share is None:
            bound = {side: int(amount)}
            quotas.append(Quota(row_codes, column_codes, counted, price=price, **bound))
        else:
            told = {side: share}
            quotas.append(Quota.share(row_codes, column_codes, counted, price=price, **told))

    def count(mentor_of: Codes) -> tuple[int, int]:
        at = np.flatnonzero(mentor_of >= 0)
        return int(counted[row_codes[at], column_codes[mentor_of[at]]].sum()), int(at.size)

    words = f"{{counted:,}} of {{of:,}} pairs, {_asked(constraint)}"
    return Term(constraint, tuple(quotas), _no_load(mentors), count, words)


class _Facts:
    """What matters of the people of one side: each distinct combination gets a code."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.columns: list[Codes] = []

    def shared(self, column: str, other: _Facts) -> int:
        """Give equal values of a column the same number on both sides; -1 where blank."""
        (mine, own), (theirs, other_own) = self._pool.codes(column), other._pool.codes(column)
        place = {label: at for at, label in enumerate(sorted({*own, *other_own}))}
        for facts, codes, labels in ((self, mine, own), (other, theirs, other_own)):
            table = np.array([*(place[label] for label in labels), -1], dtype=np.int64)
            facts.columns.append(table[codes])
        return len(self.columns) - 1

    def among(self, wanted: Mapping[str, tuple[str, ...]]) -> int:
        """Tell who has one of the wanted values in every column, as a fact of 0 or 1."""
        inside = np.ones(len(self._pool), dtype=bool)
        for column, values in wanted.items():
            inside &= having(self._pool, column, values)
        self.columns.append(inside.astype(np.int64))
        return len(self.columns) - 1

    def codes(self) -> tuple[Codes, NDArray[np.int64]]:
        """Return a code for each person, and the facts of each code, shape (codes, facts)."""
        table = np.stack(self.columns, axis=1)
        facts, codes = np.unique(table, axis=0, return_inverse=True)
        return codes.reshape(-1), facts


def having(pool: Pool, column: str, values: tuple[str, ...]) -> Mask:
    """Tell who has one of some values in a column, compared without case.

    Raises
    ------
    ProgramError
        There is no such column, or nobody has a value; the nearest are named.
    """
    codes, labels = pool.codes(column)
    faults, wanted = [], []
    for value in values:
        if (form := fold(value)) in labels:
            wanted.append(labels.index(form))
        else:
            hint = nearest(form, labels) or f"; there are {', '.join(labels[:8]) or 'blanks only'}"
            faults.append(f"no {pool.role} has {value!r} in {column}{hint}")
    if faults:
        raise ProgramError("\n".join(faults))
    return np.isin(codes, wanted)


def _max_per_mentor(constraint: MaxPerMentor, mentees: Pool, mentors: Pool) -> Term:
    from matchkit.assign import PerMentor

    groups, _ = mentees.codes(constraint.same)
    quota = PerMentor(groups, at_most=constraint.at_most, price=_points(constraint))
    words = f"{{counted:,}} at most with any mentor, at most {constraint.at_most:,} asked"
    return _limit(constraint, quota, mentors, words)


def _apart(constraint: Apart, mentees: Pool, mentors: Pool) -> Term:
    from matchkit.assign import PerMentor

    unknown = [
        f"no mentee has the id {who!r}{nearest(who, list(mentees.index))}"
        for who in constraint.mentees
        if who not in mentees.index
    ]
    if unknown:
        raise UnknownPersonError("\n".join(unknown))
    groups = np.full(len(mentees), -1)
    groups[[mentees.index[who] for who in constraint.mentees]] = 0
    quota = PerMentor(groups, at_most=1, price=_points(constraint))
    words = f"{{counted:,}} of the {len(constraint.mentees):,} at most with any mentor"
    return _limit(constraint, quota, mentors, words)


def _limit(constraint: Constraint, quota: PerMentor, mentors: Pool, words: str) -> Term:
    """Bind a limit for each mentor; what counts is the most that any mentor has of one group."""

    def count(mentor_of: Codes) -> tuple[int, int]:
        loads = quota.loads(mentor_of, len(mentors))
        return int(loads.max(initial=0)), int((mentor_of >= 0).sum())

    return Term(constraint, (quota,), _no_load(mentors), count, words)


def _group_coverage(constraint: GroupCoverage, mentees: Pool, mentors: Pool) -> Term:
    from matchkit.assign import Quota

    group = having(mentees, constraint.column, constraint.value)
    size = int(group.sum())
    least = _number(constraint.at_least, size, math.ceil)
    most = _number(constraint.at_most, size, math.floor)
    quota = Quota(
        group,
        np.zeros(len(mentors), dtype=np.int64),
        [[0], [1]],
        at_least=least,
        at_most=most,
        price=_points(constraint),
    )

    def count(mentor_of: Codes) -> tuple[int, int]:
        return int((group & (mentor_of >= 0)).sum()), size

    words = f"{{counted:,}} of {{of:,}} mentees of the group, {_asked(constraint)}"
    return Term(constraint, (quota,), _no_load(mentors), count, words)


def _number(
    amount: float | str | None, size: int, rounded: Callable[[Fraction], int]
) -> int | None:
    """Return how many people of a group a number or a share of it is."""
    if amount is None:
        return None
    share = as_share(amount)
    return int(amount) if share is None else rounded(share * size)


def _min_load(constraint: MinLoad, mentees: Pool, mentors: Pool) -> Term:
    from matchkit.assign import PerMentor

    asked = mentors.min_load if constraint.mentees is None else constraint.mentees
    least = np.minimum(asked, mentors.capacity).astype(np.int64)

    def count(mentor_of: Codes) -> tuple[int, int]:
        load = np.bincount(mentor_of[mentor_of >= 0], minlength=len(mentors))
        return int(((load >= least) & (least > 0)).sum()), int((least > 0).sum())

    price = _points(constraint)
    words = "{counted:,} of {of:,} mentors have at least what was asked for them"
    if price is None:
        return Term(constraint, (), least, count, words)
    everybody = np.zeros(len(mentees), dtype=np.int64)
    quota = PerMentor(everybody, at_least=least, price=price)
    return Term(constraint, (quota,), _no_load(mentors), count, words)


def _asked(constraint: PairShare | GroupCoverage) -> str:
    """Say what was asked: bounds as they were written, shares in percent."""
    said = [
        f"{word} {_written(amount)}"
        for word, amount in (("at least", constraint.at_least), ("at most", constraint.at_most))
        if amount is not None
    ]
    return f"{' and '.join(said)} asked"


def _written(amount: float | str) -> str:
    """Write a number as it is, a share in percent where that is short."""
    share = as_share(amount)
    if share is None:
        return f"{amount:,}"
    percent = share * 100
    short = percent.denominator in {1, 2, 4, 5, 10, 20, 100}
    return f"{float(percent):g} %" if short else str(amount)


def _points(constraint: Priced) -> int | None:
    """Return the price in points, None where the constraint must be kept."""
    return None if constraint.price is None else round(constraint.price * POINTS)


def _no_load(mentors: Pool) -> Codes:
    return np.zeros(len(mentors), dtype=np.int64)


_BINDERS: Mapping[type[Constraint], Callable[[Any, Pool, Pool], Term]] = {
    PairShare: _pair_share,
    MaxPerMentor: _max_per_mentor,
    GroupCoverage: _group_coverage,
    MinLoad: _min_load,
    Apart: _apart,
}
