"""Weekly hours on people's walls, laid out as stretches of UTC time."""

from __future__ import annotations

from datetime import date

import numpy as np

from matchkit.plans.clocks import WEEK, Clock, Minutes, midnight, week_minute
from matchkit.plans.spans import Spans
from matchkit.profiles.hours import Windows


def available(windows: Windows, clocks: tuple[Clock, ...], span: tuple[date, date]) -> Spans:
    """Return when people are willing to meet, week after week.

    Parameters
    ----------
    windows : Windows
        Weekly hours of n people, each in their own zone.
    clocks : tuple of Clock (n,)
        The clock on each one's wall.
    span : (date, date)
        First and last day that matter.

    Returns
    -------
    Spans
        For each person all stretches of UTC time in which the wall shows a time in one of
        the windows. Exact to the minute over every change of the clocks.
    """
    first = midnight(span[0]) - int(week_minute(midnight(span[0])))
    mondays = np.arange(first, midnight(span[1]) + WEEK, WEEK)
    owner = np.repeat(np.arange(len(windows)), windows.lengths)
    by_zone: dict[str, list[int]] = {}
    for person, each in enumerate(clocks):
        by_zone.setdefault(each.zone, []).append(person)
    found: list[tuple[Minutes, Minutes, Minutes]] = []
    for people in by_zone.values():
        mine = np.flatnonzero(np.isin(owner, people))
        begin = (windows.start[mine][:, None] + mondays).ravel()
        end = (windows.end[mine][:, None] + mondays).ravel()
        which, starts, stops = clocks[people[0]].spans(begin, end)
        found.append((np.repeat(owner[mine], len(mondays))[which], starts, stops))
    if not found:
        nothing = np.zeros(0, dtype=np.int64)
        return Spans.merged(nothing, nothing, nothing, people=0)
    owners, starts, stops = (np.concatenate(each) for each in zip(*found, strict=True))
    return Spans.merged(owners, starts, stops, people=len(windows))
