"""Who takes part in a plan, in which role, on which clock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchkit.plans.clocks import Minutes
from matchkit.profiles.hours import Windows
from matchkit.profiles.skills import fold

if TYPE_CHECKING:
    from matchkit.matching import Matching
    from matchkit.profiles import Pool


@dataclass(frozen=True, eq=False)
class Cast:
    """The seats of a plan: every mentor and every mentee of a matching, mentors first.

    Attributes
    ----------
    ids, names, emails, locations : object arrays (seats,)
        Text, ``""`` where unknown; a name that is not known is the id.
    mentors : int
        How many seats are mentors'.
    person : int64 array (seats,)
        The same number for two seats of one person: the same id or e-mail on both sides.
    zones : object array (seats,)
        Canonical zone names. ``""`` where nobody named one; where exactly one zone occurs
        in the round, it is everybody's.
    windows : Windows (seats)
        Weekly hours in each one's own zone.
    timed : bool array (seats,)
        People whose hours can be compared with those of others.
    rows : int64 array (seats,)
        Position in the mentors' or mentees' pool.
    pairs : int64 array (pairs, 2)
        Seats of mentor and mentee of each match, in the order of the matching.
    order : int64 array (pairs,)
        Rank of each pair by the keyed order of the round, for ties.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    emails: NDArray[np.object_]
    locations: NDArray[np.object_]
    mentors: int
    person: Minutes
    zones: NDArray[np.object_]
    windows: Windows
    timed: NDArray[np.bool_]
    rows: Minutes
    pairs: Minutes
    order: Minutes

    @property
    def floating(self) -> bool:
        """Nobody of the round named a zone: one clock for all, nobody knows which."""
        return not any(self.zones)

    def role(self, seat: int) -> str:
        """Return ``"mentor"`` or ``"mentee"``."""
        return "mentor" if seat < self.mentors else "mentee"

    @cached_property
    def seats_of(self) -> dict[str, list[int]]:
        """Seats by id: two where somebody is both a mentor and a mentee."""
        found: dict[str, list[int]] = {}
        for seat, name in enumerate(self.ids.tolist()):
            found.setdefault(name, []).append(seat)
        return found

    @cached_property
    def pairs_of(self) -> dict[int, list[int]]:
        """Pairs by seat."""
        found: dict[int, list[int]] = {}
        for pair, seats in enumerate(self.pairs.tolist()):
            for seat in seats:
                found.setdefault(seat, []).append(pair)
        return found


def cast(matching: Matching) -> Cast:
    """Return who takes part in the plan of a matching.

    Raises
    ------
    DetachedError
        The matching was loaded without its people.
    """
    people = matching.people
    mentors, mentees = people.mentors, people.mentees
    mentor_rows = np.array([mentors.index[each.mentor] for each in matching], dtype=np.int64)
    mentee_rows = np.array([mentees.index[each.mentee] for each in matching], dtype=np.int64)
    used, lead = np.unique(mentor_rows, return_inverse=True)
    sides = [(mentors, used), (mentees, mentee_rows)]
    hours = [pool.hours.take(rows) for pool, rows in sides]
    zones = _zones(mentors, mentees, np.concatenate([p.zone[r] for p, r in sides]))
    windows = Windows(
        np.concatenate([hours[0].indptr, hours[1].indptr[1:] + hours[0].indptr[-1]]),
        np.concatenate([each.start for each in hours]),
        np.concatenate([each.end for each in hours]),
    )
    known = (zones != "") | ~(zones != "").any()
    ids = np.concatenate([pool.ids[rows] for pool, rows in sides])
    emails = _column(sides, "email")
    names = _column(sides, "name")
    return Cast(
        ids=ids,
        names=np.where(names == "", ids, names),
        emails=emails,
        locations=_column(sides, "location"),
        mentors=len(used),
        person=_people(ids, emails, len(used)),
        zones=zones,
        windows=windows,
        timed=(windows.lengths > 0) & known,
        rows=np.concatenate([used, mentee_rows]),
        pairs=np.stack([lead, len(used) + np.arange(len(mentee_rows))], axis=1).astype(np.int64),
        order=np.argsort(np.argsort(mentee_rows)),
    )


def _column(sides: list[tuple[Pool, Minutes]], key: str) -> NDArray[np.object_]:
    parts = [
        pool.columns[key][rows] if key in pool.columns else np.full(len(rows), "", dtype=object)
        for pool, rows in sides
    ]
    return np.concatenate(parts)


def _zones(mentors: Pool, mentees: Pool, stated: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the zones to reckon with: the only one there is stands for those without."""
    given = [str(zone) for pool in (mentors, mentees) for zone in pool.zone[pool.hours.lengths > 0]]
    zones = sorted(set(given) - {""})
    return np.where(stated == "", zones[0], stated) if len(zones) == 1 else stated


def _people(ids: NDArray[np.object_], emails: NDArray[np.object_], mentors: int) -> Minutes:
    """Return one number for each person, the same for both seats of somebody with two."""
    person = np.arange(len(ids))
    by_id = {name: seat for seat, name in enumerate(ids[:mentors].tolist())}
    by_email = {fold(text): seat for seat, text in enumerate(emails[:mentors].tolist()) if text}
    for seat in range(mentors, len(ids)):
        person[seat] = by_id.get(ids[seat], by_email.get(fold(emails[seat]), seat))
    return person
