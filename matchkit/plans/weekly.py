"""The weekly hour of each group: the one that can be kept most often, and collides least.

For each group every start in the week is given the number of its meetings that could be held
then. Groups that share a leader get hours that do not overlap where that costs nothing;
where it does, a small integer program chooses the hours that keep most meetings.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchkit.plans.clocks import WEEK, Minutes, week_minute
from matchkit.plans.dials import QUARTER
from matchkit.plans.spans import Mask
from matchkit.plans.task import Scene

NO_HOUR: Final = -1
_LARGEST: Final = 6_000
_CROWDED: Final = 3
"""What each other meeting on the same day weighs, where an odd quarter of an hour weighs 2."""


class Weekly:
    """Weekly starts of a scene and what each is worth to each group.

    Attributes
    ----------
    ticks : int
        Starts in a week, one for each cell of the grid from Monday 00:00 on the leader's wall.
    values : int64 array (n, ticks)
        Meetings of the group that could be held at that hour if nobody else met.
    hours : int64 array (n,)
        The weekly start of each group, -1 where no hour serves.
    """

    def __init__(self, scene: Scene, given: Minutes) -> None:
        self.scene = scene
        self.step = scene.grid.step
        self.ticks = WEEK // self.step
        self._comfort: dict[int, Minutes] = {}
        self.values = np.zeros((len(scene.groups), self.ticks), dtype=np.int64)
        for leader in np.unique(scene.leaders).tolist():
            mine = np.flatnonzero(scene.leaders == leader)
            live = self._live(leader, mine)
            for meeting, dated in enumerate(self.cells(leader)):
                cells, room = dated[:, live], scene.room(meeting)[mine]
                self.values[np.ix_(mine, live)] += (room[:, cells] & (cells >= 0)).any(axis=1)
        self.hours = np.where(given == NO_HOUR, self._chosen(), given // self.step)

    def _live(self, leader: int, mine: NDArray[np.intp]) -> Minutes:
        """Return the ticks at which some meeting of a leader's groups could begin some week."""
        kinds = {int(size): k for k, size in enumerate(self.scene.sizes)}
        rooms = [self.scene.room(k)[mine].any(axis=0) for k in kinds.values()]
        begins = np.flatnonzero(np.logical_or.reduce(rooms))
        return np.unique(week_minute(self.scene.dial(leader).wall[begins]) // self.step)

    def cells(self, leader: int) -> list[Minutes]:
        """Return for each meeting the cell of every weekly start, as :class:`Dial` has them."""
        return self.scene.dial(leader).weekly

    def comfort(self, group: int) -> Minutes:
        """Return what speaks against each start, (ticks,): hours of the night, odd minutes."""
        if group not in self._comfort:
            scene = self.scene
            dial = scene.dial(int(scene.leaders[group]))
            odd = np.select(
                [dial.tick % 60 == 0, dial.tick % 30 == 0, dial.tick % QUARTER == 0], [0, 1, 2], 3
            )
            clocks = [
                scene.task.clocks[seat] for seat in scene.members[group].tolist() if seat >= 0
            ]
            self._comfort[group] = odd + 4 * np.sum([dial.night(each) for each in clocks], axis=0)
        return self._comfort[group]

    def _chosen(self) -> Minutes:
        chosen = np.full(len(self.scene.groups), NO_HOUR)
        for leader in np.unique(self.scene.leaders).tolist():
            mine = np.flatnonzero(self.scene.leaders == leader)
            chosen[mine] = self._together(mine)
        return chosen

    def _together(self, mine: NDArray[np.intp]) -> Minutes:
        """Choose the weekly starts of one leader's groups."""
        values = self.values[mine]
        comfort = np.array([self.comfort(int(group)) for group in mine])
        size = int(self.scene.sizes.max())
        chosen = _spread(values, comfort, size)
        served = values[np.arange(len(mine)), chosen]
        alone = chosen != NO_HOUR
        if np.where(alone, served, 0).sum() < _ceiling(values, size):
            better = _exactly(values, comfort, size)
            if better is not None:
                chosen = better
        return _shared(values, comfort, chosen, size)


def _ceiling(values: Minutes, size: int) -> int:
    """Return a number of meetings that no hours without overlap can keep.

    Only so many hours fit side by side into the stretches of the week in which anything is
    possible; at best they go to the groups that can keep most.
    """
    begins = np.flatnonzero(values.any(axis=0))
    covered = np.zeros(values.shape[1] + size, dtype=bool)
    for shift in range(size):
        covered[begins + shift] = True
    edges = np.flatnonzero(np.diff(covered.astype(np.int8), prepend=0, append=0))
    fit = int(((edges[1::2] - edges[::2]) // size).sum())
    return int(np.sort(values.max(axis=1))[::-1][:fit].sum())


def _near(tick: int, size: int, ticks: int) -> NDArray[np.intp]:
    """Return the starts whose meetings overlap one that starts at `tick`."""
    return np.arange(tick - size + 1, tick + size) % ticks


def _spread(values: Minutes, comfort: Minutes, size: int) -> Minutes:
    """Give each group one of its best hours, where that overlaps nobody else's.

    The group with the fewest best hours chooses first, and takes the hour that costs the
    others least; among those one on a day on which the leader meets few others.
    """
    count, ticks = values.shape
    day = ticks // 7
    chosen = np.full(count, NO_HOUR)
    good = (values == values.max(axis=1, keepdims=True)) & (values > 0)
    waiting = set(np.flatnonzero(good.any(axis=1)).tolist())
    while waiting:
        group = min(sorted(waiting), key=lambda each: (int(good[each].sum()), each))
        waiting.discard(group)
        options = np.flatnonzero(good[group])
        if not len(options):
            continue
        cost = _harm(good, sorted(waiting), options, size)
        crowd = np.bincount(chosen[chosen != NO_HOUR] // day, minlength=7)[options // day]
        at = options[np.lexsort((comfort[group, options] + _CROWDED * crowd, cost))[0]]
        chosen[group] = at
        good[:, _near(int(at), size, ticks)] = False
    return chosen


def _harm(good: Mask, others: list[int], options: NDArray[np.intp], size: int) -> Minutes:
    """Return how much of the other groups' choice each option takes, in parts of a million."""
    if not others:
        return np.zeros(len(options), dtype=np.int64)
    rest = good[others]
    share = (rest * 1_000_000 // np.maximum(1, rest.sum(axis=1, keepdims=True))).sum(axis=0)
    ring = np.concatenate([share[-size:], share, share[:size]])
    total = np.concatenate([[0], np.cumsum(ring)])
    middle = options + size
    found: Minutes = total[middle + size] - total[middle - size + 1]
    return found


def _exactly(values: Minutes, comfort: Minutes, size: int) -> Minutes | None:
    """Choose hours that overlap nowhere and keep most meetings, by integer programming."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, vstack

    count, ticks = values.shape
    group, tick = np.nonzero(values)
    if not 0 < len(group) <= _LARGEST:
        return None
    column = np.arange(len(group))
    one_each = coo_array((np.ones(len(group)), (group, column)), shape=(count, len(group)))
    covered = (tick[:, None] + np.arange(size)) % ticks
    once = coo_array(
        (np.ones(covered.size), (covered.ravel(), np.repeat(column, size))),
        shape=(ticks, len(group)),
    )
    gain = values[group, tick] * 1000.0 - _rank(comfort[group, tick])
    answer = milp(
        -gain,
        integrality=np.ones(len(group), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(vstack([one_each, once]).tocsr(), ub=1),
        options={"node_limit": 200},
    )
    if answer.x is None:
        return None
    chosen = np.full(count, NO_HOUR)
    taken = answer.x > 0.5
    chosen[group[taken]] = tick[taken]
    return chosen


def _rank(cost: Minutes) -> NDArray[np.float64]:
    """Return costs squeezed into [0, 1): enough to break ties, never to lose a meeting."""
    return np.asarray(cost / (1.0 + cost.max(initial=0)), dtype=np.float64)


def _shared(values: Minutes, comfort: Minutes, chosen: Minutes, size: int) -> Minutes:
    """Let groups for which no hour is left share one, where the fewest others are."""
    ticks = values.shape[1]
    crowd = np.zeros(ticks, dtype=np.int64)
    for tick in chosen[chosen != NO_HOUR].tolist():
        crowd[_near(tick, size, ticks)] += 1
    chosen = chosen.copy()
    for group in np.flatnonzero(chosen == NO_HOUR).tolist():
        options = np.flatnonzero(values[group])
        if len(options):
            # Two in one hour can take turns: each keeps about its share of the meetings.
            share = values[group, options] * 1000 // (1 + crowd[options])
            at = options[np.lexsort((comfort[group, options], -share))[0]]
            chosen[group] = at
            crowd[_near(int(at), size, ticks)] += 1
    return chosen
