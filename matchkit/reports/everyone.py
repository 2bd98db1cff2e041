"""A page of their own for everybody who has a match, in one folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from matchkit.files import write_atomically
from matchkit.folders import everything, replacing
from matchkit.plans.filenames import safe_names
from matchkit.reports.page import render

if TYPE_CHECKING:
    from matchkit.matching import Matching
    from matchkit.plans import Plan

_ENDING = ".html"


def write_pages(
    matching: Matching, directory: str | os.PathLike[str], *, schedule: Plan | None = None
) -> tuple[Path, ...]:
    """Write the participant's page of everybody who has a match, named by their id.

    Parameters
    ----------
    matching : Matching
        A round with its people.
    directory : path
        Where the pages go. An empty folder, or one that holds pages and nothing else, is
        replaced as a whole; folders above it are made.
    schedule : Plan, optional
        The follow-up of the round.

    Returns
    -------
    tuple of pathlib.Path
        The pages, sorted by id. Ids that no file can be named after are replaced by what
        is left of them and a hash.

    Raises
    ------
    DetachedError
        The matching was loaded without its people.
    ProgramError
        The folder holds something else, or cannot be written. Nothing is changed then.

    Examples
    --------
    >>> import tempfile
    >>> import matchkit as mk
    >>> matching = mk.match([{"id": "gil", "skills": "sql"}], [{"id": "ana", "goals": "sql"}])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [page.name for page in write_pages(matching, f"{folder}/own")]
    ['ana.html', 'gil.html']
    """
    people = sorted({who for match in matching for who in (match.mentee, match.mentor)})
    names = safe_names(people)
    with replacing(Path(directory), _foreign) as folder:
        for person in people:
            text = render(matching, schedule=schedule, audience="participant", person=person)
            page = text.encode("utf-8", errors="replace")
            write_atomically(folder / (names[person] + _ENDING), page)
    return tuple(Path(directory) / (names[person] + _ENDING) for person in people)


def _foreign(folder: Path) -> list[str]:
    """Name what is no page."""
    return [name for name in everything(folder) if not name.endswith(_ENDING)]
