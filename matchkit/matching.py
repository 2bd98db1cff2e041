"""The result of a round: who is matched with whom, why, and the proof that it is optimal.

Everything here is immutable. A :class:`Matching` that came from :func:`matchkit.match`
also holds the people it was made from; one that was loaded from JSON without them is
*detached*: it still shows what was stored, and says so where an answer needs more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from matchkit.constraints import AppliedConstraint, Multiplier
from matchkit.continuity import Continuity
from matchkit.errors import DetachedError, Finding, UnknownPersonError, nearest
from matchkit.program import Program
from matchkit.scoring import POINTS

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.plots import Plots
    from matchkit.profiles import Taxonomy
    from matchkit.rounds import Round
    from matchkit.scoring import Criterion, Rule

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


@dataclass(frozen=True, eq=False, repr=False)
class Matching:
    """The whole result of a round.

    Iterating gives the matches sorted by mentee id; ``matching["ana"]`` gives one;
    ``len(matching)`` is the number of pairs.

    Attributes
    ----------
    matches : tuple of Match
        Sorted by mentee id.
    unmatched : tuple of Unmatched
        Sorted by mentee id.
    places : tuple of Place
        Every mentor, sorted by id.
    certificate : Certificate
        The proof.
    program : Program
        The configuration.
    record : Record
        How the round was run.
    continuity : Continuity or None
        What became of the pairs of the previous round, where there was one.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql:4"}, {"id": "gil", "skills": "python:5"}]
    >>> mentees = [{"id": "ana", "goals": "python"}, {"id": "bo", "goals": "sql"}]
    >>> matching = mk.match(mentors, mentees)
    >>> matching["ana"].mentor
    'gil'
    >>> matching.certificate.gap
    0.0
    """

    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]
    places: tuple[Place, ...]
    certificate: Certificate
    program: Program
    record: Record
    round_: Round | None = None
    continuity: Continuity | None = None
    _by_mentee: dict[str, Match] = field(init=False)

    def __post_init__(self) -> None:
        """Index the matches by mentee once."""
        object.__setattr__(self, "_by_mentee", {match.mentee: match for match in self.matches})

    def __iter__(self) -> Iterator[Match]:
        """Iterate over the matches, sorted by mentee id."""
        return iter(self.matches)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.matches)

    def __contains__(self, mentee: object) -> bool:
        """Say whether the mentee with this id is matched."""
        return mentee in self._by_mentee

    def __getitem__(self, mentee: str) -> Match:
        """Return the match of a mentee; an unknown id names the nearest ones."""
        try:
            return self._by_mentee[mentee]
        except KeyError:
            raise self._unknown_mentee(mentee) from None

    def _unknown_mentee(self, mentee: str) -> UnknownPersonError:
        for person in self.unmatched:
            if person.mentee == mentee:
                return UnknownPersonError(f"{person} See matching.unmatched.")
        ids = [one.mentee for one in self.everyone]
        return UnknownPersonError(f"no mentee has the id {mentee!r}{nearest(str(mentee), ids)}")

    def of_mentor(self, mentor: str) -> tuple[Match, ...]:
        """Return the matches of one mentor, sorted by mentee id.

        Parameters
        ----------
        mentor : str
            Id of a mentor of the round.

        Raises
        ------
        UnknownPersonError
            No mentor has this id; the nearest ids are named.
        """
        ids = [place.mentor for place in self.places]
        if mentor not in ids:
            raise UnknownPersonError(f"no mentor has the id {mentor!r}{nearest(str(mentor), ids)}")
        return tuple(match for match in self.matches if match.mentor == mentor)

    @property
    def everyone(self) -> tuple[Match | Unmatched, ...]:
        """Every mentee, matched or not, sorted by id."""
        both: list[Match | Unmatched] = [*self.matches, *self.unmatched]
        return tuple(sorted(both, key=lambda one: one.mentee))

    @property
    def idle(self) -> tuple[Place, ...]:
        """Mentors with places left, sorted by id."""
        return tuple(place for place in self.places if place.left > 0)

    @property
    def priced(self) -> bool:
        """Whether prices and surpluses are what a place or a mentee more or less would change.

        Constraints across pairs leave them a proof of the bound, and no more; a stable round
        has none, nor has one that was cut off by a deadline.
        """
        proven = self.certificate.status == "optimal" and not self.program.stable
        return proven and not self.record.constraints

    @property
    def people(self) -> Round:
        """The people and the scorer of the round.

        Raises
        ------
        DetachedError
            The result was loaded without its people.
        """
        if self.round_ is None:
            raise DetachedError(
                "this result was loaded without its people; "
                "give them: Matching.from_json(text, mentors=..., mentees=...)"
            )
        return self.round_

    @property
    def plot(self) -> Plots:
        """The round as plots: ``scores()``, ``waterfall(mentee)``, ``demand()``, ``load()``."""
        from matchkit.plots import Plots

        return Plots(self)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each mentee, matched or not, sorted by id.

        Returns
        -------
        pandas.DataFrame
            Columns ``mentee, mentor``, ``previous`` (the mentor of the previous round, where
            there was one), ``score, points, rank``, one column of points for each
            criterion, ``evidence_share`` in [0, 1], ``cautions`` and, for those without a
            mentor, ``reason``.
        """
        from matchkit.tables import matching_frame

        return matching_frame(self)

    def summary(self) -> str:
        """Return the round in a few lines of plain text."""
        from matchkit.tables import summary_text

        return summary_text(self)

    def to_json(self) -> str:
        """Return the whole result as versioned JSON: the same people give the same bytes."""
        from matchkit.documents import encode

        return encode(self)

    @classmethod
    def from_json(
        cls,
        text: str | bytes,
        *,
        mentors: object = None,
        mentees: object = None,
        taxonomy: Taxonomy | None = None,
        custom: Sequence[type[Criterion | Rule]] = (),
    ) -> Matching:
        """Load a result, and reattach its people where they are given.

        Parameters
        ----------
        text : str or bytes
            What :meth:`to_json` wrote.
        mentors, mentees : path, frame or records, optional
            The people of the round, as for :func:`matchkit.match`. Give both or neither.
        taxonomy : Taxonomy, optional
            With the people: the one that the round was made with.
        custom : sequence of classes
            Your own criteria and rules that the program names.

        Raises
        ------
        ResultError
            The text is not a matchkit result, its version is newer, or its hashes do not
            agree with the people or the taxonomy given.
        ProgramError
            Only one side's people are given.
        """
        from matchkit.documents import decode

        return decode(text, mentors=mentors, mentees=mentees, taxonomy=taxonomy, custom=custom)

    def __repr__(self) -> str:
        """Return the size and the proof on one line."""
        done = self.certificate
        return (
            f"Matching({len(self.matches)} of {self.record.mentees} mentees matched, "
            f"{done.status}, gap {done.gap:g})"
        )

    def _repr_html_(self) -> str:
        """Return the table that notebooks show."""
        from matchkit.tables import matching_html

        return matching_html(self)
