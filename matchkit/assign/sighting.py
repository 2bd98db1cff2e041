"""The verifier's own look at every pair; it shares no code with any solver."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchkit.assign.bound import Bound, Flags, Indices, Pairs, neared
from matchkit.assign.known import Known
from matchkit.assign.moves import Moves
from matchkit.assign.problem import Problem
from matchkit.assign.sources import INELIGIBLE, ListedSource

_STRIPE = 1 << 12  # mentees that one thread looks at in one go
_TALL, _BROAD = 256, 1024  # a block of pairs
_SLACK = 0.05  # of how far apart prices and surpluses are: pairs so close are remembered
_CLOSE = 32  # close pairs of a mentee on average: more are not remembered


@dataclass(frozen=True, eq=False)
class Sight:
    """What all pairs say.

    Attributes
    ----------
    better : tuple of NDArray[bool], shape (n,)
        For each bound, the mentees with a pair worth more.
    moves : tuple of Moves
        For each bound, the moves that cost nothing.
    taking : NDArray[bool], shape (n,)
        Mentees with an eligible mentor, with coverage "score".
    taken : NDArray[int64], shape (m,)
        Eligible mentees of each mentor, with coverage "score".
    known : Known or None
        What this tells the next sight.
    """

    better: tuple[Flags, ...]
    moves: tuple[Moves, ...]
    taking: Flags
    taken: Indices
    known: Known | None


def sighted(
    problem: Problem,
    bounds: Sequence[Bound],
    place: Indices,
    *,
    n_jobs: int,
    before: Known | None = None,
) -> Sight:
    """Look at every pair, but for those that an earlier sight speaks of.

    Parameters
    ----------
    problem : Problem
        The points.
    bounds : sequence of Bound
        What to compare pairs with.
    place : NDArray[int64], shape (n,)
        Where each mentee is: a mentor, or m for unmatched.
    n_jobs : int
        Threads, as joblib counts them.
    before : Known, optional
        What an earlier sight tells, of as many bounds.
    """
    known = before.now(problem) if before is not None else None
    again = known.again(bounds) if known is not None else None
    if known is not None and again is not None:
        return _seen_again(_Look(problem, bounds, place), known, *again, n_jobs=n_jobs)
    look = _Look(problem, bounds, place, slack=_slack(bounds))
    everybody, everywhere = (np.arange(size) for size in problem.shape)
    told = _Told(look)
    told.take(look, [(rows, everywhere) for rows in _pieces(everybody, _STRIPE)], n_jobs)
    known = None
    if told.close is not None and not isinstance(problem.source, ListedSource):
        mentee, mentor, points = map(np.concatenate, zip(*told.close, strict=True))
        pairs = mentee, mentor, points
        known = Known(problem, bounds, look.locked, pairs, look.slack, told.taking, told.taken)
    return told.sight(known)


def _seen_again(look: _Look, known: Known, low: Flags, wide: Flags, *, n_jobs: int) -> Sight:
    """Look at some mentees, and at some mentors for all others; the rest is known."""
    everywhere, some = np.arange(wide.size), np.flatnonzero(wide)
    tasks = [(rows, everywhere) for rows in _pieces(np.flatnonzero(low), _STRIPE)]
    tasks += [(rows, some) for rows in _pieces(np.flatnonzero(~low), _STRIPE)]
    told = _Told(look)
    told.add(look.at([known.told(low, wide)]))
    told.take(look, tasks, n_jobs)
    return replace(told.sight(known), taking=known.taking, taken=known.taken)


def _slack(bounds: Sequence[Bound]) -> int:
    """Return by how much less than a bound pairs may be worth to be remembered."""
    sides = [side[:, 1] for bound in bounds for side in (bound.prices, bound.surpluses)]
    return int(_SLACK * max(np.ptp(side) if side.size else 0 for side in sides))


def _over(look: _Look, rows: Indices, cols: Indices) -> _Part:
    """Look at some mentees and mentors; a function, so that other processes find it."""
    return look.over(rows, cols)


@dataclass(frozen=True, eq=False)
class _Part:
    """What some pairs say.

    Attributes
    ----------
    better : tuple of NDArray[int64]
        For each bound, mentees with a pair worth more.
    moves : tuple of Moves
        For each bound, moves that cost nothing.
    close : tuple of NDArray[int64], or None
        Mentees, mentors and points of pairs that come close, unless there are too many.
    taking : NDArray[int64]
        Mentees with an eligible mentor, with coverage "score".
    taken : NDArray[int64], shape (m,)
        Eligible mentees of each mentor, with coverage "score".
    """

    better: tuple[Indices, ...]
    moves: tuple[Moves, ...]
    close: Pairs | None
    taking: Indices
    taken: Indices


class _Look:
    """A look at pairs.

    Parameters
    ----------
    problem : Problem
        The points.
    bounds : sequence of Bound
        What to compare pairs with.
    place : NDArray[int64], shape (n,)
        Where each mentee is.
    slack : int, default 0
        How much less than a bound pairs may be worth to be listed.
    """

    def __init__(
        self, problem: Problem, bounds: Sequence[Bound], place: Indices, *, slack: int = 0
    ) -> None:
        self.problem, self.bounds, self.slack = problem, bounds, slack
        self._place = place
        self.locked = np.zeros(problem.shape[0], dtype=bool)
        self.locked[problem.locked[:, 0]] = True

    def over(self, rows: Indices, cols: Indices) -> _Part:
        """Return what all pairs of some mentees and mentors say."""
        block = _Block(self, rows, cols)
        said = self.at(block.near(), room=_CLOSE * rows.size)
        return replace(said, taking=rows[block.taking], taken=block.taken)

    def at(self, parts: Iterable[Pairs], *, room: int = 0) -> _Part:
        """Return what pairs say; those of locked mentees say nothing of bounds."""
        width = self.problem.shape[1] + 1
        none = np.zeros(0, dtype=np.int64)
        better = [[none] for _ in self.bounds]
        moves = [Moves(width) for _ in self.bounds]
        close = [(none, none, none)]
        for pairs in parts:
            counts = (pairs[2] != INELIGIBLE) & ~self.locked[pairs[0]]
            mentee, mentor, points = (part[counts] for part in pairs)
            nearly = np.zeros(mentee.size, dtype=bool)
            for level, bound in enumerate(self.bounds):
                more, same, near = bound.compared(mentee, mentor, points, self.slack)
                better[level].append(mentee[more])
                moves[level].add(self._place[mentee[same]], mentor[same])
                nearly |= near
            room -= int(np.count_nonzero(nearly))
            if room >= 0:
                close.append((mentee[nearly], mentor[nearly], points[nearly]))
        mentee, mentor, points = map(np.concatenate, zip(*close, strict=True))
        return _Part(
            tuple(map(np.concatenate, better)),
            tuple(moves),
            (mentee, mentor, points) if room >= 0 else None,
            none,
            np.zeros(width - 1, dtype=np.int64),
        )


class _Told:
    """What all pairs say that were looked at so far."""

    def __init__(self, look: _Look) -> None:
        n, m = look.problem.shape
        none = np.zeros(0, dtype=np.int64)
        self.taking, self.taken = np.zeros(n, dtype=bool), np.zeros(m, dtype=np.int64)
        self.close: list[Pairs] | None = [(none, none, none)]
        self._better = tuple(np.zeros(n, dtype=bool) for _ in look.bounds)
        self._moves = tuple(Moves(m + 1) for _ in look.bounds)

    def take(self, look: _Look, tasks: Sequence[tuple[Indices, Indices]], n_jobs: int) -> None:
        """Look at mentees and mentors, with several threads wherever joblib was configured to."""
        if n_jobs == 1:
            for task in tasks:
                self.add(look.over(*task))
            return
        from joblib import Parallel, delayed
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1, user_api="blas"):
            parallel = Parallel(n_jobs=n_jobs, prefer="threads", return_as="generator")
            for part in parallel(delayed(_over)(look, *task) for task in tasks):
                self.add(part)

    def add(self, part: _Part) -> None:
        """Take in what some pairs say."""
        self.taking[part.taking] = True
        self.taken += part.taken
        if part.close is None:
            self.close = None
        elif self.close is not None:
            self.close.append(part.close)
        for better, moves, rows, more in zip(
            self._better, self._moves, part.better, part.moves, strict=True
        ):
            better[rows] = True
            moves.merge(more)

    def sight(self, known: Known | None) -> Sight:
        """Return it all."""
        return Sight(self._better, self._moves, self.taking, self.taken, known)


class _Block:
    """Every pair of some mentees and some mentors."""

    def __init__(self, look: _Look, rows: Indices, cols: Indices) -> None:
        self._problem, self._bounds, self._slack = look.problem, look.bounds, look.slack
        self._rows, self._cols = rows, cols
        self._counting = look.problem.coverage == "score"
        self.taking = np.zeros(rows.size, dtype=bool)
        self.taken = np.zeros(look.problem.shape[1], dtype=np.int64)

    def near(self) -> Iterator[Pairs]:
        """Yield the pairs that could be nearly as good as a bound, and count eligible ones."""
        source = self._problem.source
        if isinstance(source, ListedSource):
            at, mentor, points = source.entries(self._rows)
            self.taking[at] = True
            self.taken += np.bincount(mentor, minlength=self.taken.size)
            yield self._rows[at], mentor, points
            return
        for rows, cols, levels in self._kinds():
            for at, to in itertools.product(_pieces(rows, _TALL), _pieces(cols, _BROAD)):
                cells = np.flatnonzero(self._cells(at, to, levels))
                row, column = np.divmod(cells, to.size)
                mentee, mentor = self._rows[at[row]], to[column]
                yield mentee, mentor, source.pairs(mentee, mentor)

    def _kinds(self) -> Iterator[tuple[Indices, Indices, list[int]]]:
        """Yield positions of mentees, and mentors, with as many people in surpluses and prices.

        With them goes, for each bound, how many more people these are than in a pair.
        Where they are more, no pair comes near.
        """
        surpluses = np.column_stack([bound.surpluses[self._rows, 0] for bound in self._bounds])
        prices = np.column_stack([bound.prices[self._cols, 0] for bound in self._bounds])
        kinds = np.unique(surpluses, axis=0), np.unique(prices, axis=0)
        for row_kind, column_kind in itertools.product(*kinds):
            levels = (row_kind + column_kind - self._bounds[0].one).tolist()
            if self._counting or min(levels) <= 0:
                rows = np.flatnonzero((surpluses == row_kind).all(axis=1))
                yield rows, self._cols[(prices == column_kind).all(axis=1)], levels

    def _cells(self, at: Indices, cols: Indices, levels: list[int]) -> Flags:
        """Tell which cells of a block come near, row by row; count eligible ones."""
        source, rows = self._problem.source, self._rows[at]
        block = source.block(rows, cols)
        if self._counting:
            eligible = block > -np.inf
            self.taking[at] |= eligible.any(axis=1)
            self.taken[cols] += eligible.sum(axis=0)
        if min(levels) < 0:
            return (block > -np.inf).ravel()
        close = [bound for bound, level in zip(self._bounds, levels, strict=True) if not level]
        if not close:
            return np.zeros(block.size, dtype=bool)
        error = source.error + self._slack
        return neared(close, block, rows=rows, cols=cols, error=error).ravel()


def _pieces(indices: Indices, size: int) -> list[Indices]:
    """Cut indices into pieces of this size."""
    return [indices[start : start + size] for start in range(0, indices.size, size)]
