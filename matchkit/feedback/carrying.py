"""From one round to the next: pairs that go on, people who come first, mentors who did a lot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from matchkit.constraints import Constraint, Forbidden, Locked
from matchkit.errors import Finding, ProgramError, UnknownPersonError
from matchkit.feedback.evaluating import paired
from matchkit.feedback.records import Outcomes
from matchkit.matching import Matching
from matchkit.pipeline import read_sides
from matchkit.program import Program
from matchkit.rounds import silent
from matchkit.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.profiles import Pool

Pair = tuple[str, str]

_SHOWN: Final = 5  # ids named in one note


@dataclass(frozen=True, slots=True)
class Carry:
    """What is carried over to the next round.

    Attributes
    ----------
    repeat : bool
        Pairs of past rounds may be made again.
    going_on : tuple of (str, str)
        Mentee and mentor of pairs that go on, beside those whose outcome says so.
    first : bool
        Mentees who were left without a mentor last time come first.
    most_mentees : int or None
        Different mentees that a mentor may have over all the rounds given and the next one.
    """

    repeat: bool = False
    going_on: tuple[Pair, ...] = ()
    first: bool = True
    most_mentees: int | None = None


@dataclass(frozen=True, slots=True)
class Workload:
    """What a mentor of the next round did so far.

    Attributes
    ----------
    mentor : str
        Id.
    rounds, mentees : int
        Past rounds with at least one mentee, and how many different mentees these were.
    places : int
        Places in the next round.
    offered : int
        Places that the mentor offers.
    """

    mentor: str
    rounds: int
    mentees: int
    places: int
    offered: int


@dataclass(frozen=True, eq=False)
class NextRound(Shown):
    """A round that is ready to be matched: ``mk.match(**coming.arguments)``.

    Attributes
    ----------
    mentors, mentees : Pool
        The people; mentors with as many places as their workload leaves.
    program : Program
        Pairs that go on are locked, past pairs forbidden, and those who come first are its
        priority.
    workload : tuple of Workload
        Every mentor, sorted by id.
    notes : tuple of str
        What was carried over, and what was not, in plain words.
    """

    mentors: Pool
    mentees: Pool
    program: Program
    workload: tuple[Workload, ...]
    notes: tuple[str, ...]

    @property
    def arguments(self) -> dict[str, Any]:
        """What :func:`matchkit.match` takes."""
        return {"mentors": self.mentors, "mentees": self.mentees, "program": self.program}

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each mentor: ``mentor, rounds, mentees, places, offered``."""
        import pandas as pd

        columns = ["mentor", "rounds", "mentees", "places", "offered"]
        rows = [[getattr(each, name) for name in columns] for each in self.workload]
        return pd.DataFrame(rows, columns=columns)

    def __str__(self) -> str:
        """Tell what was carried over in lines."""
        people = f"mentees {len(self.mentees)}, mentors {len(self.mentors)}"
        return "\n".join([f"next round: {people}", *(f"  {note}" for note in self.notes)])


