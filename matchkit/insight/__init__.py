"""Questions about a whole round: what a place is worth, what each pair would cost.

Each answer is a small frozen type with ``to_frame()``, a sentence as ``str()`` and a view
for notebooks.

Examples
--------
>>> import matchkit as mk
>>> mentors = [{"id": "di", "skills": "sql:4"}]
>>> mentees = [{"id": "ana", "goals": "sql"}, {"id": "bo", "goals": "sql"}]
>>> print(mk.insight.places(mk.match(mentors, mentees)))
One more place with di is worth most: 1 person and 892,857 points.
"""

from __future__ import annotations

from matchkit.conflicting import Contradiction, Relaxation
from matchkit.feedback.ledger import (
    Contribution,
    Contributions,
    KnowledgeAtRisk,
    RareSkill,
    contributions,
    knowledge_at_risk,
)
from matchkit.insight.pricing import Regret, Regrets, regrets
from matchkit.insight.reaching import Bottleneck, Bottlenecks, bottlenecks
from matchkit.insight.recruiting import Recruit
from matchkit.insight.removing import Conflicts, RuleCost, RuleCosts, conflicts, rule_costs
from matchkit.insight.standing import Standing, Ties, ties
from matchkit.insight.supply import Shortage, Shortages, shortages
from matchkit.insight.worth import PlaceValue, PlaceValues, places

__all__ = [
    "Bottleneck",
    "Bottlenecks",
    "Conflicts",
    "Contradiction",
    "Contribution",
    "Contributions",
    "KnowledgeAtRisk",
    "PlaceValue",
    "PlaceValues",
    "RareSkill",
    "Recruit",
    "Regret",
    "Regrets",
    "Relaxation",
    "RuleCost",
    "RuleCosts",
    "Shortage",
    "Shortages",
    "Standing",
    "Ties",
    "bottlenecks",
    "conflicts",
    "contributions",
    "knowledge_at_risk",
    "places",
    "regrets",
    "rule_costs",
    "shortages",
    "ties",
]
