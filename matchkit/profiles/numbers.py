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


def parse_count(text: str) -> int:
    """Read a whole number of at least 0.

    Raises
    ------
    ValueError
        The text is no whole number, or negative, or absurdly large.

    Examples
    --------
    >>> parse_count("3"), parse_count("2.0")
    (3, 2)
    """
    try:
        number = parse_number(text)
    except ValueError:
        number = -1.0
    if number < 0 or number != int(number):
        message = f"{text!r} is not a whole number of at least 0"
        raise ValueError(message)
    if number > LARGEST_COUNT:
        message = f"{text!r} is more than {LARGEST_COUNT}"
        raise ValueError(message)
    return int(number)


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
