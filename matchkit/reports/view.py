"""What the page says, in the order in which it says it: no markup, no decisions left open."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matchkit.matching import Matching, Place, Unmatched
from matchkit.reports import cards, followup, method, outcomes, supply, weeks, wording
from matchkit.reports.people import Person, directory, pools

if TYPE_CHECKING:
    from matchkit.plans import Plan

CARDS_AT_MOST = 1_000
"""Above this many matches the page would be too heavy to open, and the cards stay out."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the verdict strip, with a note and perhaps a link."""

    term: str
    value: str
    note: str = ""
    link: Person | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A mentee without a mentor.

    Attributes
    ----------
    person : Person
        Who.
    why, remedy : str
        The reason and the cheapest mend, as sentences.
    blocking : str
        Rules and the mentors that each removed, empty where none did.
    tied : bool
        Decided by a tie.
    """

    person: Person
    why: str
    remedy: str
    blocking: str
    tied: bool


@dataclass(frozen=True, slots=True)
class Load:
    """A mentor's places.

    Attributes
    ----------
    person : Person
        Who.
    capacity, taken, left : int
        Places offered, filled and free.
    share : float
        Places filled in percent of those offered.
    mentees : tuple of Person
        Who fills them.
    one_more : str
        What one more place would add.
    """

    person: Person
    capacity: int
    taken: int
    left: int
    share: float
    mentees: tuple[Person, ...]
    one_more: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page.

    Attributes
    ----------
    run : str
        Id of the run: the first signs of the SHA-256 of ``matching.json``.
    headline, proof, start : str
        The verdict in words; the first day of the round, empty where there is none.
    priced : bool
        Prices of places prove the result.
    nobody : bool
        There were people on both sides and no match at all.
    named : bool
        False where the people are not attached and ids stand for names.
    figures : tuple of Figure
        The verdict in numbers.
    cards : tuple of Card
        Every match, in the order of the mentees' names.
    with_cards : bool
        False where the round is too large for a card each, or has no match.
    left : tuple of Left
        Everybody without a mentor.
    loads : tuple of Load
        Every mentor.
    mentees, mentors : tuple of Person
        For the jump links.
    labels : tuple of (int, str)
        Base line and name of each row of every waterfall.
    frame : Frame
        What all weeks are drawn on.
    supply : Supply or None
        Skills wanted and offered, where the people are attached.
    outcomes : Outcomes or None
        Outcomes by group, where the people are attached and have columns to compare by.
    follow_up : FollowUp or None
        The meetings, where they are planned.
    method : Method
        How the round was run.
    """

    run: str
    headline: str
    proof: str
    priced: bool
    start: str
    nobody: bool
    named: bool
    figures: tuple[Figure, ...]
    cards: tuple[cards.Card, ...]
    with_cards: bool
    left: tuple[Left, ...]
    loads: tuple[Load, ...]
    mentees: tuple[Person, ...]
    mentors: tuple[Person, ...]
    labels: tuple[tuple[int, str], ...]
    frame: weeks.Frame
    supply: supply.Supply | None
    outcomes: outcomes.Outcomes | None
    follow_up: followup.FollowUp | None
    method: method.Method


def build(
    matching: Matching, schedule: Plan | None = None, audit_by: Sequence[str] | None = None
) -> Page:
    """Return everything that the page says about a round.

    Parameters
    ----------
    matching : Matching
        The round, with its people or detached.
    schedule : Plan, optional
        Its follow-up.
    audit_by : sequence of str, optional
        Columns to compare outcomes by.
    """
    people = pools(matching)
    mentee_pool, mentor_pool = people or (None, None)
    ids = [match.mentee for match in matching.matches]
    ids += [person.mentee for person in matching.unmatched]
    mentees = directory(ids, mentee_pool, prefix="e")
    mentors = directory((place.mentor for place in matching.places), mentor_pool, prefix="r")
    in_full = len(matching) <= CARDS_AT_MOST
    made = cards.Cards(matching, mentees, mentors, in_full=in_full)
    matched = [made.card(matching[text]) for text in mentees if text in matching]
    left = {person.mentee: _left(person, mentees) for person in matching.unmatched}
    start = matching.program.start
    digest = hashlib.sha256(matching.to_json().encode()).hexdigest()
    return Page(
        run=digest[:12],
        headline=_headline(matching),
        proof=wording.proof(matching.certificate, matching.program),
        priced=matching.priced,
        start=wording.day(start) if start else "",
        nobody=bool(not matched and left and mentors),
        named=people is not None,
        figures=_figures(matching, mentees),
        cards=tuple(matched),
        with_cards=in_full and bool(matched),
        left=tuple(left[text] for text in mentees if text in left),
        loads=_loads(matching, mentees, mentors),
        mentees=tuple(mentees.values()),
        mentors=tuple(mentors.values()),
        labels=cards.labels(matching),
        frame=weeks.frame(matching),
        supply=supply.build(matching) if people else None,
        outcomes=outcomes.build(matching, audit_by) if people else None,
        follow_up=followup.build(schedule, mentees, mentors) if schedule else None,
        method=method.build(matching, digest),
    )


