"""What a coordinator should look at before approving a pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from matchkit.profiles.zones import utc_offset
from matchkit.scoring import SharedHours
from matchkit.scoring.hours import DAY, HOUR, duration

if TYPE_CHECKING:
    from matchkit.matching import Part
    from matchkit.rounds import Round

THIN = 0.5
"""A match of which less than this share rests on evidence is cautioned against."""

HEAVY = 0.1
"""A criterion of at least this share of the weight that gives nothing is worth a caution."""

TIGHT = 1.0
"""Shared hours a week up to which two are cautioned about."""

FAR = 6 * HOUR
"""Minutes between two clocks from which they are cautioned about."""


def cautions_of(round_: Round, parts: tuple[Part, ...], pair: tuple[int, int]) -> tuple[str, ...]:
    """Say what speaks against a pair that no rule forbids, or how little speaks for it.

    Parameters
    ----------
    round_ : Round
        The round.
    parts : tuple of Part
        What the criteria give the pair, in their order.
    pair : tuple of (int, int)
        Row and column.
    """
    return (*_thin(parts), *_tight(round_, parts), *_far(round_, pair))


def _thin(parts: tuple[Part, ...]) -> Iterator[str]:
    """Caution against scores that rest on little, and against weights that give nothing."""
    whole = sum(part.weight for part in parts)
    sure = sum(part.weight for part in parts if part.known)
    if whole and sure < THIN * whole:
        blind = ", ".join(part.criterion for part in parts if not part.known)
        yield f"only {sure / whole:.0%} of the score rests on evidence; unknown: {blind}"
    for part in parts:
        if part.known and not part.points and part.weight >= HEAVY * whole:
            why = f": {part.evidence[0]}" if part.evidence else ""
            yield f"{part.criterion} gives nothing{why}"


def _tight(round_: Round, parts: tuple[Part, ...]) -> Iterator[str]:
    """Caution against two who can hardly ever meet."""
    whole = sum(part.weight for part in parts)
    for scored, part in zip(round_.scorer.criteria, parts, strict=True):
        if not isinstance(scored.criterion, SharedHours) or not part.known:
            continue
        if not part.points and part.weight < HEAVY * whole:  # of more weight it is said above
            yield part.evidence[0]
        elif 0 < part.points < part.weight and part.share * scored.criterion.enough <= TIGHT:
            yield f"only {part.evidence[0]}"


def _far(round_: Round, pair: tuple[int, int]) -> Iterator[str]:
    """Caution against two whose clocks are far apart on the first day of the round."""
    zones = str(round_.mentees.zone[pair[0]]), str(round_.mentors.zone[pair[1]])
    start = round_.program.start
    if start is None or not all(zones) or zones[0] == zones[1]:
        return
    apart = abs(utc_offset(zones[0], start) - utc_offset(zones[1], start))
    apart = min(apart, DAY - apart)
    if apart >= FAR:
        yield f"their clocks are {duration(apart)} apart"
