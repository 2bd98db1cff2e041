"""Write the example of a raw form export, examples/data/google_form.csv.

Usage: python scripts/form_export.py

The people are those of a seeded synthetic cohort; nobody in it exists. The file has the shape
in which Google Forms hands out answers: a time stamp, question texts for headings, mentors and
mentees in one table, check boxes joined by commas. A test holds the file to this script.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from matchkit.datasets import cohort

PATH = Path(__file__).resolve().parent.parent / "examples" / "data" / "google_form.csv"
MENTORS, MENTEES = 14, 24
SIDES = {"mentor": "Mentor", "mentee": "Mentee"}
HEADINGS = (
    "Timestamp", "Email Address", "Your name", "I want to be a", "Job title",
    "Which department do you work in?", "Where are you based?", "What is your time zone?",
    "Which languages do you speak?", "What can you offer? (tick all that apply)",
    "What would you like to learn? (choose up to four)",
    "How many years of experience do you have?", "When are you available? (your local time)",
    "How many mentees can you take on?", "I have taken part before",
)  # fmt: skip


def text() -> str:
    """Return the export."""
    made = cohort(MENTORS, MENTEES)
    first = datetime.fromisoformat("2027-01-04T09:12:33")
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADINGS)
    people = [("mentor", who) for who in made.mentors] + [("mentee", who) for who in made.mentees]
    for number, (side, who) in enumerate(people):
        stamp = first + timedelta(minutes=7 * number, seconds=number)
        writer.writerow([f"{stamp:%Y/%m/%d %I:%M:%S %p} GMT+1", *_answers(side, number, who)])
    return file.getvalue()


def _answers(side: str, number: int, who: Mapping[str, str]) -> list[str]:
    """Return one person's answers as a form stores them."""
    years = float(who["seniority"] or 0)
    offered = [item.partition(":")[0].strip() for item in who.get("skills", "").split(";")]
    places = who.get("capacity", "")
    return [
        who["email"], who["name"], SIDES[side], who["role"], who["department"], who["location"],
        who["timezone"].rpartition("/")[2].replace("_", " "),
        _ticked(who["languages"]), ", ".join(offered) if side == "mentor" else "",
        _ticked(who.get("goals", "")), _years(years), _ticked(who["hours"]),
        f"{places} people" if places not in {"", "1"} else places and "1 person",
        "Yes" if number % 3 == 0 else "No",
    ]  # fmt: skip


def _ticked(cell: str) -> str:
    return ", ".join(item.strip() for item in cell.split(";") if item.strip())


def _years(years: float) -> str:
    for least, choice in ((10, "10+"), (6, "6-9 years"), (3, "3-5 years"), (1, "1-2 years")):
        if years >= least:
            return choice
    return "less than 1 year"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
