"""A folder to start from: a commented program and an example cohort."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Iterator
from pathlib import Path

from matchkit.datasets import write
from matchkit.files import write_atomically
from matchkit.folders import replacing
from matchkit.program import SECTIONS, Program
from matchkit.scoring.base import Configured

PROGRAM = "program.toml"
START = "2027-01-11"
"""A first day for the example."""

EXAMPLES: dict[str, object] = {
    "at_most": 2,
    "column": "department",
    "mentees": ("e001", "e002"),
    "same": "team",
    "score": 0.2,
    "value": ("Sales",),
    "hours": 4,
    "mentee": "e001",
    "mentor": "m001",
}
"""Values for fields that have no default, so that every kind can be shown."""

BOUNDS: dict[str, dict[str, object]] = {
    "GroupCoverage": {"at_least": 0.9},
    "MinLoad": {"mentees": 1},
    "PairShare": {"different": "department", "at_least": 0.3},
}
"""Values for fields of a kind that has defaults for them, and means nothing without."""

_HEAD = """\
# The program of a mentoring round: what makes a pair good, what a pair must meet, and what
# is set by hand. As it stands, it is what matchkit does without a program.
# Lines that begin with '#' are off: remove the sign to switch a line on.

# "first" matches as many people as possible and then makes the most points;
# "score" counts points only.
coverage = "first"

# Pairs that score less than this, between 0 and 1, are not made.
min_score = 0.0

# Decides between matchings of equal value. Another number, another choice among equals.
seed = 0

# The round's first day. With it matchkit plans the meetings, and compares weekly hours and
# clocks of people in several time zones.
#start = {start}

# The rhythm of the meetings: "mentoring" (six months), "micro" (one session and a check),
# "shadowing" (three half days) or "circle" (twelve weeks).
cadence = "mentoring"

# Days without meetings: dates, and countries or parts of them such as "NO" or "DE-BY".
holidays = []
"""

_TITLES = {
    "criteria": "Criteria: what makes a pair good. Weights count against each other: a weight of "
    "2 counts twice a weight of 1.",
    "rules": "Rules: what every pair must meet. A blank cell breaks no rule.",
    "constraints": "Constraints: conditions on the matching as a whole, and pairs set or forbidden "
    "by hand, by ids. With 'soft = true' and a price, such as 'price = 0.1', one may be broken, "
    "and the result says by how much.",
}


def write_starter(directory: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write a commented program and an example cohort into a new folder.

    Parameters
    ----------
    directory : path
        A new or an empty folder.

    Returns
    -------
    tuple of pathlib.Path
        The files.

    Raises
    ------
    ProgramError
        The folder holds something, or cannot be written. Nothing is changed then.
    """
    with replacing(Path(directory)) as folder:
        write(folder)
        write_atomically(folder / PROGRAM, program_text().encode())
        names = sorted(path.name for path in folder.iterdir())
    return tuple(Path(directory) / name for name in names)


def program_text() -> str:
    r"""Return the default program as commented TOML, with everything else that could stand there.

    Examples
    --------
    >>> from matchkit import Program
    >>> Program.from_toml_text(program_text()) == Program()
    True
    >>> print(*program_text().splitlines()[-5:], sep="\n")
    # The pair must not be made.
    #[[constraints]]
    #kind = "Forbidden"
    #mentee = "e001"
    #mentor = "m001"
    """
    return "\n".join(
        [_HEAD.format(start=START), *(line for section in SECTIONS for line in _section(section))]
    )


def _section(section: str) -> Iterator[str]:
    yield from _wrapped(_TITLES[section])
    yield ""
    chosen = getattr(Program(), section)
    for item in chosen:
        yield from _block(section, item, off="")
    used = {type(item) for item in chosen}
    for kind in SECTIONS[section]:
        if kind not in used:
            needed = [name for name, field in kind.model_fields.items() if field.is_required()]
            item = kind(
                **{name: EXAMPLES[name] for name in needed}, **BOUNDS.get(kind.__name__, {})
            )
            yield from _block(section, item, off="#")


def _block(section: str, item: Configured, *, off: str) -> Iterator[str]:
    """Write one criterion, rule or constraint below the first line of its documentation."""
    import tomli_w

    about = (inspect.getdoc(type(item)) or "").splitlines()[0].replace("``", "'")
    yield from _wrapped(about)
    yield f"{off}[[{section}]]"
    # Tables and lists with defaults are for those who read the documentation: these serve well.
    yield f'{off}kind = "{item.kind}"'
    fields = item.model_dump()
    del fields["kind"]
    for name, value in fields.items():
        if isinstance(value, str | int | float):
            yield off + tomli_w.dumps({name: value}).rstrip()
        elif isinstance(value, tuple) and name in EXAMPLES:
            yield f"{off}{name} = {json.dumps(value)}"
    yield ""


def _wrapped(text: str) -> Iterator[str]:
    import textwrap

    yield from (f"# {line}" for line in textwrap.wrap(text, 90))
