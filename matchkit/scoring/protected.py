"""Columns that say what nobody may be matched by: traits that the law protects.

The list follows Article 21 of the Charter of Fundamental Rights of the European Union. It
knows columns by their names, in the spellings that exports of personnel systems and forms
use; it cannot know what a column of another name holds.
"""

from __future__ import annotations

import unicodedata

PROTECTED = frozenset({
    "age", "agegroup", "alter", "birthdate", "birthday", "birthyear", "dateofbirth", "dob",
    "edad", "geburtsdatum", "geburtsjahr", "yearofbirth",
    "gender", "genderidentity", "genero", "genre", "geschlecht", "kjonn", "kon", "pronoun",
    "pronouns", "sex", "sexe", "sexo", "anrede", "salutation",
    "sexualorientation", "orientation", "lgbt", "lgbtq", "transgender",
    "race", "ethnicgroup", "ethnicity", "ethnicorigin", "ethnie", "hautfarbe", "herkunft",
    "skincolor", "skincolour", "caste", "tribe", "minority", "raceethnicity",
    "nationality", "nationalitat", "nationalite", "nacionalidad", "nationalorigin",
    "placeofbirth", "birthplace", "citizenship", "migrationbackground", "immigrant",
    "religion", "faith", "belief", "beliefs", "konfession", "religionszugehorigkeit",
    "politics", "politicalopinion", "politicalparty", "politicalviews", "union",
    "unionmember", "tradeunion", "gewerkschaft",
    "disability", "disabilities", "disabled", "behinderung", "handicap", "discapacidad",
    "health", "healthstatus", "medicalcondition", "neurodiversity", "neurodivergent", "genetic",
    "pregnancy", "pregnant", "maritalstatus", "civilstatus", "familienstand", "familystatus",
    "children", "numberofchildren", "parentalstatus", "caregiver", "veteran", "veteranstatus",
    "socialorigin", "socialclass",
})  # fmt: skip
"""Names of columns, lower case, letters only, without accents."""


def plain_name(column: str) -> str:
    """Return a column's name in lower case, letters only, without accents."""
    plain = unicodedata.normalize("NFKD", column.casefold().replace("ø", "o"))
    return "".join(filter(str.isalpha, plain))


def is_protected(column: str) -> bool:
    """Return whether a column's name says that it holds a protected trait.

    Examples
    --------
    >>> is_protected("Date of Birth"), is_protected("genre"), is_protected("language")
    (True, True, False)
    """
    return plain_name(column) in PROTECTED
