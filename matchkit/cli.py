"""The commands of ``matchkit``: each reads its arguments, calls the library, shows the result."""

from __future__ import annotations

import functools
import io
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from matchkit import console
from matchkit.errors import MatchkitError

if TYPE_CHECKING:
    from matchkit.profiles import Pool

DEBUG = "MATCHKIT_DEBUG"
"""Environment variable that shows the traceback of an unexpected error."""

INTERRUPTED, BROKEN_PIPE, UNSOUND = 130, 141, 4

app = typer.Typer(
    name="matchkit",
    help="Match mentors with mentees: provably best, explained, with a follow-up plan.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Saved = Annotated[
    Path,
    typer.Argument(help="A folder that 'match' wrote.", exists=True, file_okay=False),
]
Columns = Annotated[
    Path | None,
    typer.Option("--columns", help="Mapping file: which heading is which column."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal lacks is no failure
            stream.reconfigure(errors="backslashreplace")
    app()


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn errors into lines on standard error and an exit status, never a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
            sys.stdout.flush()
        except MatchkitError as error:
            console.complain(*(part for line in error.lines for part in line.splitlines()))
            raise typer.Exit(error.exit_status) from None
        except typer.Exit:
            raise
        except KeyboardInterrupt:
            console.complain("stopped; nothing was left half done")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read our output has gone. Nothing that is still buffered may complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(BROKEN_PIPE) from None
        except Exception as error:
            if os.environ.get(DEBUG):
                raise
            console.complain(
                f"sorry, this should not have happened: {type(error).__name__}: {error}",
                f"please report it with the output of the same command under {DEBUG}=1",
            )
            raise typer.Exit(1) from None

    return run


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with one truth value
    if wanted:
        import matchkit

        console.say(f"matchkit {matchkit.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Match mentors with mentees: provably best, explained, with a follow-up plan."""


@app.command()
@guarded
def match(  # noqa: PLR0913 - one for each option of the command
    mentors: Annotated[Path, typer.Argument(help="File of the mentors, or of everyone.")],
    mentees: Annotated[
        Path | None,
        typer.Argument(help="File of the mentees; none where the first holds both."),
    ] = None,
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for the result.")],
    program: Annotated[
        Path | None, typer.Option("--program", help="TOML file: criteria, rules, constraints.")
    ] = None,
    columns: Columns = None,
    taxonomy: Annotated[
        Path | None,
        typer.Option("--taxonomy", help="Skills by name: a CSV file, or ESCO's archive or folder."),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option("--start", formats=["%Y-%m-%d"], help="First day of the round."),
    ] = None,
    cadence: Annotated[
        str | None,
        typer.Option("--cadence", help="Rhythm: mentoring, micro, shadowing or circle."),
    ] = None,
    holidays: Annotated[
        list[str] | None,
        typer.Option("--holidays", help="Day or country (NO, DE-BY) without meetings; again."),
    ] = None,
    audit: Annotated[
        list[str] | None,
        typer.Option("--audit", help="Column to compare outcomes by; may be given again."),
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", help="matching.json of the round before: few pairs change."),
    ] = None,
    stay_bonus: Annotated[
        int | None,
        typer.Option("--stay-bonus", help="Points that changing a pair of it costs.", min=0),
    ] = None,
    deadline: Annotated[
        float | None,
        typer.Option("--deadline", help="Seconds: then the best so far, with its gap.", min=0),
    ] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors only.")] = False,
) -> None:
    """Match people from one or two files, and write tables, calendars and a report."""
    import matchkit as mk
    from matchkit import export
    from matchkit.documents import read_matching

    export.check_goal(out)
    chosen = mk.Program.from_toml(program) if program else mk.Program()
    given = {"start": start and start.date(), "cadence": cadence, "holidays": holidays or None}
    changes = {name: value for name, value in given.items() if value is not None}
    chosen = mk.Program(**(dict(chosen) | changes))
    before = read_matching(previous) if previous else None
    with console.progress(wanted=not (as_json or quiet)) as on_progress:
        matching = mk.match(
            mentors,
            mentees,
            program=chosen,
            columns=columns,
            taxonomy=taxonomy,
            previous=before,
            stay_bonus=stay_bonus,
            on_progress=on_progress,
            deadline=deadline,
        )
        on_progress("plan", 0, 1, None)
        plan = mk.schedule(matching, start=chosen.start) if chosen.start else None
        on_progress("write", 0, 1, None)
        export.save(matching, out, schedule=plan, audit_by=audit or None)
    console.warn_if_nobody(matching)
    if as_json:
        console.say_json(console.round_document(matching, out, plan))
    elif not quiet:
        console.show_round(matching, out, plan)


@app.command()
@guarded
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Files of people: CSV, .xlsx or JSON.", metavar="FILE...")
    ],
    *,
    role: Annotated[
        Literal["mentor", "mentee"] | None,
        typer.Option("--role", help="Whom the files hold; else told by a column or the name."),
    ] = None,
    columns: Columns = None,
    preset: Annotated[
        Literal["google-forms", "microsoft-forms", "scim", "none"] | None,
        typer.Option("--preset", help="The kind of export; else recognized."),
    ] = None,
    save_columns: Annotated[
        Path | None,
        typer.Option("--save-columns", help="Write the mapping that was used to this file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what is read from files of people, what was repaired and what is wrong."""
    from matchkit import doctor
    from matchkit.profiles import ColumnMap

    given = ColumnMap.of(columns)
    checked = doctor.settled(
        [doctor.examine(path, given, role=role, preset=preset) for path in files]
    )
    if as_json:
        console.say_json({"files": [doctor.document(file) for file in checked]})
    else:
        for file in checked:
            doctor.show(file)
    if save_columns:
        doctor.mapping_of(checked, given).save(save_columns)
    if not all(file.sound for file in checked):
        raise typer.Exit(2)


@app.command()
@guarded
def explain(
    directory: Saved,
    mentee: Annotated[str, typer.Argument(help="Id, e-mail address or full name.")],
    mentor: Annotated[
        str | None, typer.Argument(help="Ask why this mentor was not chosen.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Say why a mentee has this mentor, or none, or why not another one."""
    from dataclasses import asdict

    import matchkit as mk
    from matchkit.export import load

    matching = load(directory)
    people = matching.people
    asked = _id(people.mentees, mentee)
    answer = (
        mk.explain(matching, asked)
        if mentor is None
        else mk.why_not(matching, asked, _id(people.mentors, mentor))
    )
    if as_json:
        console.say_json(asdict(answer))
    else:
        console.say(*str(answer).splitlines())


def _id(pool: Pool, person: str) -> str:
    """Return the id of somebody given by id, e-mail address or name; else what was given."""
    at = int(pool.locate([person])[0])
    return person if at < 0 else str(pool.ids[at])


@app.command()
@guarded
def find(  # noqa: PLR0913 - one for each option of the command
    people: Annotated[Path, typer.Argument(help="File of the people who can be asked.")],
    question: Annotated[str, typer.Argument(help="A question, or the name of a skill.")],
    *,
    count: Annotated[int, typer.Option("-k", "--count", min=1, help="How many people.")] = 5,
    seeker: Annotated[
        str | None, typer.Option("--seeker", help="Who asks: id, e-mail address or full name.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help="COLUMN=VALUE that they must have; may be given again."),
    ] = None,
    taxonomy: Annotated[
        Path | None, typer.Option("--taxonomy", help="CSV file or ESCO folder: names of skills.")
    ] = None,
    program: Annotated[
        Path | None, typer.Option("--program", help="TOML file: rules on who may be sent to whom.")
    ] = None,
    columns: Columns = None,
    as_json: Json = False,
) -> None:
    """Find the few people who can help with a question."""
    import matchkit as mk

    index = mk.BuddyIndex(
        mk.read_people(people, columns=columns),
        mk.Program.from_toml(program) if program else None,
        taxonomy=mk.Taxonomy.read(taxonomy) if taxonomy else None,
    )
    pool = index.people
    filters = console.filters_of(where or [])
    who = None if seeker is None else _id(pool, seeker)
    found = index.find(question, count, seeker=who, filters=filters)
    if as_json:
        console.say_json(console.buddies_document(found, pool))
    else:
        console.show_buddies(found, pool)


@app.command()
@guarded
def report(
    directory: Saved,
    *,
    out: Annotated[Path, typer.Option("--out", help="The page, or the folder of all of them.")],
    audience: Annotated[
        Literal["coordinator", "participant", "public"],
        typer.Option("--audience", help="Who reads it."),
    ] = "coordinator",
    person: Annotated[
        str | None,
        typer.Option("--person", help="The participant whose page it is; else everybody's."),
    ] = None,
    audit: Annotated[
        list[str] | None,
        typer.Option("--audit", help="Column to compare outcomes by; may be given again."),
    ] = None,
) -> None:
    """Write the page of a saved round for those who read it."""
    import matchkit as mk
    from matchkit.export import load
    from matchkit.reports import write_pages

    matching = load(directory)
    plan = mk.schedule(matching) if matching.program.start else None
    if audience == "participant" and person is None:
        pages = write_pages(matching, out, schedule=plan)
        console.say(f"wrote {len(pages)} pages to {out}")
        return
    if person is not None:
        people = matching.people
        side = people.mentees if people.mentees.locate([person])[0] >= 0 else people.mentors
        person = _id(side, person)
    mk.report(
        matching, out, schedule=plan, audience=audience, person=person, audit_by=audit or None
    )
    console.say(f"wrote {out}")


@app.command()
@guarded
def verify(directory: Saved, *, as_json: Json = False) -> None:
    """Check a saved result against the people saved with it."""
    from dataclasses import asdict

    import matchkit as mk

    faults = mk.verify(directory)
    if as_json:
        console.say_json({"sound": not faults, "faults": [asdict(fault) for fault in faults]})
    elif not faults:
        console.say("The result is sound: every pair, sum, rule, place and bound was checked anew.")
    if faults:
        console.complain(*(fault.message for fault in faults))
        raise typer.Exit(UNSOUND)


@app.command()
@guarded
def init(
    directory: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> None:
    """Write a commented program and an example cohort to start from."""
    from matchkit.starter import START, write_starter

    for path in write_starter(directory):
        console.say(f"wrote {path}")
    console.say(
        "",
        "The people are made up. Try:",
        f"  matchkit match {directory / 'mentors.csv'} {directory / 'mentees.csv'} "
        f"--program {directory / 'program.toml'} --start {START} --out {directory / 'out'}",
    )
