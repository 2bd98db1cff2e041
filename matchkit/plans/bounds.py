"""How many meetings can be held at most: bounds that no plan can pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchkit.plans.clocks import DAY, WEEK, Minutes
from matchkit.plans.spans import Mask
from matchkit.plans.task import Scene


def possible(scene: Scene) -> Mask:
    """Return which meetings have a time at all if nobody else meets, (n, meetings)."""
    found = np.zeros((len(scene.groups), len(scene.sizes)), dtype=bool)
    for leader in np.unique(scene.leaders).tolist():
        mine = scene.leaders == leader
        for meeting in range(found.shape[1]):
            begin, end = scene.dial(leader).ranges[meeting]
            if end > begin:
                found[mine, meeting] = scene.room(meeting)[mine, begin:end].any(axis=1)
    return found


def flow_bound(scene: Scene, can: Mask) -> int:
    """Return a number of meetings that no plan of the scene can exceed.

    A leader's common hours fall into stretches; each holds no more meetings than its length
    allows, each calendar week no more than the leader wants. The most meetings that can flow
    into stretches and weeks under these limits is a bound (Ford and Fulkerson, 1956); it
    forgets only how meetings lie within a stretch, and people other than the leader.
    """
    return sum(
        _leader_flow(scene, int(leader), can) for leader in np.unique(scene.leaders).tolist()
    )


def _leader_flow(scene: Scene, leader: int, can: Mask) -> int:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import maximum_flow

    mine = np.flatnonzero(scene.leaders == leader)
    if not can[mine].any():
        return 0
    size = int(scene.sizes.min())
    stretch, room = _stretches(scene, leader, mine, size)
    meetings = [(group, k) for group in mine.tolist() for k in np.flatnonzero(can[group]).tolist()]
    weeks, week_of = np.unique(stretch[:, 2], return_inverse=True)
    first, last = 1 + len(meetings), 1 + len(meetings) + len(stretch)
    sink = last + len(weeks)
    edges = [(0, 1 + i, 1) for i in range(len(meetings))]
    for i, (group, meeting) in enumerate(meetings):
        begin, end = scene.dial(leader).ranges[meeting]
        starts = np.flatnonzero(scene.room(meeting)[group, begin:end]) + begin
        reached = np.unique(np.searchsorted(stretch[:, 0], starts, side="right") - 1)
        edges.extend((1 + i, first + int(each), 1) for each in reached)
    edges.extend((first + i, last + int(week_of[i]), int(room[i])) for i in range(len(stretch)))
    most = scene.task.most_per_week
    limit = len(meetings) if most is None else most
    edges.extend((last + i, sink, limit) for i in range(len(weeks)))
    row, column, capacity = np.array(edges, dtype=np.int32).T
    graph = coo_array((capacity, (row, column)), shape=(sink + 1, sink + 1)).tocsr()
    return int(maximum_flow(graph, 0, sink).flow_value)


def _stretches(
    scene: Scene, leader: int, mine: NDArray[np.intp], size: int
) -> tuple[Minutes, Minutes]:
    """Cut a leader's common cells into stretches within a week, and count what fits in each.

    Returns the first cell, the end and the week of each, and how many meetings of the
    shortest kind can begin in it.
    """
    common: Mask = np.logical_or.reduce(scene.free[mine], axis=0)
    wall = scene.dial(leader).wall
    week = (wall + 3 * DAY) // WEEK
    edge = np.ones(len(common), dtype=bool)
    edge[1:] = (common[1:] != common[:-1]) | (week[1:] != week[:-1])
    first = np.flatnonzero(edge)
    end = np.append(first[1:], len(common))
    keep = common[first]
    first, end = first[keep], end[keep]
    # Where the time goes on into the next week, the last meeting may run over.
    goes_on = np.append(common, False)[end]
    room = np.where(goes_on, -(-(end - first) // size), (end - first) // size)
    return np.stack([first, end, week[first]], axis=1), room
