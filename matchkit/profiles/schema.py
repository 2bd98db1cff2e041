"""The columns that matchkit understands, and how headings are compared."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

Kind = Literal["id", "text", "skills", "list", "people", "hours", "zone", "number", "count", "side"]

_MANY_WORDS: Final = 3
_NEAR: Final = 0.7  # the share of words that two questions have in common
_NUMBERED: Final = re.compile(r"^\s*(?:q(?:uestion)?\s*)?\d+\s*[.):]\s*", re.IGNORECASE)
_HINT: Final = re.compile(
    r"\s*[(\[](?:choose|select|pick|tick|check|max|maximum|up to|at most|at least|optional|"
    r"required|please|e\.?\s?g\b|for example|such as|in order|one per|separate|comma|list|"
    r"most wanted)[^)\]]*[)\]]\s*[:*]?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the input.

    Attributes
    ----------
    key : str
        The name by which criteria, rules and constraints know the column.
    kind : str
        How its cells are read: ``"id"``, ``"text"``, ``"skills"`` (a list with levels),
        ``"list"``, ``"people"`` (a list of ids, e-mails or names), ``"hours"``, ``"zone"``,
        ``"number"``, ``"count"`` (a whole number) or ``"side"`` (mentor, mentee or both).
    about : str
        What it holds, in one sentence.
    aliases : tuple of str
        Other headings that mean the same.
    stand_ins : tuple of str
        Headings taken for this column only while no heading above is there; otherwise they
        keep a column of their own. The first that is present wins.
    """

    key: str
    kind: Kind
    about: str
    aliases: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()


COLUMNS: Final[dict[str, Column]] = {
    column.key: column
    for column in (
        Column("id", "id", "who it is: text that no one else in the file has",
               ("person id",), ("user id", "employee number", "employee id", "staff id")),
        Column("name", "text", "the name to show", ("full name", "your name"), ("display name",)),
        Column("email", "text", "the e-mail address; stands for the id where there is none",
               ("e-mail", "email address", "your email"),
               ("work email", "primary email", "mail", "user name")),
        Column("role", "text", "the job", ("job title", "job role"), ("title", "position", "job")),
        Column("department", "text", "the department", ("dept",), ("division", "organization")),
        Column("team", "text", "the team", ("team name",), ("cost center", "cost centre")),
        Column("manager", "text", "the manager's id, e-mail or name",
               ("line manager",),
               ("manager id", "manager email", "manager name", "reports to", "supervisor")),
        Column("location", "text", "the place of work",
               ("work location",), ("site", "work site", "office", "city")),
        Column("timezone", "zone", "an IANA name (Europe/Oslo) or an offset (UTC+5:30)",
               ("zone", "tz")),
        Column("languages", "list", "the languages spoken",
               ("language", "spoken languages", "languages spoken"),
               ("preferred language", "locale")),
        Column("skills", "skills", "what the person can do, with levels 1 to 5: python:4; sql:3",
               ("skill", "expertise", "experience")),
        Column("goals", "skills", "what the person wants to learn, most wanted first",
               ("goal", "learning goals", "wants to learn", "skills to learn")),
        Column("goals_text", "text", "the goals in the person's own words", ("goals in words",)),
        Column("bio", "text", "a few sentences about the person",
               ("biography", "about me", "about you"), ("about",)),
        Column("interests", "list", "interests outside work", ("interest",), ("hobbies",)),
        Column("seniority", "number", "years, or any scale that grows with experience",
               ("years of experience", "years experience", "experience")),
        Column("hours", "hours", "weekly windows in the person's own zone: Mon 09:00-11:30",
               ("weekly hours", "available hours", "availability")),
        Column("capacity", "count", "how many mentees a mentor takes; blank means 1",
               ("max mentees", "maximum mentees", "availability"), ("places",)),
        Column("min_load", "count", "the fewest mentees a mentor wants",
               ("min mentees", "minimum mentees")),
        Column("prefers", "people", "ids, e-mails or names this person would like",
               ("preferred mentors", "preferred mentees"), ("preferred", "preferences")),
        Column("avoids", "people", "ids, e-mails or names this person must not be matched with",
               ("avoid",)),
        Column("side", "side", "mentor, mentee or both, in a file that holds both",
               ("mentor or mentee",)),
    )
}  # fmt: skip


