"""Whom a seeker may be sent to: rules, filters and free hours, asked for a few people at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchkit.buddies.pools import few
from matchkit.buddies.times import Window, free_at
from matchkit.errors import ProgramError
from matchkit.profiles import Lists, Pool, clean_skill, zone_info
from matchkit.profiles.skills import fold
from matchkit.scoring.base import Context

if TYPE_CHECKING:
    from matchkit.program import Program
    from matchkit.scoring.base import Rule

Filters = Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Gate:
    """What everybody who is found must pass.

    Attributes
    ----------
    seeker : Pool or None
        The one who asks.
    rules : tuple of Rule
        What the seeker and the other must meet.
    forbidden : frozenset of str
        Ids that the program forbids the seeker.
    filters : mapping of str to frozenset of str
        Column -> the values allowed, as they are compared.
    window : (datetime, datetime) or None
        When they must be free for half an hour.
    start : date
        The day on which time zones are compared.
    turned_away : Counter
        How many each condition turned away so far.
    """

    seeker: Pool | None
    rules: tuple[Rule, ...]
    forbidden: frozenset[str]
    filters: Mapping[str, frozenset[str]]
    window: Window | None
    start: date
    turned_away: Counter[str] = field(default_factory=Counter)

    def passing(self, people: Pool, at: NDArray[np.int64]) -> list[tuple[int, datetime | None]]:
        """Return who passes, by place in `at`, and when each is free first."""
        some = few(people, at)
        allowed = np.ones(len(at), dtype=bool)
        for name, mask in self._masks(some):
            self.turned_away[name] += int((allowed & ~mask).sum())
            allowed &= mask
        if self.window is None:
            return [(i, None) for i in np.flatnonzero(allowed).tolist()]
        found: list[tuple[int, datetime | None]] = []
        for i in np.flatnonzero(allowed).tolist():
            moment = self._free(some, i, self.window)
            if moment is None:
                self.turned_away["not free then"] += 1
            else:
                found.append((i, moment))
        return found

    def _masks(self, people: Pool) -> list[tuple[str, NDArray[np.bool_]]]:
        """Return who meets each condition."""
        masks = [
            (f"filter on {column}", _in(people, column, values))
            for column, values in self.filters.items()
        ]
        if self.seeker is None:
            return masks
        everybody, alone = np.arange(len(people)), np.zeros(1, dtype=np.int64)
        for rule in self.rules:
            if not rule.missing(self.seeker, people):
                check = rule.bind(self.seeker, people, Context(self.start))
                masks.append((rule.name, check.grid(alone, everybody)[0]))
        if self.forbidden:
            named = [who not in self.forbidden for who in people.ids.tolist()]
            masks.append(("Forbidden", np.array(named)))
        return masks

    def _free(self, people: Pool, i: int, window: Window) -> datetime | None:
        hours = people.hours
        span = slice(hours.indptr[i], hours.indptr[i + 1])
        windows = list(zip(hours.start[span].tolist(), hours.end[span].tolist(), strict=True))
        return free_at(windows, self._zone(str(people.zone[i])), window)

    def _zone(self, name: str) -> tzinfo:
        """Return somebody's zone; hours without one are read by the seeker's clock."""
        own = "" if self.seeker is None else str(self.seeker.zone[0])
        return zone_info(name or own) if name or own else UTC


def _in(people: Pool, column: str, values: frozenset[str]) -> NDArray[np.bool_]:
    """Return who has one of the values, or lists one."""
    lists = getattr(people, column, None)
    if isinstance(lists, Lists):
        good = np.array([label in values for label in lists.labels], dtype=bool)
        owner = np.repeat(np.arange(len(people)), lists.lengths)
        return np.bincount(owner[good[lists.codes]], minlength=len(people)) > 0
    try:
        cells = people.text(column).tolist()
    except ProgramError:  # people who came later may lack a column that others have
        cells = [""] * len(people)
    return np.array([fold(cell) in values for cell in cells], dtype=bool)


def checked_filters(filters: Filters | None, pools: Sequence[Pool]) -> dict[str, frozenset[str]]:
    """Return filters with their values as cells are compared.

    Raises
    ------
    ProgramError
        A column that nobody has; the nearest are named.
    """
    checked = {}
    for column, wanted in (filters or {}).items():
        listed = pools and isinstance(getattr(pools[0], column, None), Lists)
        if not listed:
            _check_column(column, pools)
        many = isinstance(wanted, Collection) and not isinstance(wanted, str | bytes)
        values: list[Any] = list(wanted) if many else [wanted]  # type: ignore[call-overload]
        form = clean_skill if listed else fold
        checked[column] = frozenset(form(str(value)) for value in values)
    return checked


def _check_column(column: str, pools: Sequence[Pool]) -> None:
    """Raise unless somebody's pool has the column."""
    fault = None
    for pool in pools:
        try:
            pool.text(column)
        except ProgramError as error:
            fault = fault or error
        else:
            return
    if fault is not None:
        raise fault


def rules_of(program: Program | None) -> tuple[Rule, ...]:
    """Return what seeker and buddy must meet; nobody is ever sent to themselves."""
    from matchkit.scoring import Avoid, NotSelf, SharedLanguage

    given = (Avoid(), SharedLanguage()) if program is None else program.rules
    return (NotSelf(), *(rule for rule in given if not isinstance(rule, NotSelf)))
