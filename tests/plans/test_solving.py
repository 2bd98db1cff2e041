"""Dates are as many as can be: brute force agrees, and no bound is ever passed."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matchkit.plans.bounds import flow_bound, possible
from matchkit.plans.clocks import DAY, WEEK, clock, midnight
from matchkit.plans.exact import place_exactly
from matchkit.plans.placing import place
from matchkit.plans.solving import find_dates, kept, still_open
from matchkit.plans.spans import Spans, room_for
from matchkit.plans.task import UNPLACED, Scene, Task
from matchkit.plans.weekly import NO_HOUR, Weekly

START = date(2027, 1, 11)
MONDAY = midnight(START)
Free = list[list[tuple[int, int]]]


def task_of(
    free: Free, members: list[list[int]], *, weeks: int, length: int = 60, most: int | None = None
) -> Task:
    """Return a task in UTC whose people are free from minute to minute of each week."""
    owner = [seat for seat, spans in enumerate(free) for _ in spans]
    flat = np.array([span for spans in free for span in spans], dtype=np.int64).reshape(-1, 2)
    shift = WEEK * np.arange(weeks + 1)[:, None] + MONDAY
    spans = Spans.merged(
        np.tile(np.array(owner, dtype=np.int64), weeks + 1),
        (flat[:, 0] + shift).ravel(),
        (flat[:, 1] + shift).ravel(),
        people=len(free),
    )
    nothing = np.zeros(0, dtype=np.int64)
    return Task(
        members=np.array(members, dtype=np.int64).reshape(len(members), -1),
        person=np.arange(len(free)),
        clocks=tuple(clock("UTC", START, START) for _ in free),
        windows=spans,
        blocked=Spans.merged(nothing, nothing, nothing, people=len(free)),
        anchors=MONDAY + WEEK * np.arange(weeks),
        limits=MONDAY + WEEK * (np.arange(weeks) + 1),
        lengths=np.full(weeks, length),
        order=np.arange(len(members)),
        earliest=MONDAY,
        most_per_week=most,
    )


def most_meetings(task: Task) -> int:
    """Return by trying everything how many meetings fit, starts on the cells of the grid."""
    step = min(Scene(task, piece).grid.step for piece in task.pieces())
    jobs = [(group, k) for k in range(len(task.anchors)) for group in range(len(task.members))]
    busy: list[tuple[int, int, int]] = []  # person, begin, end

    def starts(group: int, k: int) -> list[int]:
        found = []
        length = int(task.lengths[k])
        for at in range(int(task.anchors[k]), int(task.limits[k]) - length + 1, step):
            spans = [zip(*task.windows.of(seat), strict=True) for seat in task.members[group]]
            if all(any(b <= at and at + length <= e for b, e in each) for each in spans):
                found.append(at)
        return found

    options = {job: starts(*job) for job in jobs}

    def search(i: int, weeks: dict[tuple[int, int], int]) -> int:
        if i == len(jobs):
            return 0
        group, k = jobs[i]
        best = search(i + 1, weeks)
        seats = task.members[group].tolist()
        week = seats[0], k
        full = task.most_per_week is not None and weeks.get(week, 0) >= task.most_per_week
        for at in [] if full else options[jobs[i]]:
            end = at + int(task.lengths[k])
            if any(p in seats and at < e and b < end for p, b, e in busy):
                continue
            busy.extend((seat, at, end) for seat in seats)
            best = max(best, 1 + search(i + 1, {**weeks, week: weeks.get(week, 0) + 1}))
            del busy[-len(seats) :]
            if best == len(jobs) - i:
                break
        return best

    return search(0, {})


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """Draw one or two leaders with up to four groups, and a few short windows each."""
    starts, lengths = (
        st.sampled_from([0, 15, 30, 45, 60, 75, 90, 105, 120]),
        st.sampled_from([30, 45, 60, 75, 90]),
    )
    window = st.builds(lambda day, at, long: (day * DAY + 540 + at, day * DAY + 540 + at + long),
                       st.integers(0, 1), starts, lengths)  # fmt: skip
    leaders = draw(st.integers(1, 2))
    groups = draw(st.integers(1, 4))
    free = [draw(st.lists(window, min_size=1, max_size=2)) for _ in range(leaders + groups)]
    members = [[draw(st.integers(0, leaders - 1)), leaders + i] for i in range(groups)]
    if groups > 2 and draw(st.booleans()):
        members[-1][1] = 0 if members[-1][0] else leaders  # somebody in two groups
    most = draw(st.sampled_from([None, None, 1, 2]))
    return task_of(free, members, weeks=1, length=draw(st.sampled_from([30, 45, 60])), most=most)


@settings(max_examples=150, deadline=None)
@given(tasks())
def test_brute_force_places_no_more(task: Task) -> None:
    """Otherwise meetings that could be held would be listed as unscheduled."""
    dates = find_dates(task)
    placed = int(np.count_nonzero(dates.starts != UNPLACED))
    best = most_meetings(task)
    assert placed == best
    assert best <= dates.placed_bound
    assert int(kept(task, dates).sum()) <= dates.kept_bound


@settings(max_examples=60, deadline=None)
@given(tasks())
def test_every_bound_and_the_program_hold(task: Task) -> None:
    """Otherwise a plan could be called as good as possible and not be."""
    best = most_meetings(task)
    flows = exact = 0
    for piece in task.pieces():
        scene = Scene(task, piece)
        weekly = Weekly(scene, np.full(len(piece), NO_HOUR))
        fixed = np.full((len(piece), 1), UNPLACED)
        flows += flow_bound(scene, possible(scene))
        answer = place_exactly(weekly, fixed, seconds=None)
        exact += 0 if answer is None or answer.cells is None else int((answer.cells >= 0).sum())
        patient = int((place(weekly, fixed) >= 0).sum())
        assert answer is None or patient <= answer.bound
    assert best <= flows
    assert exact == best


def test_two_hours_for_two_groups_in_either_order() -> None:
    """Otherwise who comes first would take the only hour that the other has."""
    free = [[(540, 660)], [(540, 660)], [(540, 600)]]
    dates = find_dates(task_of(free, [[0, 1], [0, 2]], weeks=4))
    assert (dates.starts != UNPLACED).all()
    assert dates.hours.tolist() == [600, 540]
    assert kept(task_of(free, [[0, 1], [0, 2]], weeks=4), dates).all()


def test_the_search_alone_would_fail_here() -> None:
    """Otherwise the integer program would not help, or a search cut short would not say so."""
    free = [
        [(615, 765)],
        [(630, 690)],
        [(615, 675), (555, 615)],
        [(630, 705)],
    ]
    task = task_of(free, [[0, 1], [0, 2], [0, 3]], weeks=1, length=45)
    piece = task.pieces()[0]
    weekly = Weekly(Scene(task, piece), np.full(3, NO_HOUR))
    assert int((place(weekly, np.full((3, 1), UNPLACED)) != UNPLACED).sum()) == 1
    full, cut = find_dates(task), find_dates(task, time_limit=0.0)
    assert int((full.starts != UNPLACED).sum()) == most_meetings(task) == 2
    assert not full.stopped
    assert cut.stopped
    assert int((cut.starts != UNPLACED).sum()) == 1
    assert find_dates(task, time_limit=60.0).starts.tolist() == full.starts.tolist()


def test_the_program_respects_what_stays_and_the_week() -> None:
    """Otherwise an exact repair would move meetings that stay, or overfill a week."""
    free = [[(540, 900)]] + [[(540, 900)]] * 3
    task = task_of(free, [[0, 1], [0, 2], [0, 3]], weeks=2, most=2)
    weekly = Weekly(Scene(task, task.pieces()[0]), np.full(3, NO_HOUR))
    fixed = np.full((3, 2), UNPLACED)
    fixed[0, 0] = int(weekly.scene.cell(MONDAY + 600))
    answer = place_exactly(weekly, fixed, seconds=None)
    assert answer is not None
    assert answer.cells is not None
    assert answer.cells[0, 0] == fixed[0, 0]
    assert (answer.cells != UNPLACED).sum(axis=0).tolist() == [2, 2]
    assert answer.bound == 3


def test_dates_that_stay_are_not_touched() -> None:
    """Otherwise a change for one pair would move the meetings of others."""
    free = [[(540, 720)], [(540, 720)], [(540, 720)]]
    task = task_of(free, [[0, 1], [0, 2]], weeks=3)
    stay = np.full((2, 3), UNPLACED)
    stay[0, 1] = MONDAY + WEEK + 555
    dates = find_dates(task, starts=stay)
    assert dates.starts[0, 1] == MONDAY + WEEK + 555
    assert (dates.starts != UNPLACED).all()


def test_dates_that_somebody_cannot_keep_are_freed() -> None:
    """Otherwise an absence would leave a meeting standing in it."""
    task = task_of([[(540, 720)], [(540, 720)]], [[0, 1]], weeks=2)
    blocked = Spans.merged(np.array([1]), np.array([MONDAY + 500]), np.array([MONDAY + 541]),
                           people=2)  # fmt: skip
    changed = Task(**{**vars(task), "blocked": blocked})
    starts = MONDAY + np.array([[540, WEEK + 540]])
    assert still_open(changed, starts).tolist() == [[UNPLACED, MONDAY + WEEK + 540]]
    assert still_open(changed, starts + 1).tolist() == (starts + 1).tolist()


def test_groups_of_more_than_two() -> None:
    """Otherwise circles could not be given dates by the same solver."""
    free = [[(540, 720)], [(600, 720)], [(540, 690)]]
    dates = find_dates(task_of(free, [[0, 1, 2], [1, 2, -1]], weeks=1, length=45))
    assert sorted(dates.starts[:, 0].tolist()) == [MONDAY + 600, MONDAY + 645]


@given(st.lists(st.booleans(), max_size=20), st.integers(1, 5))
def test_room_is_a_run_of_free_cells(cells: list[bool], length: int) -> None:
    """Otherwise meetings would run over the end of a window."""
    found = room_for(np.array(cells, dtype=bool), length)
    expected = [all(cells[i : i + length]) and i + length <= len(cells) for i in range(len(cells))]
    assert found.tolist() == expected
