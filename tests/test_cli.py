"""The commands: what they print, where, and with which status they end."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import matchkit as mk
from matchkit import cli, console, starter
from matchkit.errors import Finding, InfeasibleError
from matchkit.matching import Unmatched

MENTORS = [
    {"id": "di", "name": "Di", "email": "di@example.org", "skills": "sql:4", "team": "a"},
    {"id": "gil", "name": "Gil", "email": "gil@example.org", "skills": "python", "team": "b"},
]
MENTEES = [
    {"id": "ana", "name": "Ana", "email": "ana@example.org", "goals": "python", "team": "a"},
    {"id": "bo", "name": "Bo", "email": "bo@example.org", "goals": "sql", "team": "b"},
    {"id": "cy", "name": "Cy", "email": "cy@example.org", "goals": "sql", "team": "b"},
]

UNMATCHED = (Unmatched("ana", "places_ran_out", (), ""),)

Run = tuple[int, str, str]


def write(path: Path, people: list[dict[str, str]]) -> Path:
    """Write people to a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, people[0].keys())
        table.writeheader()
        table.writerows(people)
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two files of people, in which the commands run."""
    write(tmp_path / "mentors.csv", MENTORS)
    write(tmp_path / "mentees.csv", MENTEES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cells(path: Path, column: str) -> list[str]:
    """Return one column of a table that the command wrote."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


class Shell:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str | Path) -> Run:
        """Return status, standard output and standard error of a command."""
        with pytest.raises(SystemExit) as end:
            cli.app([str(word) for word in words])
        out, err = self._capsys.readouterr()
        return int(end.value.code or 0), out, err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return a way to run commands."""
    return Shell(capsys)


MATCH = "match", "mentors.csv", "mentees.csv", "--out", "out"


def test_match_says_what_came_of_it_and_where_it_lies(folder: Path, shell: Shell) -> None:
    """A newcomer would not know whether it worked, nor which file to open."""
    status, out, err = shell(*MATCH)
    assert (status, err) == (0, "")
    lines = {line.split("  ")[0]: " ".join(line.split()) for line in out.splitlines()}
    assert lines["matched"] == "matched 2 of 3 mentees"
    assert lines["gap"] == "gap 0 (proven optimal)"
    assert "--start" in lines["follow-up"]
    assert "report.html" in lines["open this"]
    assert (folder / "out" / "report.html").exists()
    assert all(len(line) <= 80 and line == line.rstrip() for line in out.splitlines())
    assert "\x1b" not in out


def test_match_with_a_first_day_plans_the_follow_up(folder: Path, shell: Shell) -> None:
    """--start would be taken and do nothing."""
    status, out, _ = shell(*MATCH, "--start", "2027-01-11")
    assert status == 0
    assert "meetings from 2027-01-11" in out
    assert (folder / "out" / "schedule.csv").exists()


def test_match_ends_at_its_deadline(folder: Path, shell: Shell) -> None:
    """--deadline would be taken and do nothing, or end in an error."""
    status, out, err = shell(*MATCH, "--deadline", "0")
    assert (status, err) == (0, "")
    assert "(deadline)" in out
    assert shell("verify", "out")[0] == 0
    assert (folder / "out" / "report.html").exists()


def test_match_takes_the_first_day_from_the_program(folder: Path, shell: Shell) -> None:
    """The program's own day would be ignored."""
    (folder / "p.toml").write_text("start = 2027-01-11\n", encoding="utf-8")
    assert shell(*MATCH, "--program", "p.toml")[0] == 0
    assert (folder / "out" / "schedule.csv").exists()


def test_match_json_is_one_document(folder: Path, shell: Shell) -> None:
    """A machine could not read what it asked for."""
    status, out, err = shell(*MATCH, "--json")
    document = json.loads(out)
    assert (status, err) == (0, "")
    assert document["certificate"]["matched"] == 2
    assert document["certificate"]["gap"] == 0
    assert [one["mentee"] for one in document["unmatched"]] == ["cy"]
    assert sorted(path.name for path in (folder / "out").iterdir()) == document["files"]
    assert out.isascii()


