"""From people's free hours to dates: pieces, weekly hours, dates, repairs and bounds."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from matchkit.plans.bounds import flow_bound, possible
from matchkit.plans.clocks import Minutes, week_minute
from matchkit.plans.exact import place_exactly
from matchkit.plans.placing import place
from matchkit.plans.spans import Mask
from matchkit.plans.task import UNPLACED, Scene, Task
from matchkit.plans.weekly import NO_HOUR, Weekly


@dataclass(frozen=True, eq=False)
class Dates:
    """When each meeting is, and how good that is.

    Attributes
    ----------
    starts : int64 array (groups, meetings)
        UTC minutes, -1 for meetings without a time.
    hours : int64 array (groups,)
        Weekly hour: minutes from Monday 00:00 on the leader's wall, -1 where there is none.
    possible : bool array (groups, meetings)
        Meetings that have a time if nobody else meets.
    placed_bound, kept_bound : int
        No plan places more meetings, or keeps more at any choice of weekly hours.
    stopped : bool
        The time limit ended the search for a better plan.
    """

    starts: Minutes
    hours: Minutes
    possible: Mask
    placed_bound: int
    kept_bound: int
    stopped: bool

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        for array in (self.starts, self.hours, self.possible):
            array.setflags(write=False)


@dataclass(frozen=True, eq=False)
class _Piece:
    """The dates of one piece, in cells of its own grid."""

    scene: Scene
    cells: Minutes
    hours: Minutes
    possible: Mask
    placed_bound: int
    kept_bound: int
    stopped: bool


def find_dates(
    task: Task,
    *,
    starts: Minutes | None = None,
    hours: Minutes | None = None,
    time_limit: float | None = None,
) -> Dates:
    """Find dates for all meetings of a task.

    Parameters
    ----------
    task : Task
        Who must meet and when they are free.
    starts : int64 array (groups, meetings), optional
        UTC times of meetings that stay as they are, -1 for those to place.
    hours : int64 array (groups,), optional
        Weekly hours that stay as they are, -1 for those to choose.
    time_limit : float, optional
        Seconds after which no more exact repairs are begun.

    Returns
    -------
    Dates
        Every meeting is placed where the patient search or the integer program placed it.
    """
    deadline = None if time_limit is None else time.monotonic() + time_limit
    groups, meetings = len(task.members), len(task.anchors)
    fixed = np.full((groups, meetings), UNPLACED) if starts is None else starts
    chosen = np.full(groups, NO_HOUR) if hours is None else hours
    found = np.full((groups, meetings), UNPLACED)
    hour = np.full(groups, NO_HOUR)
    can = np.zeros((groups, meetings), dtype=bool)
    placed_bound = kept_bound = 0
    stopped = False
    for piece in task.pieces():
        part = _solve(Scene(task, piece), fixed[piece], chosen[piece], deadline)
        placed = part.cells != UNPLACED
        found[piece] = np.where(placed, part.scene.utc(part.cells), UNPLACED)
        hour[piece], can[piece] = part.hours, part.possible
        placed_bound += part.placed_bound
        kept_bound += part.kept_bound
        stopped |= part.stopped
    return Dates(found, hour, can, placed_bound, kept_bound, stopped)


def _solve(scene: Scene, starts: Minutes, chosen: Minutes, deadline: float | None) -> _Piece:
    """Find the dates of one piece."""
    fixed = np.where(starts == UNPLACED, UNPLACED, scene.cell(starts))
    weekly = Weekly(scene, chosen)
    can = possible(scene) | (fixed != UNPLACED)
    cells = place(weekly, fixed)
    placed = int(np.count_nonzero(cells != UNPLACED))
    bound, stopped = int(can.sum()), False
    if placed < bound:
        bound = min(bound, flow_bound(scene, can))
    if placed < bound:
        seconds = None if deadline is None else deadline - time.monotonic()
        stopped = seconds is not None and seconds <= 0
        answer = None if stopped else place_exactly(weekly, fixed, seconds=seconds)
        if answer is not None:
            held = int(np.count_nonzero(fixed != UNPLACED))
            bound = max(placed, min(bound, held + answer.bound))
            stopped = seconds is not None and not answer.finished
            if answer.cells is not None and np.count_nonzero(answer.cells != UNPLACED) > placed:
                cells = answer.cells
    stay = int(np.count_nonzero(fixed != UNPLACED))
    kept_bound = min(int(weekly.values.max(axis=1).sum()) + stay, bound)
    minutes = np.where(weekly.hours == NO_HOUR, NO_HOUR, weekly.hours * weekly.step)
    return _Piece(scene, cells, minutes, can, bound, kept_bound, stopped)


def still_open(task: Task, starts: Minutes) -> Minutes:
    """Return the dates of an earlier plan without those that somebody cannot keep any more.

    Parameters
    ----------
    task : Task
        Who can meet when now.
    starts : int64 array (groups, meetings)
        UTC minutes, -1 for none.
    """
    found = starts.copy()
    for group, seats in enumerate(task.members.tolist()):
        for seat in seats:
            if seat >= 0:
                first, last = task.blocked.of(seat)
                after = np.append(first, np.iinfo(np.int64).max)
                hit = after[np.searchsorted(last, starts[group], side="right")]
                found[group, hit < starts[group] + task.lengths] = UNPLACED
    return found


def kept(task: Task, dates: Dates) -> Mask:
    """Return which meetings are at their group's weekly hour, (groups, meetings)."""
    held = np.zeros(dates.starts.shape, dtype=bool)
    for group, (row, hour) in enumerate(zip(dates.starts, dates.hours.tolist(), strict=True)):
        if hour != NO_HOUR:
            clock = task.clocks[int(task.members[group, 0])]
            held[group] = (row != UNPLACED) & (week_minute(clock.wall(row)) == hour)
    return held
