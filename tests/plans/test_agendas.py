"""Agendas and sheets speak of this pair, and of nothing that is not known."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

import matchkit as mk
from matchkit.errors import UnknownPersonError
from matchkit.plans import Cadence, Template, Wording
from tests.plans.rounds import pair_up, person

START = date(2027, 1, 11)
MENTORS = [
    {"id": "di", "name": "Di Berg", "role": "Lead", "skills": "sql:4; go", "location": "Oslo",
     "email": "di@example.org", "timezone": "Europe/Oslo", "hours": "Mon 9-12"},
]  # fmt: skip
MENTEES = [
    {"id": "bo", "name": "=Bo {Ng}", "skills": "sql:1", "goals": "leading; sql; go",
     "timezone": "Europe/Oslo", "hours": "Mon 9-12"},
]  # fmt: skip


def plan_of(**changes: object) -> mk.Plan:
    """Return the plan of Di and Bo."""
    return mk.schedule(pair_up(MENTORS, MENTEES), START, **changes)  # type: ignore[arg-type]


def test_goal_meetings_go_through_the_goals_that_are_answered_first() -> None:
    """Otherwise meetings would be about nothing, or about what the mentor can't help with."""
    plan = plan_of()
    goals = [each.agenda.splitlines()[0] for each in plan if each.purpose == "goal"]
    assert goals[0] == "Goal: sql. What should be different by next time?"
    assert [line.split(".")[0] for line in goals[:4]] == [
        "Goal: sql", "Goal: go", "Goal: leading", "Goal: sql",
    ]  # fmt: skip
    assert "Di Berg can help with sql: sql (level 4)." in plan.meetings[1].agenda
    assert "Di Berg can help" not in plan.meetings[3].agenda
    assert "leading, sql, go" in plan.meetings[0].agenda
    assert plan.meetings[0].title == "Kick-off: =Bo {Ng} and Di Berg"
    assert plan.meetings[1].title == "Mentoring 2 of 12: =Bo {Ng} and Di Berg"


def test_somebody_without_goals_still_gets_an_agenda() -> None:
    """Otherwise an empty column would leave holes in every sentence."""
    matching = pair_up([person("di")], [{"id": "bo"}])
    plan = mk.schedule(matching, START)
    assert "Goals: the goals that you agree on." in plan.meetings[0].agenda
    assert "ask when you meet" in plan.sheet("bo")


def test_templates_can_be_replaced() -> None:
    """Otherwise a programme could not speak its own language."""
    wording = Wording(
        templates={"kick-off": Template("Oppstart {number}/{count}", "{goals} ({minutes} min)"),
                   "coffee": Template("Kaffe", "{answer}")},
        days=("man", "tir", "ons", "tor", "fre", "lør", "søn"),
        answer="{mentor} kan {skill}", level="{skill} på nivå {level}", language="nb",
    )  # fmt: skip
    plan = plan_of(cadence=Cadence(wording=wording, usual="coffee"))
    assert plan.meetings[0].title == "Oppstart 1/12"
    assert plan.meetings[0].agenda == "leading, sql, go (60 min)"
    assert plan.meetings[1].agenda == "Di Berg kan sql på nivå 4"
    assert plan.meetings[0].mentor_time.startswith("man 2027-01-11")


def test_sheets_tell_each_side_about_the_other() -> None:
    """Otherwise the first meeting would begin with nothing to hold on to."""
    plan = plan_of()
    mentee, mentor = plan.sheet("bo"), plan.sheet("di")
    assert mentee.startswith("# =Bo {Ng}, your mentor is Di Berg")
    assert "Who: Lead, Oslo" in mentee
    assert "goal 'sql' <- skill 'sql' level 4" in mentee
    assert "Mon 2027-01-11 09:00-10:00 Europe/Oslo" in mentor
    assert "half-time survey" in mentor
    with pytest.raises(UnknownPersonError):
        plan.sheet("carl")


def test_sheets_are_files(tmp_path: Path) -> None:
    """Otherwise nobody could send them."""
    plan_of().to_sheets(tmp_path / "sheets")
    found = {each.name: each.read_text("utf-8") for each in (tmp_path / "sheets").iterdir()}
    assert sorted(found) == ["bo.md", "di.md"]
    assert found["bo.md"] == plan_of().sheet("bo")


def test_the_table_is_for_people(tmp_path: Path) -> None:
    """Otherwise a spreadsheet would show ids only, break on letters, or run a name."""
    path = tmp_path / "schedule.csv"
    plan = plan_of()
    plan.to_csv(path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(plan) == 12
    first = rows[0]
    assert (first["mentee_name"], first["mentor_email"]) == ("'=Bo {Ng}", "di@example.org")
    assert first["start_utc"] == "2027-01-11T08:00Z"
    assert first["mentor_time"] == "Mon 2027-01-11 09:00-10:00 Europe/Oslo"
    assert first["at_weekly_hour"] == "yes"