def test_match_compares_by_the_columns_named(folder: Path, shell: Shell) -> None:
    """A coordinator could not ask for the comparison that an auditor wants."""
    assert shell(*MATCH, "--audit", "team", "--audit", "goals")[0] == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "By <bdi>team and goals</bdi>" in page
    status, out, err = shell(*MATCH, "--audit", "teams")
    assert (status, out) == (2, "")
    assert "the mentees have no column 'teams'; did you mean 'team'?" in err


def test_report_writes_a_page_for_each_audience(folder: Path, shell: Shell) -> None:
    """A coordinator could not send anybody a page without Python."""
    assert shell(*MATCH)[0] == 0
    status, out, err = shell("report", "out", "--audience", "public", "--out", "public.html")
    assert (status, out, err) == (0, "wrote public.html\n", "")
    assert "Ana" not in (folder / "public.html").read_text(encoding="utf-8")
    words = "--audience", "participant", "--person", "Ana", "--out", "ana.html"
    assert shell("report", "out", *words)[0] == 0
    assert "Gil" in (folder / "ana.html").read_text(encoding="utf-8")
    words = "--audience", "participant", "--person", "gil@example.org", "--out", "gil.html"
    assert shell("report", "out", *words)[0] == 0
    assert "Ana" in (folder / "gil.html").read_text(encoding="utf-8")
    assert shell("report", "out", "--out", "all.html", "--audit", "team")[0] == 0
    assert "By <bdi>team</bdi>" in (folder / "all.html").read_text(encoding="utf-8")


def test_report_writes_everybody_a_page(folder: Path, shell: Shell) -> None:
    """A coordinator would have to ask for three hundred pages one by one."""
    assert shell(*MATCH, "--start", "2027-01-11")[0] == 0
    status, out, err = shell("report", "out", "--audience", "participant", "--out", "own")
    assert (status, out, err) == (0, "wrote 4 pages to own\n", "")
    pages = {page.name: page.read_text(encoding="utf-8") for page in (folder / "own").iterdir()}
    assert {"di.html", "gil.html", "ana.html"} < set(pages)
    assert "11 January 2027" in pages["ana.html"]
    (folder / "own" / "notes.txt").write_text("mine")
    status, _, err = shell("report", "out", "--audience", "participant", "--out", "own")
    assert (status, "notes.txt" in err) == (2, True)


def test_report_of_nobody_names_the_nearest(folder: Path, shell: Shell) -> None:
    """A misspelled name would give an empty page."""
    assert shell(*MATCH)[0] == 0
    words = "--audience", "participant", "--person", "anna", "--out", "page.html"
    status, _, err = shell("report", "out", *words)
    assert (status, "did you mean 'ana'" in err) == (2, True)
    assert not (folder / "page.html").exists()


def test_match_takes_rhythm_and_holidays(folder: Path, shell: Shell) -> None:
    """A coordinator could not plan another rhythm without a program file."""
    words = "--start", "2027-01-11", "--cadence", "micro", "--holidays", "2027-01-12", "--json"
    assert shell(*MATCH, *words)[0] == 0
    saved = json.loads((folder / "out" / "matching.json").read_text(encoding="utf-8"))
    assert saved["program"]["cadence"] == "micro"
    assert saved["program"]["holidays"] == ["2027-01-12"]
    with (folder / "out" / "schedule.csv").open(encoding="utf-8-sig", newline="") as table:
        assert len(list(csv.DictReader(table))) == 4
    status, _, err = shell(*MATCH, "--cadence", "weekly")
    assert (status, "Program.cadence" in err) == (2, True)
    status, _, err = shell(*MATCH, "--holidays", "17 May")
    assert (status, "'17 May' is no holiday; write '2027-05-17'" in err) == (2, True)


def test_match_with_names_of_ones_own(folder: Path, shell: Shell) -> None:
    """Who keeps a list of skills could not use it from the command line."""
    (folder / "names.csv").write_text("label,synonyms\nSQL,tables\n", encoding="utf-8")
    status, _, err = shell(*MATCH, "--taxonomy", "names.csv")
    assert (status, err) == (0, "")
    assert (folder / "out" / "taxonomy.json").exists()
    assert shell("verify", "out")[0] == 0
    status, _, err = shell(*MATCH, "--taxonomy", "none.csv")
    assert status == 2
    assert "none.csv: cannot be read" in err


