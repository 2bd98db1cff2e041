"""One self-contained page about a round, from templates that escape everything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from matchkit.errors import ProgramError
from matchkit.files import write_atomically
from matchkit.matching import Matching
from matchkit.reports import view

if TYPE_CHECKING:
    from jinja2 import Environment

    from matchkit.plans import Plan


def report(
    matching: Matching, path: str | os.PathLike[str], *, schedule: Plan | None = None
) -> Path:
    """Write a page that shows a round to the people who decide about it.

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

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    ProgramError
        The file cannot be written, or the plan belongs to another round.

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
    write_atomically(path, render(matching, schedule).encode("utf-8", errors="replace"))
    return Path(path)


def render(matching: Matching, schedule: Plan | None = None) -> str:
    """Return the page as text."""
    if schedule is not None and schedule.matching.matches != matching.matches:
        raise ProgramError("the plan belongs to another round; plan this one with schedule()")
    page = view.build(matching, schedule)
    return _environment().get_template("report.html").render(page=page)


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
