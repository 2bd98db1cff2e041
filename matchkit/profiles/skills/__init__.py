"""Skills: the names that people write for them, and the skills that are meant."""

from __future__ import annotations

from matchkit.profiles.skills.forms import clean_skill, fold
from matchkit.profiles.skills.related import Relatedness, relate
from matchkit.profiles.skills.resolver import Resolved, Resolver, resolve_skills, resolver_of
from matchkit.profiles.skills.taxonomy import Concept, Taxonomy, curated
from matchkit.profiles.skills.vocabularies import vocabulary

__all__ = [
    "Concept",
    "Relatedness",
    "Resolved",
    "Resolver",
    "Taxonomy",
    "clean_skill",
    "curated",
    "fold",
    "relate",
    "resolve_skills",
    "resolver_of",
    "vocabulary",
]
