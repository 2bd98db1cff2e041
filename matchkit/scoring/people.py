"""Criteria and rules about lists and about people naming each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from matchkit.errors import ProgramError
from matchkit.profiles import utc_offset, vocabulary
from matchkit.scoring.base import Context
from matchkit.scoring.features import ShortFeature
from matchkit.scoring.hours import DAY, HOUR
from matchkit.scoring.layers import Layers, Listed, by_known, forbidden, of_kinds
from matchkit.scoring.products import PairList, PatternProduct, Product, any_of, membership
from matchkit.scoring.sides import Index, Mask, Values

if TYPE_CHECKING:
    from matchkit.profiles import Lists, Pool

Says = Literal["mentee", "mentor", "both"]

PREFERENCE_SCALE = 1_000_000
"""Stated ranks are whole millionths, so that both faces read the same number."""


class InterestFeature(ShortFeature):
    """Shared interests by the Ochiai coefficient, shared / sqrt(mine * yours).

    A. Ochiai, *Bull. Jpn. Soc. Sci. Fish.* 22, 1957: the cosine of two sets.
    """

    def __init__(self, mentees: Pool, mentors: Pool) -> None:
        self._lists = mentees.interests, mentors.interests
        labels, maps = vocabulary(*self._lists)
        width = max(1, len(labels))
        mine, theirs = (
            membership(lists, codes, width) for lists, codes in zip(self._lists, maps, strict=True)
        )
        self._sizes = tuple(np.maximum(1, np.diff(lists.indptr)) for lists in self._lists)
        roots = np.sqrt(self._sizes[0]), np.sqrt(self._sizes[1])
        super().__init__(Product(mine, theirs, roots))
        self.known_mentees, self.known_mentors = (any_of(lists) for lists in self._lists)

    def _value(self, sums: Values, rows: Index, cols: Index) -> Values:
        size = np.sqrt((self._sizes[0][rows] * self._sizes[1][cols]).astype(np.float64))
        return np.minimum(sums / size, 1.0)

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return the interests that both listed."""
        both = shared_items(*self._lists, row, col)
        return (f"both listed: {', '.join(both)}",) if both else ("no shared interest listed",)


def shared_items(mine: Lists, theirs: Lists, row: int, col: int) -> list[str]:
    """Return what two people both listed, sorted, as the mentee's side writes it."""
    offered = {theirs.labels[code] for code in _codes(theirs, col)}
    return sorted(mine.written[code] for code in _codes(mine, row) if mine.labels[code] in offered)


def _codes(lists: Lists, person: int) -> list[int]:
    codes: list[int] = lists.codes[lists.indptr[person] : lists.indptr[person + 1]].tolist()
    return codes


def named(speakers: Pool, column: str, others: Pool) -> tuple[Index, Index, Index]:
    """Return who names whom: speakers, the people named, and the place in the list.

    References are ids, e-mail addresses or unique names; those that nobody on the other
    side answers to are left out here and are reported among the findings.
    """
    lists: Lists = getattr(speakers, column)
    found = others.locate(lists.written)[lists.codes] if len(lists.codes) else lists.codes
    owner = np.repeat(np.arange(len(speakers)), np.diff(lists.indptr))
    place = np.arange(len(owner)) - np.repeat(lists.indptr[:-1], np.diff(lists.indptr))
    real = found >= 0
    return owner[real], found[real], place[real]


