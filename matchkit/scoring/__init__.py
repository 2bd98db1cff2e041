"""Pool -> points: criteria, rules, and the scorer that applies them to pairs."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from matchkit.scoring.base import Check, Context, Criterion, Feature, Rule
from matchkit.scoring.criteria import (
    CRITERIA,
    DifferentValue,
    SameValue,
    SeniorityGap,
    SharedHours,
    SharedInterests,
    SkillCoverage,
    StatedPreference,
    TextFit,
)
from matchkit.scoring.rules import (
    RULES,
    Avoid,
    Different,
    MaxTimezoneGap,
    NotManager,
    NotSelf,
    Same,
    SharedLanguage,
)

if TYPE_CHECKING:
    from matchkit.scoring.scorer import POINTS, Scored, Scorer, whole_weights
    from matchkit.scoring.sides import Side

__all__ = [
    "CRITERIA",
    "POINTS",
    "RULES",
    "Avoid",
    "Check",
    "Context",
    "Criterion",
    "Different",
    "DifferentValue",
    "Feature",
    "MaxTimezoneGap",
    "NotManager",
    "NotSelf",
    "Rule",
    "Same",
    "SameValue",
    "Scored",
    "Scorer",
    "SeniorityGap",
    "SharedHours",
    "SharedInterests",
    "SharedLanguage",
    "Side",
    "SkillCoverage",
    "StatedPreference",
    "TextFit",
    "whole_weights",
]

_LATER = {
    "POINTS": "scorer",
    "Scored": "scorer",
    "Scorer": "scorer",
    "Side": "sides",
    "whole_weights": "scorer",
}


def __getattr__(name: str) -> object:
    """Load what needs NumPy on first use: a program alone is only configuration."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"matchkit.scoring.{_LATER[name]}"), name)
