"""What one more place of each mentor would add, and what one fewer would cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from matchkit.insight.again import Again, less
from matchkit.shown import Shown, effort, worth_of

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.matching import Matching, Place


@dataclass(frozen=True, slots=True)
class PlaceValue:
    """What a mentor's places are worth to the round.

    Attributes
    ----------
    mentor : str
        Id.
    capacity, taken : int
        Places offered and places filled.
    one_more : tuple of (int, int)
        People and points that one more place would add, exactly.
    one_fewer : tuple of (int, int) or None
        People and points that one place fewer would cost, exactly; None where there is
        none to lose: the mentor offers none, or all went to pairs set by hand.
    """

    mentor: str
    capacity: int
    taken: int
    one_more: tuple[int, int]
    one_fewer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class PlaceValues(Shown):
    """What every mentor's places are worth, the most wanted first.

    Attributes
    ----------
    rows : tuple of PlaceValue
        By what one more place would add, then by what one fewer would cost, then by id.
    rounds : int
        How often the round was solved again, where constraints across pairs ask for that.
    seconds : float
        What that took; no part of what two answers are compared by.
    """

    rows: tuple[PlaceValue, ...]
    rounds: int = 0
    seconds: float = field(default=0.0, compare=False)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each mentor.

        Columns ``mentor, capacity, taken, more_people, more_points, fewer_people,
        fewer_points``; the last two are missing where there is no place to lose.
        """
        import pandas as pd

        rows = [
            (row.mentor, row.capacity, row.taken, *row.one_more, *(row.one_fewer or (None, None)))
            for row in self.rows
        ]
        columns = ["mentor", "capacity", "taken", "more_people", "more_points"]
        frame = pd.DataFrame(rows, columns=[*columns, "fewer_people", "fewer_points"])
        return frame.astype(dict.fromkeys(["fewer_people", "fewer_points"], "Int64"))

    def __str__(self) -> str:
        """Say where one more place would help most."""
        if not self.rows or self.rows[0].one_more <= (0, 0):
            said = "No further place with anybody would add anything."
        else:
            best, worth = self.rows[0].mentor, worth_of(*self.rows[0].one_more)
            said = f"One more place with {best} is worth most: {worth}."
        return f"{said}\n{effort(self.rounds, self.seconds)}" if self.rounds else said


def places(matching: Matching) -> PlaceValues:
    """Say for every mentor at once what one more place and one fewer are worth.

    Prices of places are not unique. These are the least and the greatest, and therefore the
    true differences: what solving again with one place more or less would give, in people
    and in points.

    Parameters
    ----------
    matching : Matching
        The result. It needs no people, unless there are constraints across pairs: then no
        price tells, and the round is solved again twice for each mentor.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "sql:4"}]
    >>> mentees = [{"id": "ana", "goals": "sql"}, {"id": "bo", "goals": "sql"}]
    >>> found = mk.insight.places(mk.match(mentors, mentees))
    >>> found.rows[0].one_more, found.rows[0].one_fewer
    ((1, 892857), (1, 892857))
    """
    if not matching.priced:
        return _solved_again(matching)
    by_hand = Counter(match.mentor for match in matching.matches if match.locked)
    rows = [_value(place, matching.record.mentees, by_hand) for place in matching.places]
    return PlaceValues(tuple(sorted(rows, key=_wanted)))


def _value(place: Place, mentees: int, by_hand: Counter[str]) -> PlaceValue:
    """Return what a mentor's places are worth."""
    fewer: tuple[int, int] | None = place.one_fewer
    if place.capacity > mentees:  # as many as there are mentees would do
        fewer = (0, 0)
    elif place.capacity == by_hand[place.mentor]:
        fewer = None
    return PlaceValue(place.mentor, place.capacity, place.taken, place.one_more, fewer)


def _solved_again(matching: Matching) -> PlaceValues:
    """Solve the round with one place more and one fewer of each mentor."""
    round_ = matching.people
    again = Again(matching)
    best = again.worth()
    rows = []
    for place in matching.places:
        one = np.zeros(len(round_.mentors), dtype=np.int64)
        one[round_.column(place.mentor)] = 1
        capacity = round_.mentors.capacity
        more = again.worth(capacity=capacity + one)
        fewer = again.worth(capacity=capacity - one) if place.capacity else None
        rows.append(
            PlaceValue(
                place.mentor,
                place.capacity,
                place.taken,
                less(more, best) if more and best else (0, 0),
                less(best, fewer) if fewer and best else None,
            )
        )
    return PlaceValues(tuple(sorted(rows, key=_wanted)), again.rounds, again.seconds)


def _wanted(row: PlaceValue) -> tuple[int, int, int, int, str]:
    """Order by what places are worth."""
    more, fewer = row.one_more, row.one_fewer or (0, 0)
    return (-more[0], -more[1], -fewer[0], -fewer[1], row.mentor)
