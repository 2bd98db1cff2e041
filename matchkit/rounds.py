"""A round: the people in keyed order, their scores, and the assignment problem they pose.

This is the one place where ids become indices. Mentees are rows and mentors are columns;
both stand in the order of a keyed hash of their id, so that neither the order of a file nor
the alphabet decides anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchkit.conditions import Term, terms_of
from matchkit.errors import (
    Finding,
    InfeasibleError,
    ProgramError,
    TooLargeError,
    UnknownPersonError,
    nearest,
)
from matchkit.noticing import noticed
from matchkit.profiles.skills import resolver_of, understood
from matchkit.scoring import POINTS, Scorer
from matchkit.scoring.base import Context
from matchkit.scoring.sides import blocks
from matchkit.scoring.source import ScoreSource

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from matchkit.assign import Problem, Progress
    from matchkit.continuity import Previous
    from matchkit.profiles import Pool, Taxonomy
    from matchkit.profiles.skills import Understood
    from matchkit.program import Program


def silent(stage: str, done: int, total: int, gap: float | None) -> None:
    """Report progress to nobody."""


MEMORY_LIMIT = 8 << 30
"""Bytes that the tables of a round may take where no limit is given."""

HELD_PAIRS = 8_000_000
"""Pairs up to which a round is held as tables, of 9 bytes each; larger ones are scored block by
block, as often as the engine looks at them."""


@dataclass(frozen=True, eq=False)
class Board:
    """Points and eligibility of every pair of a round that fits in memory.

    Attributes
    ----------
    points : ndarray of int64, shape (n, m)
    eligible : ndarray of bool, shape (n, m)
    """

    points: NDArray[np.int64]
    eligible: NDArray[np.bool_]

    def closed(self) -> Board:
        """Close the tables to writing, so that the problem needs no copy of the points."""
        for table in (self.points, self.eligible):
            table.setflags(write=False)
        return self


@dataclass(frozen=True, eq=False)
class Survey:
    """What the rules leave of each mentee's choice.

    Attributes
    ----------
    rules : tuple of str
        Names of what removed pairs: the rules, ``min_score`` and ``Forbidden``.
    removed : ndarray of int64, shape (n, rules)
        Mentors that each rule takes from each mentee.
    alone : ndarray of int64, shape (n, rules)
        Those of them who offer a place and whom no other rule takes.
    eligible : ndarray of int64, shape (n,)
        Mentors that every rule leaves.
    """

    rules: tuple[str, ...]
    removed: NDArray[np.int64]
    alone: NDArray[np.int64]
    eligible: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Round:
    """The people of a round and what follows from them before anything is solved.

    Attributes
    ----------
    mentees, mentors : Pool
        The people, in keyed order.
    program : Program
        The configuration.
    scorer : Scorer
        Points and rules for any pairs.
    locked, forbidden : ndarray of int64, shape (k, 2)
        Pairs set and forbidden by hand, as (row, column).
    previous : Previous, optional
        The round before, whose pairs had better stay.
    """

    mentees: Pool
    mentors: Pool
    program: Program
    scorer: Scorer
    locked: NDArray[np.int64]
    forbidden: NDArray[np.int64]
    previous: Previous | None = None

    @property
    def taxonomy(self) -> Taxonomy | None:
        """Skills by name, beside those that matchkit knows."""
        return self.scorer.context.taxonomy

    @property
    def held(self) -> bool:
        """Whether the round is small enough to hold every pair's points."""
        n, m = self.scorer.shape
        return n * m <= HELD_PAIRS

    @cached_property
    def source(self) -> ScoreSource:
        """Points and eligibility of any pairs, for rounds of every size."""
        return ScoreSource(self.scorer, self.forbidden)

    @cached_property
    def survey(self) -> Survey:
        """What the rules leave of each mentee's choice; found once, in blocks of rows."""
        return _walked(self, silent)

    @cached_property
    def board(self) -> Board:
        """Points and eligibility of every pair; computed once, in blocks of rows.

        Raises
        ------
        TooLargeError
            The tables would take more memory than allowed.
        """
        board = _empty_board(*self.scorer.shape)
        _walked(self, silent, board)
        return board.closed()

    def measure(self, report: Progress) -> None:
        """Walk over every pair now, and tell how far it is."""
        board = _empty_board(*self.scorer.shape) if self.held else None
        vars(self)["survey"] = _walked(self, report, board)
        if board is not None:
            vars(self)["board"] = board.closed()

    @cached_property
    def problem(self) -> Problem:
        """The assignment problem of the round."""
        from matchkit.assign import Problem

        return Problem(
            self.board.points if self.held else self.source,
            capacity=self.mentors.capacity,
            eligible=self.board.eligible if self.held else None,
            locked=self.locked,
            unmatched_points=self.unmatched_points,
            coverage=self.program.coverage,
            kept=self.kept,
            min_load=self.min_load,
            quotas=[quota for term in self.terms for quota in term.quotas],
            stay_bonus=self.previous.stay_bonus if self.previous else 0,
            mentor_points=self.wishes if self.program.stable else None,
            keys=(self.mentees.keys(self.program.seed), self.mentors.keys(self.program.seed)),
        )

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The constraints across pairs, for these people."""
        return terms_of(self.program.constraints, self.mentees, self.mentors)

    @property
    def min_load(self) -> NDArray[np.int64]:
        """The least load of each mentor, by the strictest constraint."""
        least = np.zeros(len(self.mentors), dtype=np.int64)
        for term in self.terms:
            least = np.maximum(least, term.min_load)
        return least

    @property
    def wishes(self) -> csr_array[Any, tuple[int, int]]:
        """Points of the pairs that mentors see differently, as they see them, shape (n, m)."""
        from scipy.sparse import csr_array

        rows, cols, points = self.scorer.mentors_own()
        return csr_array((points, (rows, cols)), shape=self.scorer.shape)

    @property
    def unmatched_points(self) -> NDArray[np.int64]:
        """What leaving each mentee out counts: 0, or less for those who come first."""
        points = np.zeros(len(self.mentees), dtype=np.int64)
        rows = [self.row(mentee) for mentee in self.program.priority]
        points[rows] = -precedence(*self.scorer.shape, int(self.mentors.capacity.sum()))
        return points

    @property
    def kept(self) -> NDArray[np.int64]:
        """Pairs of the round before whose people are both still here, as (row, column)."""
        pairs = self.previous.pairs if self.previous else ()
        rows, cols = self.mentees.index, self.mentors.index
        here = [(rows[a], cols[b]) for a, b in pairs if a in rows and b in cols]
        return np.array(here, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def wants_and_offers(self) -> Understood:
        """The skills meant by the mentees' goals and by the mentors' skills, in this order."""
        resolver = resolver_of(self.taxonomy)
        return understood(resolver, self.mentees.goals, self.mentors.skills)

    def row(self, mentee: str) -> int:
        """Return the row of a mentee; an unknown id names the nearest ones."""
        return _position(self.mentees, mentee)

    def column(self, mentor: str) -> int:
        """Return the column of a mentor; an unknown id names the nearest ones."""
        return _position(self.mentors, mentor)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed about these people under this program."""
        return (*self.mentors.findings, *self.mentees.findings, *noticed(self))


