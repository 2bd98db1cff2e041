"""The scores of every pair of a small round, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchkit.scoring import POINTS

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.rounds import Round


@dataclass(frozen=True, eq=False, repr=False)
class Scores:
    """Points of every pair: rows are mentees, columns are mentors, both sorted by id.

    Attributes
    ----------
    mentee_ids, mentor_ids : tuple of str
        Ids of the n rows and m columns.
    points : ndarray of int64, shape (n, m)
        Micro-points; 1,000,000 is a perfect pair.
    eligible : ndarray of bool, shape (n, m)
        Whether the pair meets every rule.
    parts : mapping of str to ndarray of int64, shape (n, m)
        What each criterion gives; they sum to ``points``.

    Examples
    --------
    >>> import matchkit as mk
    >>> mk.score([{"id": "di", "skills": "sql:4"}], [{"id": "bo", "goals": "sql"}])
    Scores(1 mentee x 1 mentor, 1 of 1 pairs eligible)
    """

    mentee_ids: tuple[str, ...]
    mentor_ids: tuple[str, ...]
    points: NDArray[np.int64]
    eligible: NDArray[np.bool_]
    parts: Mapping[str, NDArray[np.int64]]

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each pair.

        Returns
        -------
        pandas.DataFrame
            Columns ``mentee, mentor, eligible, score, points`` and one of points for each
            criterion.
        """
        import pandas as pd

        n, m = self.points.shape
        columns = {
            "mentee": np.repeat(np.array(self.mentee_ids, dtype=object), m),
            "mentor": np.tile(np.array(self.mentor_ids, dtype=object), n),
            "eligible": self.eligible.reshape(-1),
            "score": self.points.reshape(-1) / POINTS,
            "points": self.points.reshape(-1),
        }
        return pd.DataFrame(columns | {name: part.reshape(-1) for name, part in self.parts.items()})

    def __repr__(self) -> str:
        """Return the size on one line."""
        n, m = self.points.shape
        sides = f"{n} mentee{'s' * (n != 1)} x {m} mentor{'s' * (m != 1)}"
        return f"Scores({sides}, {int(self.eligible.sum())} of {n * m} pairs eligible)"


def tabulate(round_: Round) -> Scores:
    """Return the scores of a round, sorted by id."""
    rows = np.argsort(round_.mentees.ids, kind="stable")
    cols = np.argsort(round_.mentors.ids, kind="stable")
    board = round_.board
    return Scores(
        mentee_ids=tuple(round_.mentees.ids[rows].tolist()),
        mentor_ids=tuple(round_.mentors.ids[cols].tolist()),
        points=_locked_table(board.points[rows][:, cols]),
        eligible=_locked_table(board.eligible[rows][:, cols]),
        parts={
            scored.name: _locked_table(
                scored.parts(scored.feature.grid(rows, cols)).astype(np.int64)
            )
            for scored in round_.scorer.criteria
        },
    )


def _locked_table(table: NDArray[Any]) -> NDArray[Any]:
    table.setflags(write=False)
    return table
