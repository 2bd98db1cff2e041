"""Pool -> points: criteria, rules, and the scorer that applies them to pairs."""

from __future__ import annotations

from matchkit.scoring.base import Check, Context, Criterion, Feature, Rule, Side
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
from matchkit.scoring.scorer import POINTS, Scored, Scorer, whole_weights

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
