"""Who helped whom with what over the rounds, and which skills rest on few people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from matchkit import intervals
from matchkit.errors import ProgramError
from matchkit.feedback.evaluating import Paired, paired
from matchkit.feedback.records import Outcomes
from matchkit.intervals import Estimate
from matchkit.matching import Matching
from matchkit.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.profiles import SkillLists

Told = Matching | tuple[Matching, Outcomes]

_SHOWN: Final = 5  # people or skills named on one line


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one mentor gave, in all the rounds.

    Attributes
    ----------
    mentor : str
        Id.
    rounds, mentees : int
        Rounds with at least one mentee, and how many different mentees these were.
    finished : int
        Pairs that are known not to have ended early.
    meetings : int
        Meetings held, as far as anybody reported them.
    rated : int
        Pairs that the mentee rated.
    rating : Estimate
        Mean of these ratings, 1 to 5, with its 95 % interval.
    skills : tuple of (str, int)
        Goals of mentees that the mentor has as a skill, and for how many mentees; the most
        frequent first. Empty for rounds without their people.
    """

    mentor: str
    rounds: int
    mentees: int
    finished: int
    meetings: int
    rated: int
    rating: Estimate
    skills: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        """Say it in a sentence that a letter of thanks can start from."""
        people = "1 mentee" if self.mentees == 1 else f"{self.mentees} mentees"
        times = "1 round" if self.rounds == 1 else f"{self.rounds} rounds"
        said = [f"{self.mentor} helped {people} in {times}"]
        if self.skills:
            said.append("with " + ", ".join(name for name, _ in self.skills[:_SHOWN]))
        if self.rated:
            said.append(f"rated {self.rating.value:.1f} of 5 by {self.rated}")
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Contributions(Shown):
    """The ledger of all mentors who had a mentee.

    Attributes
    ----------
    rows : tuple of Contribution
        Most mentees first, equals by id.
    """

    rows: tuple[Contribution, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each mentor.

        Returns
        -------
        pandas.DataFrame
            ``mentor, rounds, mentees, finished, meetings, rated, rating, low, high, skills``.
        """
        import pandas as pd

        columns = ["mentor", "rounds", "mentees", "finished", "meetings", "rated"]
        rows = [
            [*(getattr(row, name) for name in columns), row.rating.value, row.rating.low,
             row.rating.high, "; ".join(f"{name} ({count})" for name, count in row.skills)]
            for row in self.rows
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=[*columns, "rating", "low", "high", "skills"])

    def __str__(self) -> str:
        """Name those who helped most."""
        if not self.rows:
            return "Nobody has helped anybody yet."
        lines = [str(row) for row in self.rows[:_SHOWN]]
        more = len(self.rows) - _SHOWN
        return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)


@dataclass(frozen=True, slots=True)
class RareSkill:
    """A skill that few mentors have.

    Attributes
    ----------
    name : str
        As most people wrote it.
    mentors : tuple of str
        Ids of those who have it, sorted.
    level : int
        The highest level stated, 0 where nobody stated one.
    wanted : int
        Mentees who have it as a goal.
    """

    name: str
    mentors: tuple[str, ...]
    level: int
    wanted: int

    def __str__(self) -> str:
        """Say on whom it rests."""
        return f"{self.name}: {' and '.join(self.mentors)}, wanted by {self.wanted}"


@dataclass(frozen=True, slots=True)
class KnowledgeAtRisk(Shown):
    """Skills that would be gone, or nearly, if one or two people left.

    Attributes
    ----------
    rows : tuple of RareSkill
        The most wanted first, then those with the fewest people.
    """

    rows: tuple[RareSkill, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each skill: ``skill, people, mentors, level, wanted``."""
        import pandas as pd

        rows = [
            (row.name, len(row.mentors), "; ".join(row.mentors), row.level, row.wanted)
            for row in self.rows
        ]
        return pd.DataFrame(rows, columns=["skill", "people", "mentors", "level", "wanted"])

    def __str__(self) -> str:
        """Name the skills that most people want."""
        wanted = [row for row in self.rows if row.wanted]
        said = f"skills that rest on few people: {len(self.rows)}, of which wanted: {len(wanted)}"
        return "\n".join([said, *(f"  {row}" for row in wanted[:_SHOWN])])


def contributions(rounds: Told | Sequence[Told]) -> Contributions:
    """Say who helped how many, at what rating, over which skills.

    Parameters
    ----------
    rounds : Matching, (Matching, Outcomes), or a sequence of these
        Past rounds, with their outcomes where there are any.

    Returns
    -------
    Contributions
        A row for each mentor who had a mentee, from which recognition can be given.

    Raises
    ------
    ProgramError
        Something is no round, or an outcome is of a pair that its round has not.

    Examples
    --------
    >>> import matchkit as mk
    >>> matching = mk.match([{"id": "di", "skills": "SQL:4"}], [{"id": "bo", "goals": "sql"}])
    >>> outcomes = mk.read_outcomes([{"mentee": "bo", "mentee_rating": 5}], matching)
    >>> print(mk.insight.contributions((matching, outcomes)))
    di helped 1 mentee in 1 round, with SQL, rated 5.0 of 5 by 1
    """
    helped: dict[str, list[tuple[int, Paired, tuple[str, ...]]]] = {}
    for at, (matching, outcomes) in enumerate(_rounds(rounds)):
        answered = _answered(matching)
        for match, outcome in paired(matching, outcomes):
            skills = answered.get((match.mentee, match.mentor), ())
            helped.setdefault(match.mentor, []).append((at, (match, outcome), skills))
    rows = [_contribution(mentor, pairs) for mentor, pairs in helped.items()]
    return Contributions(tuple(sorted(rows, key=lambda row: (-row.mentees, row.mentor))))


def knowledge_at_risk(matching: Matching, *, most: int = 2) -> KnowledgeAtRisk:
    """List the skills that rest on one or two mentors.

    Parameters
    ----------
    matching : Matching
        A round with its people; whoever has a skill counts, with places or without.
    most : int
        Mentors on whom such a skill rests at most.

    Raises
    ------
    DetachedError
        The matching was loaded without its people.
    ProgramError
        ``most`` is below 1.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "cobol:5; sql"}, {"id": "gil", "skills": "sql"}]
    >>> matching = mk.match(mentors, [{"id": "bo", "goals": "COBOL"}])
    >>> print(mk.insight.knowledge_at_risk(matching, most=1))
    skills that rest on few people: 1, of which wanted: 1
      COBOL: di, wanted by 1
    """
    if most < 1:
        raise ProgramError(f"most == {most}, must be 1 or more")
    people = matching.people
    skills, goals = people.mentors.skills, people.mentees.goals
    meant = people.wants_and_offers
    goal_map, skill_map = meant.maps
    wanting = np.unique(np.column_stack([_owners(goals), goal_map[goals.codes]]), axis=0)[:, 1]
    wanted = np.bincount(wanting, minlength=len(meant.labels))
    owners, ids = _owners(skills), people.mentors.ids
    offered = skill_map[skills.codes]
    rows = []
    for code in np.unique(offered).tolist():
        entries = np.flatnonzero(offered == code)
        holders = sorted({str(ids[owner]) for owner in owners[entries].tolist()})
        if len(holders) <= most:
            level = int(skills.levels[entries].max())
            rows.append(RareSkill(meant.labels[code], tuple(holders), level, int(wanted[code])))
    rows.sort(key=lambda row: (-row.wanted, len(row.mentors), row.name))
    return KnowledgeAtRisk(tuple(rows))


def _rounds(given: object) -> Iterator[tuple[Matching, Outcomes]]:
    """Return every round with its outcomes, none where there are none."""
    if isinstance(given, Matching) or _with_outcomes(given):
        given = [given]
    if not isinstance(given, Iterable):
        raise ProgramError(f"rounds is of type {type(given).__name__}; give Matchings")
    for each in given:
        if isinstance(each, Matching):
            yield each, Outcomes(())
        elif _with_outcomes(each):
            yield each
        else:
            name = type(each).__name__
            raise ProgramError(f"a round is of type {name}; give a Matching, or one with Outcomes")


def _with_outcomes(given: object) -> bool:
    return isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], Outcomes)


