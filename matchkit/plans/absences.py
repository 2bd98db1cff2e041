"""When people cannot meet in any case: absences, appointments and holidays."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np

from matchkit.errors import ProgramError, UnknownPersonError, nearest
from matchkit.plans.cast import Cast
from matchkit.plans.clocks import DAY, Clock, midnight
from matchkit.plans.spans import Spans
from matchkit.profiles.skills import fold

Period: TypeAlias = "date | tuple[date, date]"
Busy: TypeAlias = "Mapping[str, Iterable[Period]]"
Holidays: TypeAlias = "str | Iterable[date | str] | Mapping[str, str | Iterable[date | str]]"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, eq=False)
class Absences:
    """What keeps each seat from meeting.

    Attributes
    ----------
    spans : Spans (seats)
        All of it in UTC.
    holidays, away : tuple of frozenset of date (seats,)
        Days in each one's own zone: holidays, and whole days of absence.
    """

    spans: Spans
    holidays: tuple[frozenset[date], ...]
    away: tuple[frozenset[date], ...]


def absences(
    cast: Cast,
    clocks: tuple[Clock, ...],
    *,
    busy: Busy | None,
    holidays: Holidays | None,
    span: tuple[date, date],
) -> Absences:
    """Work out who cannot meet when.

    Parameters
    ----------
    cast : Cast
        The seats.
    clocks : tuple of Clock (seats,)
        The clock on each one's wall.
    busy, holidays
        As for :func:`matchkit.schedule`.
    span : (date, date)
        First and last day that matter.

    Raises
    ------
    ProgramError
        Something cannot be read; an id is unknown (`UnknownPersonError`).
    """
    free_days = _holidays(cast, holidays, span)
    periods = _periods(cast, busy or {})
    away: list[frozenset[date]] = []
    owner: list[int] = []
    begin: list[int] = []
    end: list[int] = []
    for seat, clock in enumerate(clocks):
        mine = periods.get(int(cast.person[seat]), [])
        days = frozenset(day for period in mine for day in _whole_days(period, span))
        away.append(days)
        if not mine and not free_days[seat]:
            continue
        walls = [(midnight(day), midnight(day) + DAY) for day in sorted(days | free_days[seat])]
        walls += [_wall(each) for each in mine if _is_local(each)]
        first, last = np.array(walls, dtype=np.int64).reshape(-1, 2).T
        _, starts, stops = clock.spans(first, last)
        begin += [*starts.tolist(), *(_utc(each)[0] for each in mine if _is_aware(each))]
        end += [*stops.tolist(), *(_utc(each)[1] for each in mine if _is_aware(each))]
        owner += [seat] * (len(begin) - len(owner))
    arrays = (np.array(each, dtype=np.int64) for each in (owner, begin, end))
    spans = Spans.merged(*arrays, people=len(clocks))
    return Absences(_for_both_roles(cast, spans), tuple(free_days), tuple(away))


def _for_both_roles(cast: Cast, spans: Spans) -> Spans:
    """Give each seat what keeps the same person's other seat from meeting."""
    owner = np.repeat(np.arange(len(spans)), np.diff(spans.indptr))
    owners, begin, end = [owner], [spans.begin], [spans.end]
    for seat in np.flatnonzero(cast.person != np.arange(len(cast.person))).tolist():
        other = int(cast.person[seat])
        for source, goal in ((seat, other), (other, seat)):
            first, last = spans.of(source)
            owners.append(np.full(len(first), goal))
            begin.append(first)
            end.append(last)
    return Spans.merged(
        np.concatenate(owners), np.concatenate(begin), np.concatenate(end), people=len(spans)
    )


# Absences -------------------------------------------------------------------------------------

_Pair: TypeAlias = "tuple[date, date]"


def _periods(cast: Cast, busy: Busy) -> dict[int, list[_Pair]]:
    """Return the periods of each person, checked."""
    unknown = [name for name in busy if name not in cast.seats_of]
    if unknown:
        known = list(cast.seats_of)
        hints = "; ".join(f"{each!r}{nearest(str(each), known)}" for each in unknown)
        raise UnknownPersonError(f"busy: nobody in the plan has the id {hints}")
    found: dict[int, list[_Pair]] = {}
    for name, periods in busy.items():
        checked = [check_period(each, f"busy[{name!r}]") for each in periods]
        for person in {int(cast.person[seat]) for seat in cast.seats_of[name]}:
            found.setdefault(person, []).extend(checked)
    return found


