"""When the two of a match are both free: a week as a grid, in the local time of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from matchkit.profiles.hours import DAYS, windows_text
from matchkit.profiles.spoken_hours import DAY, WEEK
from matchkit.reports import wording
from matchkit.reports.shapes import Box, boxes
from matchkit.scoring.hours import comparable, duration, shared_spans, zones_in_use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matchkit.matching import Match, Matching
    from matchkit.profiles import Pool, Windows

LEFT, TOP, COLUMN, HEIGHT = 24, 14, 30, 96
"""Margins, width of a day and height of 24 hours in a drawing, in its own units."""

SHOWN = 6
"""Shared windows listed; the drawing shows them all, and their number is given."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Week:
    """The week that two people share.

    Attributes
    ----------
    total : str
        How much free time they share.
    zone, other : str
        Whose clock the drawing follows, and the mentor's where it is another.
    lines : tuple of (str, str)
        Shared windows by the mentee's clock, and by the mentor's where it is another.
    more : int
        Shared windows that are not listed.
    free, shared : str
        Paths: when the mentee is free, and when both are.
    """

    total: str
    zone: str
    other: str
    lines: tuple[tuple[str, str], ...]
    more: int
    free: str
    shared: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What all weeks have in common: days, hours, and the week that the clocks are from."""

    days: tuple[tuple[float, str], ...]
    hours: tuple[tuple[float, str], ...]
    week_of: str


def frame(matching: Matching) -> Frame:
    """Return the days and hours that every week is drawn on."""
    start = matching.program.start
    return Frame(
        days=tuple((LEFT + COLUMN * at + COLUMN / 2, name) for at, name in enumerate(DAYS)),
        hours=tuple((TOP + HEIGHT * hour / 24, f"{hour:02d}") for hour in (0, 6, 12, 18, 24)),
        week_of=wording.day(start - timedelta(days=start.weekday())) if start else "",
    )


def shared_weeks(matching: Matching, matches: Sequence[Match]) -> dict[str, Week]:
    """Return the week of each match whose two people gave hours that can be compared.

    Parameters
    ----------
    matching : Matching
        A round with its people.
    matches : sequence of Match
        Some of its matches, or all.

    Returns
    -------
    dict
        Mentee id -> week.
    """
    mentees, mentors = matching.people.mentees, matching.people.mentors
    start, zones = matching.program.start, zones_in_use(mentees, mentors)
    if len(zones) > 1 and start is None:
        return {}
    sides = comparable(mentees, zones, start), comparable(mentors, zones, start)
    clocks = _Clocks(start if len(zones) > 1 else None)
    weeks = {}
    for match in matches:
        at = mentees.index[match.mentee], mentors.index[match.mentor]
        if all(known[person] for (_, known), person in zip(sides, at, strict=True)):
            spans = [
                _spans(windows, person) for (windows, _), person in zip(sides, at, strict=True)
            ]
            both = _joined(shared_spans(*spans))
            weeks[match.mentee] = _week(both, (mentees, mentors), at, clocks)
    return weeks


class _Clocks:
    """Turns minutes of the compared week into minutes of a local week."""

    def __init__(self, start: date | None) -> None:
        self._monday = start and start - timedelta(days=start.weekday())
        self._known: dict[tuple[str, int], int] = {}

    def local(self, spans: list[Span], zone: str) -> list[Span]:
        """Return spans by the clock of a zone; over the end of the week they are split."""
        pieces: list[Span] = []
        for begin, end in spans:
            length = self._minute(end, zone) - self._minute(begin, zone)
            start = self._minute(begin, zone) % WEEK
            pieces.append((start, min(start + length, WEEK)))
            if start + length > WEEK:
                pieces.append((0, start + length - WEEK))
        return pieces

    def _minute(self, minute: int, zone: str) -> int:
        if self._monday is None or not zone:
            return minute
        if (zone, minute) not in self._known:
            midnight = datetime(self._monday.year, self._monday.month, self._monday.day, tzinfo=UTC)
            there = (midnight + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
            passed = there.replace(tzinfo=UTC) - midnight
            self._known[zone, minute] = passed // timedelta(minutes=1)
        return self._known[zone, minute]


def _week(both: list[Span], pools: tuple[Pool, Pool], at: tuple[int, int], clocks: _Clocks) -> Week:
    zone, other = (str(pool.zone[person]) for pool, person in zip(pools, at, strict=True))
    lines = [
        (_text(clocks.local([span], zone)), _text(clocks.local([span], other))) for span in both
    ]
    same = all(mine == theirs for mine, theirs in lines)
    return Week(
        total=duration(sum(end - begin for begin, end in both)) if both else "",
        zone=zone,
        other="" if same else other,
        lines=tuple((mine, "" if same else theirs) for mine, theirs in lines[:SHOWN]),
        more=max(0, len(lines) - SHOWN),
        free=_drawn(_spans(pools[0].hours, at[0])),
        shared=_drawn(clocks.local(both, zone)),
    )


def _joined(spans: list[Span]) -> list[Span]:
    """Join what the turn of the week has cut: elsewhere it may be the middle of a day."""
    if len(spans) > 1 and spans[0][0] == 0 and spans[-1][1] == WEEK:
        return [*spans[1:-1], (spans[-1][0], WEEK + spans[0][1])]
    return spans


def _text(spans: list[Span]) -> str:
    return " and ".join(windows_text(spans))


def _spans(windows: Windows, person: int) -> list[Span]:
    entries = slice(windows.indptr[person], windows.indptr[person + 1])
    return list(zip(windows.start[entries].tolist(), windows.end[entries].tolist(), strict=True))


def _drawn(spans: list[Span]) -> str:
    drawn: list[Box] = []
    for begin, end in spans:
        at = begin
        while at < end:
            day = at // DAY
            until = min(end, (day + 1) * DAY)
            top = TOP + HEIGHT * (at - day * DAY) / DAY
            drawn.append((LEFT + COLUMN * day + 1, top, COLUMN - 2, HEIGHT * (until - at) / DAY))
            at = until
    return boxes(drawn)
