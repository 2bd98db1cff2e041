"""What the page says about the follow-up: how it went to find times, and who meets when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matchkit.reports import method, wording
from matchkit.reports.people import Person

if TYPE_CHECKING:
    from matchkit.plans import Meeting, Plan

PAIRS_AT_MOST = 1_000
"""Above this many pairs their meetings stand in ``schedule.csv`` only, and the page says so."""

_KINDS = {"scheduled": "with a time", "by week": "by week", "unscheduled": "without a time"}


@dataclass(frozen=True, slots=True)
class Pair:
    """The meetings of one pair: the first by the mentee's clock, and how many of each kind."""

    mentee: Person
    mentor: Person
    first: str
    meetings: str
    missing: bool


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The follow-up of a round.

    Attributes
    ----------
    summary : tuple of str
        How many meetings there are and how many could be, in sentences.
    milestones : tuple of (str, str)
        What is due and when, for everybody.
    findings : tuple of Noticed
        What a coordinator should know.
    pairs : tuple of Pair
        Every pair, in the order of the mentees' names.
    complete : bool
        False where there are too many pairs to list.
    """

    summary: tuple[str, ...]
    milestones: tuple[tuple[str, str], ...]
    findings: tuple[method.Noticed, ...]
    pairs: tuple[Pair, ...]
    complete: bool


def build(plan: Plan, mentees: Mapping[str, Person], mentors: Mapping[str, Person]) -> FollowUp:
    """Return what the page says about the follow-up.

    Parameters
    ----------
    plan : Plan
        The follow-up of the round.
    mentees, mentors : mapping of str to Person
        The people by id.
    """
    matches = {match.mentee: at for at, match in enumerate(plan.matching.matches)}
    complete = len(matches) <= PAIRS_AT_MOST
    listed = [text for text in mentees if text in matches] if complete else []
    return FollowUp(
        summary=_summary(plan),
        milestones=tuple((what, wording.day(when)) for what, when in plan.milestones),
        findings=method.grouped(plan.findings),
        pairs=tuple(_pair(plan.of_pair(matches[text]), mentees, mentors) for text in listed),
        complete=complete,
    )


def _summary(plan: Plan) -> tuple[str, ...]:
    done = plan.quality
    pairs = wording.count(len(plan.matching), "pair")
    said = [
        f"{wording.count(done.meetings, 'meeting')} for {pairs}, from {wording.day(plan.start)}"
    ]
    if done.scheduled or done.scheduled_bound:
        said.append(f"{done.scheduled:,} have a time; at most {done.scheduled_bound:,} could")
        said.append(
            f"{done.kept:,} of these are at the hour of the week at which the pair usually meets; "
            f"at most {done.kept_bound:,} could be"
        )
    if done.by_week:
        said.append(f"{done.by_week:,} are planned by week, because hours are not known")
    if done.unscheduled:
        said.append(f"{done.unscheduled:,} have no time yet")
    return tuple(said)


def _pair(
    meetings: tuple[Meeting, ...], mentees: Mapping[str, Person], mentors: Mapping[str, Person]
) -> Pair:
    first = next((one for one in meetings if one.mentee_time), None)
    numbers: Counter[str] = Counter(one.status for one in meetings)
    return Pair(
        mentee=mentees[meetings[0].mentee],
        mentor=mentors[meetings[0].mentor],
        first=first.mentee_time if first else "",
        meetings=", ".join(
            f"{numbers[kind]} {said}" for kind, said in _KINDS.items() if numbers[kind]
        ),
        missing=bool(numbers["unscheduled"]),
    )
