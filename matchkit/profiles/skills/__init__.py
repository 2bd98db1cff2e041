"""Skills: the names that people write for them, and the skills that are meant."""

from __future__ import annotations

from matchkit.profiles.skills.forms import clean_skill, fold
from matchkit.profiles.skills.related import Relatedness, relate
from matchkit.profiles.skills.resolver import Resolved, Resolver, resolve_skills, resolver_of
from matchkit.profiles.skills.taxonomy import Concept, Taxonomy, chosen_taxonomy, curated
from matchkit.profiles.skills.together import company, profiles
from matchkit.profiles.skills.vocabularies import Understood, understood, vocabulary

__all__ = [
    "Concept",
    "Relatedness",
    "Resolved",
    "Resolver",
    "Taxonomy",
    "Understood",
    "chosen_taxonomy",
    "clean_skill",
    "company",
    "curated",
    "fold",
    "profiles",
    "relate",
    "resolve_skills",
    "resolver_of",
    "understood",
    "vocabulary",
]
