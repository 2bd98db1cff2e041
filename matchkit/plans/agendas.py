"""Titles, agendas and starter sheets, filled in for one pair."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matchkit.plans.wording import Wording

if TYPE_CHECKING:
    from matchkit.matching import Match, Matching
    from matchkit.plans.cast import Cast

_ANSWER: Final = re.compile(
    r"goal '(?P<goal>.*)' <- skill '(?P<skill>.*)' (?:level (?P<level>\d))?"
)
_REASONS: Final = 3
_ABOUT: Final = ("role", "department", "team", "location")


@dataclass(frozen=True, slots=True)
class Story:
    """What a pair is about.

    Attributes
    ----------
    mentee, mentor : str
        Names.
    goals : tuple of str
        The mentee's goals as written, most wanted first.
    answers : dict of str to str
        Goal -> the mentor's skill that answers it, with its level.
    reasons : tuple of str
        Why the two were matched: the strongest evidence.
    about_mentee, about_mentor : str
        Role, department, team and place.
    """

    mentee: str
    mentor: str
    goals: tuple[str, ...]
    answers: dict[str, str]
    reasons: tuple[str, ...]
    about_mentee: str
    about_mentor: str


def story(matching: Matching, cast: Cast, pair: int, wording: Wording) -> Story:
    """Tell what a pair is about.

    Parameters
    ----------
    matching : Matching
        The round, with its people.
    cast : Cast
        Its seats.
    pair : int
        Position in the matching.
    wording : Wording
        How levels are named.
    """
    match = matching.matches[pair]
    mentor_seat, mentee_seat = cast.pairs[pair].tolist()
    people = matching.people
    goals = people.mentees.goals.of(int(cast.rows[mentee_seat]))
    return Story(
        mentee=str(cast.names[mentee_seat]),
        mentor=str(cast.names[mentor_seat]),
        goals=goals,
        answers=_answers(match, wording),
        reasons=_reasons(match),
        about_mentee=_about(people.mentees.columns, int(cast.rows[mentee_seat])),
        about_mentor=_about(people.mentors.columns, int(cast.rows[mentor_seat])),
    )


def _answers(match: Match, wording: Wording) -> dict[str, str]:
    """Read from the evidence which skill answers which goal."""
    found: dict[str, str] = {}
    for part in match.parts:
        for line in part.evidence:
            answer = _ANSWER.match(line)
            if answer:
                skill, level = answer["skill"], answer["level"]
                text = wording.level.format(skill=skill, level=level) if level else skill
                found.setdefault(answer["goal"], text)
    return found


def _reasons(match: Match) -> tuple[str, ...]:
    """Return the evidence of the parts that gave most points."""
    best = sorted(match.parts, key=lambda part: -part.points)
    return tuple(part.evidence[0] for part in best if part.points and part.evidence)[:_REASONS]


def _about(columns: object, row: int) -> str:
    cells = columns if isinstance(columns, dict) else {}
    return ", ".join(str(cells[key][row]) for key in _ABOUT if key in cells and cells[key][row])


def goal_of(told: Story, number: int, wording: Wording) -> tuple[str, str]:
    """Return the goal of a meeting and how the mentor answers it.

    Goal meetings go through the goals in turn, those with an answer first.
    """
    if not told.goals:
        return wording.no_goals, ""
    turn = sorted(told.goals, key=lambda goal: goal not in told.answers)
    goal = turn[(number - 1) % len(turn)]
    return goal, answer_to(told, goal, wording)


def answer_to(told: Story, goal: str, wording: Wording) -> str:
    """Return how the mentor answers a goal, empty where no skill does."""
    skill = told.answers.get(goal)
    if skill is None:
        return ""
    return wording.answer.format(mentor=told.mentor, goal=goal, skill=skill)


def fields_of(
    told: Story, wording: Wording, *, number: int, count: int, minutes: int
) -> dict[str, object]:
    """Return what the fields of a meeting's template stand for.

    Parameters
    ----------
    told : Story
        The pair.
    wording : Wording
        The texts.
    number, count : int
        This meeting and how many there are.
    minutes : int
        Its length.
    """
    # The first meeting opens, so that the goals are gone through from the second one on.
    goal, answer = goal_of(told, max(1, number - 1), wording)
    return {
        "mentee": told.mentee,
        "mentor": told.mentor,
        "goals": ", ".join(told.goals) or wording.no_goals,
        "goal": goal,
        "answer": answer,
        "number": number,
        "count": count,
        "minutes": minutes,
    }


def filled(text: str, fields: dict[str, object]) -> str:
    """Fill in a template, and tidy the spaces that empty fields leave behind."""
    lines = (" ".join(line.split()) for line in text.format_map(fields).splitlines())
    return "\n".join(lines).strip()
