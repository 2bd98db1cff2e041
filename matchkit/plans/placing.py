"""Dates for meetings: the weekly hour where it is free, else the nearest free time."""

from __future__ import annotations

import numpy as np

from matchkit.plans.clocks import DAY, WEEK, Minutes, week_minute, week_number
from matchkit.plans.spans import Mask, room_for
from matchkit.plans.task import UNPLACED
from matchkit.plans.weekly import NO_HOUR, Weekly


class Diary:
    """Who is busy when, and how often each leader meets in a week.

    Attributes
    ----------
    taken : bool array (people, cells)
        Cells in which a person of the scene has a meeting.
    """

    def __init__(self, weekly: Weekly) -> None:
        self.weekly = weekly
        self.scene = scene = weekly.scene
        self.taken: Mask = np.zeros((len(scene.names), scene.grid.cells), dtype=bool)
        self._weeks: dict[tuple[int, int], int] = {}
        self._members = [[int(each) for each in row if each >= 0] for row in scene.people]

    def _week(self, group: int, cell: int) -> tuple[int, int]:
        leader = int(self.scene.leaders[group])
        return leader, week_number(int(self.scene.dial(leader).wall[cell]))

    def put(self, group: int, cell: int, size: int) -> None:
        """Enter a meeting."""
        for person in self._members[group]:
            self.taken[person, cell : cell + size] = True
        week = self._week(group, cell)
        self._weeks[week] = self._weeks.get(week, 0) + 1

    def allows(self, group: int, cell: int, size: int) -> bool:
        """Return whether a meeting would collide with nothing in the diary."""
        if any(self.taken[person, cell : cell + size].any() for person in self._members[group]):
            return False
        most = self.scene.task.most_per_week
        return most is None or self._weeks.get(self._week(group, cell), 0) < most

    def openings(self, group: int, meeting: int, begin: int, end: int) -> Minutes:
        """Return the cells from `begin` to before `end` in which a meeting may begin."""
        size = int(self.scene.sizes[meeting])
        fits = self.scene.room(meeting)[group, begin:end].copy()
        if fits.any():
            busy = self.taken[self._members[group], begin : end + size - 1].any(axis=0)
            fits &= room_for(np.logical_not(busy), size)[: end - begin]
        cells: Minutes = np.flatnonzero(fits) + begin
        if self.scene.task.most_per_week is not None:
            room = [self.allows(group, cell, size) for cell in cells.tolist()]
            cells = cells[np.array(room, dtype=bool)]
        return cells


def place(weekly: Weekly, fixed: Minutes) -> Minutes:
    """Give every meeting of a scene a date, as far as a patient person would.

    First each meeting goes to the group's weekly hour, in the first week in which that is
    free for all; then what is left goes to the nearest time that is free. Of two that want
    the same time the one whose group has fewer dates goes first.

    Parameters
    ----------
    weekly : Weekly
        The scene, n groups, and their weekly hours.
    fixed : int64 array (n, meetings)
        Cells of meetings that stay as they are, -1 for the others.

    Returns
    -------
    int64 array (n, meetings)
        The cell in which each meeting begins, -1 where none was found.
    """
    diary, scene = Diary(weekly), weekly.scene
    cells = fixed.copy()
    for group, meeting in np.argwhere(fixed != UNPLACED).tolist():
        diary.put(group, int(fixed[group, meeting]), int(scene.sizes[meeting]))
    for meeting in range(cells.shape[1]):
        for group in _by_need(cells, meeting):
            at = _at_weekly_hour(diary, group, meeting)
            if at != UNPLACED:
                cells[group, meeting] = at
                diary.put(group, at, int(scene.sizes[meeting]))
    for meeting in range(cells.shape[1]):
        for group in _by_need(cells, meeting):
            at = _nearest(diary, group, meeting)
            if at != UNPLACED:
                cells[group, meeting] = at
                diary.put(group, at, int(scene.sizes[meeting]))
    return cells


def _by_need(cells: Minutes, meeting: int) -> list[int]:
    """Return the groups without a date for a meeting, those with the fewest dates first."""
    need = np.count_nonzero(cells != UNPLACED, axis=1)
    order = np.argsort(need, kind="stable")
    return [group for group in order.tolist() if cells[group, meeting] == UNPLACED]


def _at_weekly_hour(diary: Diary, group: int, meeting: int) -> int:
    weekly, scene = diary.weekly, diary.scene
    if weekly.hours[group] == NO_HOUR:
        return UNPLACED
    room, size = scene.room(meeting)[group], int(scene.sizes[meeting])
    for at in weekly.cells(int(scene.leaders[group]))[meeting][:, weekly.hours[group]].tolist():
        if at >= 0 and room[at] and diary.allows(group, at, size):
            return int(at)
    return UNPLACED


def _nearest(diary: Diary, group: int, meeting: int) -> int:
    """Return the open cell nearest to the weekly hour in the first week, -1 for none."""
    scene = diary.scene
    leader = int(scene.leaders[group])
    begin, end = scene.dial(leader).ranges[meeting]
    open_cells = diary.openings(group, meeting, begin, end) if end > begin else np.array([])
    if not len(open_cells):
        return UNPLACED
    return int(open_cells[int(np.argmin(distance(diary.weekly, group, meeting, open_cells)))])


def distance(weekly: Weekly, group: int, meeting: int, cells: Minutes) -> Minutes:
    """Return how far cells are from the weekly hour of a group, small is better.

    The distance in time counts, then whether the hour is one of the day and a full one.
    """
    scene = weekly.scene
    leader = int(scene.leaders[group])
    wall = scene.dial(leader).wall[cells]
    target = int(scene.task.anchors[meeting])
    if weekly.hours[group] != NO_HOUR:
        target += (int(weekly.hours[group]) * weekly.step - int(week_minute(target))) % WEEK
    comfort = weekly.comfort(group)[week_minute(wall) // weekly.step]
    found: Minutes = np.abs(wall - target) + np.minimum(comfort, 4 * DAY)
    return found
