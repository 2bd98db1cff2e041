"""The page for one participant: their own pairs, and nothing about anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matchkit.errors import UnknownPersonError, nearest
from matchkit.matching import Match, Matching
from matchkit.reports import cards, weeks, wording
from matchkit.reports.people import Person, directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from matchkit.plans import Meeting, Plan
    from matchkit.profiles import Pool

PRIVATE = ("StatedPreference",)
"""Criteria that people answered in confidence: whom they asked for is not passed on."""

REASONS = 3
"""Strongest reasons shown for a pair."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair as the two of it may see it: no points, no rank, no other names.

    Attributes
    ----------
    role : str
        What the other one is to the reader.
    other : Person
        The other one.
    email : str
        How to reach them.
    reasons : tuple of Reason
        What speaks for the pair.
    times : tuple of (str, str)
        When both are free, by the mentee's clock and, where it differs, by the mentor's.
    meetings : tuple of (str, str)
        What and when, by the reader's clock.
    """

    role: str
    other: Person
    email: str
    reasons: tuple[cards.Reason, ...]
    times: tuple[tuple[str, str], ...]
    meetings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ParticipantPage:
    """The page for one participant."""

    person: Person
    headline: str
    start: str
    pairs: tuple[Pair, ...]


def build(matching: Matching, person: str, schedule: Plan | None = None) -> ParticipantPage:
    """Return what the page says to one person, in whichever roles they are in the round.

    Parameters
    ----------
    matching : Matching
        A round with its people.
    person : str
        Id.
    schedule : Plan, optional
        The follow-up of the round.

    Raises
    ------
    UnknownPersonError
        Nobody has this id; the nearest ids are named.
    """
    mentees, mentors = matching.people.mentees, matching.people.mentors
    pool = next((each for each in (mentees, mentors) if person in each.index), None)
    if pool is None:
        ids = [*mentees.ids.tolist(), *mentors.ids.tolist()]
        raise UnknownPersonError(f"nobody has the id {person!r}{nearest(person, ids)}")
    own = [match for match in matching.matches if person in (match.mentee, match.mentor)]
    shared = weeks.shared_weeks(matching, own)
    meetings = _meetings(schedule, matching)
    start = matching.program.start
    return ParticipantPage(
        person=_person(person, pool),
        headline=_headline(own, person),
        start=wording.day(start) if start else "",
        pairs=tuple(
            _pair(
                match,
                person,
                (mentees, mentors),
                week=shared.get(match.mentee),
                meetings=meetings(match),
            )
            for match in own
        ),
    )


def _meetings(schedule: Plan | None, matching: Matching) -> Callable[[Match], tuple[Meeting, ...]]:
    if schedule is None:
        return lambda _: ()
    places = {match.mentee: at for at, match in enumerate(matching.matches)}
    return lambda match: schedule.of_pair(places[match.mentee])


def _person(text: str, pool: Pool) -> Person:
    return directory([text], pool, prefix="p")[text]


def _headline(own: list[Match], person: str) -> str:
    guides = sum(match.mentee == person for match in own)
    learners = sum(match.mentor == person for match in own)
    said = ["You have a mentor."] if guides else []
    if learners:
        said.append(f"You are a mentor to {wording.count(learners, 'person', 'people')}.")
    return " ".join(said) or "There is no match for you in this round yet."


def _pair(
    match: Match,
    person: str,
    pools: tuple[Pool, Pool],
    *,
    week: weeks.Week | None,
    meetings: tuple[Meeting, ...],
) -> Pair:
    learns = match.mentee == person
    other, pool = (match.mentor, pools[1]) if learns else (match.mentee, pools[0])
    email = pool.columns.get("email")
    return Pair(
        role="Your mentor" if learns else "Your mentee",
        other=_person(other, pool),
        email="" if email is None else str(email[pool.index[other]]),
        reasons=_reasons(match),
        times=week.lines if week else (),
        meetings=tuple(
            (one.title, (one.mentee_time if learns else one.mentor_time) or "no time found yet")
            for one in meetings
        ),
    )


def _reasons(match: Match) -> tuple[cards.Reason, ...]:
    parts = [
        part
        for part in match.parts
        if part.known and part.points > 0 and part.criterion not in PRIVATE
    ]
    parts.sort(key=lambda part: -part.points)
    return tuple(
        cards.Reason(wording.title(part.criterion), "", _positive(part.evidence))
        for part in parts[:REASONS]
    )


def _positive(evidence: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(wording.evidence, (one for one in evidence if "is not answered" not in one)))