def next_round(
    previous: Matching | Sequence[Matching],
    outcomes: Outcomes | None = None,
    *,
    mentors: object,
    mentees: object,
    program: Program | None = None,
    carry: Carry | None = None,
) -> NextRound:
    """Prepare the round that follows: who goes on, who comes first, who did enough.

    Parameters
    ----------
    previous : Matching or sequence of Matching
        The round before, or all rounds so far, the latest last.
    outcomes : Outcomes, optional
        Of the latest round. Pairs that answered yes to ``continues`` go on.
    mentors, mentees : path, data frame, or list of Profile or dict
        The people of the next round, as for :func:`matchkit.match`.
    program : Program, optional
        Its configuration; by default that of the latest round, without the pairs that were
        locked in it.
    carry : Carry, optional
        What is carried over.

    Returns
    -------
    NextRound
        What :func:`matchkit.match` takes, and notes that explain it.

    Raises
    ------
    ProfileError
        The people cannot be read as given.
    ProgramError
        There is no round before, or an outcome is of a pair that it has not.
    UnknownPersonError
        A pair that goes on by hand names people who are not in the next round.

    Notes
    -----
    Those who come first are :attr:`Program.priority`: of all matchings of as many people,
    those with the most of them count, and only then points. Going on is a lock: one that
    breaks a rule or finds no place is a conflict when the round is matched, and never a
    silent winner.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors, mentees = [{"id": "di"}], [{"id": "ana"}, {"id": "bo"}]
    >>> first = mk.match(mentors, mentees)
    >>> coming = mk.next_round(first, mentors=[*mentors, {"id": "gil"}], mentees=mentees)
    >>> print(coming)
    next round: mentees 2, mentors 2
      1 past pair is ruled out: bo with di
      1 mentee without a mentor last time comes first: ana
    >>> mk.match(**coming.arguments)["ana"].mentor
    'di'
    """
    rounds = _rounds(previous)
    chosen, carry = program or rounds[-1].program, carry or Carry()
    mentor_pool, mentee_pool = read_sides(mentors, mentees, None, silent)
    plan = _Plan(rounds, mentor_pool, mentee_pool, carry)
    kept = plan.constraints(chosen, given=program is not None)
    by_hand = {(each.mentee, each.mentor) for each in kept if isinstance(each, Locked)}
    going_on = plan.going_on(outcomes)
    past = plan.past(going_on | by_hand)
    first = plan.first(chosen)
    workload = tuple(plan.workload(going_on))
    new: list[Constraint] = [Locked(*pair) for pair in sorted(going_on - by_hand)]
    new += [Forbidden(*pair) for pair in sorted(past - _pairs(kept, Forbidden))]
    return NextRound(
        mentors=_with_places(mentor_pool, workload),
        mentees=mentee_pool,
        program=chosen.model_copy(update={"constraints": (*kept, *new), "priority": first}),
        workload=workload,
        notes=tuple(plan.notes),
    )


def _rounds(previous: object) -> list[Matching]:
    given = [previous] if isinstance(previous, Matching) else previous
    if not isinstance(given, Iterable):
        raise ProgramError(f"previous is of type {type(previous).__name__}; give a Matching")
    rounds = list(given)
    if not rounds or not all(isinstance(each, Matching) for each in rounds):
        raise ProgramError("previous must be a Matching, or several, the latest last")
    return rounds


def _pairs(constraints: Iterable[Constraint], kind: type[Locked | Forbidden]) -> set[Pair]:
    return {(each.mentee, each.mentor) for each in constraints if isinstance(each, kind)}


