"""Every matching of a small round, one by one, from scores and ids alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import matchkit as mk
from tests.strategies import People

Pairs = Mapping[str, str | None]
Worth = tuple[int, int]


def capacities(mentors: People) -> dict[str, int]:
    """Return each mentor's places, one where the cell is blank."""
    return {who["id"]: int(who.get("capacity") or 1) for who in mentors}


@dataclass(frozen=True)
class Brute:
    """A round small enough to look at every matching there is."""

    scores: mk.Scores
    capacity: Mapping[str, int]
    program: mk.Program

    @classmethod
    def of(cls, mentors: People, mentees: People, program: mk.Program) -> Brute:
        """Score a round."""
        return cls(mk.score(mentors, mentees, program=program), capacities(mentors), program)

    @cached_property
    def points(self) -> dict[tuple[str, str], int]:
        """Points of every eligible pair."""
        rows, cols = self.scores.eligible.nonzero()
        return {
            (self.scores.mentee_ids[row], self.scores.mentor_ids[col]): int(
                self.scores.points[row, col]
            )
            for row, col in zip(rows, cols, strict=True)
        }

    def options(self, mentee: str) -> dict[str, int]:
        """Return the eligible mentors of a mentee and their points."""
        return {mentor: points for (who, mentor), points in self.points.items() if who == mentee}

    def worth(self, pairs: Pairs) -> Worth:
        """Return what a matching is worth: people, unless only points count, then points."""
        matched = [(mentee, mentor) for mentee, mentor in pairs.items() if mentor is not None]
        people = len(matched) if self.program.coverage == "first" else 0
        return people, sum(self.points[pair] for pair in matched)

    def matchings(self, **more: int) -> Iterator[Pairs]:
        """Yield every matching that the rules, the locks and the places allow."""
        places = {who: count + more.get(who, 0) for who, count in self.capacity.items()}
        locked = {each.mentee: each.mentor for each in self.program.locked}
        ids = self.scores.mentee_ids
        choices = [[locked[who]] if who in locked else [None, *self.options(who)] for who in ids]
        for choice in product(*choices):
            taken = Counter(mentor for mentor in choice if mentor is not None)
            if all(count <= places[mentor] for mentor, count in taken.items()):
                yield dict(zip(ids, choice, strict=True))

    def best(self, **more: int) -> Worth:
        """Return the worth of the best matching, with more or fewer places where named."""
        return max(self.worth(pairs) for pairs in self.matchings(**more))

    @cached_property
    def optima(self) -> list[Pairs]:
        """Return all the best matchings."""
        best = self.best()
        return [pairs for pairs in self.matchings() if self.worth(pairs) == best]


def pairs_of(matching: mk.Matching) -> Pairs:
    """Return who is matched with whom, and who with nobody."""
    found: dict[str, str | None] = {match.mentee: match.mentor for match in matching}
    return found | {one.mentee: None for one in matching.unmatched}
