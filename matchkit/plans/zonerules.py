"""VTIMEZONE: what a zone's clock does during a plan, for calendars that do not know the zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from matchkit.plans.clocks import Clock
from matchkit.profiles.zones import zone_info

if TYPE_CHECKING:
    from icalendar import Timezone

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def zone_name(clock: Clock) -> str:
    """Return the name of a zone in calendars: without the colon of ``UTC+05:30``.

    A colon would have to be quoted, and not every program reads that.
    """
    return clock.zone.replace(":", "")


def zone_rules(clock: Clock) -> Timezone:
    """Return the rules of a zone for the stretch of time that a clock covers.

    Parameters
    ----------
    clock : Clock
        Of a named zone.

    Returns
    -------
    icalendar.Timezone
        One observance for each stretch (RFC 5545, section 3.6.5). Each begins at DTSTART on a
        clock that still shows TZOFFSETFROM.
    """
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    info = zone_info(clock.zone)
    rules = Timezone()
    rules.add("tzid", zone_name(clock))
    offsets = [timedelta(minutes=each) for each in clock.offsets.tolist()]
    moments = [clock.begin, *clock.starts[1:].tolist()]
    for i, moment in enumerate(moments):
        before = offsets[max(0, i - 1)]
        utc = _EPOCH + timedelta(minutes=moment)
        here = utc.astimezone(info)
        observance = TimezoneDaylight() if here.dst() else TimezoneStandard()
        onset = (utc + before).replace(tzinfo=None)
        observance.add("dtstart", onset)
        # Says the same again: some programs read the onset only from a list or a rule.
        observance.add("rdate", onset)
        observance.add("tzoffsetfrom", before)
        observance.add("tzoffsetto", offsets[i])
        observance.add("tzname", here.tzname() or zone_name(clock))
        rules.add_component(observance)
    return rules
