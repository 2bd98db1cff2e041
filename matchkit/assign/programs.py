"""Linear and integer programs over listed pairs, by HiGHS as SciPy brings it.

It works in floating point (Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised
simplex method", Mathematical Programming Computation 10, 2018) and is trusted with little:
its multipliers are rounded to whole numbers, of which any are a bound, and its assignments
are added up again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack

from matchkit.assign.linear import HARD, Ints, Rows

NODES = 2000
"""Branches that a search may take. A limit in seconds would not be the same everywhere."""


def relaxed(rows: Rows) -> Ints | None:
    """Return multipliers of all rows from the linear relaxation, None if nothing is feasible.

    Parameters
    ----------
    rows : Rows
        The conditions over listed pairs.

    Returns
    -------
    NDArray[int64], shape (rows,)
        0 or more, and no more than a price allows: a bound, once `with_surpluses`.
    """
    from scipy.optimize import linprog

    gains = rows.listing.gains
    scale = float(max(1, int(np.abs(gains).max(initial=0))))
    soft = np.flatnonzero(rows.price != HARD)
    costs = np.concatenate([-gains / scale, rows.price[soft] / scale])
    if not costs.size:
        feasible = bool((rows.bound >= 0).all())
        return np.zeros(rows.bound.size, dtype=np.int64) if feasible else None
    left_side: Any = hstack([rows.matrix, _columns(rows, soft)]).astype(np.float64)
    found: Any = linprog(
        costs,
        A_ub=left_side,
        b_ub=rows.bound.astype(np.float64),
        bounds=(0, None),
        method="highs",
    )
    if found.status != 0:
        return None
    multipliers: Ints = np.maximum(np.rint(-found.ineqlin.marginals * scale).astype(np.int64), 0)
    multipliers[soft] = np.minimum(multipliers[soft], rows.price[soft] // rows.unit[soft])
    return multipliers


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


def searched(rows: Rows, multipliers: Ints, *, nodes: int = NODES) -> Choice:
    """Return the assignment of listed pairs that loses least against a bound.

    Parameters
    ----------
    rows : Rows
        The conditions over listed pairs.
    multipliers : NDArray[int64], shape (rows,)
        The bound, for these pairs at least.
    nodes : int
        Branches that the search may take.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    soft = np.flatnonzero(rows.price != HARD)
    tight = np.flatnonzero(multipliers)
    losses = rows.losses(multipliers)
    beyond = (rows.price - multipliers * rows.unit)[soft]
    costs = np.concatenate([losses, beyond, multipliers[tight]]).astype(np.float64)
    if not losses.size:
        kept = bool(((rows.bound >= 0) | (rows.price != HARD)).all())
        return Choice(rows.fixed.copy() if kept else None, proven=True)
    slack = eye_array(rows.bound.size, format="csc")[:, tight]
    least = np.full(rows.bound.size, -np.inf)
    least[tight] = rows.bound[tight]
    found = milp(
        costs,
        integrality=np.repeat([1, 0], [losses.size + soft.size, tight.size]),
        bounds=Bounds(0, np.repeat([1, np.inf], [losses.size, soft.size + tight.size])),
        constraints=LinearConstraint(
            hstack([rows.matrix, _columns(rows, soft), slack]).astype(np.float64),
            least,
            rows.bound,
        ),
        options={"mip_rel_gap": 0, "node_limit": nodes},
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
