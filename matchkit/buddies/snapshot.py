"""One state of an index: never changed, so that readers need no lock.

An index grows like a log-structured merge tree (O'Neil et al., *Acta Informatica* 33, 1996):
newcomers stand in small segments of their own, and a segment is put together with the one
before it once that is at most four times as large. Whoever leaves is marked as gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchkit.buddies.load import Load
from matchkit.buddies.naming import Naming
from matchkit.buddies.pools import joined, without
from matchkit.buddies.segment import Segment, segment
from matchkit.buddies.statistics import Statistics
from matchkit.embedding import Embedder
from matchkit.profiles import Pool

GROWTH: Final = 4
"""How many times larger a segment may be than the next before they are put together."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything a lookup reads.

    Attributes
    ----------
    statistics : Statistics
        What is known about words.
    naming : Naming
        What names of skills mean.
    embedder : Embedder or None
        Turns texts into vectors.
    segments : tuple of Segment
        The people, the largest segment first.
    gone : tuple of bool arrays
        Who of each segment is no longer there.
    load : Load
        Requests noted.
    seed : int
        Decides exact ties, together with the ids.
    """

    statistics: Statistics
    naming: Naming
    embedder: Embedder | None
    segments: tuple[Segment, ...]
    gone: tuple[NDArray[np.bool_], ...]
    load: Load
    seed: int

    def __len__(self) -> int:
        """Return how many people are there."""
        return sum(int((~gone).sum()) for gone in self.gone)

    def locate(self, person: str) -> tuple[int, int] | None:
        """Return segment and position of somebody who is there."""
        for number, each in enumerate(self.segments):
            at = each.people.index.get(person)
            if at is not None and not self.gone[number][at]:
                return number, at
        return None

    def without(self, people: Sequence[tuple[int, int]]) -> Snapshot:
        """Return the state after some people left."""
        gone = [each.copy() for each in self.gone]
        for number, at in people:
            gone[number][at] = True
        return replace(self, gone=tuple(gone))

    def with_people(self, people: Pool) -> Snapshot:
        """Return the state after some people came, whose ids nobody has."""
        grown = replace(
            self,
            segments=(*self.segments, self._segment(people)),
            gone=(*self.gone, np.zeros(len(people), dtype=bool)),
        )
        return grown.settled()

    def settled(self) -> Snapshot:
        """Return the same people in segments that grow by a factor from one to the next."""
        if len(self.segments) < 2:
            return self
        before, last = (int((~gone).sum()) for gone in self.gone[-2:])
        return self if before > GROWTH * last else self._merged().settled()

    def _segment(self, people: Pool) -> Segment:
        return segment(people, self.naming, self.statistics, embedder=self.embedder, seed=self.seed)

    def _merged(self) -> Snapshot:
        """Return the same people with the last two segments as one."""
        left, right = (
            without(each.people, gone)
            for each, gone in zip(self.segments[-2:], self.gone[-2:], strict=True)
        )
        people = joined(left, right)
        return replace(
            self,
            segments=(*self.segments[:-2], self._segment(people)),
            gone=(*self.gone[:-2], np.zeros(len(people), dtype=bool)),
        )

    @property
    def people(self) -> Pool:
        """Everybody who is there."""
        parts = [
            without(each.people, gone) for each, gone in zip(self.segments, self.gone, strict=True)
        ]
        pool = parts[0]
        for part in parts[1:]:
            pool = joined(pool, part)
        return pool
