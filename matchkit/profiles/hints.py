"""What is known about a source before it is opened."""

from __future__ import annotations

from dataclasses import dataclass

from matchkit.profiles.pool import Role
from matchkit.profiles.schema import columns_asked, columns_meant, columns_stood_for
from matchkit.profiles.shapes import Knows


def understood(heading: str) -> bool:
    """Return whether a heading is a known column, asks for one, or can stand for one."""
    return bool(columns_meant(heading) or columns_stood_for(heading) or columns_asked(heading))


@dataclass(frozen=True)
class Hints:
    """What the caller says about a source, and what helps to find its headings.

    Attributes
    ----------
    knows : callable
        Tells whether a heading is understood.
    role : {"mentor", "mentee"} or None
        The side that is wanted, which may have a sheet of its own.
    encoding, delimiter, sheet : str
        As the user gives them; empty where they are to be told from the source.
    """

    knows: Knows = understood
    role: Role | None = None
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
