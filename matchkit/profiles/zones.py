"""Time zones: names made canonical, and offsets from UTC."""

from __future__ import annotations

import csv
import re
import zoneinfo
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib import resources

from matchkit.errors import ProgramError, nearest

_OFFSET = re.compile(
    r"(?:utc|gmt)?\s*([+\-\u2212\u2013])\s*(\d{1,2})(?:[:.]?([0-5]\d))?", re.IGNORECASE
)
_UNIVERSAL = frozenset({"utc", "gmt", "z", "zulu", "ut", "utc+0", "utc0"})
_FARTHEST_WEST, _FARTHEST_EAST = -12 * 60, 14 * 60
_CONTINENTS = frozenset({"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia",
                         "Europe", "Indian", "Pacific"})  # fmt: skip
_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})


def _key(text: str) -> str:
    return text.strip().replace(" ", "_").casefold()


@cache
def _zone_names() -> dict[str, str]:
    """Return every IANA name by its casefolded form."""
    # The list that tzdata ships costs one file; zoneinfo.available_timezones() opens hundreds.
    try:
        listed = resources.files("tzdata").joinpath("zones").read_text("utf-8").split("\n")
    except (ModuleNotFoundError, FileNotFoundError):
        listed = sorted(zoneinfo.available_timezones())
    return {_key(name): name for name in listed if name and name not in _NOT_PLACES}


def _offset_name(minutes: int) -> str:
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours:02d}:{rest:02d}"


def _offset_minutes(text: str) -> int | None:
    """Return the offset that a text such as ``UTC+5:30`` states, None where it states none."""
    found = _OFFSET.fullmatch(text.strip())
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    total = int(hours) * 60 + int(minutes or 0)
    total = total if sign == "+" else -total
    return total if _FARTHEST_WEST <= total <= _FARTHEST_EAST else None


def canonical_zone(text: str) -> str | None:
    """Return the canonical name of a time zone, or None where there is no such zone.

    Parameters
    ----------
    text : str
        An IANA name in any case, an offset such as ``UTC+5:30``, ``GMT-3`` or ``+0530``, or
        a city: one that names a zone, or is in ``data/places.csv``.

    Returns
    -------
    str or None
        The IANA name as the database spells it, or ``UTC+05:30``.

    Examples
    --------
    >>> canonical_zone("europe/oslo"), canonical_zone("gmt+5:30"), canonical_zone("Mars")
    ('Europe/Oslo', 'UTC+05:30', None)
    >>> canonical_zone("Oslo"), canonical_zone("(UTC+01:00) Amsterdam, Berlin, Rome")
    ('Europe/Oslo', 'Europe/Amsterdam')
    """
    key = _key(text)
    if key in _UNIVERSAL:
        return "UTC"
    minutes = _offset_minutes(text)
    if minutes is not None:
        return _offset_name(minutes)
    return _zone_names().get(key) or _place_zone(text)


def is_place(text: str) -> bool:
    """Return whether a text names a zone by a place, not by the zone's own name or an offset.

    Examples
    --------
    >>> is_place("Oslo"), is_place("Europe/Oslo"), is_place("UTC+2")
    (True, False, False)
    """
    key = _key(text)
    return key not in _UNIVERSAL and key not in _zone_names() and _offset_minutes(text) is None


def _place_zone(text: str) -> str | None:
    """Return the zone of a city or region, or of an entry as drop-down lists write them.

    Such entries are ``(UTC+01:00) Oslo, Stockholm``, ``Europe/Oslo (CET)`` or ``Oslo, Norway``.
    """
    bare = re.sub(r"\s*\([^)]*\)\s*", " ", text).strip()
    names = _zone_names()
    for part in (bare, *bare.split(",")):
        if (key := _key(part)) and (zone := names.get(key) or _places().get(key)):
            return zone
    offset = re.match(r"\s*\(([^)]*)\)", text)
    minutes = _offset_minutes(offset.group(1)) if offset else None
    return None if minutes is None else _offset_name(minutes)


@cache
def _places() -> dict[str, str]:
    """Return the zone of each city that is in the name of one zone only, and of some others."""
    found: dict[str, set[str]] = {}
    for name in _zone_names().values():
        region, _, city = name.rpartition("/")
        if region.partition("/")[0] in _CONTINENTS:
            found.setdefault(_key(city), set()).add(name)
    single = {city: zones.pop() for city, zones in found.items() if len(zones) == 1}
    text = resources.files("matchkit.profiles").joinpath("data/places.csv").read_text("utf-8")
    return single | {_key(row["place"]): row["zone"] for row in csv.DictReader(text.splitlines())}


def nearest_zones(text: str) -> str:
    """Say which zones come closest to an unknown one, by whole name or by city.

    Examples
    --------
    >>> nearest_zones("Copenhagn")
    "; did you mean 'Europe/Copenhagen'?"
    """
    names = _zone_names()
    key = _key(text)
    cities = sorted(name for name in names.values() if _key(name).rsplit("/", 1)[-1] == key)
    if cities:
        return f"; did you mean {' or '.join(repr(name) for name in cities[:3])}?"
    by_city = {name.rsplit("/", 1)[-1]: name for name in sorted(names)}
    hint = nearest(key, [*names, *by_city])
    near = [names[by_city.get(quoted, quoted)] for quoted in re.findall(r"'([^']*)'", hint)]
    return f"; did you mean {' or '.join(map(repr, dict.fromkeys(near)))}?" if near else ""


@cache
def zone_info(zone: str) -> tzinfo:
    """Return the `tzinfo` of a canonical zone name.

    Parameters
    ----------
    zone : str
        A name that `canonical_zone` returned.

    Raises
    ------
    ProgramError
        There is no such zone.

    Examples
    --------
    >>> zone_info("UTC+05:30").utcoffset(None)
    datetime.timedelta(seconds=19800)
    """
    minutes = 0 if zone == "UTC" else _offset_minutes(zone)
    if minutes is not None:
        return timezone(timedelta(minutes=minutes), zone)
    name = _zone_names().get(_key(zone))
    if name is None:
        message = f"there is no time zone {zone!r}{nearest_zones(zone)}"
        raise ProgramError(message)
    return zoneinfo.ZoneInfo(name)


def utc_offset(zone: str, on: date) -> int:
    """Return how many minutes a zone is ahead of UTC at noon of a day.

    Parameters
    ----------
    zone : str
        A canonical zone name.
    on : date
        The day, in that zone.

    Returns
    -------
    int
        Minutes east of UTC, rounded down where history had seconds.

    Raises
    ------
    ProgramError
        There is no such zone.

    Examples
    --------
    >>> utc_offset("Europe/Oslo", date(2027, 1, 11)), utc_offset("Europe/Oslo", date(2027, 7, 5))
    (60, 120)
    """
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=zone_info(zone))
    return (noon.utcoffset() or timedelta(0)) // timedelta(minutes=1)
