"""Why a meeting is not where it would usually be, in words, and the nearest compromise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from matchkit.plans.absences import Absences
from matchkit.plans.cast import Cast
from matchkit.plans.clocks import (
    DAY,
    WEEK,
    Clock,
    Minutes,
    day_of,
    hour_text,
    time_text,
    week_minute,
)
from matchkit.plans.dials import QUARTER, minutes_of_night
from matchkit.plans.solving import Dates
from matchkit.plans.spans import Grid, Mask, Spans, room_for
from matchkit.plans.task import UNPLACED, Task
from matchkit.plans.weekly import NO_HOUR

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, eq=False)
class Notes:
    """Reasons, found by looking at a solved task again."""

    cast: Cast
    task: Task
    absent: Absences
    dates: Dates

    @cached_property
    def _meetings(self) -> Spans:
        """When each person meets."""
        pair, meeting = np.nonzero(self.dates.starts != UNPLACED)
        start = self.dates.starts[pair, meeting]
        seats = self.task.members[pair]
        people = self.task.person[seats]
        width = seats.shape[1]
        return Spans.merged(
            people.ravel(),
            np.repeat(start, width),
            np.repeat(start + self.task.lengths[meeting], width),
            people=len(self.task.person),
        )

    def moved(self, pair: int, meeting: int) -> str:
        """Say why a meeting is not at the weekly hour."""
        if self.dates.hours[pair] == NO_HOUR:
            return ""
        usual = self._usual(pair, meeting)
        return f"moved from {time_text(usual, _DAYS)}: {self._obstacle(pair, meeting, usual)}"

    def unscheduled(self, pair: int, meeting: int) -> str:
        """Say why a meeting has no time, and which time comes nearest."""
        length = int(self.task.lengths[meeting])
        if self.dates.hours[pair] == NO_HOUR and not self.dates.possible[pair].any():
            return f"no {length} minutes of the week suit both; {self._never(pair)}"
        reason = "no time is left in these days when both are free"
        if self.dates.hours[pair] != NO_HOUR:
            usual = self._usual(pair, meeting)
            reason += f" ({time_text(usual, _DAYS)}: {self._obstacle(pair, meeting, usual)})"
        return f"{reason}; {self._compromise(pair, meeting)}"

    def _usual(self, pair: int, meeting: int) -> int:
        """Return the wall time of the weekly hour in the first week of a meeting."""
        anchor = int(self.task.anchors[meeting])
        return anchor + (int(self.dates.hours[pair]) - int(week_minute(anchor))) % WEEK

    def _obstacle(self, pair: int, meeting: int, wall: int) -> str:
        """Say what stands in the way of a meeting at a wall time of the leader."""
        seats = self.task.members[pair].tolist()
        utc, exists = self.task.clocks[seats[0]].utc(wall)
        if not exists:
            return f"the clocks skip {hour_text(wall)} on that day"
        if wall < self.task.earliest:
            return "before the first day on which new dates are given"
        begin, end = int(utc), int(utc) + int(self.task.lengths[meeting])
        found = [text for seat in seats if (text := self._hindered(seat, begin, end))]
        if found:
            return ", ".join(found)
        if wall + end - begin > self.task.limits[meeting]:
            return "it would come after the next one is due"
        return f"{self._name(seats[0])} has enough meetings in that week"

    def _hindered(self, seat: int, begin: int, end: int) -> str:
        """Say what keeps one person from meeting, empty where nothing does."""
        clock, name = self.task.clocks[seat], self._name(seat)
        days = {day_of(int(clock.wall(begin))), day_of(int(clock.wall(end - 1)))}
        if days & self.absent.holidays[seat]:
            return f"holiday for {name}"
        if _overlaps(self.task.blocked, seat, begin, end):
            return f"{name} is away" if days & self.absent.away[seat] else f"{name} is busy"
        if not _covers(self.task.windows, seat, begin, end):
            return f"outside the hours of {name} on that date"
        person = int(self.task.person[seat])
        if _overlaps(self._meetings, person, begin, end):
            return f"{name} has another meeting"
        return ""

    def _name(self, seat: int) -> str:
        return str(self.cast.names[seat])

    def _never(self, pair: int) -> str:
        """Name the hour of the week that lies least outside the hours of a pair, once a pair."""
        if pair not in self._hours_of_week:
            found = self._nearest(pair, 0, absent=False)
            self._hours_of_week[pair] = found or "the week is shorter than the meeting"
        return self._hours_of_week[pair]

    @cached_property
    def _hours_of_week(self) -> dict[int, str]:
        return {}

    def _compromise(self, pair: int, meeting: int) -> str:
        """Name the date that lies least outside the hours of a pair, absences respected."""
        found = self._nearest(pair, meeting, absent=True)
        return found or "one of the two is away or busy all the time"

    def _nearest(self, pair: int, meeting: int, *, absent: bool) -> str:
        """Describe the start that bends fewest hours, empty where there is none."""
        seats = self.task.members[pair].tolist()
        length = int(self.task.lengths[meeting])
        clock = self.task.clocks[seats[0]]
        grid, size = self._days(clock, meeting, absent=absent), -(-length // QUARTER)
        willing = _cells(grid, [self.task.windows.of(seat) for seat in seats], inside=True)
        room: Mask = np.ones(grid.cells, dtype=bool)
        if absent:
            blocked = [self.task.blocked.of(seat) for seat in seats]
            busy = [self._meetings.of(int(self.task.person[seat])) for seat in seats]
            room = ~np.logical_or.reduce(_cells(grid, [*blocked, *busy], inside=False), axis=0)
        room = room_for(room, size)
        if not room.any():
            return ""
        outside = _sliding(~willing, size) * QUARTER
        start = grid.origin + QUARTER * np.arange(grid.cells)
        walls = [self.task.clocks[seat].wall(start) for seat in seats]
        night = np.sum([minutes_of_night(wall, length) for wall in walls], axis=0)
        order = np.lexsort((_distance(willing).sum(axis=0), night, outside.sum(axis=0)))
        best = int(order[room[order]][0])
        when = time_text(int(walls[0][best]), _DAYS)
        when = when if absent else f"{when[:3]} {when[-5:]} every week"
        bends = [
            f"{min(length, int(outside[i, best]))} minutes outside the hours of {self._name(seat)}"
            for i, seat in enumerate(seats)
            if outside[i, best]
        ]
        return ", ".join([f"nearest: {when} {clock.zone}".rstrip(), *bends])

    def _days(self, clock: Clock, meeting: int, *, absent: bool) -> Grid:
        """Return the first week in which a meeting may be held, in quarters of an hour."""
        anchor = int(self.task.anchors[meeting])
        anchor = max(anchor, self.task.earliest) if absent else anchor
        limit = min(max(int(self.task.limits[meeting]), anchor + DAY), anchor + WEEK)
        begin, end = (int(clock.utc(each)[0]) // QUARTER * QUARTER for each in (anchor, limit))
        return Grid(begin, QUARTER, (end - begin) // QUARTER)


def _cells(grid: Grid, spans: list[tuple[Minutes, Minutes]], *, inside: bool) -> Mask:
    """Return the cells that lie in stretches of time, or that stretches touch, (k, cells)."""
    found = np.zeros((len(spans), grid.cells), dtype=bool)
    end = grid.origin + grid.cells * grid.step
    for row, (first, last) in zip(found, spans, strict=True):
        near = slice(np.searchsorted(last, grid.origin), np.searchsorted(first, end))
        for begin, stop in zip(first[near].tolist(), last[near].tolist(), strict=True):
            up, down = (grid.step - 1, 0) if inside else (0, grid.step - 1)
            at = max(0, (begin - grid.origin + up) // grid.step)
            row[at : max(at, (stop - grid.origin + down) // grid.step)] = True
    return found


def _overlaps(spans: Spans, who: int, begin: int, end: int) -> bool:
    first, last = spans.of(who)
    at = int(np.searchsorted(last, begin, side="right"))
    return at < len(first) and int(first[at]) < end


def _covers(spans: Spans, who: int, begin: int, end: int) -> bool:
    first, last = spans.of(who)
    at = int(np.searchsorted(first, begin, side="right")) - 1
    return at >= 0 and int(last[at]) >= end


def _sliding(cells: Mask, size: int) -> Minutes:
    """Return how many of the next `size` cells are set, same shape."""
    total = np.zeros((len(cells), cells.shape[1] + size), dtype=np.int64)
    np.cumsum(cells, axis=1, out=total[:, 1 : cells.shape[1] + 1])
    total[:, cells.shape[1] + 1 :] = total[:, [cells.shape[1]]]
    found: Minutes = total[:, size:] - total[:, : cells.shape[1]]
    return found


def _distance(cells: Mask) -> Minutes:
    """Return how far each cell is from the nearest one that is set, same shape."""
    count = cells.shape[1]
    at = np.arange(count)
    before = np.maximum.accumulate(np.where(cells, at, -count), axis=1)
    after = np.minimum.accumulate(np.where(cells, at, 2 * count)[:, ::-1], axis=1)[:, ::-1]
    found: Minutes = np.minimum(at - before, after - at)
    return found
