"""Skill buddies: one question in, a few willing experts out."""

from __future__ import annotations

from matchkit.buddies.buddy import Buddies, Buddy, BuddyEvidence
from matchkit.buddies.index import BuddyIndex

__all__ = ["Buddies", "Buddy", "BuddyEvidence", "BuddyIndex"]
