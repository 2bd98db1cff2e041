"""What a result is made of: pairs, people left out, places, the proof, and how it was run.

Small frozen values, which :mod:`matchkit.documents` stores field by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from matchkit.constraints import AppliedConstraint, Multiplier
from matchkit.errors import Finding
from matchkit.scoring import POINTS

Reason = Literal["no_eligible_mentor", "places_ran_out", "constraints"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one criterion gives a pair.

    Attributes
    ----------
    criterion : str
        Name of the criterion.
    points, weight : int
        Micro-points given, of at most ``weight``; the weights of a round sum to 1,000,000.
    known : bool
        False where the criterion could not tell: the points are then its mean over the
        pairs where it can.
    evidence : tuple of str
        What the points rest on, in words.
    """

    criterion: str
    points: int
    weight: int
    known: bool
    evidence: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Points as a share of the weight, in [0, 1]."""
        return self.points / self.weight if self.weight else 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """One pair, and what it rests on.

    Attributes
    ----------
    mentee, mentor : str
        Ids.
    points : int
        Micro-points of the pair, exactly the sum of its parts.
    rank : int
        Place of this mentor among those that the mentee could have had, 1 is best.
    eligible : int
        How many mentors with a place the rules allowed for the mentee.
    parts : tuple of Part
        One for each criterion that was applied.
    cautions : tuple of str
        What a coordinator should look at before approving.
    runner_up : str
        Id of the best other mentor with a place whom the rules allow, empty if none.
    runner_up_points : int
        Micro-points with the runner-up.
    surplus : tuple of (int, int)
        People and points that the round would lose without this mentee.
    locked : bool
        The pair was set by hand.
    tied : bool
        Another matching of equal value gives this mentee somebody else.
    kept : bool
        The pair was in the previous round already.
    """

    mentee: str
    mentor: str
    points: int
    rank: int
    eligible: int
    parts: tuple[Part, ...]
    cautions: tuple[str, ...] = ()
    runner_up: str = ""
    runner_up_points: int = 0
    surplus: tuple[int, int] = (0, 0)
    locked: bool = False
    tied: bool = False
    kept: bool = False

    @property
    def score(self) -> float:
        """Points as a number in [0, 1]."""
        return self.points / POINTS

    @property
    def evidence_share(self) -> float:
        """Share of the weight that rests on evidence and not on a mean, in [0, 1]."""
        weight = sum(part.weight for part in self.parts)
        known = sum(part.weight for part in self.parts if part.known)
        return known / weight if weight else 0.0

    def __str__(self) -> str:
        """Say who, how well and on what."""
        best = max(self.parts, key=lambda part: part.points, default=None)
        reason = f", above all {best.criterion}" if best is not None and best.points else ""
        return f"{self.mentee} with {self.mentor}: score {self.score:.3f}{reason}"


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A mentee without a mentor, and what would change that.

    Attributes
    ----------
    mentee : str
        Id.
    reason : {"no_eligible_mentor", "places_ran_out", "constraints"}
        Why: the rules left nobody; or those whom the rules allow have no place left, since
        the pairs that fill them are worth more to the round or were set by hand; or there
        is a place left, and constraints on the matching as a whole leave it empty.
    blocking : tuple of (str, int)
        Rules and how many mentors each removed, most first.
    remedy : str
        The cheapest change that could help.
    eligible : int
        How many mentors the rules allowed, with a place or without.
    surplus : tuple of (int, int)
        People and points that the round would lose without this mentee.
    tied : bool
        Another matching of equal value gives this mentee a mentor.
    """

    mentee: str
    reason: Reason
    blocking: tuple[tuple[str, int], ...]
    remedy: str
    eligible: int = 0
    surplus: tuple[int, int] = (0, 0)
    tied: bool = False

    def __str__(self) -> str:
        """Say who, why and what would help."""
        return f"{self.mentee} has no mentor: {self.explanation} {self.remedy}".strip()

    @property
    def explanation(self) -> str:
        """The reason as a sentence."""
        if self.reason == "no_eligible_mentor":
            removed = ", ".join(f"{rule} removed {count}" for rule, count in self.blocking)
            return f"no mentor meets every rule ({removed})." if removed else "there is no mentor."
        if self.reason == "constraints":
            return "mentors with places left are possible, but the constraints leave this one out."
        possible = "1 mentor is" if self.eligible == 1 else f"{self.eligible} mentors are"
        return f"{possible} possible, but no place with them is left."


