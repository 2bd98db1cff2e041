"""The problem of dates: who must meet when, as arrays, and its independent pieces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from matchkit.plans.clocks import DAY, WEEK, Clock, Minutes
from matchkit.plans.dials import QUARTER, Dial
from matchkit.plans.spans import Grid, Mask, Spans, room_for

UNPLACED: Final = -1
"""Stands in an array of starts for a meeting without a time."""


@dataclass(frozen=True, eq=False)
class Task:
    """Groups of people who are to meet, and when each of them is free.

    A *seat* is one person in one role: somebody who is both a mentor and a mentee has two
    seats with hours of their own, and is still never in two meetings at once.

    Attributes
    ----------
    members : int64 array (groups, size)
        Seats of each group, padded with -1. The first one leads: the group's weekly hour is
        an hour on the leader's wall.
    person : int64 array (seats,)
        Who sits there.
    clocks : tuple of Clock (seats,)
        The clock on the wall of each seat.
    windows, blocked : Spans (seats)
        When each seat is willing to meet, and when it cannot in any case.
    anchors, limits : int64 arrays (meetings,)
        Wall time, for every leader, from which and before which each meeting of a group lies.
    lengths : int64 array (meetings,)
        Minutes.
    order : int64 array (groups,)
        A permutation: who comes first where nothing else decides.
    earliest : int
        Wall time before which nobody meets.
    most_per_week : int or None
        Most meetings of one leader in a calendar week on the leader's wall.
    first : int64 array (groups,) or None
        The first meeting that each group holds; those before are left out.
    """

    members: Minutes
    person: Minutes
    clocks: tuple[Clock, ...]
    windows: Spans
    blocked: Spans
    anchors: Minutes
    limits: Minutes
    lengths: Minutes
    order: Minutes
    earliest: int
    most_per_week: int | None = None
    first: Minutes | None = None

    @cached_property
    def horizon(self) -> tuple[int, int]:
        """UTC minutes between which every meeting lies, whatever the zone."""
        return int(self.anchors.min()) - 2 * DAY, int(self.limits.max()) + 2 * DAY

    def dial(self, clock: Clock, grid: Grid) -> Dial:
        """Return the dial of a zone on a grid; each is made once."""
        key = clock.zone, grid
        if key not in self._dials:
            rhythm = (self.anchors.tolist(), self.limits.tolist(), self.lengths.tolist())
            meetings = list(zip(*rhythm, strict=True))
            self._dials[key] = Dial(clock, grid, meetings, self.earliest)
        return self._dials[key]

    @cached_property
    def _dials(self) -> dict[tuple[str, Grid], Dial]:
        return {}

    def pieces(self) -> list[Minutes]:
        """Return groups that share people, directly or through others, sorted by `order`."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        groups = len(self.members)
        if not groups:
            return []
        row, column = np.nonzero(self.members >= 0)
        people = self.person[self.members[row, column]]
        size = groups + int(people.max()) + 1
        edges = coo_array((np.ones(len(row)), (row, groups + people)), shape=(size, size))
        label = connected_components(edges, directed=False)[1][:groups]
        rank = np.lexsort((self.order, label))
        return np.split(rank, np.flatnonzero(np.diff(label[rank])) + 1)


class Scene:
    """One piece of the task on a grid: where each group has room for each meeting.

    The grid is the coarsest that loses nothing: a quarter of an hour, or less where windows
    or lengths ask for it.

    Attributes
    ----------
    groups : int64 array (n,)
        Groups of the piece.
    people : dict
        Person -> row in occupancy tables.
    free : bool array (n, cells)
        Cells in which all members of a group are free.
    """

    def __init__(self, task: Task, groups: Minutes) -> None:
        self.task, self.groups = task, groups
        self.members = task.members[groups]
        seats = np.unique(self.members[self.members >= 0])
        self.grid = _grid(task, seats)
        row = np.full(len(task.person) + 1, -1)
        row[seats] = np.arange(len(seats))
        available = self.grid.inner(task.windows, seats)
        available &= ~self.grid.touched(task.blocked, seats)
        self.available = np.vstack([available, np.ones((1, self.grid.cells), dtype=bool)])
        rows = row[self.members]  # the row of a pad is the last one: always free
        self.free: Mask = self.available[rows].all(axis=1)
        names, where = np.unique(task.person[seats], return_inverse=True)
        self.names = names
        person_row = np.full(len(task.person) + 1, -1)
        person_row[seats] = where
        self.people = person_row[self.members]  # -1 for pads
        self.sizes = task.lengths // self.grid.step
        self._runs: dict[int, Mask] = {}
        self._rooms: dict[int, Mask] = {}
        self._dials: dict[int, Dial] = {}

    @property
    def leaders(self) -> Minutes:
        """Seat of each group's leader, (n,)."""
        return self.members[:, 0]

    def room(self, meeting: int) -> Mask:
        """Return where a meeting may begin for each group, whenever it is due, (n, cells)."""
        if meeting not in self._rooms:
            size = int(self.sizes[meeting])
            if size not in self._runs:
                self._runs[size] = room_for(self.free, size)
            room, first = self._runs[size], self.task.first
            if first is not None and (first[self.groups] > meeting).any():
                room = room & (first[self.groups] <= meeting)[:, None]
            self._rooms[meeting] = room
        return self._rooms[meeting]

    def cell(self, utc: Minutes | int) -> Minutes:
        """Return the cell of UTC times."""
        found: Minutes = (np.asarray(utc) - self.grid.origin) // self.grid.step
        return found

    def utc(self, cell: Minutes | int) -> Minutes:
        """Return the UTC time at which cells begin."""
        found: Minutes = np.asarray(cell) * self.grid.step + self.grid.origin
        return found

    def dial(self, leader: int) -> Dial:
        """Return the dial of a leader's zone."""
        if leader not in self._dials:
            self._dials[leader] = self.task.dial(self.task.clocks[leader], self.grid)
        return self._dials[leader]


def _grid(task: Task, seats: Minutes) -> Grid:
    begin, end = task.horizon
    edges = [task.lengths, np.array([QUARTER])]
    for seat in seats.tolist():
        edges.extend(task.windows.of(seat))
    step = int(np.gcd.reduce(np.concatenate(edges)))
    origin = begin // DAY * DAY
    return Grid(origin, step, -(-(end - origin) // step) + WEEK // step)
