"""Numbers as people write them."""

from __future__ import annotations

import math
import re
from typing import Final

NUMBER_MEND: Final = "write a number such as 7 or 7.5"
COUNT_MEND: Final = "write a whole number: 0, 1, 2 ..."
LARGEST_COUNT: Final = 1_000_000_000

_EXACT: Final = 2.0**53
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_DASHES: Final = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
_WORDS: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)
_AS_DIGITS: Final = {word: str(number) for number, word in enumerate(_WORDS)} | {
    "none": "0", "zero": "0",
}  # fmt: skip
_YEARS: Final = re.compile(r"\s*(?:years?|yrs?\.?|y)(?:\s+(?:of\s+)?(?:work\s+)?experience)?")
_MONTHS: Final = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)\s*months?")
_RANGE: Final = re.compile(r"(?P<low>\d+(?:[.,]\d+)?)\s*(?:-|to)\s*(?P<high>\d+(?:[.,]\d+)?)")
_ABOVE: Final = re.compile(
    r"(?:(?:more than|over|at least|above|>=?|\u2265)\s*(?P<from>\d+(?:[.,]\d+)?)\+?"
    r"|(?P<plus>\d+(?:[.,]\d+)?)\s*(?:\+|or more|and more|and above|and over|plus))"
)
_BELOW: Final = re.compile(
    r"(?:less than|under|below|up to|<=?|\u2264)\s*(?P<number>\d+(?:[.,]\d+)?)"
)
_PEOPLE: Final = re.compile(
    r"\s*(?:people|persons?|mentees?|mentors?|places?|colleagues?|at a time|per round|"
    r"max(?:imum)?\.?)"
)
_AT_MOST: Final = re.compile(
    r"^(?:up to|at most|max(?:imum)?\.?(?: of)?|no more than|<=|\u2264)\s*"
)


def parse_number(text: str) -> float:
    """Read a number with a decimal point or a decimal comma.

    Raises
    ------
    ValueError
        The text is no number, not finite, or could be read in two ways.

    Examples
    --------
    >>> parse_number("7"), parse_number("3,5")
    (7.0, 3.5)
    """
    plain = text.strip().replace("\u2212", "-")
    if _NUMBER.fullmatch(plain) is None:
        message = f"{text!r} is not a number"
        raise ValueError(message)
    if _THOUSANDS.fullmatch(plain):
        decimal, thousands = plain.replace(",", "."), plain.replace(",", "")
        message = f"{text!r} could be {decimal} or {thousands}"
        raise ValueError(message)
    number = float(plain.replace(",", "."))
    if not math.isfinite(number):
        message = f"{text!r} is too large a number"
        raise ValueError(message)
    return number


def parse_years(text: str) -> float:
    """Read a length of experience as forms let people choose it.

    A range counts as its middle, an open range as its end: ``10+`` is 10, and less than 2
    is 1, halfway from 0.

    Raises
    ------
    ValueError
        As for `parse_number`.

    Examples
    --------
    >>> [parse_years(text) for text in ("7", "3-5 years", "10+", "less than 2 yrs", "6 months")]
    [7.0, 4.0, 10.0, 1.0, 0.5]
    """
    try:
        return parse_number(text)
    except ValueError:
        plain = text.translate(_DASHES).strip().casefold()
        if months := _MONTHS.fullmatch(plain):
            return parse_number(months["number"]) / 12
        bare = _YEARS.sub("", plain).strip()
        bare = _AS_DIGITS.get(bare, bare)
        if found := _RANGE.fullmatch(bare):
            low, high = parse_number(found["low"]), parse_number(found["high"])
            if low <= high:
                return (low + high) / 2
        elif found := _ABOVE.fullmatch(bare):
            return parse_number(found["from"] or found["plus"])
        elif found := _BELOW.fullmatch(bare):
            return parse_number(found["number"]) / 2
        elif bare != plain and _NUMBER.fullmatch(bare):
            return parse_number(bare)
        raise


def parse_count(text: str) -> int:
    """Read a whole number of at least 0, alone or as people write how many they mean.

    Raises
    ------
    ValueError
        The text is no whole number, or negative, or absurdly large.

    Examples
    --------
    >>> [parse_count(text) for text in ("3", "2.0", "3 people", "up to two mentees", "none")]
    [3, 2, 3, 2, 0]
    """
    plain = _AT_MOST.sub("", text.strip().casefold())
    plain = _PEOPLE.sub("", plain).strip()
    try:
        number = parse_number(_AS_DIGITS.get(plain, plain))
    except ValueError:
        number = -1.0
    if number < 0 or number != int(number):
        message = f"{text!r} is not a whole number of at least 0"
        raise ValueError(message)
    if number > LARGEST_COUNT:
        message = f"{text!r} is more than {LARGEST_COUNT}"
        raise ValueError(message)
    return int(number)


def parse_most(text: str) -> int:
    """Read how many there may be: of a range, the most.

    Raises
    ------
    ValueError
        As for `parse_count`.

    Examples
    --------
    >>> parse_most("1-2 people"), parse_most("3")
    (2, 3)
    """
    found = _RANGE.fullmatch(_PEOPLE.sub("", text.translate(_DASHES).strip().casefold()).strip())
    if found is None:
        return parse_count(text)
    low, high = parse_count(found["low"]), parse_count(found["high"])
    if low > high:
        message = f"{text!r} is not a whole number of at least 0"
        raise ValueError(message)
    return high


def number_text(number: float) -> str:
    """Write a number so that reading it gives the same, whole numbers without a point.

    Examples
    --------
    >>> number_text(7.0), number_text(3.5), number_text(-0.0)
    ('7', '3.5', '0')
    """
    if number.is_integer() and abs(number) < _EXACT:
        return str(int(number))
    return repr(float(number))
