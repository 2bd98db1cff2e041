"""Numbers and names as people read them: the words that the page is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from matchkit.constraints import AppliedConstraint
from matchkit.matching import Certificate
from matchkit.program import Program
from matchkit.scoring import POINTS

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNIT = POINTS // 1_000


def score(points: int) -> str:
    """Return points as a score with three decimals.

    Examples
    --------
    >>> score(612_500), score(-1_499)
    ('0.613', '-0.001')
    """
    sign = "-" if points < 0 else ""
    thousandths = (abs(points) + _UNIT // 2) // _UNIT
    return f"{sign}{thousandths // 1_000}.{thousandths % 1_000:03d}"


def part_scores(points: Sequence[int]) -> tuple[str, ...]:
    """Return parts with three decimals each, so that the shown parts sum to the shown score.

    Every part is rounded down, and the thousandths that are then missing go to the parts
    that lost most (the method of largest remainders).

    Parameters
    ----------
    points : sequence of int
        Micro-points, 0 or more.

    Returns
    -------
    tuple of str
        One text for each part.

    Examples
    --------
    >>> part_scores([333_600, 333_600, 333_600])
    ('0.334', '0.334', '0.333')
    """
    goal = (sum(points) + _UNIT // 2) // _UNIT
    shown = [value // _UNIT for value in points]
    by_loss = sorted(range(len(points)), key=lambda at: (-(points[at] % _UNIT), at))
    for at in by_loss[: goal - sum(shown)]:
        shown[at] += 1
    return tuple(score(value * _UNIT) for value in shown)


def title(name: str) -> str:
    """Return the name of a criterion or a rule as words.

    Examples
    --------
    >>> title("SkillCoverage"), title("Different(team)"), title("my own")
    ('Skill coverage', 'Different: team', 'my own')
    """
    head, bracket, column = name.partition("(")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", head).split(" ")
    kept = [word if word.isupper() and len(word) > 1 else word.lower() for word in words[1:]]
    text = " ".join([words[0], *kept])
    return f"{text}: {column.removesuffix(')')}" if bracket else text


def evidence(line: str) -> str:
    """Return a line of evidence with an arrow that people know.

    Examples
    --------
    >>> evidence("goal 'sql' <- skill 'sql' level 4")
    "goal 'sql' \u2190 skill 'sql' level 4"
    """
    return line.replace(" <- ", " \u2190 ") if line.startswith("goal ") else line


def percent(share: float) -> str:
    """Return a share as whole percent, never 0 or 100 where that would hide something.

    Examples
    --------
    >>> percent(0.999), percent(1.0), percent(0.002), percent(0.5)
    ('over 99 %', '100 %', 'under 1 %', '50 %')
    """
    if 0 < share < 0.01:
        return "under 1 %"
    if 0.99 < share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "mentee"), count(1200, "mentee")
    ('1 mentee', '1,200 mentees')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def ordinal(number: int) -> str:
    """Return a place in an order.

    Examples
    --------
    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 21, 112)]
    ['1st', '2nd', '3rd', '4th', '11th', '21st', '112th']
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def day(when: date) -> str:
    """Return a date in words, the same in every locale.

    Examples
    --------
    >>> day(date(2027, 1, 11))
    'Monday 11 January 2027'
    """
    return f"{_DAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]} {when.year}"


def gain(value: tuple[int, int]) -> str:
    """Return what a place is worth, people before points.

    Examples
    --------
    >>> gain((1, 250_000)), gain((0, 41_000)), gain((0, 0)), gain((1, -20_000))
    ('1 more person matched, score +0.250', 'score +0.041', 'nothing', \
'1 more person matched, score -0.020')
    """
    people, points = value
    more = f"{count(people, 'more person', 'more people')} matched" if people else ""
    sign = "+" if points > 0 else ""
    scored = f"score {sign}{score(points)}" if points else ""
    return ", ".join(text for text in (more, scored) if text) or "nothing"


def kept(each: AppliedConstraint) -> str:
    """Say what became of a constraint, and what missing it costs.

    Examples
    --------
    >>> from matchkit.constraints import AppliedConstraint
    >>> kept(AppliedConstraint("Apart(ana, bo)", "2 of the 2 at most with any mentor", 2, 9,
    ...                        soft=True, missed=1, penalty=100_000))
    '2 of the 2 at most with any mentor; missed by 1, at a price of score 0.100'
    """
    missed = f"; missed by {each.missed:,}, at a price of score {score(each.penalty)}"
    return each.told + (missed if each.missed else "")


def proof(done: Certificate, program: Program) -> str:
    """Say in plain words how far the round is from the best that can be."""
    if program.stable:
        side = "mentors" if program.objective == "stable_for_mentors" else "mentees"
        return (
            "No mentor and mentee would both rather have each other than whom they got; this was "
            f"checked for every pair. Of all such matchings this is the best for the {side}."
        )
    if done.gap == 0 and done.maximized == done.bound and done.worst == done.worst_bound:
        besides = f" {_BESIDES}" if done.adjustment else ""
        proven = _PROVEN[program.objective, program.coverage]
        return f"{proven}{besides} This is proven, not estimated."
    late = "Time ran out. " if done.status == "deadline" else ""
    return (
        f"{late}The best matching under these rules scores at most {score(done.bound)} in total; "
        f"this one reaches {score(done.maximized)}, a gap of {done.gap:.2%}."
    )


_BESIDES = (
    "Keeping pairs of the previous round, and giving a mentor to those who come first, counts as "
    "score in this."
)

_PROVEN = {
    ("total", "first"): (
        "No other matching under these rules matches more people, and none that "
        "matches as many scores higher."
    ),
    ("total", "score"): "No other matching under these rules scores higher.",
    ("fair", "first"): (
        "No other matching under these rules matches more people; of those that match as many, "
        "none has a better worst pair, and none with one as good scores higher."
    ),
    ("fair", "score"): (
        "In no other matching under these rules does the worst off fare better, and in none "
        "where they fare as well is the score higher."
    ),
}
"""What was proven, by objective and coverage."""
