"""Files, frames and records become a `Pool`: people as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchkit.profiles.columnmap import ColumnMap
from matchkit.profiles.hours import Windows, parse_windows, utc_windows
from matchkit.profiles.lists import Lists, SkillLists, ragged_take
from matchkit.profiles.pool import Pool, Role
from matchkit.profiles.reading import Examination, examine_people, read_people
from matchkit.profiles.schema import COLUMNS, Column, heading_key
from matchkit.profiles.skills import (
    Relatedness,
    Resolved,
    Resolver,
    Taxonomy,
    chosen_taxonomy,
    clean_skill,
    relate,
    resolve_skills,
    resolver_of,
    vocabulary,
)
from matchkit.profiles.tables import Form
from matchkit.profiles.zones import canonical_zone, utc_offset, zone_info

if TYPE_CHECKING:
    from matchkit.profiles.record import Profile

__all__ = [
    "COLUMNS",
    "Column",
    "ColumnMap",
    "Examination",
    "Form",
    "Lists",
    "Pool",
    "Profile",
    "Relatedness",
    "Resolved",
    "Resolver",
    "Role",
    "SkillLists",
    "Taxonomy",
    "Windows",
    "canonical_zone",
    "chosen_taxonomy",
    "clean_skill",
    "examine_people",
    "heading_key",
    "parse_windows",
    "ragged_take",
    "read_people",
    "relate",
    "resolve_skills",
    "resolver_of",
    "utc_offset",
    "utc_windows",
    "vocabulary",
    "zone_info",
]


def __getattr__(name: str) -> object:
    """Load `Profile` on first use: pydantic takes longer to import than a file to read."""
    if name == "Profile":
        from matchkit.profiles.record import Profile

        return Profile
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