class _Plan:
    """What goes over to the next round; every step leaves a note."""

    def __init__(
        self, rounds: Sequence[Matching], mentors: Pool, mentees: Pool, carry: Carry
    ) -> None:
        self._rounds, self._carry = rounds, carry
        self._mentors, self._mentees = mentors, mentees
        self.notes: list[str] = []

    def _here(self, pair: Pair) -> bool:
        return pair[0] in self._mentees.index and pair[1] in self._mentors.index

    def _note(self, count: int, one: str, many: str, names: Iterable[str] = ()) -> None:
        """Say how many there are, with verb, and name the first few."""
        if count:
            listed = list(names)
            more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
            which = f": {', '.join(listed[:_SHOWN])}{more}" if listed else ""
            self.notes.append(f"{count} {one if count == 1 else many}{which}")

    def constraints(self, program: Program, *, given: bool) -> list[Constraint]:
        """Return the constraints of the program that still hold."""
        if given:
            return list(program.constraints)
        gone = sorted(_pairs(program.constraints, Locked))
        self._note(len(gone), "lock was for the last round only", "locks were for the last round "
                   "only", map(_named, gone))  # fmt: skip
        away = [pair for pair in _pairs(program.constraints, Forbidden) if not self._here(pair)]
        self._note(len(away), "forbidden pair is not in this round any more",
                   "forbidden pairs are not in this round any more",
                   map(_named, sorted(away)))  # fmt: skip
        return [
            each
            for each in program.constraints
            if not isinstance(each, Locked)
            and not (isinstance(each, Forbidden) and (each.mentee, each.mentor) in away)
        ]

    def going_on(self, outcomes: Outcomes | None) -> set[Pair]:
        """Return the pairs that go on: those asked for by hand, and those that want to."""
        asked = set(self._carry.going_on)
        self._check(asked)
        told = () if outcomes is None else paired(self._rounds[-1], outcomes)
        wish = {(match.mentee, match.mentor) for match, outcome in told if outcome.continues}
        here = {pair for pair in wish if self._here(pair)}
        self._note(len(wish - here), "pair wants to go on, but is not here any more",
                   "pairs want to go on, but are not here any more",
                   map(_named, sorted(wish - here)))  # fmt: skip
        going_on = here | asked
        self._note(len(going_on), "pair goes on", "pairs go on", map(_named, sorted(going_on)))
        return going_on

    def _check(self, asked: Iterable[Pair]) -> None:
        """Name everybody at once who is asked to go on and is not here."""
        unknown = []
        for mentee, mentor in sorted(asked):
            for pool, who in ((self._mentees, mentee), (self._mentors, mentor)):
                if who not in pool.index:
                    unknown.append(f"going_on: {mentee} with {mentor}: no {pool.role} has the id "
                                   f"{who!r}")  # fmt: skip
        if unknown:
            raise UnknownPersonError("\n".join(unknown))

    def past(self, wanted: set[Pair]) -> set[Pair]:
        """Return the pairs that are not to be made again."""
        if self._carry.repeat:
            return set()
        made = {(match.mentee, match.mentor) for each in self._rounds for match in each}
        ruled_out = {pair for pair in made - wanted if self._here(pair)}
        self._note(len(ruled_out), "past pair is ruled out", "past pairs are ruled out",
                   map(_named, sorted(ruled_out)))  # fmt: skip
        return ruled_out

    def first(self, program: Program) -> tuple[str, ...]:
        """Return those who come first: as before, and who was left out last time."""
        priority = program.priority
        before = [who for who in priority if who in self._mentees.index]
        self._note(len(priority) - len(before), "mentee of the priority is not in this round",
                   "mentees of the priority are not in this round",
                   [who for who in priority if who not in before])  # fmt: skip
        if not self._carry.first:
            return tuple(before)
        waiting = [
            one.mentee for one in self._rounds[-1].unmatched if one.mentee in self._mentees.index
        ]
        if program.objective != "total":
            why = f"cannot come first with objective = {program.objective!r}"
            self._note(len(waiting), f"mentee without a mentor last time {why}",
                       f"mentees without a mentor last time {why}", waiting)  # fmt: skip
            return tuple(before)
        self._note(len(waiting), "mentee without a mentor last time comes first",
                   "mentees without a mentor last time come first", waiting)  # fmt: skip
        return tuple(dict.fromkeys([*before, *waiting]))

    def workload(self, going_on: set[Pair]) -> Iterator[Workload]:
        """Yield what every mentor did so far and can still do."""
        most = self._carry.most_mentees
        rounds: dict[str, set[int]] = {}
        mentees: dict[str, set[str]] = {}
        for at, each in enumerate(self._rounds):
            for match in each:
                rounds.setdefault(match.mentor, set()).add(at)
                mentees.setdefault(match.mentor, set()).add(match.mentee)
        fewer: list[str] = []
        for mentor in sorted(self._mentors.index):
            offered = int(self._mentors.capacity[self._mentors.index[mentor]])
            had = mentees.get(mentor, set())
            places = offered
            if most is not None:
                # Who goes on is one of those whom the mentor had: no new one.
                again = sum(other == mentor and mentee in had for mentee, other in going_on)
                places = min(offered, max(0, most - len(had)) + again)
            if places < offered:
                fewer.append(f"{mentor} {places} of {offered}")
            yield Workload(mentor, len(rounds.get(mentor, ())), len(had), places, offered)
        self._note(len(fewer), "mentor did much and offers fewer places",
                   "mentors did much and offer fewer places", fewer)  # fmt: skip


def _named(pair: Pair) -> str:
    return f"{pair[0]} with {pair[1]}"


def _with_places(pool: Pool, workload: Iterable[Workload]) -> Pool:
    """Return the mentors with as many places as they have left."""
    capacity, min_load = pool.capacity.copy(), pool.min_load.copy()
    findings = list(pool.findings)
    for each in workload:
        if each.places < each.offered:
            at = pool.index[each.mentor]
            capacity[at], min_load[at] = each.places, min(each.places, int(min_load[at]))
            findings.append(
                Finding("note", f"{each.places} of {each.offered} places: the workload of past "
                        "rounds counts", id=each.mentor, column="capacity",
                        value=str(each.offered))
            )  # fmt: skip
    if len(findings) == len(pool.findings):
        return pool
    columns = dict(pool.columns)
    for name, values in (("capacity", capacity), ("min_load", min_load)):
        if name == "capacity" or name in columns:
            columns[name] = np.array([str(value) for value in values.tolist()], dtype=object)
    return replace(
        pool, capacity=capacity, min_load=min_load, columns=columns, findings=tuple(findings)
    )
