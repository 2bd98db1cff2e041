"""What is said in meetings and on starter sheets: short templates that a program can replace."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from matchkit.errors import ProgramError, nearest

_MEETING_FIELDS: Final = (
    "mentee", "mentor", "goals", "goal", "answer", "number", "count", "minutes",
)  # fmt: skip
_SHEET_FIELDS: Final = (
    "name", "partner", "about", "why", "goals", "answer", "kick_off", "milestones",
)  # fmt: skip


def _check(text: str, fields: tuple[str, ...], name: str) -> None:
    """Refuse a template that names what is not known."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ProgramError(f"{name}: {error}; write a literal brace as '{{{{' or '}}}}'") from error
    for _, found, spec, conversion in parts:
        if found is not None and (found not in fields or spec or conversion):
            raise ProgramError(
                f"{name}: there is no field {found!r}{nearest(found, fields)}; "
                f"known are {', '.join(fields)}"
            )


@dataclass(frozen=True, slots=True)
class Template:
    """Title and agenda of one kind of meeting.

    Attributes
    ----------
    title : str
        Shown in calendars.
    agenda : str
        What to talk about, one point in a line.

    Notes
    -----
    Both may hold the fields ``{mentee}``, ``{mentor}`` (names), ``{goals}`` (all goals of the
    mentee), ``{goal}`` (the one of this meeting), ``{answer}`` (the mentor's skill that answers
    it), ``{number}``, ``{count}`` (this meeting and how many there are) and ``{minutes}``.

    Raises
    ------
    ProgramError
        A field that is not known; the nearest is named.

    Examples
    --------
    >>> Template("Coffee with {mentor}", "Talk about {goal}.").title
    'Coffee with {mentor}'
    """

    title: str
    agenda: str

    def __post_init__(self) -> None:
        """Refuse fields that are not known."""
        _check(self.title, _MEETING_FIELDS, "title")
        _check(self.agenda, _MEETING_FIELDS, "agenda")


_GROW = """\
Goal: {goal}. What should be different by next time?
Reality: what has been tried, what happened, what gets in the way? {answer}
Options: name at least three ways forward, one of them unusual.
Will: choose one step, a day for it, and how you will both know that it is done."""

ENGLISH: Final[Mapping[str, Template]] = {
    "kick-off": Template(
        "Kick-off: {mentee} and {mentor}",
        """\
1. Meet: your paths so far, and what you like about your work.
2. Expectations: what would make this time well spent, for each of you?
3. Goals: {goals}. Which comes first, and how would you notice progress?
4. Ground rules: what stays between you, how to reach each other, what if one cannot come?
5. One small step before next time, and whose it is.""",
    ),
    "goal": Template("Mentoring {number} of {count}: {mentee} and {mentor}", _GROW),
    "review": Template(
        "Half-time review: {mentee} and {mentor}",
        """\
1. Look at evidence, not only at impressions: what was made, tried or decided since the start?
2. Goals: {goals}. Which moved, which did not, which have changed?
3. The two of you: what helps, what should be different from now on?
4. Agree on the goals for the second half, and say so if this should end early.""",
    ),
    "closing": Template(
        "Closing: {mentee} and {mentor}",
        """\
1. What was learned? Go through the goals: {goals}.
2. What can be shared with others, and where?
3. What did the mentor learn?
4. What comes next without these meetings, and how do you stay in touch?
5. Thank each other.""",
    ),
    "session": Template(
        "Skill session: {mentee} and {mentor}",
        """\
1. The question in two sentences: {goal}. {answer}
2. Work on one real example together.
3. One thing to try within a week.""",
    ),
    "check": Template(
        "Check-in: {mentee} and {mentor}",
        """\
1. Was it tried, and what happened?
2. What is still open, and who else could help?""",
    ),
    "shadowing": Template(
        "Shadowing {number} of {count}: {mentee} with {mentor}",
        """\
1. Ten minutes before: what to watch for. {goal}.
2. Watch, and write down questions instead of asking them at once.
3. Half an hour after: go through the questions. {answer}""",
    ),
    "circle": Template(
        "Circle {number} of {count}: {mentee} and {mentor}",
        """\
1. A round: what happened since last time?
2. One question in depth: {goal}. Ask first, advise later.
3. One step each until next time.""",
    ),
}
"""The templates by purpose, in English."""

