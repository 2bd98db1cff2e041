"""Criteria and rules that look at columns: each distinct combination is evaluated once.

Ten thousand people have few distinct grades, sites or departments. The people of a side
are therefore numbered by their combination of the columns needed, the expression runs once
over the distinct combinations, and pairs look their value up in that table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchkit.errors import ProgramError
from matchkit.scoring.base import Criterion, Rule
from matchkit.scoring.layers import Layers, of_kinds
from matchkit.scoring.sides import Evaluate, Index, Mask, Side, Values, cross

if TYPE_CHECKING:
    from matchkit.profiles import Pool

TABLE_CELLS = 4_000_000
"""Distinct combinations above this are evaluated block by block instead of once."""


class _Combinations:
    """The people of one side, numbered by their combination of some columns."""

    def __init__(self, pool: Pool, columns: tuple[str, ...]) -> None:
        self.pool = pool
        codes = [pool.codes(column)[0] for column in columns]
        self.filled: Mask = np.ones(len(pool), dtype=bool)
        for code in codes:
            self.filled &= code >= 0
        stacked = np.stack(codes, axis=1) if codes else np.zeros((len(pool), 1), dtype=np.int64)
        _, first, number = np.unique(stacked, axis=0, return_index=True, return_inverse=True)
        self.first: Index = first.astype(np.int64)
        self.number: Index = number.reshape(-1).astype(np.int64)


class _Table:
    """An expression over two sides, looked up by combination.

    What it gives for a blank is discarded: ``settle`` replaces it and checks the rest.
    """

    def __init__(
        self,
        name: str,
        evaluate: Evaluate,
        sides: tuple[_Combinations, _Combinations],
        settle: Callable[[NDArray[Any], Mask], NDArray[Any]],
    ) -> None:
        self._name = name
        self._evaluate = evaluate
        self._mentees, self._mentors = sides
        self._settle = settle
        cells = len(self._mentees.first) * len(self._mentors.first)
        self._table: NDArray[Any] | None = None
        if cells <= TABLE_CELLS:
            self._table = self._direct(self._mentees.first[:, None], self._mentors.first[None, :])

    def _direct(self, rows: Index, cols: Index) -> NDArray[Any]:
        known = self._mentees.filled[rows] & self._mentors.filled[cols]
        if not known.size:
            return self._settle(np.empty(known.shape), known)
        mentee, mentor = Side(self._mentees.pool, rows), Side(self._mentors.pool, cols)
        # A blank reaches the expression as NaN or "", and what is too far apart is infinite.
        with np.errstate(invalid="ignore", over="ignore"):
            given = self._evaluate(mentee, mentor)
        try:
            values = np.broadcast_to(np.asarray(given, dtype=np.float64), known.shape)
        except (TypeError, ValueError) as error:
            raise ProgramError(
                f"{self._name} gave {type(given).__name__} that does not fit both sides "
                f"({error}): return numbers, as many as mentee and mentor broadcast to"
            ) from error
        return self._settle(values, known)

    def grid(self, rows: Index, cols: Index) -> NDArray[Any]:
        """Return the values of every row with every column, shape (r, c)."""
        if self._table is None:
            return self._direct(rows[:, None], cols[None, :])
        return cross(self._table, self._mentees.number[rows], self._mentors.number[cols])

    def layers(self) -> Layers | None:
        """Return the values of each combination with every mentor."""
        return of_kinds(self, self._mentees.number, len(self._mentors.number))

    def pairs(self, rows: Index, cols: Index) -> NDArray[Any]:
        """Return the values of the pairs, shape (k,)."""
        if self._table is None:
            return self._direct(rows, cols)
        found: NDArray[Any] = self._table[self._mentees.number[rows], self._mentors.number[cols]]
        return found


class TableFeature:
    """A column criterion bound to the people of a round."""

    def __init__(self, criterion: Criterion, mentees: Pool, mentors: Pool) -> None:
        self._criterion = criterion
        mine, theirs = criterion.columns()
        sides = _Combinations(mentees, mine), _Combinations(mentors, theirs)
        self.known_mentees, self.known_mentors = sides[0].filled, sides[1].filled
        self._cells = (
            {column: mentees.text(column) for column in mine},
            {column: mentors.text(column) for column in theirs},
        )
        self._table = _Table(criterion.name, criterion.value, sides, self._in_range)

    def _in_range(self, given: Values, known: Mask) -> Values:
        values = np.where(known, given, np.nan)
        wrong = (values < 0) | (values > 1)
        if wrong.any():
            raise ProgramError(
                f"{self._criterion.name} gave {float(values[wrong][0]):g}: "
                "a criterion's values must lie between 0 and 1, or be NaN"
            )
        return values

    def grid(self, rows: Index, cols: Index) -> Values:
        """Return the values of every row with every column, shape (r, c)."""
        return self._table.grid(rows, cols)

    def layers(self) -> Layers | None:
        """Return the values of each combination with every mentor."""
        return self._table.layers()

    def pairs(self, rows: Index, cols: Index) -> Values:
        """Return the values of the pairs, shape (k,)."""
        return self._table.pairs(rows, cols)

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return both sides' cells in words."""
        mine, theirs = self._cells
        line = self._criterion.describe(
            {column: str(cells[row]) for column, cells in mine.items()},
            {column: str(cells[col]) for column, cells in theirs.items()},
        )
        return (line,) if line else ()


class TableCheck:
    """A column rule bound to the people of a round: a blank never breaks it."""

    def __init__(self, rule: Rule, mentees: Pool, mentors: Pool) -> None:
        self._rule = rule
        mine, theirs = rule.columns()
        self._pools = mentees, mentors
        sides = _Combinations(mentees, mine), _Combinations(mentors, theirs)
        self._table = _Table(
            rule.name, rule.allows, sides, lambda given, known: (given != 0) | ~known
        )

    def layers(self) -> Layers | None:
        """Return what each combination allows."""
        return self._table.layers()

    def grid(self, rows: Index, cols: Index) -> Mask:
        """Return which pairs are allowed, shape (r, c)."""
        return self._table.grid(rows, cols)

    def pairs(self, rows: Index, cols: Index) -> Mask:
        """Return which of the pairs are allowed, shape (k,)."""
        return self._table.pairs(rows, cols)

    def reason(self, row: int, col: int) -> str:
        """Return both sides' values in words."""
        mine, theirs = self._rule.columns()
        mentees, mentors = self._pools
        said = [f"mentee's {column} is {mentees.text(column)[row]!r}" for column in mine]
        said += [f"mentor's {column} is {mentors.text(column)[col]!r}" for column in theirs]
        return ", ".join(said)