def _headline(matching: Matching) -> str:
    total = matching.record.mentees
    matched = len(matching)
    if not total:
        return "There was no mentee to match"
    if not matched:
        return "No mentee could be matched"
    if matched < total:
        verb = "has" if matched == 1 else "have"
        return f"{matched:,} of {wording.count(total, 'mentee')} {verb} a mentor"
    return "The only mentee has a mentor" if total == 1 else f"All {total:,} mentees have a mentor"


def _figures(matching: Matching, mentees: dict[str, Person]) -> tuple[Figure, ...]:
    record, matches = matching.record, matching.matches
    free = sum(place.left for place in matching.places)
    figures = [Figure("Matched", f"{len(matches):,} of {record.mentees:,}", _most(matching))]
    if matches:
        mean = (sum(match.points for match in matches) + len(matches) // 2) // len(matches)
        worst = min(matches, key=lambda match: (match.points, match.mentee))
        figures += [
            Figure("Mean score", wording.score(mean), "1 would be perfect"),
            Figure("Lowest score", wording.score(worst.points), "", mentees[worst.mentee]),
        ]
    gap = matching.certificate.gap
    shown, note = (f"{gap:.2%}", "") if gap else ("0", "proven optimal")
    proven = Figure("Gap to the best", shown, note)
    if matching.program.stable:
        proven = Figure("Would rather swap", "0 pairs", "checked for every pair")
    return (
        *figures,
        proven,
        Figure("Rules broken", "0", "checked independently"),
        Figure("Places left", f"{free:,} of {record.places:,}"),
    )


def _most(matching: Matching) -> str:
    done = matching.certificate
    if matching.program.coverage == "first" and done.matched == done.matched_bound:
        return "as many as can be"
    return ""


def _left(person: Unmatched, mentees: dict[str, Person]) -> Left:
    # The rules stand in a list of their own below the sentence.
    removed = person.reason == "no_eligible_mentor" and person.blocking
    why = "No mentor meets every rule." if removed else person.explanation
    return Left(
        person=mentees[person.mentee],
        why=why[:1].upper() + why[1:],
        remedy=person.remedy[:1].upper() + person.remedy[1:],
        blocking=", ".join(
            f"{wording.title(rule)} removed {number:,}" for rule, number in person.blocking
        ),
        tied=person.tied,
    )


def _loads(
    matching: Matching, mentees: dict[str, Person], mentors: dict[str, Person]
) -> tuple[Load, ...]:
    taken: dict[str, list[Person]] = {text: [] for text in mentors}
    mentor_of = {match.mentee: match.mentor for match in matching.matches}
    for text, person in mentees.items():
        if text in mentor_of:
            taken[mentor_of[text]].append(person)
    places = {place.mentor: place for place in matching.places}
    priced = matching.priced
    return tuple(_load(mentors[text], places[text], taken[text], priced=priced) for text in mentors)


def _load(person: Person, place: Place, mentees: list[Person], *, priced: bool) -> Load:
    return Load(
        person=person,
        capacity=place.capacity,
        taken=place.taken,
        left=place.left,
        share=round(100 * place.taken / place.capacity, 1) if place.capacity else 0.0,
        mentees=tuple(mentees),
        one_more=wording.gain(place.one_more) if priced else "not known",
    )
