"""How often each person was asked, week by week, and how that spreads requests.

Of people who answer a question, those who were asked as often in a week as they want drop out.
The others are ranked by ``score * (1 - fairness * load / limit)``: with a fairness of 0 the load
decides between equals only, with 1 somebody who was asked half as often as they want must be
twice as good to come first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

WEEKS_KEPT: Final = 8
"""Weeks before the latest in which a request was noted; what is older is forgotten."""

LIMIT: Final = 5
"""Requests a week that somebody gets who names no limit of their own."""

LIMIT_COLUMN: Final = "weekly_limit"
"""Column in which people state their own limit."""

FAIRNESS: Final = 0.5


def week_of(when: date) -> date:
    """Return the Monday of the week of a day or of a moment, the latter in UTC.

    Examples
    --------
    >>> week_of(date(2027, 1, 14))
    datetime.date(2027, 1, 11)
    """
    if isinstance(when, datetime):
        when = (when.astimezone(UTC) if when.tzinfo else when).date()
    return when - timedelta(days=when.weekday())


@dataclass(frozen=True)
class Load:
    """Requests by week and person; noting one gives a new value.

    Attributes
    ----------
    weeks : mapping of date to mapping of str to int
        Monday -> id -> requests.
    """

    weeks: Mapping[date, Mapping[str, int]]

    def noted(self, person: str, when: date) -> Load:
        """Return the load with one request more."""
        monday = week_of(when)
        asked = dict(self.weeks.get(monday, {}))
        asked[person] = asked.get(person, 0) + 1
        weeks = {**self.weeks, monday: asked}
        oldest = max(weeks) - timedelta(weeks=WEEKS_KEPT)
        return Load({week: people for week, people in weeks.items() if week >= oldest})

    def of_week(self, when: date | None) -> Mapping[str, int]:
        """Return the requests in the week of a day, by default in the latest week noted."""
        monday = week_of(when) if when is not None else max(self.weeks, default=None)
        return {} if monday is None else self.weeks.get(monday, {})


def rank_points(
    score: NDArray[np.float64],
    load: NDArray[np.int64],
    limit: NDArray[np.float64],
    fairness: float,
) -> NDArray[np.int64]:
    """Return by what people are ranked, in whole millionths.

    Parameters
    ----------
    score : float64 array (p,)
        What each can give.
    load, limit : arrays (p,)
        Requests noted this week, and how many each wants at most; a limit is above its load.
    fairness : float
        In [0, 1].

    Examples
    --------
    >>> rank_points(np.array([0.8, 0.7]), np.array([2, 0]), np.array([4.0, 4.0]), 0.5).tolist()
    [600000, 700000]
    """
    # Fewer than one request a week can only be none so far, so a limit below 1 divides nothing.
    return np.rint(1e6 * score * (1 - fairness * load / np.maximum(limit, 1))).astype(np.int64)
