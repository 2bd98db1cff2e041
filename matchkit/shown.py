"""How results show themselves in a notebook: what they say, and their table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

ROWS = 20
"""Rows that a notebook shows."""


class Shown(ABC):
    """A result with a table and a sentence: what notebooks show is made of the two."""

    __slots__ = ()

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Return it as a table."""

    def _repr_html_(self) -> str:
        """Return what notebooks show: the sentence, and the first rows of the table."""
        said = "<br>".join(escape(line) for line in str(self).splitlines())
        frame = self.to_frame()
        more = len(frame) - ROWS
        rest = f"<p>and {more} more: <code>to_frame()</code></p>" if more > 0 else ""
        return f"<p>{said}</p>{frame.head(ROWS).to_html(index=False)}{rest}"


def worth_of(people: int, points: int) -> str:
    """Return people and points in words, people first.

    Examples
    --------
    >>> worth_of(1, 500_000), worth_of(0, 120), worth_of(0, 0)
    ('1 person and 500,000 points', '120 points', 'nothing')
    """
    who = f"{people} {'person' if abs(people) == 1 else 'people'}" if people else ""
    what = f"{points:,} points" if points else ""
    return " and ".join(part for part in (who, what) if part) or "nothing"


def effort(rounds: int, seconds: float) -> str:
    """Say what an answer took that came from solving again.

    Examples
    --------
    >>> effort(1, 0.25), effort(12, 3.04)
    ('Found by solving 1 round again, in 0.2 s.', 'Found by solving 12 rounds again, in 3.0 s.')
    """
    how = "1 round" if rounds == 1 else f"{rounds:,} rounds"
    return f"Found by solving {how} again, in {seconds:.1f} s."