def precedence(mentees: int, mentors: int, places: int) -> int:
    """Return points that no choice of pairs makes up for: more than all pairs can have.

    What is worth this much comes before points, exactly. In rounds of more than about
    20,000 people that would pass the whole numbers that the engine computes with; there it
    is the most that they allow, thousands of perfect pairs.
    """
    from matchkit.assign.core import widest_spread

    # Leaving somebody out and keeping a pair may both count it, in opposite directions.
    widest = (widest_spread((mentees, mentors)) - POINTS) // 2
    return min(min(mentees, places) * POINTS + 1, widest)


def prepare(
    mentees: Pool,
    mentors: Pool,
    program: Program,
    previous: Previous | None = None,
    *,
    taxonomy: Taxonomy | None = None,
) -> Round:
    """Order the people, bind the program to them and turn ids into indices.

    Parameters
    ----------
    mentees, mentors : Pool
    program : Program
    previous : Previous, optional
        The round before, whose pairs had better stay.
    taxonomy : Taxonomy, optional
        Skills by name, beside those that matchkit knows.

    Raises
    ------
    UnknownPersonError
        A constraint or the priority names people who are not in the round.
    ProgramError
        A constraint names a column, or a value of one, that is not there.
    InfeasibleError
        A lock breaks a rule, or locks contradict each other.
    """
    mentees, mentors = mentees.ordered(program.seed), mentors.ordered(program.seed)
    scorer = Scorer(
        mentees,
        mentors,
        criteria=program.criteria,
        rules=program.rules,
        context=Context(program.start, taxonomy),
        min_score=program.least_score,
    )
    ids = [(each.mentee, each.mentor) for each in (*program.locked, *program.forbidden)]
    pairs = _indices(ids, mentees, mentors)
    locked, forbidden = pairs[: len(program.locked)], pairs[len(program.locked) :]
    locked = np.unique(locked, axis=0)
    round_ = Round(mentees, mentors, program, scorer, locked, forbidden, previous)
    _check_priority(round_)
    round_.terms  # noqa: B018 - what they name must be there before anything is scored
    conflicts = _lock_conflicts(round_)
    if conflicts:
        raise InfeasibleError(conflicts)
    return round_


