"""The plan as a frame for analysts and as a table for people."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import numpy as np

from matchkit.files import write_csv
from matchkit.plans.plan import Plan
from matchkit.plans.records import SCHEDULED

if TYPE_CHECKING:
    import pandas as pd

_TEXT: Final = ("mentee", "mentor", "purpose", "status", "mentor_time", "mentee_time", "title",
                "agenda", "note")  # fmt: skip
_ORDER: Final = ("mentee", "mentor", "number", "purpose", "status", "start", "end", "week_of",
                 "minutes", "mentor_time", "mentee_time", "at_weekly_hour", "title", "agenda",
                 "note")  # fmt: skip


def plan_frame(plan: Plan) -> pd.DataFrame:
    """Return one row for each meeting, as :meth:`Plan.to_frame` says."""
    import pandas as pd

    meetings = plan.meetings
    length = np.array([each.minutes for each in meetings], dtype=np.int64)
    held = plan.table.held
    begin = plan.table.starts[held].astype("datetime64[m]").astype("datetime64[s]")
    begin[plan.table.status[held] != SCHEDULED] = np.datetime64("NaT", "s")
    end = begin + length.astype("timedelta64[m]")
    columns: dict[str, object] = {
        name: pd.Series([getattr(each, name) for each in meetings], dtype=str) for name in _TEXT
    }
    columns["number"] = np.array([each.number for each in meetings], dtype=np.int64)
    columns["start"] = pd.DatetimeIndex(begin).tz_localize("UTC")
    columns["end"] = pd.DatetimeIndex(end).tz_localize("UTC")
    columns["week_of"] = pd.Series([each.week_of for each in meetings], dtype=object)
    columns["minutes"] = length
    columns["at_weekly_hour"] = np.array([each.at_weekly_hour for each in meetings], dtype=bool)
    return pd.DataFrame({name: columns[name] for name in _ORDER})


_HEADER: Final = (
    "mentee", "mentee_name", "mentee_email", "mentor", "mentor_name", "mentor_email", "meeting",
    "purpose", "status", "week_of", "mentor_time", "mentee_time", "minutes", "start_utc",
    "end_utc", "at_weekly_hour", "title", "agenda", "note",
)  # fmt: skip


def write_plan(plan: Plan, path: str | os.PathLike[str]) -> None:
    """Write the table that :meth:`Plan.to_csv` describes."""
    write_csv(path, _HEADER, _rows(plan))


def _rows(plan: Plan) -> list[list[object]]:
    rows: list[list[object]] = []
    for pair, (mentor, mentee) in enumerate(plan.cast.pairs.tolist()):
        people = [
            text
            for seat in (mentee, mentor)
            for text in (plan.cast.ids[seat], plan.cast.names[seat], plan.cast.emails[seat])
        ]
        rows.extend(
            [*people, each.number, each.purpose, each.status, each.week_of.isoformat(),
             each.mentor_time, each.mentee_time, each.minutes,
             "" if each.start is None else each.start.strftime("%Y-%m-%dT%H:%MZ"),
             "" if each.end is None else each.end.strftime("%Y-%m-%dT%H:%MZ"),
             "yes" if each.at_weekly_hour else "", each.title, each.agenda, each.note]
            for each in plan.of_pair(pair)
        )  # fmt: skip
    return rows
