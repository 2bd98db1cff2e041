"""Weekly hours in the words of people: ``Mon 9-11``, ``weekdays after 16:00``, ``2-4 pm Tue``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

DAY: Final = 24 * 60
WEEK: Final = 7 * DAY

EARLIEST: Final = 7 * 60
"""Minute of the day from which ``before 10`` and ``all day`` count."""

LATEST: Final = 21 * 60
"""Minute of the day up to which ``after 16`` and ``all day`` count."""

PARTS_OF_DAY: Final = {
    "morning": (8 * 60, 12 * 60),
    "lunch": (12 * 60, 13 * 60),
    "lunchtime": (12 * 60, 13 * 60),
    "afternoon": (13 * 60, 17 * 60),
    "evening": (17 * 60, LATEST),
}
"""What the parts of a day count as."""

# A window that runs over midnight for longer than this is taken for a slip ("Mon 9-5").
_LONGEST_NIGHT: Final = 12 * 60
_FULL_DAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_DAY_NUMBERS: Final = {
    name[:length]: number
    for number, name in enumerate(_FULL_DAYS)
    for length in range(2, len(name) + 1)
}
_DAY_GROUPS: Final = {
    "weekday": (0, 1, 2, 3, 4),
    "workday": (0, 1, 2, 3, 4),
    "weekend": (5, 6),
    "daily": tuple(range(7)),
    "everyday": tuple(range(7)),
}
_DASHES: Final = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
_PLAIN: Final = re.compile(
    r"([a-z]+)\.?(?:\s*-\s*([a-z]+)\.?)?,?\s+(\d{1,2})(?:[:.](\d\d))?\s*(?:-|to)"
    r"\s*(\d{1,2})(?:[:.](\d\d))?"
)
_TOKEN: Final = re.compile(
    r"(?P<time>\d{1,2}[:.h]\d\d|\d{4}(?!\d)|\d{1,2}h?(?![\d:.]\d))"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?|\s*(?:uhr|hrs?|hours?|o'clock)\b)?"
    r"|(?P<word>[a-z]+)\.?|(?P<sign>[-,/&+:()]|\s)"
)
_JOINING: Final = frozenset({"and", "or", "on", "at", "the", "in", "every", "each", "usually",
                             "only", "s"})  # fmt: skip
_TO: Final = frozenset({"-", "to", "until", "till", "through", "and"})
_AFTER: Final = frozenset({"after", "from", "since", "between"})
_BEFORE: Final = frozenset({"before", "until", "till", "by"})
_ONWARDS: Final = frozenset({"onwards", "onward", "on", "later", "+"})
_VAGUE: Final = re.compile(
    r"\b(?:after|from|since|before|until|till|by|onwards?|later|all|any|mornings?|lunch\w*|"
    r"afternoons?|evenings?)\b|\+"
)

Piece = tuple[int, int]


def is_vague(text: str) -> bool:
    """Return whether somebody's hours name fewer times than a window has.

    Examples
    --------
    >>> is_vague("weekdays after 16:00"), is_vague("Mon 9-11")
    (True, False)
    """
    return _VAGUE.search(text.casefold()) is not None


def parse_clause(text: str) -> list[Piece]:
    """Read days and the times that go with them.

    Parameters
    ----------
    text : str
        Such as ``Mon-Wed, Fri 9-11 and 14-16``: some days, then their times, or times and
        then their days; once or several times.

    Returns
    -------
    list of (int, int)
        Start and end in minutes from Monday 00:00; what runs over the end of the week is
        split.

    Raises
    ------
    ValueError
        The text is no such thing: the message says what is wrong.

    Examples
    --------
    >>> parse_clause("weekends after 16:00")
    [(8160, 8460), (9600, 9900)]
    >>> parse_clause("2-4 pm Tue & Thu")
    [(2280, 2400), (5160, 5280)]
    """
    plain = text.translate(_DASHES).strip().casefold()
    found = _PLAIN.fullmatch(plain)
    if found is not None and {found.group(1), found.group(2) or "mon"} <= _DAY_NUMBERS.keys():
        first, last, *clock = found.groups()
        times = _window((_minute(clock[0], clock[1]), _minute(clock[2], clock[3])), text)
        return list(_pieces(_days(first, last or first), [times]))
    days: list[int] = []
    times_: list[Piece] = []
    pieces: list[Piece] = []
    kinds: list[str] = []
    for kind, value in _Words(plain, text).items():
        if len(kinds) > 1 and kind != kinds[-1] and kind == kinds[0]:
            pieces += _pieces(days, times_)  # days and times are complete: the next pair begins
            days, times_, kinds = [], [], []
        kinds.append(kind)
        if kind == "days":
            days += [day for day in value if day not in days]
        else:
            times_.append((value[0], value[1]))
    if not days or not times_:
        message = f"{text.strip()!r} is not a weekly window"
        raise ValueError(message)
    return [*pieces, *_pieces(days, times_)]


def _pieces(days: Sequence[int], times: Sequence[Piece]) -> Iterator[Piece]:
    for day in days:
        for start, end in times:
            yield from _split(day * DAY + start, day * DAY + end)


def _split(start: int, end: int) -> list[Piece]:
    """Split a window over the end of the week."""
    if end <= WEEK:
        return [(start, end)]
    return [(start, WEEK), (0, end - WEEK)]


def _days(first: str, last: str) -> list[int]:
    day, final = _DAY_NUMBERS[first], _DAY_NUMBERS[last]
    return [(day + step) % 7 for step in range((final - day) % 7 + 1)]


def _minute(hour: str, minute: str | None) -> int:
    total = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or total > DAY:
        message = f"there is no time {hour}:{minute or '00'}"
        raise ValueError(message)
    return total


def _window(times: Piece, text: str) -> Piece:
    """Return a window of one day, which may run over midnight."""
    start, end = times[0], times[1] or DAY
    if end <= start:
        end += DAY
        if start == DAY or not 0 < end - start <= _LONGEST_NIGHT:
            message = f"{text.strip()!r} ends before it starts"
            raise ValueError(message)
    return start, end


class _Words:
    """The words of a clause, read from left to right."""

    def __init__(self, plain: str, text: str) -> None:
        self.text = text
        self.tokens: list[re.Match[str]] = []
        at = 0
        while at < len(plain):
            token = _TOKEN.match(plain, at)
            if token is None:
                raise self.senseless()
            at = token.end()
            if token["time"] or token["word"] or (token["sign"] or "").strip():
                self.tokens.append(token)
        self.at = 0

    def senseless(self) -> ValueError:
        return ValueError(f"{self.text.strip()!r} is not a weekly window")

    def items(self) -> Iterator[tuple[str, Sequence[int]]]:
        """Yield sets of days and windows of a day, in the order written."""
        while self.at < len(self.tokens):
            if self._word() in _JOINING or self._sign():
                self.at += 1
            elif (days := self._days()) is not None:
                yield "days", days
            elif (window := self._window()) is not None:
                yield "times", window
            else:
                raise self._unknown()

    def _unknown(self) -> ValueError:
        word = self._word()
        if word and any(token["time"] for token in self.tokens):
            return ValueError(f"there is no weekday {word!r}")
        return self.senseless()

    def _word(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return (self.tokens[at]["word"] or "") if at < len(self.tokens) else ""

    def _sign(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return (self.tokens[at]["sign"] or "") if at < len(self.tokens) else ""

    def _is_time(self, ahead: int = 0) -> bool:
        at = self.at + ahead
        return at < len(self.tokens) and self.tokens[at]["time"] is not None

    def _days(self) -> Sequence[int] | None:
        """Read one day, a range of days, or a word for several."""
        word = self._word()
        single = _singular(word)
        if word == "day" and self.at and self.tokens[self.at - 1]["word"] in {"every", "each"}:
            self.at += 1
            return range(7)
        if single in _DAY_GROUPS:
            self.at += 1
            return _DAY_GROUPS[single]
        if single not in _DAY_NUMBERS:
            return None
        self.at += 1
        last = _singular(self._word(1))
        joined = self._sign() == "-" or self._word() in {"to", "through"}
        if joined and last in _DAY_NUMBERS:
            self.at += 2
            return _days(single, last)
        return [_DAY_NUMBERS[single]]

    def _window(self) -> Piece | None:
        """Read the times of a day."""
        word = self._word()
        if word.removesuffix("s") in PARTS_OF_DAY:
            self.at += 1
            return PARTS_OF_DAY[word.removesuffix("s")]
        if word in {"all", "any", "anytime"} and (word == "anytime" or self._word(1) in
                                                  {"day", "time"}):  # fmt: skip
            self.at += 1 if word == "anytime" else 2
            return EARLIEST, LATEST
        if word in _AFTER and self._is_time(1):
            self.at += 1
            return self._from()
        if word in _BEFORE and self._is_time(1):
            self.at += 1
            end, _ = self._time()
            return (EARLIEST if end > EARLIEST else 0), end
        return self._from(bare=True) if self._is_time() else None

    def _from(self, *, bare: bool = False) -> Piece:
        """Read a time and the one that follows it, or none."""
        start, half = self._time()
        if (self._sign() in _TO or self._word() in _TO) and self._is_time(1):
            self.at += 1
            end, other = self._time()
            return _window(_in_halves((start, half), (end, other)), self.text)
        onwards = self._word() in _ONWARDS or self._sign() == "+"
        if onwards:
            self.at += 1
        elif bare:
            raise self.senseless()
        return start, LATEST if start < LATEST else DAY

    def _time(self) -> tuple[int, str]:
        """Read one time; 12-hour times come with their half of the day."""
        token = self.tokens[self.at]
        self.at += 1
        digits = token["time"].removesuffix("h")
        hour, _, minute = re.sub("[.h]", ":", digits).partition(":")
        if len(hour) == 4:
            hour, minute = hour[:2], hour[2:]
        half = token["half"] or ""
        at = _minute(hour, minute or None)
        if half and not 60 <= at < 13 * 60:
            message = f"there is no time {digits} {half}m"
            raise ValueError(message)
        return (at % (12 * 60) + 12 * 60 * (half == "p") if half else at), half


def _singular(word: str) -> str:
    """Return a day as it is listed; some of its short forms end in s by themselves."""
    return word if word in _DAY_NUMBERS else word.removesuffix("s")


def _in_halves(start: tuple[int, str], end: tuple[int, str]) -> Piece:
    """Let a time without am or pm take what the other one of its window says."""
    (first, half), (last, other) = start, end
    noon = 12 * 60
    if other and not half and first <= noon:
        in_same = first % noon + noon * (other == "p")
        first = in_same if in_same < last else first
    elif half and not other and last <= first < last + noon <= DAY:
        last += noon
    return first, last