def _position(pool: Pool, person: str) -> int:
    found = pool.index.get(person)
    if found is None:
        ids = pool.ids.tolist()
        raise UnknownPersonError(f"no {pool.role} has the id {person!r}{nearest(str(person), ids)}")
    return found


def _indices(pairs: Sequence[tuple[str, str]], mentees: Pool, mentors: Pool) -> NDArray[np.int64]:
    """Turn pairs of ids into (row, column), naming every unknown id at once."""
    unknown = []
    found = []
    for pair in pairs:
        try:
            found.append((_position(mentees, pair[0]), _position(mentors, pair[1])))
        except UnknownPersonError as error:
            unknown.append(f"{pair[0]} with {pair[1]}: {error}")
    if unknown:
        raise UnknownPersonError("\n".join(unknown))
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _check_priority(round_: Round) -> None:
    """Refuse a priority or a stay bonus that cannot count, and a priority of nobody here."""
    program, unknown = round_.program, []
    if program.priority and program.objective != "total":
        raise ProgramError(
            f"priority does not go with objective = {program.objective!r}: who comes first there "
            "is not for anybody to say; leave it out, or lock the pairs"
        )
    if round_.previous and round_.previous.stay_bonus and program.objective != "total":
        raise ProgramError(
            f"a stay bonus does not go with objective = {program.objective!r}: pairs from before "
            "would look better than they are; give stay_bonus=0, and lock the pairs that stay"
        )
    for mentee in round_.program.priority:
        try:
            round_.row(mentee)
        except UnknownPersonError as error:
            unknown.append(f"priority: {error}")
    if unknown:
        raise UnknownPersonError("\n".join(unknown))


def _lock_conflicts(round_: Round) -> list[str]:
    """Say which locks cannot be kept, and why, in ids."""
    locked, mentees, mentors = round_.locked, round_.mentees, round_.mentors
    forbidden = {(int(row), int(col)) for row, col in round_.forbidden}
    said = []
    for row, col in locked.tolist():
        name = f"Locked({mentees.ids[row]}, {mentors.ids[col]})"
        said += [f"{name} breaks {rule}: {why}" for rule, why in round_.scorer.broken(row, col)]
        if (row, col) in forbidden:
            said.append(f"{name} contradicts Forbidden for the same pair")
    for row in np.nonzero(np.bincount(locked[:, 0], minlength=1) > 1)[0].tolist():
        names = ", ".join(str(mentors.ids[col]) for who, col in locked.tolist() if who == row)
        said.append(f"{mentees.ids[row]} is locked to several mentors: {names}; keep one")
    counts = np.bincount(locked[:, 1], minlength=len(mentors))
    for col in np.nonzero(counts > mentors.capacity)[0].tolist():
        places = int(mentors.capacity[col])
        noun = "place" if places == 1 else "places"
        said.append(
            f"{mentors.ids[col]} has {places} {noun} and {counts[col]} locked mentees; "
            "add places or unlock"
        )
    return said


def _walked(round_: Round, report: Progress, board: Board | None = None) -> Survey:
    """Ask every rule of every pair, in blocks of rows, and fill the board if there is one."""
    source, (n, m) = round_.source, round_.scorer.shape
    removed = np.zeros((n, len(source.rules)), dtype=np.int64)
    alone, eligible = np.zeros_like(removed), np.zeros(n, dtype=np.int64)
    offering, cols = round_.mentors.capacity > 0, np.arange(m)
    for part in blocks(n, m):
        rows = np.arange(part.start, part.stop)
        points = None if board is None else round_.scorer.grid(rows, cols)
        masks = list(source.masks(rows, cols, points))
        fails = np.zeros((len(rows), m), dtype=np.uint16)
        for mask in masks:
            fails += ~mask
        once = (fails == 1) & offering
        for at, mask in enumerate(masks):
            removed[part, at] = m - np.count_nonzero(mask, axis=1)
            alone[part, at] = np.count_nonzero(once & ~mask, axis=1)
        eligible[part] = m - np.count_nonzero(fails, axis=1)
        if board is not None and points is not None:
            board.points[part], board.eligible[part] = points, fails == 0
        report("score", part.stop, n, None)
    return Survey(source.rules, removed, alone, eligible)


def _empty_board(n: int, m: int) -> Board:
    """Return tables to fill, if they fit in memory."""
    needed = n * m * (np.dtype(np.int64).itemsize + 1)
    if needed > MEMORY_LIMIT:
        raise TooLargeError(
            f"{n} mentees with {m} mentors need {needed / 2**30:.1f} GiB for their scores; "
            f"at most {MEMORY_LIMIT / 2**30:.0f} GiB are allowed: match in smaller groups"
        )
    return Board(np.empty((n, m), dtype=np.int64), np.empty((n, m), dtype=bool))
