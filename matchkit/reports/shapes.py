"""Rectangles as one path each: a page of hundreds of charts stays small."""

from __future__ import annotations

from collections.abc import Iterable

Box = tuple[float, float, float, float]
"""Left edge, upper edge, width and height."""


def boxes(drawn: Iterable[Box]) -> str:
    """Return rectangles as the data of one SVG path; those without a width are left out.

    Examples
    --------
    >>> boxes([(0, 2, 10.25, 3), (5, 5, 0, 3)])
    'M0 2h10.2v3h-10.2z'
    """
    return "".join(
        f"M{_short(x)} {_short(y)}h{_short(width)}v{_short(height)}h-{_short(width)}z"
        for x, y, width, height in drawn
        if _short(width) != "0"
    )


def _short(number: float) -> str:
    return f"{round(number, 1):g}"
