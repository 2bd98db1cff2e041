"""An integer program that places as many meetings as can be placed, and proves how many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.plans.clocks import DAY, WEEK, Minutes, week_minute
from matchkit.plans.placing import distance
from matchkit.plans.spans import Mask, room_for
from matchkit.plans.task import UNPLACED, Scene
from matchkit.plans.weekly import NO_HOUR, Weekly

_LARGEST: Final = 40_000
_NODES: Final = 50


@dataclass(frozen=True, eq=False)
class Answer:
    """What the integer program found.

    Attributes
    ----------
    cells : int64 array (n, meetings) or None
        The cell in which each meeting begins, -1 for none. None where nothing was found in
        the time allowed.
    bound : int
        No plan places more than this, fixed meetings not counted.
    finished : bool
        False where a limit stopped it.
    """

    cells: Minutes | None
    bound: int
    finished: bool


def place_exactly(weekly: Weekly, fixed: Minutes, *, seconds: float | None) -> Answer | None:
    """Place as many meetings of a scene as possible.

    One binary variable for each meeting and each start; no person twice at once. Among the
    plans with the most meetings it prefers those with more at the weekly hours, then those
    that share fairly among the groups, then those nearest to the weekly hours.

    Parameters
    ----------
    weekly : Weekly
        The scene, n groups, and their weekly hours.
    fixed : int64 array (n, meetings)
        Meetings that stay, -1 for those to place.
    seconds : float or None
        Time limit. Without one the search is limited by its number of nodes, and is then the
        same on every machine.

    Returns
    -------
    Answer or None
        None where the program would be too large.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    options = _options(weekly, fixed)
    if options is None:
        return None
    count = int(np.count_nonzero(fixed == UNPLACED))
    worth = 20 * (count + 1)  # one more meeting outweighs all that follows
    gain = worth + 5.0 * options.kept - options.far
    shares, share_gain = _fair_shares(options, fixed, first=len(gain))
    limits = [*_limits(weekly.scene, options, fixed), shares]
    heights = np.cumsum([0, *(len(each.limit) for each in limits)])
    matrix = coo_array(
        (
            np.concatenate([each.value for each in limits]),
            (
                np.concatenate([each.row + h for each, h in zip(limits, heights, strict=False)]),
                np.concatenate([each.column for each in limits]),
            ),
        ),
        shape=(int(heights[-1]), len(gain) + len(share_gain)),
    )
    answer = milp(
        -np.concatenate([gain, share_gain]),
        integrality=np.repeat([1, 0], [len(gain), len(share_gain)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            matrix.tocsr(), ub=np.concatenate([each.limit for each in limits])
        ),
        options=_effort(seconds),
    )
    return _read(answer, options, fixed, worth)


def _effort(seconds: float | None) -> Any:
    return {"node_limit": _NODES} if seconds is None else {"time_limit": max(0.05, seconds)}


def _read(answer: Any, options: _Options, fixed: Minutes, worth: int) -> Answer:
    count = int(np.count_nonzero(fixed == UNPLACED))
    dual = answer.mip_dual_bound
    # Distances take less than one unit each, so that this division forgets no meeting.
    bound = count if dual is None else min(count, int((count - dual) // worth))
    if answer.x is None:
        return Answer(None, bound, finished=False)
    cells = fixed.copy()
    taken = answer.x[: len(options.cell)] > 0.5
    cells[options.group[taken], options.meeting[taken]] = options.cell[taken]
    return Answer(cells, bound, finished=answer.status == 0)


@dataclass(frozen=True, eq=False)
class _Options:
    """The starts that a meeting to be placed may have: one variable each."""

    group: Minutes
    meeting: Minutes
    cell: Minutes
    kept: Mask
    far: NDArray[np.float64]


def _options(weekly: Weekly, fixed: Minutes) -> _Options | None:
    """Return the starts that matter; None where there are none, or too many."""
    scene = weekly.scene
    taken = _taken(scene, fixed)
    group, meeting = np.nonzero(fixed == UNPLACED)
    jobs = list(zip(group.tolist(), meeting.tolist(), strict=True))
    found = [_starts(scene, each, k, taken) for each, k in jobs]
    matter = _packed(scene, jobs, found)
    hours = [_hours(weekly, each, k) for each, k in jobs]
    found = [
        cells[matter[cells] | np.isin(cells, usual)]
        for cells, usual in zip(found, hours, strict=True)
    ]
    lengths = [len(cells) for cells in found]
    if not 0 < sum(lengths) <= _LARGEST:
        return None
    kept = [np.isin(cells, usual) for cells, usual in zip(found, hours, strict=True)]
    far = [distance(weekly, *job, cells) for job, cells in zip(jobs, found, strict=True)]
    away = np.concatenate(far)
    return _Options(
        np.repeat(group, lengths),
        np.repeat(meeting, lengths),
        np.concatenate(found),
        np.concatenate(kept),
        away / (1.0 + away.max(initial=0)),
    )


def _starts(scene: Scene, group: int, meeting: int, taken: Mask) -> Minutes:
    """Return the cells in which a meeting may begin."""
    begin, end = scene.dial(int(scene.leaders[group])).ranges[meeting]
    size = int(scene.sizes[meeting])
    people = [each for each in scene.people[group].tolist() if each >= 0]
    fits = scene.room(meeting)[group, begin:end].copy()
    busy = taken[people, begin : max(begin, end + size - 1)].any(axis=0)
    fits &= room_for(np.logical_not(busy), size)[: len(fits)]
    cells: Minutes = np.flatnonzero(fits) + begin
    return cells


def _hours(weekly: Weekly, group: int, meeting: int) -> Minutes:
    """Return the cells of a meeting at its group's weekly hour."""
    if weekly.hours[group] == NO_HOUR:
        return np.zeros(0, dtype=np.int64)
    cells = weekly.cells(int(weekly.scene.leaders[group]))[meeting][:, weekly.hours[group]]
    return cells[cells >= 0]


def _packed(scene: Scene, jobs: list[tuple[int, int]], found: list[Minutes]) -> Mask:
    """Return the cells in which a meeting need begin in some plan with the most meetings.

    Any plan can be pushed to the left, until each meeting begins where its room begins, or
    the week, or where another one ends: the other starts can be left out and none is lost.
    """
    cells = scene.grid.cells
    possible = {int(size): np.zeros(cells + 1, dtype=bool) for size in np.unique(scene.sizes)}
    begins = np.zeros(cells + 1, dtype=bool)
    for (group, meeting), starts in zip(jobs, found, strict=True):
        possible[int(scene.sizes[meeting])][starts] = True
        monday = week_minute(scene.dial(int(scene.leaders[group])).wall[starts]) < scene.grid.step
        begins[starts[np.diff(starts, prepend=-2) > 1]] = True
        begins[starts[monday]] = True
    matter = begins.copy()
    while begins.any():
        ends = np.zeros(cells + 1, dtype=bool)
        for size, starts in possible.items():
            ends[np.minimum(np.flatnonzero(begins & starts) + size, cells)] = True
        begins = ends & ~matter
        matter |= ends
    return matter


def _taken(scene: Scene, fixed: Minutes) -> Mask:
    taken = np.zeros((len(scene.names), scene.grid.cells), dtype=bool)
    for group, meeting in np.argwhere(fixed != UNPLACED).tolist():
        at = int(fixed[group, meeting])
        for person in scene.people[group].tolist():
            if person >= 0:
                taken[person, at : at + int(scene.sizes[meeting])] = True
    return taken


@dataclass(frozen=True, eq=False)
class _Rows:
    """Constraints that sums are at most a limit, as the entries of a sparse matrix."""

    row: Minutes
    column: Minutes
    value: NDArray[np.float64]
    limit: NDArray[np.float64]

    @classmethod
    def of(cls, key: Minutes, column: Minutes, limit: Callable[[int], int]) -> _Rows:
        """Sum the variables that share a key."""
        keys, row = np.unique(key, return_inverse=True)
        limits = np.array([limit(each) for each in keys.tolist()], dtype=np.float64)
        return cls(row.astype(np.int64), column, np.ones(len(column)), limits)


def _limits(scene: Scene, options: _Options, fixed: Minutes) -> list[_Rows]:
    """Return the constraints: one start each, nobody twice at once, weeks not too full."""
    column = np.arange(len(options.cell))
    name = options.group * len(scene.sizes) + options.meeting
    rows = [_Rows.of(name, column, lambda _: 1), _once(scene, options)]
    most = scene.task.most_per_week
    if most is not None:
        group, meeting = np.nonzero(fixed != UNPLACED)
        held = _weeks(scene, group, fixed[group, meeting])
        week = _weeks(scene, options.group, options.cell)
        rows.append(
            _Rows.of(week, column, lambda key: max(0, most - int(np.count_nonzero(held == key))))
        )
    return rows


def _once(scene: Scene, options: _Options) -> _Rows:
    """Keep people from being in two meetings at once.

    It is enough to look at the cells in which some option begins. People of one group only
    need no constraint: the days allowed for two meetings of a group do not overlap.
    """
    size = scene.sizes[options.meeting]
    offset = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    cell = np.repeat(options.cell, size) + offset
    column = np.repeat(np.arange(len(options.cell)), size)
    shared = np.flatnonzero(np.bincount(scene.people[scene.people >= 0]) > 1)
    keys, columns = [], []
    for member in range(scene.people.shape[1]):
        person = scene.people[options.group, member]
        begins = np.unique(person * scene.grid.cells + options.cell)
        key = person[column] * scene.grid.cells + cell
        use = np.isin(key, begins) & np.isin(person[column], shared)
        keys.append(key[use])
        columns.append(column[use])
    return _Rows.of(np.concatenate(keys), np.concatenate(columns), lambda _: 1)


def _weeks(scene: Scene, group: Minutes, cell: Minutes) -> Minutes:
    """Return a number for the leader and the calendar week in which meetings begin."""
    leader = scene.leaders[group]
    wall = np.zeros(len(cell), dtype=np.int64)
    for seat in np.unique(leader).tolist():
        mine = leader == seat
        wall[mine] = scene.dial(seat).wall[cell[mine]]
    number: Minutes = leader * 1_000_000 + (wall + 3 * DAY) // WEEK
    return number


def _fair_shares(
    options: _Options, fixed: Minutes, *, first: int
) -> tuple[_Rows, NDArray[np.float64]]:
    """Make a group's first dates worth a little more than its later ones.

    One variable in [0, 1] for each group and each number of dates: together they are at most
    the dates that the group gets, and the first are worth most, so that of two groups the one
    with fewer dates comes first.
    """
    groups, meetings = fixed.shape
    held = np.count_nonzero(fixed != UNPLACED, axis=1)
    step = np.arange(meetings)
    gain = np.broadcast_to(3.0 / (1.0 + held[:, None] + step), (groups, meetings))
    column = np.concatenate([first + np.arange(groups * meetings), np.arange(first)])
    row = np.concatenate([np.repeat(np.arange(groups), meetings), options.group])
    value = np.concatenate([np.ones(groups * meetings), -np.ones(first)])
    return _Rows(row, column, value, np.zeros(groups)), gain.ravel()