class PreferenceFeature:
    """Stated preferences: 1 for the first person named, falling evenly, 0 for the unnamed.

    With both sides asked, the value is the mean of the sides that named anybody who is
    here: a wish for somebody outside the round says nothing about those in it.
    """

    def __init__(self, of: Says, mentees: Pool, mentors: Pool) -> None:
        shape = len(mentees), len(mentors)
        rows, cols, worth = _ranked(mentees, mentors)
        self._mentee_says = PairList(rows, cols, worth, shape)
        self._mentee_spoke = _mask(rows, shape[0]) & (of != "mentor")
        cols, rows, worth = _ranked(mentors, mentees)
        self._mentor_says = PairList(rows, cols, worth, shape)
        self._mentor_spoke = _mask(cols, shape[1]) & (of != "mentee")
        self._worth = self._together(shape)
        # Asked both, anybody can be known by the other's word.
        self.known_mentees = self._mentee_spoke if of == "mentee" else np.ones(shape[0], bool)
        self.known_mentors = self._mentor_spoke if of == "mentor" else np.ones(shape[1], bool)

    def _together(self, shape: tuple[int, int]) -> PairList:
        """Return the value of every pair in which anybody named the other."""
        sides = self._mentee_says.entries, self._mentor_says.entries
        rows, cols = (np.concatenate([side[at] for side in sides]) for at in (0, 1))
        spoke, heard = self._mentee_spoke[rows], self._mentor_spoke[cols]
        total = np.where(spoke, self._mentee_says.pairs(rows, cols), 0.0)
        total += np.where(heard, self._mentor_says.pairs(rows, cols), 0.0)
        voices = np.maximum(1, spoke.astype(np.int64) + heard)
        return PairList(rows, cols, total / voices / PREFERENCE_SCALE, shape)

    def grid(self, rows: Index, cols: Index) -> Values:
        """Return the values of every row with every column, shape (r, c)."""
        values = self._worth.grid(rows, cols)
        values[np.ix_(~self._mentee_spoke[rows], ~self._mentor_spoke[cols])] = np.nan
        return values

    def layers(self) -> Layers:
        """Return what the values consist of: the pairs in which anybody was named."""
        spoke = self._mentee_spoke, self._mentor_spoke
        rows, cols = self._worth.entries
        told = spoke[0][rows] | spoke[1][cols]
        rows, cols = rows[told], cols[told]
        listed = Listed(rows, cols, self._worth.pairs(rows, cols))
        return Layers(*by_known(*spoke, either=True), listed=listed)

    def pairs(self, rows: Index, cols: Index) -> Values:
        """Return the values of the pairs, shape (k,)."""
        known = self._mentee_spoke[rows] | self._mentor_spoke[cols]
        return np.where(known, self._worth.pairs(rows, cols), np.nan)

    def mentors_own(self) -> tuple[Index, Index, Values]:
        """Return the pairs that mentors see differently, and the values that they give them.

        Both sides spoke, so the value is the mean of the two; a mentor's own is not.
        """
        rows, cols = self._worth.entries
        both = self._mentee_spoke[rows] & self._mentor_spoke[cols]
        rows, cols = rows[both], cols[both]
        return rows, cols, self._mentor_says.pairs(rows, cols) / PREFERENCE_SCALE

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return who named whom."""
        pair = np.array([row]), np.array([col])
        said = []
        if self._mentee_spoke[row]:
            asked = bool(self._mentee_says.pairs(*pair)[0])
            said.append("the mentee asked for this mentor" if asked else "not asked for by mentee")
        if self._mentor_spoke[col]:
            asked = bool(self._mentor_says.pairs(*pair)[0])
            said.append("the mentor asked for this mentee" if asked else "not asked for by mentor")
        return tuple(said)


def _mask(people: Index, count: int) -> Mask:
    return np.bincount(people, minlength=count) > 0


def _ranked(speakers: Pool, others: Pool) -> tuple[Index, Index, Values]:
    """Return who prefers whom and how much, in millionths: (length - place) / length."""
    owner, found, place = named(speakers, "prefers", others)
    length = np.diff(speakers.prefers.indptr)[owner]
    worth = np.rint(PREFERENCE_SCALE * (length - place) / np.maximum(length, 1))
    return owner, found, worth


class PairCheck:
    """A rule that forbids a listed set of pairs."""

    def __init__(self, rows: Index, cols: Index, shape: tuple[int, int], why: str) -> None:
        self._pairs = PairList(rows, cols, np.ones(len(rows)), shape)
        self._why = why

    def layers(self) -> Layers:
        """Return the pairs that are not allowed."""
        return forbidden(*self._pairs.entries, self._pairs.shape)

    def grid(self, rows: Index, cols: Index) -> Mask:
        """Return which pairs are allowed, shape (r, c)."""
        allowed = np.ones((len(rows), len(cols)), dtype=bool)
        mine, theirs, _ = self._pairs.inside(rows, cols)
        allowed[mine, theirs] = False
        return allowed

    def pairs(self, rows: Index, cols: Index) -> Mask:
        """Return which of the pairs are allowed, shape (k,)."""
        allowed: Mask = self._pairs.pairs(rows, cols) == 0
        return allowed

    def reason(self, row: int, col: int) -> str:  # noqa: ARG002
        """Return why, in words."""
        return self._why


def avoiding(mentees: Pool, mentors: Pool) -> PairCheck:
    """Forbid every pair in which either named the other as someone to avoid."""
    rows, cols, _ = named(mentees, "avoids", mentors)
    more_cols, more_rows, _ = named(mentors, "avoids", mentees)
    return PairCheck(
        np.concatenate([rows, more_rows]),
        np.concatenate([cols, more_cols]),
        (len(mentees), len(mentors)),
        "one of them asked not to be matched with the other",
    )


def reporting(mentees: Pool, mentors: Pool) -> PairCheck:
    """Forbid every pair in which one is the other's manager."""
    rows, cols = _managed(mentees, mentors)
    more_cols, more_rows = _managed(mentors, mentees)
    return PairCheck(
        np.concatenate([rows, more_rows]),
        np.concatenate([cols, more_cols]),
        (len(mentees), len(mentors)),
        "one is the other's manager",
    )


def _managed(people: Pool, managers: Pool) -> tuple[Index, Index]:
    if not people.has("manager"):
        nobody = np.zeros(0, dtype=np.int64)
        return nobody, nobody
    found = managers.locate(people.text("manager").tolist())
    (rows,) = np.nonzero(found >= 0)
    return rows, found[rows]


