"""One self-contained page about a round, from templates that escape everything."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from matchkit.errors import ProgramError
from matchkit.files import keep_others, write_atomically
from matchkit.matching import Matching
from matchkit.reports import participant, public, view

if TYPE_CHECKING:
    from jinja2 import Environment

    from matchkit.plans import Plan

Audience = Literal["coordinator", "participant", "public"]

_MARK = b'<meta name="generator" content="matchkit">'

TEMPLATES: dict[str, str] = {
    "coordinator": "report.html",
    "participant": "participant.html",
    "public": "public.html",
}


def report(
    matching: Matching,
    path: str | os.PathLike[str],
    *,
    schedule: Plan | None = None,
    audience: Audience = "coordinator",
    person: str | None = None,
    audit_by: Sequence[str] | None = None,
) -> Path:
    """Write a page that shows a round to the people who decide about it, or are in it.

    The page is one HTML file: it needs no network and no script, prints on A4 and can be
    sent by mail. The same round gives the same bytes. Names are shown where the people are
    attached to the matching, ids elsewhere.

    Parameters
    ----------
    matching : Matching
        The round.
    path : path
        Where the page goes; a file that is there is replaced.
    schedule : Plan, optional
        The follow-up of the round.
    audience : {"coordinator", "participant", "public"}
        Who reads it. A coordinator sees everything; a participant their own pairs, without
        scores and without anybody else; the public numbers of five people or more.
    person : str, optional
        Id of the participant whom the page is for.
    audit_by : sequence of str, optional
        Columns of the mentees by which the coordinator's page compares outcomes, see
        :func:`matchkit.audit`. By default department, location and every column of their own
        with two to twelve different values.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    ProgramError
        The file cannot be written, or is one that matchkit did not write, the plan belongs
        to another round, audience and person do not go together, or there is no such column
        to compare by.
    UnknownPersonError
        Nobody has the id given as person.
    DetachedError
        A page for participants or for the public needs the people.

    Examples
    --------
    >>> import tempfile
    >>> import matchkit as mk
    >>> matching = mk.match([{"id": "gil", "skills": "sql"}], [{"id": "ana", "goals": "sql"}])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = mk.report(matching, f"{folder}/report.html")
    ...     page.name, "The only mentee has a mentor" in page.read_text(encoding="utf-8")
    ('report.html', True)
    """
    text = render(matching, schedule=schedule, audience=audience, person=person, audit_by=audit_by)
    keep_others(path, _MARK)
    write_atomically(path, text.encode("utf-8", errors="replace"))
    return Path(path)


def render(
    matching: Matching,
    *,
    schedule: Plan | None = None,
    audience: Audience = "coordinator",
    person: str | None = None,
    audit_by: Sequence[str] | None = None,
) -> str:
    """Return the page as text; see :func:`report`."""
    if schedule is not None and schedule.matching.matches != matching.matches:
        raise ProgramError("the plan belongs to another round; plan this one with schedule()")
    if audience not in TEMPLATES:
        raise ProgramError(f"audience == {audience!r}, must be one of {', '.join(TEMPLATES)}")
    if (person is not None) != (audience == "participant"):
        raise ProgramError("person goes with audience='participant', and the other way round")
    page: object
    if person is not None:
        page = participant.build(matching, person, schedule)
    elif audience == "public":
        page = public.build(matching)
    else:
        page = view.build(matching, schedule, audit_by)
    return _environment().get_template(TEMPLATES[audience]).render(page=page)


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("matchkit.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