def heading_key(text: str) -> str:
    """Return the form in which headings are compared: letters and digits only.

    Accents, case, spaces and punctuation make no difference.

    Parameters
    ----------
    text : str
        A heading as written.

    Returns
    -------
    str
        Its letters and digits, casefolded; empty where there are none.

    Examples
    --------
    >>> heading_key("Goals_Text"), heading_key(" E-mail "), heading_key("Équipe")
    ('goalstext', 'email', 'equipe')
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in plain if letter.isalnum())


def columns_meant(heading: str) -> tuple[str, ...]:
    """Return the keys of the columns that a heading, by itself, says it is.

    Parameters
    ----------
    heading : str
        A heading as written.

    Returns
    -------
    tuple of str
        One key, none for a heading of the user's own, or several where it could mean each.

    Examples
    --------
    >>> columns_meant("E-Mail"), columns_meant("Experience"), columns_meant("Shoe size")
    (('email',), ('skills', 'seniority'), ())
    """
    return _MEANINGS.get(heading_key(heading), ())


def columns_asked(heading: str) -> tuple[str, ...]:
    """Return the keys of the columns that a question of a form asks for.

    What a form adds to its question makes no difference: a number before it, and a hint in
    parentheses or after the question mark.

    Parameters
    ----------
    heading : str
        A heading as written.

    Returns
    -------
    tuple of str
        One key, none for a question that is not in ``data/questions.csv``, or several where
        it could ask for each.

    Examples
    --------
    >>> columns_asked("3. What would you like to learn? (choose up to three)")
    ('goals',)
    >>> columns_asked("Skills (separate with commas)"), columns_asked("Topics")
    (('skills',), ('skills', 'goals'))
    """
    bare = _NUMBERED.sub("", heading, count=1)
    hintless = _HINT.sub("", bare, count=1)
    question = bare.partition("?")[0] if "?" in bare else hintless
    questions = _questions()
    for text in (heading, bare, hintless, question):
        key = heading_key(text)
        if found := questions.get(key) or (text is not heading and _MEANINGS.get(key)):
            return found
    return ()


def nearly_asked(heading: str) -> str:
    """Return the column that a heading nearly asks for, word by word; empty where none is near.

    Examples
    --------
    >>> nearly_asked("How many mentees could you take on?"), nearly_asked("Shoe size")
    ('capacity', '')
    """
    words = _words(heading)
    if len(words) < _MANY_WORDS:
        return ""
    near: dict[str, float] = {}
    for column, question in question_table():
        other = _words(question)
        shared = len(words & other) / max(len(words), len(other), 1)
        near[column] = max(near.get(column, 0.0), shared)
    best, second = sorted(near, key=near.__getitem__, reverse=True)[:2]
    return best if near[best] >= _NEAR and near[best] > near[second] else ""


def _words(text: str) -> set[str]:
    bare = _HINT.sub("", _NUMBERED.sub("", text, count=1), count=1).partition("?")[0]
    return set(re.findall(r"\w+", bare.casefold()))


@cache
def _questions() -> dict[str, tuple[str, ...]]:
    """Return the columns of each question that forms usually ask."""
    found: dict[str, tuple[str, ...]] = {}
    for column, heading in question_table():
        key = heading_key(heading)
        found[key] = (*found.get(key, ()), column)
    return found


def question_table() -> list[tuple[str, str]]:
    """Return the columns and the questions that are read as them, as the table lists them."""
    text = resources.files("matchkit.profiles").joinpath("data/questions.csv").read_text("utf-8")
    return [(row["column"], row["heading"]) for row in csv.DictReader(text.splitlines())]


def columns_stood_for(heading: str) -> tuple[str, ...]:
    """Return the keys of the columns that a heading can stand for where they are missing.

    Examples
    --------
    >>> columns_stood_for("displayName")
    ('name',)
    """
    return _STAND_INS.get(heading_key(heading), ())


def _by_heading(names: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Turn the names of each column into the columns of each name."""
    found: dict[str, tuple[str, ...]] = {}
    for key, texts in names.items():
        for text in dict.fromkeys(map(heading_key, texts)):
            found[text] = (*found.get(text, ()), key)
    return found


_MEANINGS: Final = _by_heading({key: (key, *each.aliases) for key, each in COLUMNS.items()})
_STAND_INS: Final = _by_heading({key: each.stand_ins for key, each in COLUMNS.items()})
