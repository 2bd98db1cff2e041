"""Plans that change: an absence, or a matching that is no longer the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from matchkit.errors import ProgramError
from matchkit.plans.absences import check_period
from matchkit.plans.clocks import Minutes
from matchkit.plans.plan import Plan
from matchkit.plans.records import Table
from matchkit.plans.scheduling import make_plan
from matchkit.plans.task import UNPLACED
from matchkit.plans.weekly import NO_HOUR

_NEW: Final = -1
"""Status of the meetings of a pair that joins."""

if TYPE_CHECKING:
    from matchkit.matching import Matching
    from matchkit.plans.absences import Period


def around(plan: Plan, person: str, absent: Period, since: date | None) -> Plan:
    """Return the plan around an absence, as :meth:`Plan.reschedule` describes."""
    plan.seats(person)
    period = check_period(absent, "absent")
    busy = {name: tuple(periods) for name, periods in (plan.inputs.busy or {}).items()}
    busy[person] = (*busy.get(person, ()), period)
    inputs = replace(plan.inputs, busy=busy)
    changed = make_plan(
        plan.matching,
        plan.start,
        plan.cadence,
        inputs,
        earlier=plan.table,
        since=_day(period[0] if since is None else since),
    )
    return _numbered(changed, plan.table)


def carried(plan: Plan, matching: Matching, since: date) -> Plan:
    """Return the plan of a changed matching, as :meth:`Plan.follow` describes."""
    day = _day(since)
    old = {(match.mentor, match.mentee): row for row, match in enumerate(plan.matching)}
    rows = np.array([old.get((each.mentor, each.mentee), -1) for each in matching], dtype=np.int64)
    due = [at for at, each in enumerate(plan.occasions) if each.anchor >= day]
    joins = due[0] if due else len(plan.occasions) - 1
    table = _aligned(plan.table, rows, joins)
    people = {match.mentor for match in matching} | {match.mentee for match in matching}
    busy = {name: each for name, each in (plan.inputs.busy or {}).items() if name in people}
    inputs = replace(plan.inputs, busy=busy)
    changed = make_plan(matching, plan.start, plan.cadence, inputs, earlier=table, since=day)
    return _numbered(changed, table)


def _day(since: object) -> date:
    if not isinstance(since, date):
        raise ProgramError(f"since == {since!r}, must be a date such as date(2027, 3, 1)")
    return since.date() if isinstance(since, datetime) else since


def _aligned(table: Table, rows: Minutes, joins: int) -> Table:
    """Return the rows of pairs that stay, and blank ones (row -1) for those that join."""
    blank = {"starts": UNPLACED, "weeks": 0, "status": _NEW, "hours": NO_HOUR, "first": joins,
             "kept": False, "notes": "", "sequence": 0}  # fmt: skip
    columns = {}
    for name, value in blank.items():
        column = getattr(table, name)
        last = np.full((1, *column.shape[1:]), value, dtype=column.dtype)
        columns[name] = np.concatenate([column, last])[rows]
    return Table(**columns)


def _numbered(plan: Plan, earlier: Table) -> Plan:
    """Return the plan with one more change counted for each meeting that moved."""
    now = plan.table
    same = (now.starts == earlier.starts) & (now.weeks == earlier.weeks)
    same &= now.status == earlier.status
    same |= earlier.status == _NEW
    return replace(plan, table=replace(now, sequence=earlier.sequence + ~same))
