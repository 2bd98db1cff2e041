"""Match mentors with mentees: provably best, explained, with a follow-up plan."""

from __future__ import annotations

__version__ = "0.1.0"
