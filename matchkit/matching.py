"""The result of a round: who is matched with whom, why, and the proof that it is optimal.

Everything here is immutable. A :class:`Matching` that came from :func:`matchkit.match`
also holds the people it was made from; one that was loaded from JSON without them is
*detached*: it still shows what was stored, and says so where an answer needs more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from matchkit.continuity import Continuity
from matchkit.errors import DetachedError, UnknownPersonError, nearest
from matchkit.program import Program
from matchkit.record import (
    AppliedCriterion,
    Certificate,
    Match,
    Part,
    Place,
    Reason,
    Record,
    Unmatched,
)

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.plots import Plots
    from matchkit.profiles import Taxonomy
    from matchkit.rounds import Round
    from matchkit.scoring import Criterion, Rule

__all__ = [
    "AppliedCriterion",
    "Certificate",
    "Match",
    "Matching",
    "Part",
    "Place",
    "Reason",
    "Record",
    "Unmatched",
]


@dataclass(frozen=True, eq=False, repr=False)
class Matching:
    """The whole result of a round.

    Iterating gives the matches sorted by mentee id; ``matching["ana"]`` gives one;
    ``len(matching)`` is the number of pairs.

    Attributes
    ----------
    matches : tuple of Match
        Sorted by mentee id.
    unmatched : tuple of Unmatched
        Sorted by mentee id.
    places : tuple of Place
        Every mentor, sorted by id.
    certificate : Certificate
        The proof.
    program : Program
        The configuration.
    record : Record
        How the round was run.
    continuity : Continuity or None
        What became of the pairs of the previous round, where there was one.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql:4"}, {"id": "gil", "skills": "python:5"}]
    >>> mentees = [{"id": "ana", "goals": "python"}, {"id": "bo", "goals": "sql"}]
    >>> matching = mk.match(mentors, mentees)
    >>> matching["ana"].mentor
    'gil'
    >>> matching.certificate.gap
    0.0
    """

    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]
    places: tuple[Place, ...]
    certificate: Certificate
    program: Program
    record: Record
    round_: Round | None = None
    continuity: Continuity | None = None
    _by_mentee: dict[str, Match] = field(init=False)

    def __post_init__(self) -> None:
        """Index the matches by mentee once."""
        object.__setattr__(self, "_by_mentee", {match.mentee: match for match in self.matches})

    def __iter__(self) -> Iterator[Match]:
        """Iterate over the matches, sorted by mentee id."""
        return iter(self.matches)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.matches)

    def __contains__(self, mentee: object) -> bool:
        """Say whether the mentee with this id is matched."""
        return mentee in self._by_mentee

    def __getitem__(self, mentee: str) -> Match:
        """Return the match of a mentee; an unknown id names the nearest ones."""
        try:
            return self._by_mentee[mentee]
        except KeyError:
            raise self._unknown_mentee(mentee) from None

    def _unknown_mentee(self, mentee: str) -> UnknownPersonError:
        for person in self.unmatched:
            if person.mentee == mentee:
                return UnknownPersonError(f"{person} See matching.unmatched.")
        ids = [one.mentee for one in self.everyone]
        return UnknownPersonError(f"no mentee has the id {mentee!r}{nearest(str(mentee), ids)}")

    def of_mentor(self, mentor: str) -> tuple[Match, ...]:
        """Return the matches of one mentor, sorted by mentee id.

        Parameters
        ----------
        mentor : str
            Id of a mentor of the round.

        Raises
        ------
        UnknownPersonError
            No mentor has this id; the nearest ids are named.
        """
        ids = [place.mentor for place in self.places]
        if mentor not in ids:
            raise UnknownPersonError(f"no mentor has the id {mentor!r}{nearest(str(mentor), ids)}")
        return tuple(match for match in self.matches if match.mentor == mentor)

    @property
    def everyone(self) -> tuple[Match | Unmatched, ...]:
        """Every mentee, matched or not, sorted by id."""
        both: list[Match | Unmatched] = [*self.matches, *self.unmatched]
        return tuple(sorted(both, key=lambda one: one.mentee))

    @property
    def idle(self) -> tuple[Place, ...]:
        """Mentors with places left, sorted by id."""
        return tuple(place for place in self.places if place.left > 0)

    @property
    def priced(self) -> bool:
        """Whether prices and surpluses are what a place or a mentee more or less would change.

        Constraints across pairs leave them a proof of the bound, and no more; a stable round
        has none, nor has one that was cut off by a deadline.
        """
        proven = self.certificate.status == "optimal" and not self.program.stable
        return proven and not self.record.constraints

    @property
    def people(self) -> Round:
        """The people and the scorer of the round.

        Raises
        ------
        DetachedError
            The result was loaded without its people.
        """
        if self.round_ is None:
            raise DetachedError(
                "this result was loaded without its people; "
                "give them: Matching.from_json(text, mentors=..., mentees=...)"
            )
        return self.round_

    @property
    def plot(self) -> Plots:
        """The round as plots: ``scores()``, ``waterfall(mentee)``, ``demand()``, ``load()``."""
        from matchkit.plots import Plots

        return Plots(self)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each mentee, matched or not, sorted by id.

        Returns
        -------
        pandas.DataFrame
            Columns ``mentee, mentor``, ``previous`` (the mentor of the previous round, where
            there was one), ``score, points, rank``, one column of points for each
            criterion, ``evidence_share`` in [0, 1], ``cautions`` and, for those without a
            mentor, ``reason``.
        """
        from matchkit.tables import matching_frame

        return matching_frame(self)

    def summary(self) -> str:
        """Return the round in a few lines of plain text."""
        from matchkit.tables import summary_text

        return summary_text(self)

    def to_json(self) -> str:
        """Return the whole result as versioned JSON: the same people give the same bytes."""
        from matchkit.documents import encode

        return encode(self)

    @classmethod
    def from_json(
        cls,
        text: str | bytes,
        *,
        mentors: object = None,
        mentees: object = None,
        taxonomy: Taxonomy | None = None,
        custom: Sequence[type[Criterion | Rule]] = (),
    ) -> Matching:
        """Load a result, and reattach its people where they are given.

        Parameters
        ----------
        text : str or bytes
            What :meth:`to_json` wrote.
        mentors, mentees : path, frame or records, optional
            The people of the round, as for :func:`matchkit.match`. Give both or neither.
        taxonomy : Taxonomy, optional
            With the people: the one that the round was made with.
        custom : sequence of classes
            Your own criteria and rules that the program names.

        Raises
        ------
        ResultError
            The text is not a matchkit result, its version is newer, or its hashes do not
            agree with the people or the taxonomy given.
        ProgramError
            Only one side's people are given.
        """
        from matchkit.documents import decode

        return decode(text, mentors=mentors, mentees=mentees, taxonomy=taxonomy, custom=custom)

    def __repr__(self) -> str:
        """Return the size and the proof on one line."""
        done = self.certificate
        return (
            f"Matching({len(self.matches)} of {self.record.mentees} mentees matched, "
            f"{done.status}, gap {done.gap:g})"
        )

    def _repr_html_(self) -> str:
        """Return the table that notebooks show."""
        from matchkit.tables import matching_html

        return matching_html(self)
