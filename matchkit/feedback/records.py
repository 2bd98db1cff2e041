"""What became of the pairs: one record for each, as the people concerned reported it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final

from matchkit.errors import Finding, UnknownPersonError, nearest

if TYPE_CHECKING:
    import pandas as pd

WENT_WELL: Final = 0.6
"""Mean answer, from 0 to 1, from which on a pair that did not end early went well."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pair; None and ``""`` where nobody answered.

    Attributes
    ----------
    mentee, mentor : str
        Ids.
    meetings : int or None
        Meetings held.
    mentee_rating, mentor_rating : float or None
        How each of the two rated it, 1 to 5, 5 is best.
    progress : float or None
        How far the mentee came toward the goals, 0 to 1.
    ended_early : bool or None
        The two stopped before the end.
    continues : bool or None
        The two want to go on together in the next round.
    reason : str
        Why they stopped.
    comment : str
        Anything else, in their own words.
    """

    mentee: str
    mentor: str
    meetings: int | None = None
    mentee_rating: float | None = None
    mentor_rating: float | None = None
    progress: float | None = None
    ended_early: bool | None = None
    continues: bool | None = None
    reason: str = ""
    comment: str = ""

    @property
    def answered(self) -> bool:
        """Whether anything at all was answered."""
        given = (self.meetings, self.mentee_rating, self.mentor_rating, self.progress)
        return any(value is not None for value in (*given, self.ended_early))

    @property
    def success(self) -> float | None:
        """The mean of the ratings, 1 to 5 as 0 to 1, and the progress; None without any."""
        ratings = (self.mentee_rating, self.mentor_rating)
        given = [(rating - 1) / 4 for rating in ratings if rating is not None]
        given += [] if self.progress is None else [self.progress]
        return sum(given) / len(given) if given else None

    @property
    def went_well(self) -> bool | None:
        """Whether the pair did well, in one word; None where that cannot be told.

        It did not if it ended early; otherwise it did where its :attr:`success` is at least
        0.6, which is a rating of 3.4.
        """
        if self.ended_early:
            return False
        return None if self.success is None else self.success >= WENT_WELL


@dataclass(frozen=True, eq=False, repr=False)
class Outcomes:
    """What became of the pairs of a round.

    Iterating gives the outcomes sorted by mentee and mentor; ``outcomes["ana"]`` gives one.

    Attributes
    ----------
    records : tuple of Outcome
        Each pair once.
    findings : tuple of Finding
        What was noticed while reading; never an error.
    """

    records: tuple[Outcome, ...]
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[Outcome]:
        """Iterate over the outcomes, sorted by mentee and mentor."""
        return iter(self.records)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.records)

    def __getitem__(self, mentee: str) -> Outcome:
        """Return the outcome of a mentee; an unknown id names the nearest ones."""
        for outcome in self.records:
            if outcome.mentee == mentee:
                return outcome
        ids = [outcome.mentee for outcome in self.records]
        raise UnknownPersonError(f"there is no outcome of {mentee!r}{nearest(str(mentee), ids)}")

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each pair, a column for each field of :class:`Outcome`.

        Returns
        -------
        pandas.DataFrame
            ``meetings`` is Int64, ratings and progress are float64, truth values are boolean,
            with missing values where nobody answered.
        """
        import pandas as pd

        names = [each.name for each in fields(Outcome)]
        frame = pd.DataFrame([asdict(outcome) for outcome in self.records], columns=names)
        types = {"meetings": "Int64", "ended_early": "boolean", "continues": "boolean"}
        numbers = ("mentee_rating", "mentor_rating", "progress")
        return frame.astype(types | dict.fromkeys(numbers, "float64"))

    def __repr__(self) -> str:
        """Return the size on one line."""
        answered = sum(outcome.answered for outcome in self.records)
        return f"Outcomes({answered} of {len(self.records)} pairs answered)"
