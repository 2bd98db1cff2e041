"""Follow-up plans: a rhythm, dates at which both are free, agendas and calendars."""

from __future__ import annotations

from matchkit.plans.cadence import Cadence, Milestone, Phase
from matchkit.plans.plan import Plan
from matchkit.plans.records import Meeting, Quality
from matchkit.plans.scheduling import schedule
from matchkit.plans.wording import Template, Wording

__all__ = [
    "Cadence",
    "Meeting",
    "Milestone",
    "Phase",
    "Plan",
    "Quality",
    "Template",
    "Wording",
    "schedule",
]
