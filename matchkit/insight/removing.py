"""What each rule and constraint costs, and which of them cannot be met together."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING

from matchkit.conflicting import Condition, Conditions, Contradiction, contradictions, label
from matchkit.pipeline import read_sides
from matchkit.profiles import chosen_taxonomy
from matchkit.program import Program
from matchkit.rounds import silent
from matchkit.shown import Shown, effort, worth_of

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.matching import Matching
    from matchkit.profiles import Taxonomy


@dataclass(frozen=True, slots=True)
class RuleCost:
    """What one rule or constraint costs the round.

    Attributes
    ----------
    rule : str
        Its name; for a constraint with whom or what it is about.
    pairs : int
        Pairs that a rule removes, whatever other rules do; 0 for a constraint.
    people, points : int
        How many more people would be matched without it, and how many more points their
        pairs would sum to. Points can be below 0 where more people are matched.
    """

    rule: str
    pairs: int
    people: int
    points: int


@dataclass(frozen=True, slots=True)
class RuleCosts(Shown):
    """What each rule and constraint costs, found by leaving it out and solving again.

    Attributes
    ----------
    rows : tuple of RuleCost
        The dearest first: people, then points.
    seconds : float
        What it took; no part of what two answers are compared by.
    """

    rows: tuple[RuleCost, ...]
    seconds: float = field(default=0.0, compare=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each rule and constraint: ``rule, pairs, people, points``."""
        import pandas as pd

        rows = [(row.rule, row.pairs, row.people, row.points) for row in self.rows]
        return pd.DataFrame(rows, columns=["rule", "pairs", "people", "points"])

    def __str__(self) -> str:
        """Say which cost something, how much, and how this was found."""
        dear = [row for row in self.rows if row.people or row.points]
        lines = [f"{row.rule} costs {worth_of(row.people, row.points)}." for row in dear]
        rest = len(self.rows) - len(dear)
        if rest:
            who = "1 rule or constraint costs" if rest == 1 else f"{rest} rules or constraints cost"
            lines.append(f"{who} nothing.")
        lines.append(effort(len(self.rows), self.seconds))
        return "\n".join(lines)


def rule_costs(matching: Matching) -> RuleCosts:
    """Say what each rule and constraint costs, by leaving it out and solving again.

    Each is left out by itself. Two rules that remove the same pairs may both cost nothing
    and yet cost much together.

    Parameters
    ----------
    matching : Matching
        The result, with its people.

    Raises
    ------
    DetachedError
        The result was loaded without its people.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "team": "a"}, {"id": "gil", "team": "b"}]
    >>> mentees = [{"id": "ana", "team": "a"}, {"id": "bo", "team": "a"}]
    >>> program = mk.Program(criteria=(mk.SameValue("team"),), rules=(mk.Different("team"),))
    >>> found = mk.insight.rule_costs(mk.match(mentors, mentees, program=program))
    >>> [(row.rule, row.people, row.points) for row in found.rows]
    [('Different(team)', 1, 1000000)]
    """
    round_ = matching.people
    conditions = Conditions(
        round_.mentees, round_.mentors, round_.program, round_.previous, round_.taxonomy
    )
    removed = dict(matching.record.rules)
    started = time.perf_counter()
    certificate = matching.certificate
    people, points = certificate.matched, certificate.maximized
    if certificate.status != "optimal":  # rules are not to blame for what was not found
        whole = conditions.outcome(conditions.all)
        people, points = whole.matched, whole.total
    rows = []
    for one in conditions.all:
        name = label(round_.program, one)
        done = conditions.outcome(each for each in conditions.all if each != one)
        pairs = removed.get(_recorded(round_.program, one), 0)
        rows.append(RuleCost(name, pairs, done.matched - people, done.total - points))
    rows.sort(key=lambda row: (-row.people, -row.points, row.rule))
    return RuleCosts(tuple(rows), time.perf_counter() - started)


def _recorded(program: Program, condition: Condition) -> str:
    """Return the name under which a record counts the pairs that a rule removes."""
    section, at = condition
    return program.rules[at].name if section == "rules" else section


@dataclass(frozen=True, slots=True)
class Conflicts(Shown):
    """Conditions that cannot be met together.

    Attributes
    ----------
    rows : tuple of Contradiction
        Each a smallest set: without any one of its conditions the rest can be met.
    """

    rows: tuple[Contradiction, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each condition of each conflict.

        Columns ``conflict, condition, matched, points``: what comes of the round without
        that condition; missing where another conflict would be left.
        """
        import pandas as pd

        rows = [
            (at, way.condition, *((way.matched, way.total) if way.matched >= 0 else (None, None)))
            for at, clash in enumerate(self.rows, start=1)
            for way in clash.relaxations
        ]
        frame = pd.DataFrame(rows, columns=["conflict", "condition", "matched", "points"])
        return frame.astype(dict.fromkeys(["matched", "points"], "Int64"))

    def __str__(self) -> str:
        """Tell of each conflict, and of the cheapest way out."""
        if not self.rows:
            return "All rules and constraints can be met together."
        lines = [line for clash in self.rows for line in clash.lines]
        if len(self.rows) > 1:
            lines.append(f"With these {len(self.rows)} ways out together the round can be matched.")
        return "\n".join(lines)


def conflicts(
    mentors: object,
    mentees: object,
    *,
    program: Program | None = None,
    taxonomy: Taxonomy | str | PathLike[str] | None = None,
) -> Conflicts:
    """Find the smallest sets of rules and constraints that cannot be met together.

    Parameters
    ----------
    mentors, mentees : path, data frame, or list of Profile or dict
        As for :func:`matchkit.match`.
    program : Program, optional
        The configuration; the documented default where none is given.
    taxonomy : Taxonomy or path, optional
        As for :func:`matchkit.match`: scores depend on it, and with them ``min_score``.

    Returns
    -------
    Conflicts
        Empty where all can be met together.

    Raises
    ------
    ProfileError, ProgramError
        As for :func:`matchkit.match`.

    Examples
    --------
    >>> import matchkit as mk
    >>> program = mk.Program(constraints=(mk.Locked("ana", "di"), mk.Locked("bo", "di")))
    >>> print(mk.insight.conflicts([{"id": "di"}], [{"id": "ana"}, {"id": "bo"}], program=program))
    Locked(ana, di) and Locked(bo, di) can't be met together: di has 1 place and 2 locked mentees;
    add places or unlock
    cheapest way out: without Locked(bo, di), 1 mentee is matched for 0 points
    """
    mentor_pool, mentee_pool = read_sides(mentors, mentees, None, silent)
    known = chosen_taxonomy(taxonomy)
    conditions = Conditions(mentee_pool, mentor_pool, program or Program(), taxonomy=known)
    return Conflicts(contradictions(conditions))
