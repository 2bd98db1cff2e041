"""What became of the pairs: outcomes in, evaluation, learned weights and the next round out."""

from __future__ import annotations

from matchkit.feedback.carrying import Carry, NextRound, Workload, next_round
from matchkit.feedback.evaluating import Association, Evaluation, Measure, evaluate
from matchkit.feedback.learning import HeldOut, Learned, LearnedWeight, learn_weights
from matchkit.feedback.ledger import (
    Contribution,
    Contributions,
    KnowledgeAtRisk,
    RareSkill,
    contributions,
    knowledge_at_risk,
)
from matchkit.feedback.reading import read_outcomes
from matchkit.feedback.records import Outcome, Outcomes
from matchkit.feedback.simulating import simulate_outcomes
from matchkit.intervals import Estimate

__all__ = [
    "Association",
    "Carry",
    "Contribution",
    "Contributions",
    "Estimate",
    "Evaluation",
    "HeldOut",
    "KnowledgeAtRisk",
    "Learned",
    "LearnedWeight",
    "Measure",
    "NextRound",
    "Outcome",
    "Outcomes",
    "RareSkill",
    "Workload",
    "contributions",
    "evaluate",
    "knowledge_at_risk",
    "learn_weights",
    "next_round",
    "read_outcomes",
    "simulate_outcomes",
]