MENTEE_SHEET: Final = """\
# {name}, your mentor is {partner}

Who: {about}
Why you two: {why}
Your goals: {goals}
{answer}

## First questions to ask

1. What did you find hardest when you learned this?
2. What would you do in my place in the next month?
3. What should I read, watch or try first?

## Before the kick-off ({kick_off})

1. Write down what should be different at the end, in one sentence for each goal.
2. Find one example of your own work to show.
3. Think of what you can offer in return.

Dates to know: {milestones}
"""

MENTOR_SHEET: Final = """\
# {name}, you are the mentor of {partner}

Who: {about}
Why you two: {why}
What {partner} wants to learn: {goals}
{answer}

## First questions to ask

1. What made you join, and what would be a good end?
2. What have you tried so far?
3. How do you like to get feedback?

## Before the kick-off ({kick_off})

1. Remember a time when you learned this yourself, and what helped.
2. Decide what you can open: a piece of work, a meeting to sit in on, a person to meet.
3. Listen more than you tell: the mentee sets the goals.

Dates to know: {milestones}
"""


@dataclass(frozen=True, slots=True)
class Wording:
    """Every text of a plan. English unless replaced.

    Attributes
    ----------
    templates : mapping of str to Template
        By purpose. What is not given here is taken from the English ones; a purpose of your
        own is named by a :class:`Cadence`.
    mentee_sheet, mentor_sheet : str
        Starter sheets, with the fields ``{name}``, ``{partner}``, ``{about}``, ``{why}``,
        ``{goals}``, ``{answer}``, ``{kick_off}`` and ``{milestones}``.
    language : str
        BCP 47 tag, written into calendars.
    days : tuple of str
        Short names of the weekdays, Monday first.
    week_of : str
        How a week is named; field ``{day}``.
    answer : str
        How an answering skill is named; fields ``{mentor}``, ``{goal}``, ``{skill}``.
    level : str
        How a level is named; fields ``{skill}``, ``{level}``.
    no_goals : str
        What stands for the goals of a mentee who gave none.
    no_about : str
        What stands where nothing is known.

    Raises
    ------
    ProgramError
        A template with a field that is not known.

    Examples
    --------
    >>> norwegian = Wording(
    ...     templates={"kick-off": Template("Oppstart: {mentee} og {mentor}", "{goals}")},
    ...     days=("man", "tir", "ons", "tor", "fre", "lør", "søn"), language="nb")
    >>> norwegian.template("kick-off").title, norwegian.template("review").title
    ('Oppstart: {mentee} og {mentor}', 'Half-time review: {mentee} and {mentor}')
    """

    templates: Mapping[str, Template] = field(default_factory=dict)
    mentee_sheet: str = MENTEE_SHEET
    mentor_sheet: str = MENTOR_SHEET
    language: str = "en"
    days: tuple[str, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    week_of: str = "week of {day}"
    answer: str = "{mentor} can help with {goal}: {skill}."
    level: str = "{skill} (level {level})"
    no_goals: str = "the goals that you agree on"
    no_about: str = "ask when you meet"

    def __post_init__(self) -> None:
        """Refuse fields that are not known."""
        _check(self.mentee_sheet, _SHEET_FIELDS, "mentee_sheet")
        _check(self.mentor_sheet, _SHEET_FIELDS, "mentor_sheet")
        _check(self.week_of, ("day",), "week_of")
        _check(self.answer, ("mentor", "goal", "skill"), "answer")
        _check(self.level, ("skill", "level"), "level")
        if len(self.days) != 7:
            raise ProgramError(f"days == {self.days!r}, must be seven names, Monday first.")

    def template(self, purpose: str) -> Template:
        """Return the template of a purpose.

        Raises
        ------
        ProgramError
            There is none; the nearest purpose is named.
        """
        found = self.templates.get(purpose) or ENGLISH.get(purpose)
        if found is None:
            known = [*self.templates, *ENGLISH]
            raise ProgramError(
                f"there is no template for the purpose {purpose!r}{nearest(purpose, known)}; "
                "give Wording(templates={...}) one, or use " + ", ".join(dict.fromkeys(known))
            )
        return found
