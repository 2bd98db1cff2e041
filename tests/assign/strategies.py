"""Hypothesis strategies for rounds of the assignment engine."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from matchkit.assign import Problem

COARSE = st.sampled_from([-2, 0, 1, 2, 500_000])
"""Points with many ties."""

FINE = st.integers(-1_000_000, 1_000_000)
"""Points with hardly any."""


@st.composite
def problems(draw: st.DrawFn, *, largest: int = 5) -> Problem:
    """Draw a round that can be solved: its locked pairs can all be matched."""
    n, m = draw(st.integers(0, largest)), draw(st.integers(0, largest))
    points = draw(st.sampled_from([COARSE, FINE]))

    def grid(cells: st.SearchStrategy[int] | st.SearchStrategy[bool], size: int) -> list[int]:
        return draw(st.lists(cells, min_size=size, max_size=size))

    eligible = np.array(grid(st.booleans(), n * m), dtype=bool).reshape(n, m)
    capacity = np.array(grid(st.integers(0, largest + 1), m), dtype=np.int64)
    locked, left = [], np.minimum(capacity, n)
    for i in range(n):
        open_to = np.flatnonzero(eligible[i] & (left > 0))
        if open_to.size and draw(st.integers(0, 5)) == 0:
            j = int(draw(st.sampled_from(open_to.tolist())))
            left[j] -= 1
            locked.append((i, j))
    return Problem(
        np.array(grid(points, n * m), dtype=np.int64).reshape(n, m),
        capacity=capacity,
        eligible=eligible,
        locked=locked,
        unmatched_points=np.array(grid(points, n), dtype=np.int64),
        coverage=draw(st.sampled_from(["first", "score"])),
    )