@dataclass(frozen=True, slots=True)
class Place:
    """A mentor's places in the round and what they are worth.

    Attributes
    ----------
    mentor : str
        Id.
    capacity, taken : int
        Places offered and places filled.
    one_more : tuple of (int, int)
        People and points that one more place would add: the minimal dual price. In a fair
        round, without pairs that are worse than its worst. Where a round has no prices
        (see `Matching.priced`), this says nothing.
    one_fewer : tuple of (int, int)
        People and points that losing one place would cost, likewise: the maximal dual
        price.
    """

    mentor: str
    capacity: int
    taken: int
    one_more: tuple[int, int]
    one_fewer: tuple[int, int]

    @property
    def left(self) -> int:
        """Places still free."""
        return self.capacity - self.taken


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proof that nothing better exists.

    Attributes
    ----------
    status : str
        ``"optimal"`` when total and bound are equal.
    matched, matched_bound : int
        People matched, and how many any matching could match at most. Under
        ``coverage="score"`` the bound is the number of people or places, and not a proof.
    total, bound : int
        Points of the pairs, and what any matching could reach at most in what was
        maximized.
    gap : float
        ``(bound - maximized) / max(1, |bound|)``, exactly 0 for an optimum.
    adjustment : int
        What was maximized beside the points of the pairs: the stay bonus of every pair
        kept from the previous round, less what it counts to leave out somebody who comes
        first. 0 where the round has neither.
    penalty : int
        What soft constraints cost, as far as they are not kept.
    bonus : int
        With constraints across pairs: what one of the people in prices and surpluses counts
        in points.
    multipliers : tuple of Multiplier
        With constraints across pairs: what they count in the proof, where that is not 0.
    worst, worst_bound : int or None
        In a fair round: points of the worst pair that was not set by hand, and the most
        that it could have in any matching of as many people.
    """

    status: str
    matched: int
    matched_bound: int
    total: int
    bound: int
    gap: float
    adjustment: int = 0
    penalty: int = 0
    bonus: int = 0
    multipliers: tuple[Multiplier, ...] = ()
    worst: int | None = None
    worst_bound: int | None = None

    @property
    def maximized(self) -> int:
        """What was maximized: the total and the adjustment, less the penalty."""
        return self.total + self.adjustment - self.penalty


@dataclass(frozen=True, slots=True)
class AppliedCriterion:
    """A criterion as it was applied.

    Attributes
    ----------
    name : str
        Name of the criterion.
    weight : int
        Micro-points, largest-remainder share of 1,000,000.
    mean : int
        Points given where it could not tell.
    known : float
        Share of all pairs where it could tell, in [0, 1].
    """

    name: str
    weight: int
    mean: int
    known: float


@dataclass(frozen=True, slots=True)
class Record:
    """How the round was run: what applied, what could not, and what it was made from.

    Attributes
    ----------
    mentees, mentors, places, eligible_pairs : int
        Sizes of the round.
    criteria : tuple of AppliedCriterion
        The criteria that scored.
    rules : tuple of (str, int)
        The rules that applied and how many pairs each removed by itself.
    skipped : tuple of (str, str)
        Criteria and rules that could not apply, and why.
    findings : tuple of Finding
        What was noticed while reading and scoring.
    mapping : mapping
        For each side, heading as written -> column.
    hashes : mapping
        SHA-256 of each side's canonical pool, and of the taxonomy where one was given.
    versions : mapping
        Library versions.
    constraints : tuple of AppliedConstraint
        What became of each constraint across pairs, in the order of the program.
    """

    mentees: int
    mentors: int
    places: int
    eligible_pairs: int
    criteria: tuple[AppliedCriterion, ...]
    rules: tuple[tuple[str, int], ...]
    skipped: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    mapping: Mapping[str, Mapping[str, str]]
    hashes: Mapping[str, str]
    versions: Mapping[str, str]
    constraints: tuple[AppliedConstraint, ...] = ()
