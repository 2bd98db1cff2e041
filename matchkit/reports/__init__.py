"""The report: one self-contained page that shows a round to the people who decide about it."""

from __future__ import annotations

from matchkit.reports.everyone import write_pages
from matchkit.reports.page import report

__all__ = ["report", "write_pages"]
