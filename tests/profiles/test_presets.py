"""Exports of forms, recognized by the headings that a form itself adds."""

from __future__ import annotations

from pathlib import Path

import pytest

import matchkit as mk
from matchkit.errors import ProgramError
from matchkit.profiles import Examination, examine_people, read_people
from matchkit.profiles.schema import columns_asked, nearly_asked, question_table

GOOGLE = """\
Timestamp,Email Address,I want to be a,What can you offer?,What would you like to learn?
2027/01/04 9:12:33 AM GMT+1,ana@example.org,Mentee,,"Python, SQL"
2027/01/04 9:14:02 AM GMT+1,di@example.org,Mentor,"Python, SQL",
"""
MICROSOFT = """\
ID,Start time,Completion time,Email,Name,What can you offer?
1,2027-01-04,2027-01-04,{email},{name},Python;SQL;
2,2027-01-04,2027-01-04,anonymous,,Go;
"""


def examine(folder: Path, text: str, **options: object) -> Examination:
    """Write a file and examine it as mentors."""
    (folder / "p.csv").write_text(text, encoding="utf-8")
    return examine_people(folder / "p.csv", role="mentor", **options)  # type: ignore[arg-type]


def preset(examined: Examination) -> str:
    """Return what a file was recognized as."""
    assert examined.form is not None
    return examined.form.preset


def test_google_forms_are_read_as_they_come(tmp_path: Path) -> None:
    """A raw export would need to be edited by hand."""
    examined = examine(tmp_path, GOOGLE)
    assert preset(examined) == "Google Forms"
    matching = mk.match(tmp_path / "p.csv")
    assert [(pair.mentee, pair.mentor) for pair in matching] == [
        ("ana@example.org", "di@example.org")
    ]


def test_numbers_of_answers_are_no_ids(tmp_path: Path) -> None:
    """Mentor 1 and mentee 1 of two forms would be taken for one person."""
    examined = examine(tmp_path, MICROSOFT.format(email="a@example.org", name="A").replace(
        "anonymous", "b@example.org"))  # fmt: skip
    assert preset(examined) == "Microsoft Forms"
    assert examined.pool is not None
    assert examined.pool.ids.tolist() == ["a@example.org", "b@example.org"]
    assert examined.pool.text("response").tolist() == ["1", "2"]
    again = read_people(examined.pool.to_records(), role="mentor")
    assert again.fingerprint == examined.pool.fingerprint


def test_anonymous_answers_get_ids_of_their_side(tmp_path: Path) -> None:
    """Everybody would be one person called anonymous, or the form be refused."""
    examined = examine(tmp_path, MICROSOFT.format(email="anonymous", name=""))
    assert examined.pool is not None
    assert examined.pool.ids.tolist() == ["mentor-1", "mentor-2"]
    assert any("no e-mail addresses" in each.message for each in examined.findings)


def test_a_single_anonymous_answer_has_no_id(tmp_path: Path) -> None:
    """Somebody would get an id of another kind than everybody else."""
    examined = examine(tmp_path, MICROSOFT.format(email="a@example.org", name="A"))
    assert examined.pool is None
    assert [each.message for each in examined.findings if each.severity == "error"] == [
        "there is no id"
    ]


def test_a_preset_can_be_given_or_refused(tmp_path: Path) -> None:
    """A table that only looks like a form could not be read."""
    examined = examine(tmp_path, MICROSOFT.format(email="a@example.org", name=""), preset="none")
    assert preset(examined) == ""
    assert examined.pool is not None
    assert examined.pool.ids.tolist() == ["1", "2"]
    with pytest.raises(ProgramError, match="no preset 'google'; did you mean 'google-forms'"):
        examine(tmp_path, GOOGLE, preset="google")


@pytest.mark.parametrize(("column", "heading"), question_table())
def test_every_question_is_understood(column: str, heading: str) -> None:
    """A question of the table would not be read, or as something else."""
    assert column in columns_asked(heading) or column in columns_asked(heading.upper())


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("What would you like to learn? ", ("goals",)),
        ("4) What would you like to learn? Choose at most three.", ("goals",)),
        ("Email address (required)", ("email",)),
        ("Skills (please list)*", ("skills",)),
        ("Hours (per week)", ()),
        ("Why?", ()),
    ],
)
def test_hints_of_a_form_make_no_difference(heading: str, columns: tuple[str, ...]) -> None:
    """The words that a form adds to a question would hide what it asks."""
    assert columns_asked(heading) == columns


def test_questions_that_are_nearly_known_are_pointed_at() -> None:
    """A paraphrased question would be left unread, without a word; or be guessed."""
    assert nearly_asked("How many mentees could you take on?") == "capacity"
    people = [{"id": 1, "How many mentees could you take on?": "3"}]
    pool = read_people(people, role="mentor")
    assert pool.capacity.tolist() == [1]
    (warning,) = (each for each in pool.findings if each.severity == "warning")
    assert '"How many mentees could you take on?" = "capacity"' in warning.mend


def test_one_question_asked_of_each_side_is_one_column(tmp_path: Path) -> None:
    """A form with a section for each side asks twice: one of both columns would be lost."""
    text = "id,Skills,team,Skills\na,sql,x,\nb,,y,go\n"
    examined = examine(tmp_path, text)
    assert examined.pool is not None
    assert [examined.pool.skills.of(i) for i in (0, 1)] == [("sql",), ("go",)]
    assert "were joined" in str(examined.findings)
    clash = examine(tmp_path, text.replace("b,,", "b,java,"))
    assert clash.pool is None
    assert (clash.findings[0].row, clash.findings[0].severity) == (3, "error")


def test_first_and_last_names_make_a_name() -> None:
    """Everybody would be shown by the number of an employee."""
    pool = read_people([{"id": 1, "First name": "Ana", "Last name": "Fry"}], role="mentor")
    assert pool.text("name").tolist() == ["Ana Fry"]
