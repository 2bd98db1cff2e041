"""Outcomes by group: who was matched, how well, and where to look closer.

The audit reads a finished round and changes nothing in it. It works on any column, those
that no criterion may see among them: that scoring is blind to a column does not make its
outcomes equal. What it shows is a signal to look at, not a verdict.
"""

from __future__ import annotations

from matchkit.fairness.auditing import GROUPS, audit
from matchkit.fairness.groups import FOUR_FIFTHS, Audit, AuditedSide, Group

__all__ = ["FOUR_FIFTHS", "GROUPS", "Audit", "AuditedSide", "Group", "audit"]
