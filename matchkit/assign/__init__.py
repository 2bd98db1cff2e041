"""The assignment engine: integers in, a proven optimum out.

It knows indices and points, never people. Rows are mentees, columns are mentors, higher
is better.

Examples
--------
>>> from matchkit import assign
>>> problem = assign.Problem([[5, 4, 0], [5, 1, 0]], capacity=[1, 1, 1], unmatched_points=0)
>>> solution = assign.solve(problem)
>>> solution.mentor_of.tolist(), solution.total, solution.bound
([1, 0], 9, 9)
>>> assign.find_faults(problem, solution)
()
"""

from __future__ import annotations

from matchkit.assign.diagnosis import Clash, Conflict, conflicts
from matchkit.assign.door import Coverage
from matchkit.assign.engine import solve
from matchkit.assign.fair import fairness_of
from matchkit.assign.floors import floored
from matchkit.assign.hall import Shortfall, shortfalls
from matchkit.assign.methods import Method
from matchkit.assign.passes import Progress, Stage
from matchkit.assign.problem import Problem
from matchkit.assign.quotas import PerMentor, Quota
from matchkit.assign.residual import Alternatives, Forced, Residual
from matchkit.assign.solution import Objective, Solution, Status
from matchkit.assign.sources import INELIGIBLE, BlockSource, FactorSource
from matchkit.assign.stability import blocking_pairs
from matchkit.assign.verify import Fault, find_faults

__all__ = [
    "INELIGIBLE",
    "Alternatives",
    "BlockSource",
    "Clash",
    "Conflict",
    "Coverage",
    "FactorSource",
    "Fault",
    "Forced",
    "Method",
    "Objective",
    "PerMentor",
    "Problem",
    "Progress",
    "Quota",
    "Residual",
    "Shortfall",
    "Solution",
    "Stage",
    "Status",
    "blocking_pairs",
    "conflicts",
    "fairness_of",
    "find_faults",
    "floored",
    "shortfalls",
    "solve",
]
