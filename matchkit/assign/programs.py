"""Linear and integer programs over listed pairs, by HiGHS as SciPy brings it.

It works in floating point (Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised
simplex method", Mathematical Programming Computation 10, 2018) and is trusted with little:
its multipliers are rounded to whole numbers, of which any are a bound, and its assignments
are added up again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack

from matchkit.assign.linear import HARD, Ints, Rows

_FEASIBLE = 1e-6  # what HiGHS takes for nothing

NODES = 2000
"""Branches that a search may take. A limit in seconds would not be the same everywhere."""


@dataclass(frozen=True, eq=False)
class Linear:
    """The optimum of the linear relaxation over listed pairs.

    Attributes
    ----------
    values : NDArray[int64], shape (rows,)
        Multipliers of all rows, 0 or more, and no more than a price allows.
    gain : float
        What the pairs gain, those of locked mentees not counted.
    strained : bool
        Some row is kept by paying only.
    """

    values: Ints
    gain: float
    strained: bool


def relaxed(rows: Rows, *, strain: int | None = None) -> Linear | None:
    """Solve the linear relaxation, None if nothing is feasible.

    Parameters
    ----------
    rows : Rows
        The conditions over listed pairs.
    strain : int, optional
        Points at which any condition but capacities may be broken. Where pairs are still to
        be found that it needs, this makes multipliers that look for them.
    """
    from scipy.optimize import linprog

    gains = rows.listing.gains
    scale = float(max(1, int(np.abs(gains).max(initial=0))))
    soft = np.flatnonzero(rows.price != HARD)
    taut = np.zeros(0, dtype=np.int64) if strain is None else rows.hard_conditions
    prices = np.append(rows.price[soft], np.full(taut.size, strain or 0))
    costs = np.concatenate([-gains, prices]) / scale
    if not costs.size:
        feasible = bool((rows.bound >= 0).all())
        return Linear(np.zeros_like(rows.bound), 0.0, strained=False) if feasible else None
    payable = np.append(soft, taut)
    left_side: Any = hstack([rows.matrix, _columns(rows, payable)]).astype(np.float64)
    found: Any = linprog(
        costs,
        A_ub=left_side,
        b_ub=rows.bound.astype(np.float64),
        bounds=(0, None),
        method="highs",
    )
    if found.status != 0:
        return None
    values: Ints = np.maximum(np.rint(-found.ineqlin.marginals * scale).astype(np.int64), 0)
    values[soft] = np.minimum(values[soft], rows.price[soft] // rows.unit[soft])
    strained = bool((found.x[gains.size + soft.size :] > _FEASIBLE).any())
    return Linear(values, -float(found.fun) * scale, strained)


@dataclass(frozen=True, eq=False)
class Choice:
    """What a search found.

    Attributes
    ----------
    mentor_of : NDArray[int64], shape (n,), or None
        The best assignment found; None where there is none.
    proven : bool
        Nothing better is among the listed pairs.
    """

    mentor_of: Ints | None
    proven: bool


def searched(
    rows: Rows,
    multipliers: Ints,
    *,
    most: int | None = None,
    nodes: int = NODES,
    seconds: float = math.inf,
) -> Choice:
    """Return the assignment of listed pairs that loses least against a bound.

    Parameters
    ----------
    rows : Rows
        The conditions over listed pairs.
    multipliers : NDArray[int64], shape (rows,)
        The bound, for these pairs at least.
    most : int, optional
        What may be lost at most: rows whose multiplier is above it leave no slack.
    nodes : int
        Branches that the search may take.
    seconds : float
        Time that it may take.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    soft = np.flatnonzero(rows.price != HARD)
    tight = np.flatnonzero(multipliers)
    loose = tight if most is None else tight[multipliers[tight] <= most]
    losses = rows.losses(multipliers)
    beyond = (rows.price - multipliers * rows.unit)[soft]
    costs = np.concatenate([losses, beyond, multipliers[loose]]).astype(np.float64)
    if not losses.size:
        kept = bool(((rows.bound >= 0) | (rows.price != HARD)).all())
        return Choice(rows.fixed.copy() if kept else None, proven=True)
    slack = eye_array(rows.bound.size, format="csc")[:, loose]
    least = np.full(rows.bound.size, -np.inf)
    least[tight] = rows.bound[tight]
    found = milp(
        costs,
        integrality=np.repeat([1, 0], [losses.size + soft.size, loose.size]),
        bounds=Bounds(0, np.repeat([1, np.inf], [losses.size, soft.size + loose.size])),
        constraints=LinearConstraint(
            hstack([rows.matrix, _columns(rows, soft), slack]).astype(np.float64),
            least,
            rows.bound,
        ),
        options={"mip_rel_gap": 0, "node_limit": nodes, "time_limit": seconds},
    )
    if found.x is None:
        return Choice(None, proven=found.status == 2)
    mentor_of = rows.fixed.copy()
    taken = np.flatnonzero(found.x[: losses.size] > 0.5)
    mentor_of[rows.listing.mentees[taken]] = rows.listing.mentors[taken]
    return Choice(mentor_of, proven=found.status == 0)


def _columns(rows: Rows, soft: NDArray[np.intp]) -> csr_array:
    """Return the columns of units beyond the bounds that have a price."""
    shape = (rows.bound.size, soft.size)
    return csr_array((-rows.unit[soft], (soft, np.arange(soft.size))), shape=shape)
