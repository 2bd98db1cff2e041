"""Seeded synthetic cohorts, for examples, tests and trying things out.

The files in ``examples/data`` are made by ``python -m matchkit.datasets examples/data``.
"""

from __future__ import annotations

from matchkit.datasets.cohorts import Cohort, cohort, write

__all__ = ["Cohort", "cohort", "write"]
