"""The rhythm of a plan: phases, their meetings, and the milestones in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal

from matchkit.errors import ProgramError, nearest
from matchkit.plans.wording import Wording

WEEK: Final = timedelta(days=7)
_LONGEST: Final = timedelta(days=5 * 366)
_STEP = re.compile(r"(?:(\d+)\s+)?(week|month)s?")

Moment = int | Literal["half time", "close"]


def _step(text: str | int, name: str) -> tuple[int, str]:
    """Read ``"2 weeks"`` as ``(2, "week")``; a whole number counts weeks."""
    found = _STEP.fullmatch(str(text).strip().casefold()) if isinstance(text, str) else None
    count, unit = (text, "week") if isinstance(text, int) else (0, "")
    if found:
        count, unit = int(found[1] or 1), found[2]
    if not unit or isinstance(text, bool) or not 1 <= int(count) <= 260:
        raise ProgramError(
            f"{name} == {text!r}, must be a number of weeks, or a text such as 'week', "
            "'2 weeks' or 'month'"
        )
    return int(count), unit


def _after(day: date, step: tuple[int, str]) -> date:
    """Return the day a number of weeks or months later; the 31st becomes the month's last."""
    from dateutil.relativedelta import relativedelta

    count, unit = step
    later: date = day + (count * WEEK if unit == "week" else relativedelta(months=count))
    return later


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a plan with one rhythm.

    Attributes
    ----------
    every : str or int
        From one meeting to the next: ``"week"``, ``"2 weeks"``, ``"month"``; a whole number
        counts weeks. At least one week.
    lasting : str or int
        How long the phase goes on, written likewise.
    minutes : int
        Length of each meeting, 5 to 720.

    Raises
    ------
    ProgramError
        A value that cannot be read or is out of range.

    Examples
    --------
    >>> Phase(every="2 weeks", lasting="10 weeks", minutes=45)
    Phase(every='2 weeks', lasting='10 weeks', minutes=45)
    """

    every: str | int
    lasting: str | int
    minutes: int = 60

    def __post_init__(self) -> None:
        """Refuse what cannot be read."""
        _step(self.every, "every")
        _step(self.lasting, "lasting")
        if not 5 <= self.minutes <= 720:
            raise ProgramError(f"minutes == {self.minutes!r}, must be from 5 to 720.")

    def days(self, start: date, end: date) -> list[date]:
        """Return the days of the phase's rhythm from `start` to before `end`."""
        from dateutil.rrule import MONTHLY, WEEKLY, rrule

        count, unit = _step(self.every, "every")
        last = end - timedelta(days=1)
        if unit == "week":
            rule = rrule(WEEKLY, interval=count, dtstart=_noon(start), until=_noon(last))
        else:
            # The last of these days that a month has, so that no month is left out.
            days = tuple(range(min(28, start.day), start.day + 1))
            rule = rrule(MONTHLY, interval=count, dtstart=_noon(start), until=_noon(last),
                         bymonthday=days, bysetpos=-1)  # fmt: skip
        return [moment.date() for moment in rule]


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001  (a day on the calendar)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day on which something is due: usually a survey.

    Attributes
    ----------
    name : str
        What is due.
    at : int or {"half time", "close"}
        Days after the start, or a place in the plan.

    Examples
    --------
    >>> Milestone("first survey", 30)
    Milestone(name='first survey', at=30)
    """

    name: str
    at: Moment

    def __post_init__(self) -> None:
        """Refuse a moment that is neither a day nor a named place."""
        if isinstance(self.at, str):
            if self.at not in ("half time", "close"):
                hint = nearest(self.at, ["half time", "close"])
                raise ProgramError(
                    f"at == {self.at!r}, must be a number of days, 'half time' or 'close'{hint}"
                )
        elif isinstance(self.at, bool) or self.at < 0:
            raise ProgramError(f"at == {self.at!r}, must not be negative.")


SURVEYS: Final = (
    Milestone("survey after the first month", 30),
    Milestone("half-time survey", "half time"),
    Milestone("closing survey", "close"),
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One meeting of the rhythm, before anybody's hours are looked at.

    Attributes
    ----------
    number : int
        1 for the first meeting of a pair.
    purpose : str
        Which template it follows.
    anchor, before : date
        It is due in the seven days from `anchor`, and may be moved until the day `before`.
    minutes : int
        Its length.
    """

    number: int
    purpose: str
    anchor: date
    before: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a pair meets, for how long, and what the meetings are for.

    Each phase begins where the one before ends; its first meeting comes one interval after
    the last meeting. The first meeting of all opens, the last closes, and the one nearest
    half time reviews.

    Attributes
    ----------
    phases : tuple of Phase
        The default is the rhythm of :meth:`mentoring`.
    milestones : tuple of Milestone
        The default is a survey at day 30, at half time and at the close.
    opening, usual, midway, closing : str
        Purpose of the first meeting, the meetings between, the one nearest half time and the
        last one. A purpose names a template of `wording`. Where `midway` is empty there is no
        review.
    notice : int
        Days between the start of the plan and the earliest meeting.
    most_per_week : int or None
        Most meetings that one mentor has in one calendar week, in the mentor's own zone.
    wording : Wording
        Titles, agendas and starter sheets.

    Examples
    --------
    >>> cadence = Cadence(phases=(Phase("week", "3 weeks", 45), Phase("month", "3 months", 60)))
    >>> [(each.purpose, each.anchor.isoformat()) for each in cadence.occasions(date(2027, 1, 11))]
    [('kick-off', '2027-01-11'), ('goal', '2027-01-18'), ('goal', '2027-01-25'),
     ('review', '2027-02-25'), ('goal', '2027-03-25'), ('closing', '2027-04-25')]
    """

    phases: tuple[Phase, ...] = (
        Phase("week", "4 weeks", 60),
        Phase("2 weeks", "10 weeks", 60),
        Phase("4 weeks", "12 weeks", 60),
    )
    milestones: tuple[Milestone, ...] = SURVEYS
    opening: str = "kick-off"
    usual: str = "goal"
    midway: str = "review"
    closing: str = "closing"
    notice: int = 0
    most_per_week: int | None = None
    wording: Wording = field(default_factory=Wording)

    def __post_init__(self) -> None:
        """Refuse a rhythm without phases, numbers out of range and unknown purposes."""
        if not self.phases:
            raise ProgramError("phases == (), must hold at least one Phase.")
        if not 0 <= self.notice <= 366:
            raise ProgramError(f"notice == {self.notice!r}, must be from 0 to 366 days.")
        if self.most_per_week is not None and self.most_per_week < 1:
            raise ProgramError(f"most_per_week == {self.most_per_week!r}, must be at least 1.")
        for purpose in filter(None, (self.opening, self.usual, self.midway, self.closing)):
            self.wording.template(purpose)

    @classmethod
    def mentoring(cls) -> Cadence:
        """Return six months: weekly for four weeks, every second week until half time, then monthly.

        "Monthly" is every four weeks, so that the weekday stays. Twelve meetings of an hour.
        """  # noqa: E501
        return cls()

    @classmethod
    def micro(cls) -> Cadence:
        """Return one session of 30 minutes and a check of 15 minutes a week later."""
        return cls(
            phases=(Phase("week", "week", 30), Phase("week", "week", 15)),
            milestones=(Milestone("closing survey", "close"),),
            opening="session",
            closing="check",
        )

    @classmethod
    def shadowing(cls) -> Cadence:
        """Return three half days of four hours, one a week."""
        return cls(
            phases=(Phase("week", "3 weeks", 240),),
            milestones=(Milestone("closing survey", "close"),),
            opening="shadowing",
            usual="shadowing",
            midway="",
            closing="shadowing",
        )

    @classmethod
    def circle(cls) -> Cadence:
        """Return twelve weekly meetings of an hour."""
        return cls(phases=(Phase("week", "12 weeks", 60),), usual="circle")

    @classmethod
    def named(cls, name: str) -> Cadence:
        """Return a preset by its name: mentoring, micro, shadowing or circle.

        Raises
        ------
        ProgramError
            There is no such preset; the nearest is named.
        """
        presets = {each.__name__: each for each in (cls.mentoring, cls.micro, cls.shadowing,
                                                    cls.circle)}  # fmt: skip
        if name not in presets:
            raise ProgramError(
                f"cadence == {name!r}, must be a Cadence or one of {', '.join(presets)}"
                f"{nearest(name, list(presets))}"
            )
        return presets[name]()

    def end(self, start: date) -> date:
        """Return the day after the last day of a plan that begins on `start`."""
        for phase in self.phases:
            start = _after(start, _step(phase.lasting, "lasting"))
        return start

    def _days(self, start: date) -> Iterator[tuple[date, Phase]]:
        opens, last = start, None
        for phase in self.phases:
            closes = _after(opens, _step(phase.lasting, "lasting"))
            first = opens
            if last is not None:
                first = max(opens, _after(last, _step(phase.every, "every")))
            for day in phase.days(first, closes):
                yield day, phase
                last = day
            opens = closes

    def occasions(self, start: date) -> tuple[Occasion, ...]:
        """Return the meetings of one pair, before anybody's hours are looked at.

        Parameters
        ----------
        start : date
            First day of the plan.

        Returns
        -------
        tuple of Occasion
            In order. The days from `anchor` to before `before` of two meetings never overlap.

        Raises
        ------
        ProgramError
            The plan would last longer than five years.
        """
        end = self.end(start)
        if end - start > _LONGEST:
            raise ProgramError("the phases last longer than five years; shorten `lasting`")
        days = list(self._days(start))
        anchors = [day for day, _ in days]
        purposes = self._purposes(anchors, start + (end - start) / 2)
        # Until the next one is due, and never less than the week in which it is due.
        limits = [*anchors[1:], max(end, anchors[-1] + WEEK)]
        return tuple(
            Occasion(i + 1, purposes[i], day, limits[i], phase.minutes)
            for i, (day, phase) in enumerate(days)
        )

    def _purposes(self, anchors: list[date], half: date) -> list[str]:
        purposes = [self.usual] * len(anchors)
        inner = range(1, len(anchors) - 1)
        if self.midway and inner:
            purposes[min(inner, key=lambda i: abs(anchors[i] - half))] = self.midway
        purposes[-1] = self.closing
        purposes[0] = self.opening
        return purposes

    def due(self, start: date) -> tuple[tuple[str, date], ...]:
        """Return the milestones of a plan that begins on `start`, with their days, in order."""
        end = self.end(start)
        days = {"half time": start + (end - start) / 2, "close": end - timedelta(days=1)}
        found = [
            (each.name, days[each.at] if isinstance(each.at, str)
             else start + timedelta(days=each.at))
            for each in self.milestones
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))