def check_period(period: object, name: str) -> _Pair:
    """Return a period as two days or two moments, the second not before the first.

    Raises
    ------
    ProgramError
        It is neither a day, nor two days, nor two moments; or it ends before it begins.
    """
    pair = period if isinstance(period, tuple) else (period, period)
    if len(pair) != 2 or not all(isinstance(each, date) for each in pair):
        raise ProgramError(
            f"{name}: {period!r} is not a period; give a date, two dates (both included), "
            "or two datetimes"
        )
    first, last = pair
    aware = [isinstance(each, datetime) and each.tzinfo is not None for each in pair]
    if isinstance(first, datetime) != isinstance(last, datetime) or aware[0] != aware[1]:
        raise ProgramError(f"{name}: {period!r} mixes dates and times, or zones and none")
    if last < first:
        raise ProgramError(f"{name}: {period!r} ends before it begins")
    return first, last


def _is_aware(period: _Pair) -> bool:
    return isinstance(period[0], datetime) and period[0].tzinfo is not None


def _is_local(period: _Pair) -> bool:
    return isinstance(period[0], datetime) and period[0].tzinfo is None


def _whole_days(period: _Pair, span: tuple[date, date]) -> list[date]:
    if isinstance(period[0], datetime):
        return []
    first, last = max(period[0], span[0]), min(period[1], span[1])
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def _wall(period: _Pair) -> tuple[int, int]:
    first, last = (each.replace(tzinfo=UTC) for each in period if isinstance(each, datetime))
    return (first - _EPOCH) // _MINUTE, -((_EPOCH - last) // _MINUTE)


def _utc(period: _Pair) -> tuple[int, int]:
    first, last = (each for each in period if isinstance(each, datetime))
    return (first - _EPOCH) // _MINUTE, -((_EPOCH - last) // _MINUTE)


# Holidays -------------------------------------------------------------------------------------


def _holidays(cast: Cast, given: Holidays | None, span: tuple[date, date]) -> list[frozenset[date]]:
    """Return the holidays of each seat."""
    if given is None:
        return [frozenset()] * len(cast.ids)
    if not isinstance(given, Mapping):
        return [_days(given, span)] * len(cast.ids)
    by_place = {fold(place): _days(days, span) for place, days in given.items()}
    places = [fold(text) for text in cast.locations.tolist()]
    unknown = sorted(set(by_place) - {fold(text) for text in cast.locations.tolist()})
    if unknown and len(unknown) == len(by_place):
        known = sorted(set(places) - {""})
        raise ProgramError(
            f"holidays: nobody in the plan has the location {unknown[0]!r}"
            f"{nearest(unknown[0], known)}; give a list of dates for everybody, "
            "or name values of the column 'location'"
        )
    return [by_place.get(place, frozenset()) for place in places]


def _days(given: Any, span: tuple[date, date]) -> frozenset[date]:
    entries = [given] if isinstance(given, str | date) else list(given)
    found: set[date] = set()
    for entry in entries:
        if isinstance(entry, datetime):
            found.add(entry.date())
        elif isinstance(entry, date):
            found.add(entry)
        elif isinstance(entry, str) and entry[:1].isdigit():
            found.add(_iso(entry))
        elif isinstance(entry, str):
            found |= _of_country(entry, span)
        else:
            raise ProgramError(
                f"holidays: {entry!r} is neither a date nor a country code such as 'NO'"
            )
    return frozenset(day for day in found if span[0] <= day <= span[1])


def _iso(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ProgramError(f"holidays: {text!r} is not a date; write it as '2027-05-17'") from error


def _of_country(code: str, span: tuple[date, date]) -> set[date]:
    """Return the public holidays of a country such as ``NO`` or a part of it, ``DE-BY``."""
    try:
        calendar: Any = importlib.import_module("holidays")
    except ImportError as error:
        raise ProgramError(
            f"holidays == {code!r}: countries need the package 'holidays'; "
            "pip install 'matchkit[holidays]', or give a list of dates"
        ) from error
    country, _, part = code.upper().partition("-")
    years = range(span[0].year, span[1].year + 1)
    try:
        return set(calendar.country_holidays(country, subdiv=part or None, years=years))
    except (NotImplementedError, KeyError) as error:
        known = [*calendar.list_supported_countries()]
        raise ProgramError(
            f"holidays: there is no calendar for {code!r}{nearest(country, known)}; use an "
            "ISO 3166 code such as 'NO' or 'DE-BY', or give a list of dates"
        ) from error
