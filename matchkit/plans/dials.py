"""One zone's clock laid over a grid: which cells belong to which meeting and weekly hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from matchkit.plans.clocks import DAY, WEEK, Clock, Minutes, week_minute
from matchkit.plans.spans import Grid

QUARTER: Final = 15
DAY_BEGINS: Final = 8 * 60
DAY_ENDS: Final = 18 * 60


class Dial:
    """Everything about dates that all leaders of one zone share.

    Attributes
    ----------
    wall : int64 array (cells,)
        Wall time at the beginning of every cell.
    ranges : list of (int, int)
        For each meeting the first cell in which it may begin, and the one after the last.
    weekly : list of int64 array (weeks, ticks)
        For each meeting the cell of every weekly start, Monday 00:00 first. Row j is the j-th
        week in which the meeting may be held; -1 stands where that hour does not exist on
        that date or lies outside the days allowed.
    """

    def __init__(
        self, clock: Clock, grid: Grid, meetings: Sequence[tuple[int, int, int]], earliest: int
    ) -> None:
        self.clock = clock
        self.grid = grid
        self.earliest = earliest
        self.wall = clock.wall(np.arange(grid.cells) * grid.step + grid.origin)
        self.tick = np.arange(WEEK // grid.step) * grid.step
        self.ranges = [self._range(*each) for each in meetings]
        self.weekly = [self._dated(*each) for each in meetings]
        self._length = meetings[0][2]
        self._first_week = meetings[0][0] - int(week_minute(meetings[0][0])) + self.tick
        self._nights: dict[str, Minutes] = {}

    def _range(self, anchor: int, limit: int, length: int) -> tuple[int, int]:
        inside = np.flatnonzero((self.wall >= max(anchor, self.earliest)) & (self.wall < limit))
        if not len(inside):
            return 0, 0
        begin, end = int(inside[0]), int(inside[-1]) + 2 - length // self.grid.step
        return begin, max(begin, end)

    def _dated(self, anchor: int, limit: int, length: int) -> Minutes:
        weeks = max(1, -(-(limit - anchor) // WEEK))
        first = anchor - int(week_minute(anchor)) + self.tick
        first += WEEK * (first < anchor)
        wall = first + WEEK * np.arange(weeks)[:, None]
        utc, exists = self.clock.utc(wall)
        fits = exists & (wall >= self.earliest) & (wall + length <= limit)
        # Off the grid by a change of the clocks that is no multiple of a cell: not this date.
        fits &= (utc - self.grid.origin) % self.grid.step == 0
        found: Minutes = np.where(fits, (utc - self.grid.origin) // self.grid.step, -1)
        return found

    def night(self, clock: Clock) -> Minutes:
        """Return how many minutes of a meeting lie outside somebody's day, (ticks,).

        Parameters
        ----------
        clock : Clock
            On the wall of that person; the week of the first meeting counts.
        """
        if clock.zone not in self._nights:
            utc, _ = self.clock.utc(self._first_week)
            self._nights[clock.zone] = minutes_of_night(clock.wall(utc), self._length)
        return self._nights[clock.zone]


def minutes_of_night(wall: Minutes, length: int) -> Minutes:
    """Return how many minutes of meetings lie before 8 or after 18 o'clock.

    Examples
    --------
    >>> minutes_of_night(np.array([7 * 60, 9 * 60, 17 * 60 + 30]), 60).tolist()
    [60, 0, 30]
    """
    begin = wall % DAY
    early = np.clip(DAY_BEGINS - begin, 0, None)
    late = np.clip(begin + length - DAY_ENDS, 0, None)
    found: Minutes = np.minimum(early + late, DAY)
    return found