def _contribution(
    mentor: str, pairs: Sequence[tuple[int, Paired, tuple[str, ...]]]
) -> Contribution:
    outcomes = [outcome for _, (_, outcome), _ in pairs]
    ratings = [each.mentee_rating for each in outcomes if each.mentee_rating is not None]
    learners: dict[str, set[str]] = {}
    for _, (match, _), skills in pairs:
        for skill in skills:
            learners.setdefault(skill, set()).add(match.mentee)
    counts = [(skill, len(mentees)) for skill, mentees in learners.items()]
    return Contribution(
        mentor=mentor,
        rounds=len({at for at, _, _ in pairs}),
        mentees=len({match.mentee for _, (match, _), _ in pairs}),
        finished=sum(each.ended_early is False for each in outcomes),
        meetings=sum(each.meetings or 0 for each in outcomes),
        rated=len(ratings),
        rating=intervals.mean(ratings, least=1, most=5),
        skills=tuple(sorted(counts, key=lambda each: (-each[1], each[0]))),
    )


def _answered(matching: Matching) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return, for each pair, the mentee's goals that the mentor has as a skill."""
    if matching.round_ is None:
        return {}
    mentees, mentors = matching.round_.mentees, matching.round_.mentors
    goals, skills = mentees.goals, mentors.skills
    meant = matching.round_.wants_and_offers
    goal_map, skill_map = meant.maps
    found = {}
    for match in matching:
        row, col = mentees.index[match.mentee], mentors.index[match.mentor]
        wants, offers = (
            mapped[lists.codes[lists.indptr[at] : lists.indptr[at + 1]]].tolist()
            for mapped, lists, at in ((goal_map, goals, row), (skill_map, skills, col))
        )
        shared = set(offers).intersection(wants)
        found[match.mentee, match.mentor] = tuple(meant.labels[code] for code in sorted(shared))
    return found


def _owners(lists: SkillLists) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the person of each entry."""
    return np.repeat(np.arange(len(lists)), lists.lengths)
