"""Conditions that cannot be met together: the smallest sets of them, and the cheapest way out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from matchkit.clashes import clash_lines
from matchkit.errors import InfeasibleError, InternalError
from matchkit.rounds import prepare

if TYPE_CHECKING:
    from matchkit.assign import Solution
    from matchkit.continuity import Previous
    from matchkit.profiles import Pool, Taxonomy
    from matchkit.program import Program
    from matchkit.rounds import Round

Condition = tuple[str, int]
"""A section of the program, and the position in it; ``("min_score", 0)`` for the least score."""

Kept = frozenset[Condition]

TOLD_AT_ONCE = 250_000
"""Pairs of a round up to which an error names the ways out of a conflict by itself."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """People matched and points, less what soft constraints cost; -1 and 0 for a clash."""

    matched: int = -1
    total: int = 0


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What comes of a round if one condition is given up.

    Attributes
    ----------
    condition : str
        Which one.
    matched, total : int
        People matched and points; -1 and 0 where other conflicts stand in the way.
    """

    condition: str
    matched: int
    total: int

    def __str__(self) -> str:
        """Say what comes of it."""
        if self.matched < 0:
            return f"without {self.condition}, another conflict is left"
        people = "1 mentee is" if self.matched == 1 else f"{self.matched} mentees are"
        return f"without {self.condition}, {people} matched for {self.total:,} points"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Conditions that cannot be met together, though without any one of them the rest can.

    Attributes
    ----------
    conditions : tuple of str
        In the order of the program: rules, then constraints.
    why : tuple of str
        What goes wrong, in words.
    relaxations : tuple of Relaxation
        What comes of giving up each of them, the cheapest first: most people, most points.
    """

    conditions: tuple[str, ...]
    why: tuple[str, ...]
    relaxations: tuple[Relaxation, ...]

    @property
    def head(self) -> str:
        """Say what clashes."""
        names = ", ".join(self.conditions[:-1])
        both = f"{names} and {self.conditions[-1]}" if names else self.conditions[-1]
        return f"{both} can't be met" + (" together" if names else "")

    @property
    def way_out(self) -> str:
        """Say what would be cheapest to give up."""
        return f"cheapest way out: {self.relaxations[0]}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Tell it in lines."""
        return f"{self.head}: {'; '.join(self.why)}", self.way_out

    def __str__(self) -> str:
        """Tell it in lines."""
        return "\n".join(self.lines)


def label(program: Program, condition: Condition) -> str:
    """Return the name of a condition, with what tells it from others of its kind."""
    section, at = condition
    if section == "min_score":
        return f"min_score({program.min_score:g})"
    each: Any = getattr(program, section)[at]
    bounds = (("at least", "at_least"), ("at most", "at_most"))
    asked = [(word, getattr(each, name, None)) for word, name in bounds]
    said = " and ".join(f"{word} {value}" for word, value in asked if value is not None)
    return f"{each.name} {said}".strip()