def same_person(mentees: Pool, mentors: Pool) -> PairCheck:
    """Forbid every pair of one person on both sides: the same id or e-mail address."""
    known: dict[str, set[int]] = {}
    for col, names in enumerate(_own_names(mentors)):
        for name in names:
            known.setdefault(name, set()).add(col)
    pairs = [
        (row, col)
        for row, names in enumerate(_own_names(mentees))
        for col in sorted(set().union(*(known.get(name, ()) for name in names)))
    ]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    shape = len(mentees), len(mentors)
    return PairCheck(found[:, 0], found[:, 1], shape, "both are the same person")


def _own_names(pool: Pool) -> list[set[str]]:
    """Return what tells each person from others: the id, and the e-mail address if given.

    Ids count letter by letter, addresses without case; an address may serve as the id.
    """
    emails = pool.text("email").tolist() if pool.has("email") else [""] * len(pool)
    return [
        {who} | {address.casefold() for address in (who, email) if "@" in address}
        for who, email in zip(pool.ids.tolist(), emails, strict=True)
    ]


class LanguageCheck:
    """Allow pairs with a language in common; who listed none breaks nothing."""

    def __init__(self, mentees: Pool, mentors: Pool) -> None:
        self._lists = mentees.languages, mentors.languages
        labels, maps = vocabulary(*self._lists)
        width = max(1, len(labels))
        mine, theirs = (
            membership(lists, codes, width) for lists, codes in zip(self._lists, maps, strict=True)
        )
        self._product = PatternProduct(mine, theirs)
        self._spoke = tuple(any_of(lists) for lists in self._lists)

    def _allowed(self, shared: Values, rows: Index, cols: Index) -> Mask:
        allowed: Mask = (shared > 0) | ~(self._spoke[0][rows] & self._spoke[1][cols])
        return allowed

    def layers(self) -> Layers | None:
        """Return what each set of languages allows."""
        return of_kinds(self, self._product.kinds, len(self._spoke[1]))

    def grid(self, rows: Index, cols: Index) -> Mask:
        """Return which pairs are allowed, shape (r, c)."""
        return self._allowed(self._product.grid(rows, cols), rows[:, None], cols[None, :])

    def pairs(self, rows: Index, cols: Index) -> Mask:
        """Return which of the pairs are allowed, shape (k,)."""
        return self._allowed(self._product.pairs(rows, cols), rows, cols)

    def reason(self, row: int, col: int) -> str:
        """Return both sides' languages."""
        mine, theirs = self._lists
        return (
            f"mentee speaks {', '.join(mine.of(row)) or 'nothing stated'}, "
            f"mentor speaks {', '.join(theirs.of(col)) or 'nothing stated'}"
        )


class ZoneCheck:
    """Allow pairs whose clocks differ by at most some hours on the round's first day."""

    def __init__(self, hours: float, mentees: Pool, mentors: Pool, context: Context) -> None:
        self._pools = mentees, mentors
        zones = sorted({str(zone) for pool in self._pools for zone in pool.zone} - {""})
        if len(zones) > 1 and context.start is None:
            raise ProgramError(
                f"MaxTimezoneGap compares {len(zones)} time zones, and summer time moves them: "
                "name the round's first day, Program(start=date(2027, 1, 11)) "
                "or --start 2027-01-11"
            )
        # With a single zone every difference is 0, whatever the date.
        start = context.start if len(zones) > 1 else None
        offsets = {zone: utc_offset(zone, start) for zone in zones} if start else {}
        self._minutes = tuple(
            np.array([offsets.get(str(zone), 0) for zone in pool.zone], dtype=np.int64)
            for pool in self._pools
        )
        self._given = tuple(np.asarray(pool.zone != "", dtype=bool) for pool in self._pools)
        self._most = round(hours * HOUR)

    def _allowed(self, rows: Index, cols: Index) -> Mask:
        apart = np.abs(self._minutes[0][rows] - self._minutes[1][cols])
        near = np.minimum(apart, DAY - apart) <= self._most
        allowed: Mask = near | ~(self._given[0][rows] & self._given[1][cols])
        return allowed

    def layers(self) -> Layers | None:
        """Return what each zone allows."""
        _, kinds = np.unique(np.where(self._given[0], self._minutes[0], -1), return_inverse=True)
        return of_kinds(self, kinds.reshape(-1), len(self._given[1]))

    def grid(self, rows: Index, cols: Index) -> Mask:
        """Return which pairs are allowed, shape (r, c)."""
        return self._allowed(rows[:, None], cols[None, :])

    def pairs(self, rows: Index, cols: Index) -> Mask:
        """Return which of the pairs are allowed, shape (k,)."""
        return self._allowed(rows, cols)

    def reason(self, row: int, col: int) -> str:
        """Return both sides' zones."""
        mentees, mentors = self._pools
        return f"mentee's zone is {mentees.zone[row]}, mentor's zone is {mentors.zone[col]}"