def test_match_quiet_says_nothing(folder: Path, shell: Shell) -> None:
    """A scheduled job would send mail although all went well."""
    assert shell(*MATCH, "--quiet") == (0, "", "")
    assert (folder / "out").exists()


def test_a_round_without_any_match_is_loud_and_no_failure(folder: Path, shell: Shell) -> None:
    """An empty result would pass unseen, or be taken for a crash."""
    write(folder / "mentees.csv", [person | {"team": "a"} for person in MENTEES])
    write(folder / "mentors.csv", [person | {"team": "a"} for person in MENTORS])
    (folder / "p.toml").write_text("[[rules]]\nkind = 'Different'\ncolumn = 'team'\n")
    status, _, err = shell(*MATCH, "--program", "p.toml", "--quiet")
    assert status == 0
    assert "NOBODY IS MATCHED" in err
    assert "Different(team) removed 6" in err


@pytest.mark.parametrize(
    ("mentors", "said"),
    [
        ([], "there are no mentors"),
        ([MENTORS[0] | {"capacity": "0"}], "the mentors offer no places"),
        ([{"id": "di"}], "none of 3 pairs is worth making"),
    ],
)
def test_why_nobody_is_matched(
    mentors: list[dict[str, str]], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The loud line would leave open what to change."""
    program = mk.Program(criteria=(mk.StatedPreference(),), rules=(), min_score=0.0)
    matching = mk.match(mentors, MENTEES, program=program)
    console.warn_if_nobody(replace(matching, matches=(), unmatched=UNMATCHED))
    assert said in capsys.readouterr().err


def test_every_fault_is_one_line_and_the_status_two(folder: Path, shell: Shell) -> None:
    """Somebody would mend one cell, run again, and meet the next fault."""
    write(folder / "mentors.csv", [MENTORS[0] | {"skills": "sql:9"}, MENTORS[0]])
    write(folder / "mentees.csv", [MENTEES[0] | {"id": "", "email": ""}])
    status, out, err = shell(*MATCH)
    assert (status, out) == (2, "")
    assert "mentors.csv, row 2, column skills" in err
    assert "mentors.csv, row 3, column id" in err
    assert "mentees.csv, row 2, column id" in err
    assert len(err.splitlines()) == 3
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["match", "nowhere.csv", "mentees.csv", "--out", "o"], 2, "there is no file"),
        (["match", "mentors.csv", "mentees.csv"], 2, "--out"),
        ([*MATCH, "--start", "soon"], 2, "--start"),
        ([*MATCH, "--program", "nowhere.toml"], 2, "nowhere.toml"),
        (["match", "mentors.csv", "mentees.csv", "--out", "."], 2, "mentees.csv"),
        (["explain", "nowhere", "ana"], 2, "nowhere"),
        (["verify", "nowhere"], 2, "nowhere"),
        (["explain", ".", "ana"], 4, "matching.json"),
        (["verify", "."], 4, "matching.json"),
        (["check"], 2, "FILE"),
        (["check", "nowhere.csv"], 2, "there is no file"),
        (["init", "."], 2, "mentees.csv"),
        (["dance"], 2, "dance"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_wrong_call_says_so(shell: Shell, words: list[str], status: int, said: str) -> None:
    """A slip of the hand would end in a traceback, or in status 0."""
    ended, _, err = shell(*words)
    assert ended == status
    assert said in err
    assert "Traceback" not in err


def test_rules_that_leave_no_solution_have_status_three(folder: Path, shell: Shell) -> None:
    """A script could not tell a conflict from a wrong file."""
    lock = "[[constraints]]\nkind = 'Locked'\nmentee = 'ana'\nmentor = '{}'\n"
    (folder / "p.toml").write_text(lock.format("di") + lock.format("gil"), encoding="utf-8")
    status, _, err = shell(*MATCH, "--program", "p.toml")
    assert status == InfeasibleError.exit_status == 3
    assert "ana" in err


@pytest.mark.usefixtures("folder")
def test_explain_by_id_email_and_name(shell: Shell) -> None:
    """A coordinator who knows names only could not ask."""
    shell(*MATCH)
    told = {shell("explain", "out", who)[1] for who in ("ana", "ANA@example.org", "Ana")}
    assert len(told) == 1
    assert "ana with gil" in told.pop()
    assert "no mentor" in shell("explain", "out", "cy")[1]
    assert "ana with di" in shell("explain", "out", "Ana", "Di")[1]
    assert json.loads(shell("explain", "out", "ana", "--json")[1])["match"]["mentor"] == "gil"


@pytest.mark.usefixtures("folder")
def test_explain_nobody_names_the_nearest(shell: Shell) -> None:
    """A typing slip would leave the user guessing."""
    shell(*MATCH)
    status, _, err = shell("explain", "out", "anna")
    assert status == 2
    assert "did you mean 'ana'" in err


@pytest.mark.usefixtures("folder")
def test_find_names_people_and_reasons(shell: Shell) -> None:
    """An employee with a question would not learn whom to ask, or why."""
    status, out, err = shell("find", "mentors.csv", "my sql query is slow")
    assert (status, err) == (0, "")
    assert out.splitlines()[0].startswith("1. Di (di)  0.")
    assert "skill 'sql' level 4" in out
    assert "Gil" not in out
    status, out, _ = shell("find", "mentors.csv", "sql", "--json", "-k", "1")
    document = json.loads(out)
    assert [(one["person"], one["name"]) for one in document["buddies"]] == [("di", "Di")]
    assert document["buddies"][0]["evidence"][0]["level"] == 4


@pytest.mark.usefixtures("folder")
def test_find_narrows(folder: Path, shell: Shell) -> None:
    """Options would be taken and do nothing."""
    assert "Di" in shell("find", "mentors.csv", "sql", "--where", "team=A")[1]
    assert "filter on team 1" in shell("find", "mentors.csv", "sql", "--where", "team=b")[1]
    assert "NotSelf 1" in shell("find", "mentors.csv", "sql", "--seeker", "DI@example.org")[1]
    (folder / "names.csv").write_text("label,synonyms\nsql,the warehouse", encoding="utf-8")
    asked = "find", "mentors.csv", "the warehouse"
    assert "Nobody" in shell(*asked)[1]
    assert "Di" in shell(*asked, "--taxonomy", "names.csv")[1]
    (folder / "p.toml").write_text("[[rules]]\nkind = 'Different'\ncolumn = 'team'\n")
    by_gil = "find", "mentors.csv", "sql", "--seeker", "gil", "--program", "p.toml"
    assert "Di" in shell(*by_gil)[1]


@pytest.mark.usefixtures("folder")
def test_find_nobody_says_what_to_try(shell: Shell) -> None:
    """A question that nobody can answer would leave the asker with an empty screen."""
    status, out, _ = shell("find", "mentors.csv", "sourdough")
    assert status == 0
    assert out.startswith("Nobody: nobody here offers this")
    status, _, err = shell("find", "mentors.csv", "sql", "--where", "team")
    assert (status, "COLUMN=VALUE" in err) == (2, True)
    assert "nearest" in json.loads(shell("find", "mentors.csv", "sourdough", "--json")[1])


@pytest.mark.usefixtures("folder")
def test_verify_accepts_a_sound_result(shell: Shell) -> None:
    """A sound result would be doubted."""
    shell(*MATCH)
    status, out, err = shell("verify", "out")
    assert (status, err) == (0, "")
    assert "sound" in out
    assert json.loads(shell("verify", "out", "--json")[1]) == {
        "schema": 1,
        "sound": True,
        "faults": [],
    }


def test_verify_finds_a_changed_result(folder: Path, shell: Shell) -> None:
    """A result that somebody edited would pass as proven."""
    shell(*MATCH)
    path = folder / "out" / "matching.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["certificate"]["total"] += 1
    path.write_text(json.dumps(document), encoding="utf-8")
    status, out, err = shell("verify", "out")
    assert (status, out) == (4, "")
    assert "total" in err
    status, out, err = shell("verify", "out", "--json")
    assert status == 4
    assert not json.loads(out)["sound"]


def test_check_tells_what_was_read(folder: Path, shell: Shell) -> None:
    """A coordinator could not see how the headings of a form were understood."""
    people = [{"Employee ID": "7", "Full name": "Åse", "Shoe size": "39", "Skills": "sql"}]
    write(folder / "form.csv", people)
    status, out, err = shell("check", "form.csv")
    assert (status, err) == (0, "")
    text = " ".join(out.split())
    assert "people 1" in text
    assert "utf-8, delimited by commas" in text
    assert "Employee ID -> id" in text
    assert "also kept Shoe size" in text
    assert "no capacity" in shell("check", "form.csv", "--role", "mentor")[1]
    assert "no capacity" not in shell("check", "form.csv", "--role", "mentee")[1]


def test_check_names_row_and_column_of_a_fault(folder: Path, shell: Shell) -> None:
    """The doctor would not say where it hurts."""
    write(folder / "bad.csv", [MENTORS[0] | {"skills": "sql:9"}])
    status, out, err = shell("check", "bad.csv", "mentees.csv")
    assert status == 2
    assert "bad.csv, row 2, column skills" in err
    assert "1 error" in out
    assert "mentees.csv" in out
    status, out, err = shell("check", "bad.csv", "--json")
    assert (status, err) == (2, "")
    (file,) = json.loads(out)["files"]
    assert file["findings"][0]["row"] == 2
    assert (file["read_as"]["encoding"], file["read_as"]["delimiter"]) == ("utf-8", ",")


def test_init_gives_a_round_that_runs(folder: Path, shell: Shell) -> None:
    """The example that a newcomer starts with would not work."""
    status, out, _ = shell("init", "start")
    assert status == 0
    assert sorted(path.name for path in (folder / "start").iterdir()) == [
        "mentees.csv",
        "mentors.csv",
        "program.toml",
    ]
    (command,) = (line.split() for line in out.splitlines() if line.startswith("  matchkit"))
    status, _, err = shell(*command[1:], "--quiet")
    assert (status, err) == (0, "")
    assert len(mk.Matching.from_json((folder / "start/out/matching.json").read_text("utf-8")))


def test_every_line_of_the_starter_program_can_be_switched_on() -> None:
    """A user who removes a '#' would get an error."""
    lines = starter.program_text().splitlines()
    switched = [line[1:] if line.startswith("#") and line[1:2] != " " else line for line in lines]
    program = mk.Program.from_toml_text("\n".join(switched))
    assert program.start is not None
    assert len({type(each) for each in program.constraints}) == 8
    assert mk.Program.from_toml_text("\n".join(lines)) == mk.Program()


def test_version(shell: Shell) -> None:
    """A bug report could not name the version."""
    assert shell("--version") == (0, f"matchkit {mk.__version__}\n", "")


def test_an_unexpected_error_is_an_apology(
    folder: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug would meet people with a traceback, or a report would lack one."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the moon is full")

    monkeypatch.setattr(mk, "match", fail)
    monkeypatch.delenv(cli.DEBUG, raising=False)
    status, _, err = shell(*MATCH)
    assert status == 1
    assert "the moon is full" in err
    assert cli.DEBUG in err
    assert "Traceback" not in err
    monkeypatch.setenv(cli.DEBUG, "1")
    with pytest.raises(RuntimeError, match="moon"):
        cli.app(list(MATCH))
    assert not (folder / "out").exists()


def test_ctrl_c_ends_clean(folder: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopping a long round would print a traceback."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mk, "match", stop)
    status, _, err = shell(*MATCH)
    assert status == 130
    assert "stopped" in err
    assert not (folder / "out").exists()


def test_hostile_text_cannot_drive_the_terminal(folder: Path, shell: Shell) -> None:
    """A cell could clear the screen of whoever checks the file, or fake a line."""
    write(folder / "mentors.csv", [MENTORS[0] | {"prefers": "\u202ebob"}])
    status, out, err = shell(*MATCH)
    assert status == 0
    assert "\u202e" not in out + err
    assert "\\u202ebob" in out
    write(folder / "mentors.csv", [MENTORS[0] | {"prefers": "\x1b[2Jbob"}])
    status, out, err = shell("match", "mentors.csv", "\x1b[2J.csv", "--out", "other")
    assert status == 2
    assert "\x1b" not in out + err


def test_many_warnings_are_counted_and_some_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hundreds of warnings would push the summary off the screen, or vanish in silence."""
    mentees = [MENTEES[0] | {"id": f"e{at}", "prefers": f"nobody {at}"} for at in range(25)]
    matching = mk.match(MENTORS, [person | {"email": ""} for person in mentees])
    console.show_round(matching, folder, None)
    out = capsys.readouterr().out
    assert out.count("\nwarning: ") == console.WARNINGS
    assert "and 5 more warnings" in out


def test_counts_by_severity() -> None:
    """'1 warnings' would greet every second user."""
    findings = [Finding("error", ""), Finding("warning", ""), Finding("repaired", "")]
    assert console.counted([*findings, *findings[:1]]) == "2 errors, 1 warning, 1 repaired"
    assert console.counted([]) == "none"


def test_progress_stays_off_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Log files would fill up with bars."""
    with console.progress(wanted=True) as on_progress:
        on_progress("score", 1, 2, None)
    assert capsys.readouterr() == ("", "")


def test_progress_shows_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A long round would look as if it hung."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with console.progress(wanted=True) as on_progress:
        on_progress("score", 1, 2, None)
        on_progress("own stage", 2, 2, 0.01)
    out, _ = capsys.readouterr()
    assert out == ""


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "matchkit", *words]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, encoding="utf-8",
        env={"PYTHONPATH": str(Path(mk.__file__).parent.parent), "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip


def test_the_module_runs_and_lists_its_commands(tmp_path: Path) -> None:
    """`python -m matchkit` would not work."""
    done = run("--help", cwd=tmp_path)
    assert done.returncode == 0
    for command in ("match", "check", "explain", "verify", "init"):
        assert f"\n  {command} " in done.stdout


def test_a_terminal_without_the_letters_is_no_failure(folder: Path) -> None:
    """A name with an accent would crash the command on an old console."""
    write(folder / "mentors.csv", [MENTORS[0] | {"name": "Åse", "id": "Åse"}])
    done = run("check", "mentors.csv", "Å.csv", cwd=folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "\\xc5.csv" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_reader_that_leaves_is_no_failure(folder: Path) -> None:
    """`matchkit check FILE | head -1` would end in a traceback."""
    script = f"{sys.executable} -m matchkit check mentors.csv mentees.csv | true"
    shell = ["/bin/sh", "-c", script]
    done = subprocess.run(shell, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_help_loads_no_heavy_library() -> None:
    """`matchkit --help` would take seconds."""
    script = (
        "import sys, matchkit.cli, matchkit.console\n"
        "heavy = {'numpy', 'pandas', 'scipy', 'sklearn', 'pydantic', 'rich', 'jinja2'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_match_goes_on_from_a_round_before(shell: Shell, folder: Path) -> None:
    """A dropout in the middle of a programme would shuffle everybody."""
    words = "match", "mentors.csv", "mentees.csv", "--out"
    assert shell(*words, "first")[0] == 0
    before = dict(
        zip(*(cells(folder / "first/matches.csv", f"{who}_id") for who in ROLES), strict=True)
    )
    write(folder / "mentees.csv", [*MENTEES[1:], {**MENTEES[0], "id": "dot"}])
    status, said, _ = shell(*words, "second", "--previous", "first/matching.json")
    assert status == 0
    assert "last round        1 of 2 pairs kept, 1 left the programme" in said
    assert cells(folder / "second/matches.csv", "mentor_id")[0] == before["bo"]
    told = [
        mentor
        for table in ("matches.csv", "unmatched.csv")
        for mentor in cells(folder / "second" / table, "previous_mentor_id")
    ]
    assert sorted(told) == ["", "", before["bo"]]
    assert shell("verify", "second")[0] == 0
    status, said, _ = shell(*words, "third", "--previous", "first", "--stay-bonus", "5", "--json")
    assert json.loads(said)["continuity"]["previous"]["stay_bonus"] == 5
    status, _, complaint = shell(*words, "fourth", "--stay-bonus", "5")
    assert (status, "needs the round before" in complaint) == (2, True)
    assert shell(*words, "fourth", "--previous", "mentors.csv")[0] == 4


ROLES = ("mentee", "mentor")
