"""Starter sheets: for each mentor and mentee who the other is, why the two, and what to ask."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from matchkit.files import made_folder, write_together
from matchkit.plans.agendas import answer_to
from matchkit.plans.filenames import safe_names

if TYPE_CHECKING:
    from matchkit.plans.plan import Plan


def sheet(plan: Plan, person: str) -> str:
    """Return the starter sheet that :meth:`Plan.sheet` describes."""
    texts = [
        _about_pair(plan, pair, seat)
        for seat in plan.seats(person)
        for pair in plan.cast.pairs_of.get(seat, [])
    ]
    return "\n\n".join(texts)


def write_sheets(plan: Plan, folder: str | os.PathLike[str]) -> None:
    """Write what :meth:`Plan.to_sheets` describes."""
    names = safe_names(sorted(plan.cast.seats_of))
    files = ((f"{name}.md", sheet(plan, person).encode()) for person, name in names.items())
    write_together(made_folder(folder), files)


def _about_pair(plan: Plan, pair: int, seat: int) -> str:
    """Fill in the sheet of one of the two."""
    wording, told = plan.cadence.wording, plan.story(pair)
    mentoring = plan.cast.role(seat) == "mentor"
    kick_off = plan.of_pair(pair)[0]
    answers = [answer_to(told, goal, wording) for goal in told.goals]
    fields = {
        "name": told.mentor if mentoring else told.mentee,
        "partner": told.mentee if mentoring else told.mentor,
        "about": (told.about_mentee if mentoring else told.about_mentor) or wording.no_about,
        "why": "; ".join(told.reasons) or wording.no_about,
        "goals": ", ".join(told.goals) or wording.no_goals,
        "answer": " ".join(filter(None, answers)),
        "kick_off": (kick_off.mentor_time if mentoring else kick_off.mentee_time) or kick_off.note,
        "milestones": "; ".join(f"{day.isoformat()} {name}" for name, day in plan.milestones),
    }
    template = wording.mentor_sheet if mentoring else wording.mentee_sheet
    return template.format_map(fields)