@dataclass(frozen=True, eq=False)
class Conditions:
    """A round whose conditions can be left out one by one.

    Attributes
    ----------
    mentees, mentors : Pool
        The people.
    program : Program
    previous : Previous or None
        The round before.
    taxonomy : Taxonomy or None
        Skills by name, beside those that matchkit knows.
    """

    mentees: Pool
    mentors: Pool
    program: Program
    previous: Previous | None = None
    taxonomy: Taxonomy | None = None
    _known: dict[Kept, Outcome] = field(default_factory=dict)
    _trouble: dict[Kept, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def all(self) -> tuple[Condition, ...]:
        """Every rule and every constraint, none twice, and the least score if there is one."""
        found: list[Condition] = []
        for section in ("rules", "constraints"):
            each = getattr(self.program, section)
            found += [(section, at) for at, one in enumerate(each) if one not in each[:at]]
        return (*found, *([("min_score", 0)] if self.program.min_score else []))

    def without(self, left_out: Iterable[Condition]) -> Program:
        """Return the program without some of its conditions, however often they stand in it."""
        gone = set(left_out)
        changes: dict[str, object] = {}
        for section in ("rules", "constraints"):
            each = getattr(self.program, section)
            out = [each[at] for name, at in gone if name == section]
            changes[section] = tuple(one for one in each if one not in out)
        if ("min_score", 0) in gone:
            changes["min_score"] = 0.0
        return self.program.model_copy(update=changes)

    def round_of(self, kept: Iterable[Condition]) -> Round:
        """Return the round with these conditions only.

        Raises
        ------
        InfeasibleError
            They contradict each other.
        """
        program = self.without(set(self.all) - set(kept))
        return prepare(self.mentees, self.mentors, program, self.previous, taxonomy=self.taxonomy)

    def outcome(self, kept: Iterable[Condition]) -> Outcome:
        """Return what comes of a round with these conditions only."""
        chosen = frozenset(kept)
        if chosen not in self._known:
            if self.trouble(chosen):
                self._known[chosen] = Outcome()
            else:
                solution = solved(self.round_of(chosen))
                self._known[chosen] = Outcome(solution.matched, solution.worth)
        return self._known[chosen]

    def trouble(self, kept: Iterable[Condition]) -> tuple[str, ...]:
        """Return why some conditions can't be met together; nothing where they can."""
        chosen = frozenset(kept)
        if chosen not in self._trouble:
            self._trouble[chosen] = self._why(chosen)
        return self._trouble[chosen]

    def _why(self, kept: Kept) -> tuple[str, ...]:
        from matchkit.assign import conflicts

        try:
            round_ = self.round_of(kept)
        except InfeasibleError as error:
            return error.lines
        clash = conflicts(round_.problem) if round_.problem.across else None
        return clash_lines(round_, clash) if clash and clash.conflicts else ()

    def smallest(self, among: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Return a set of conditions that clash, of which none can be left out.

        The method of U. Junker ("QuickXplain: preferred explanations and relaxations for
        over-constrained problems", AAAI 2004), which drops halves before it drops single ones;
        what it finds is then checked one by one.
        """
        found = tuple(sorted(self._explained((), among, added=False), key=self.all.index))
        alone = [tuple(each for each in found if each != one) for one in found]
        if not self.trouble(found) or any(map(self.trouble, alone)):
            message = "a set of conflicting conditions is not the smallest."
            raise InternalError(message)
        return found

    def _explained(
        self, base: tuple[Condition, ...], rest: tuple[Condition, ...], *, added: bool
    ) -> tuple[Condition, ...]:
        if added and self.trouble(base):
            return ()
        if len(rest) == 1:
            return rest
        first, second = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        late = self._explained((*base, *first), second, added=True)
        early = self._explained((*base, *late), first, added=bool(late))
        return (*early, *late)


def contradictions(conditions: Conditions) -> tuple[Contradiction, ...]:
    """Find every conflict, and the cheapest condition of each to give up.

    Conflicts are found one after the other. Then, for each in turn and until nothing changes,
    the condition is chosen without which the most people are matched, and the most points
    made, given what is given up of the others.

    Returns
    -------
    tuple of Contradiction
        Empty where all conditions can be met. Without the first relaxation of each, the rest
        can be.

    Raises
    ------
    InfeasibleError
        No condition of the program has a part in the conflict.
    """
    cores: list[tuple[Condition, ...]] = []
    given_up: list[Condition] = []
    while why := conditions.trouble(left := _left(conditions, given_up)):
        if conditions.trouble(()):
            raise InfeasibleError(why)
        cores.append(conditions.smallest(left))
        given_up.append(cores[-1][-1])
    chosen: list[Condition] = []
    while chosen != given_up:
        chosen = list(given_up)
        for at, core in enumerate(cores):
            given_up[at] = _by_outcome(conditions, core, _others(given_up, at))[0]
    return tuple(_told(conditions, core, _others(given_up, at)) for at, core in enumerate(cores))


def ways_out(conditions: Conditions) -> tuple[str, ...]:
    """Return a line for each conflict: what takes part in it, and the cheapest way out.

    In large rounds, where that would take long, it says whom to ask instead.
    """
    if len(conditions.mentees) * len(conditions.mentors) > TOLD_AT_ONCE:
        return ("matchkit.insight.conflicts says which rules take part, and the cheapest way out",)
    return tuple(f"{one.head}; {one.way_out}" for one in contradictions(conditions))


def _others(given_up: list[Condition], at: int) -> list[Condition]:
    return given_up[:at] + given_up[at + 1 :]


def _left(conditions: Conditions, given_up: Collection[Condition]) -> tuple[Condition, ...]:
    return tuple(each for each in conditions.all if each not in given_up)


def _by_outcome(
    conditions: Conditions, core: tuple[Condition, ...], others: list[Condition]
) -> list[Condition]:
    """Return the conditions of a conflict, the cheapest to give up first."""

    def cost(one: Condition) -> tuple[int, int, int]:
        done = conditions.outcome(_left(conditions, [one, *others]))
        return -done.matched, -done.total, -core.index(one)  # one pair rather than a rule

    return sorted(core, key=cost)


def _told(
    conditions: Conditions, core: tuple[Condition, ...], others: list[Condition]
) -> Contradiction:
    """Put a conflict in words."""
    program = conditions.program
    ways = []
    for one in _by_outcome(conditions, core, others):
        done = conditions.outcome(_left(conditions, [one, *others]))
        ways.append(Relaxation(label(program, one), done.matched, done.total))
    names = tuple(label(program, one) for one in core)
    return Contradiction(names, conditions.trouble(core), tuple(ways))


def solved(round_: Round) -> Solution:
    """Return the solution of a round."""
    from matchkit.assign import solve

    return solve(round_.problem, objective=round_.program.objective)
