"""Ways to spoil a result: each returns a spoiled copy, or None where there is nothing to spoil."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import matchkit as mk
from matchkit.matching import Match, Matching

Spoiler = Callable[[Matching], Matching | None]
SPOILERS: dict[str, tuple[Spoiler, bool]] = {}
"""By name: what spoils, and whether it shows without the people."""


def spoiler(*, shows: bool) -> Callable[[Spoiler], Spoiler]:
    """Register a way to spoil a result."""

    def register(spoil: Spoiler) -> Spoiler:
        SPOILERS[spoil.__name__] = spoil, shows
        return spoil

    return register


def changed(matching: Matching, at: int, **fields: Any) -> Matching:
    """Change one match."""
    matches = list(matching.matches)
    matches[at] = replace(matches[at], **fields)
    return replace(matching, matches=tuple(matches))


def others(matching: Matching) -> Iterator[tuple[int, int]]:
    """Yield positions of two matches with different mentors."""
    for first, one in enumerate(matching.matches):
        for second, other in enumerate(matching.matches):
            if one.mentor != other.mentor:
                yield first, second


@spoiler(shows=False)
def two_mentors_swapped(matching: Matching) -> Matching | None:
    """Exchange two mentors and leave everything else."""
    for first, second in others(matching):
        one, other = matching.matches[first], matching.matches[second]
        if one.locked or other.locked or one.parts == other.parts:
            continue
        half = changed(matching, first, mentor=other.mentor)
        return changed(half, second, mentor=one.mentor)
    return None


@spoiler(shows=True)
def points_of_a_match(matching: Matching) -> Matching | None:
    """Give a match a point more."""
    return changed(matching, 0, points=matching.matches[0].points + 1) if len(matching) else None


@spoiler(shows=True)
def points_of_a_part(matching: Matching) -> Matching | None:
    """Give a part a point more."""
    if not len(matching) or not matching.matches[0].parts:
        return None
    first, *rest = matching.matches[0].parts
    return changed(matching, 0, parts=(replace(first, points=first.points + 1), *rest))


@spoiler(shows=False)
def points_everywhere(matching: Matching) -> Matching | None:
    """Give a part a point more, and make everything else add up."""
    if not len(matching) or not matching.matches[0].parts:
        return None
    match, done = matching.matches[0], matching.certificate
    first, *rest = match.parts
    spoiled = changed(
        matching,
        0,
        parts=(replace(first, points=first.points + 1), *rest),
        points=match.points + 1,
        surplus=(match.surplus[0], match.surplus[1] + 1),
    )
    certificate = replace(done, total=done.total + 1, bound=done.bound + 1)
    return replace(spoiled, certificate=certificate)


@spoiler(shows=False)
def a_mean_called_known(matching: Matching) -> Matching | None:
    """Say that a criterion could tell where it could not."""
    for at, match in enumerate(matching.matches):
        for place, part in enumerate(match.parts):
            if not part.known:
                parts = list(match.parts)
                parts[place] = replace(part, known=True)
                return changed(matching, at, parts=tuple(parts))
    return None


@spoiler(shows=True)
def the_total(matching: Matching) -> Matching:
    """Claim more points than there are."""
    done = matching.certificate
    return replace(matching, certificate=replace(done, total=done.total + 1))


@spoiler(shows=True)
def the_bound(matching: Matching) -> Matching:
    """Claim a lower bound than the prices prove, with the gap that follows."""
    done = matching.certificate
    bound = done.bound - 1
    gap = (bound - done.total) / max(1, abs(bound))
    return replace(matching, certificate=replace(done, bound=bound, gap=gap))


@spoiler(shows=True)
def the_number_matched(matching: Matching) -> Matching:
    """Claim one more person."""
    done = matching.certificate
    return replace(matching, certificate=replace(done, matched=done.matched + 1))


@spoiler(shows=True)
def the_gap(matching: Matching) -> Matching:
    """Claim a gap that does not follow."""
    return replace(matching, certificate=replace(matching.certificate, gap=0.5))


@spoiler(shows=True)
def the_status(matching: Matching) -> Matching:
    """Call an optimum something else."""
    return replace(matching, certificate=replace(matching.certificate, status="cut off"))


def place_changed(matching: Matching, at: int, **fields: Any) -> Matching:
    """Change one place."""
    places = list(matching.places)
    places[at] = replace(places[at], **fields)
    return replace(matching, places=tuple(places))


@spoiler(shows=True)
def a_price(matching: Matching) -> Matching | None:
    """Raise a price, so that the bound does not follow."""
    for at, place in enumerate(matching.places):
        if place.capacity and matching.record.mentees:
            more = place.one_more[0], place.one_more[1] + 1
            return place_changed(matching, at, one_more=more)
    return None


@spoiler(shows=False)
def a_price_with_its_bound(matching: Matching) -> Matching | None:
    """Raise a price and lower the surpluses, so that the bound still follows."""
    for at, place in enumerate(matching.places):
        held = [k for k, match in enumerate(matching.matches) if match.mentor == place.mentor]
        if held and len(held) == min(place.capacity, matching.record.mentees):
            spoiled = place_changed(
                matching, at, one_more=(place.one_more[0], place.one_more[1] + 1)
            )
            for k in held:
                people, points = matching.matches[k].surplus
                spoiled = changed(spoiled, k, surplus=(people, points - 1))
            return spoiled
    return None


@spoiler(shows=False)
def what_losing_a_place_costs(matching: Matching) -> Matching | None:
    """Change a maximal price."""
    if not matching.places:
        return None
    people, points = matching.places[0].one_fewer
    return place_changed(matching, 0, one_fewer=(people, points + 1))


@spoiler(shows=False)
def a_price_beyond_all_numbers(matching: Matching) -> Matching | None:
    """Write a price that no array holds."""
    return place_changed(matching, 0, one_fewer=(10**30, 0)) if matching.places else None


@spoiler(shows=True)
def a_surplus(matching: Matching) -> Matching | None:
    """Change what a mentee is worth to the round."""
    if not len(matching):
        return None
    people, points = matching.matches[0].surplus
    return changed(matching, 0, surplus=(people, points - 1))


@spoiler(shows=False)
def a_capacity(matching: Matching) -> Matching | None:
    """Give a mentor a place more."""
    if not matching.places:
        return None
    return place_changed(matching, 0, capacity=matching.places[0].capacity + 1)


@spoiler(shows=True)
def places_taken(matching: Matching) -> Matching | None:
    """Miscount the places taken."""
    if not matching.places:
        return None
    return place_changed(matching, 0, taken=matching.places[0].taken + 1)


@spoiler(shows=True)
def too_many_for_a_mentor(matching: Matching) -> Matching | None:
    """Take places from a mentor who needs them."""
    for at, place in enumerate(matching.places):
        if place.taken:
            return place_changed(matching, at, capacity=place.taken - 1)
    return None


@spoiler(shows=True)
def a_person_dropped(matching: Matching) -> Matching | None:
    """Lose a matched mentee."""
    return replace(matching, matches=matching.matches[1:]) if len(matching) else None


@spoiler(shows=True)
def an_unmatched_person_dropped(matching: Matching) -> Matching | None:
    """Lose a mentee without mentor."""
    return replace(matching, unmatched=matching.unmatched[1:]) if matching.unmatched else None


@spoiler(shows=True)
def a_mentor_dropped(matching: Matching) -> Matching | None:
    """Lose a mentor."""
    return replace(matching, places=matching.places[1:]) if matching.places else None


@spoiler(shows=True)
def a_person_twice(matching: Matching) -> Matching | None:
    """List a match twice."""
    return (
        replace(matching, matches=matching.matches[:1] + matching.matches)
        if len(matching)
        else None
    )


@spoiler(shows=True)
def a_mentor_twice(matching: Matching) -> Matching | None:
    """List a mentor twice."""
    return (
        replace(matching, places=matching.places[:1] + matching.places) if matching.places else None
    )


@spoiler(shows=True)
def an_unknown_mentor(matching: Matching) -> Matching | None:
    """Match with somebody who is not there."""
    return changed(matching, 0, mentor="stranger") if len(matching) else None


@spoiler(shows=False)
def an_unknown_mentee(matching: Matching) -> Matching | None:
    """Rename a mentee."""
    return changed(matching, 0, mentee="stranger") if len(matching) else None


@spoiler(shows=False)
def a_rule_broken(matching: Matching) -> Matching | None:
    """Match with a mentor whom the rules do not allow and who has a place."""
    round_ = matching.people
    board = round_.board
    for at, match in enumerate(matching.matches):
        row = round_.row(match.mentee)
        for place in matching.places:
            if (
                place.left
                and not match.locked
                and not board.eligible[row, round_.column(place.mentor)]
            ):
                moved = changed(matching, at, mentor=place.mentor)
                return recounted(moved)
    return None


def recounted(matching: Matching) -> Matching:
    """Make the places taken agree with the matches."""
    taken = [match.mentor for match in matching.matches]
    places = tuple(replace(place, taken=taken.count(place.mentor)) for place in matching.places)
    return replace(matching, places=places)


def with_program(matching: Matching, *constraints: mk.Locked | mk.Forbidden) -> Matching:
    """Claim other constraints."""
    program = matching.program.model_copy(update={"constraints": constraints})
    return replace(matching, program=program)


@spoiler(shows=True)
def a_lock_ignored(matching: Matching) -> Matching | None:
    """Lock somebody to another mentor than they have."""
    for first, second in others(matching):
        one, other = matching.matches[first], matching.matches[second]
        return with_program(matching, mk.Locked(one.mentee, other.mentor))
    return None


@spoiler(shows=True)
def a_lock_on_the_unmatched(matching: Matching) -> Matching | None:
    """Lock somebody who has no mentor."""
    if not matching.unmatched or not matching.places:
        return None
    lock = mk.Locked(matching.unmatched[0].mentee, matching.places[0].mentor)
    return with_program(matching, lock)


@spoiler(shows=True)
def a_ban_ignored(matching: Matching) -> Matching | None:
    """Forbid a pair that is made."""
    if not len(matching):
        return None
    match: Match = matching.matches[-1]
    return with_program(matching, mk.Forbidden(match.mentee, match.mentor))


@spoiler(shows=True)
def wrongly_marked_as_locked(matching: Matching) -> Matching | None:
    """Say that a pair was set by hand, or that it was not."""
    return changed(matching, 0, locked=not matching.matches[0].locked) if len(matching) else None


@spoiler(shows=True)
def a_match_below_the_least_score(matching: Matching) -> Matching | None:
    """Claim a higher least score."""
    if all(match.score == 1 for match in matching.matches):
        return None
    program = matching.program.model_copy(update={"min_score": 1.0})
    return replace(matching, program=program)


@spoiler(shows=False)
def a_rank(matching: Matching) -> Matching | None:
    """Call a second choice the first."""
    return changed(matching, 0, rank=matching.matches[0].rank + 1) if len(matching) else None


@spoiler(shows=False)
def the_runner_up(matching: Matching) -> Matching | None:
    """Name another runner-up."""
    return changed(matching, 0, runner_up="stranger") if len(matching) else None


@spoiler(shows=False)
def the_evidence(matching: Matching) -> Matching | None:
    """Write other evidence."""
    if not len(matching) or not matching.matches[0].parts:
        return None
    first, *rest = matching.matches[0].parts
    return changed(matching, 0, parts=(replace(first, evidence=("made up",)), *rest))


@spoiler(shows=False)
def a_remedy(matching: Matching) -> Matching | None:
    """Promise something else."""
    if not matching.unmatched:
        return None
    first, *rest = matching.unmatched
    return replace(matching, unmatched=(replace(first, remedy="Wait."), *rest))


@spoiler(shows=False)
def what_blocks(matching: Matching) -> Matching | None:
    """Blame a rule."""
    if not matching.unmatched:
        return None
    first, *rest = matching.unmatched
    return replace(matching, unmatched=(replace(first, blocking=(("Avoid", 99),)), *rest))


def record_changed(matching: Matching, **fields: Any) -> Matching:
    """Change the record."""
    return replace(matching, record=replace(matching.record, **fields))


@spoiler(shows=True)
def how_many_came_in(matching: Matching) -> Matching:
    """Miscount the mentees."""
    return record_changed(matching, mentees=matching.record.mentees + 1)


@spoiler(shows=False)
def how_many_pairs_were_possible(matching: Matching) -> Matching:
    """Miscount the eligible pairs."""
    return record_changed(matching, eligible_pairs=matching.record.eligible_pairs + 1)


@spoiler(shows=False)
def what_rules_removed(matching: Matching) -> Matching:
    """Blame a rule for more."""
    return record_changed(matching, rules=(*matching.record.rules, ("Avoid more", 3)))


@spoiler(shows=False)
def a_mean(matching: Matching) -> Matching | None:
    """Change the mean of a criterion."""
    if not matching.record.criteria:
        return None
    first, *rest = matching.record.criteria
    return record_changed(matching, criteria=(replace(first, mean=first.mean + 1), *rest))


@spoiler(shows=False)
def a_hash(matching: Matching) -> Matching:
    """Claim other people."""
    return record_changed(matching, hashes={**matching.record.hashes, "mentors": "0" * 64})
