"""The forms of a skill's name: as compared, without version or vendor, and as keys.

Nothing here knows any skill. Each function takes text to text, so that a name means the
same whoever else is in the room.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Typographic twins that NFKC leaves apart: a form editor types them where a keyboard does not.
_TWINS = str.maketrans({
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u2018": "'", "\u2019": "'", "\u02bc": "'",
    "\u200b": None, "\u2060": None, "\ufeff": None, "\u00ad": None,
})  # fmt: skip
_BULLETS = re.compile(r"^(?:[-*•·‣◦–]\s+)+")  # noqa: RUF001  (an en dash used as a bullet)
_CLOSERS = re.compile(r"(?<=[^\s.,;:!?])[\s.,;:!?]+$")


def fold(text: str) -> str:
    r"""Return the form in which plain values are compared: NFKC, casefolded, spaces collapsed.

    Examples
    --------
    >>> fold("  Human\u00a0 RESOURCES ")
    'human resources'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def clean_skill(text: str) -> str:
    """Return the form in which skills, goals and interests are compared.

    Compatibility forms are unified (NFKC), letters casefolded, spaces collapsed, dashes and
    apostrophes made plain, bullets and closing punctuation removed. Signs that make a name
    are kept: C, C++, C# and .NET stay four skills.

    Parameters
    ----------
    text : str
        The skill as somebody wrote it, without its level.

    Returns
    -------
    str
        The cleaned form; cleaning it again changes nothing. Empty where the text has only
        punctuation, such as a dash that means "none".

    Examples
    --------
    >>> [clean_skill(name) for name in ("C", "C++", " c# ", ".NET", "Public   Speaking.")]
    ['c', 'c++', 'c#', '.net', 'public speaking']
    """
    cleaned = fold(text.translate(_TWINS)).translate(_TWINS)
    cleaned = " ".join(_BULLETS.sub("", cleaned).split())
    cleaned = _CLOSERS.sub("", cleaned)
    return "" if cleaned.isascii() and not any(map(str.isalnum, cleaned)) else cleaned


_WORDS: Final = re.compile(r"\.?[\w+#]+(?:[&.][\w+#]+)*|&")
_AFTER: Final = re.compile(r"(?<=\w)\s*[(\[{][^()\[\]{}]*[)\]}]$")
_VERSION: Final = re.compile(
    r"(?:\s+v?|(?<=[a-z]{3})(?:\s*v)?)(?:\d{1,2}(?:\.(?:\d+|x))*|(?:19|20)\d\d)\+?$"
)
_VENDORS: Final = frozenset({
    "adobe", "amazon", "apache", "apple", "atlassian", "aws", "cisco", "google", "hashicorp", "ibm",
    "jetbrains", "meta", "microsoft", "ms", "nvidia", "oracle", "sap",
})  # fmt: skip
_SMALL: Final = frozenset({
    "a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to",
    "with", "via", "&", "de", "du", "et",
})  # fmt: skip
_PADDING: Final = frozenset({"skill", "skills", "basics", "fundamentals"})
_JOINTS: Final = re.compile(r"(?<=\w)[\s\-_/.'’]+(?=\w)")  # noqa: RUF001  (apostrophes as typed)
_ENDINGS: Final = ("ations", "ation", "ments", "ment", "ings", "ing", "ers", "er", "ed")
_LEAST_STEM: Final = 4

SHORT: Final = 3
"""Words of this length or less say too little to be compared by their letters."""


def words(cleaned: str) -> list[str]:
    """Return the words of a cleaned name without the small ones, or all if all are small.

    Examples
    --------
    >>> words("management of c++ projects"), words("r&d"), words(".net")
    (['management', 'c++', 'projects'], ['r&d'], ['.net'])
    """
    found = _WORDS.findall(cleaned.replace("-", " ").replace("_", " "))
    return [word for word in found if word not in _SMALL] or found


def singular(word: str) -> str:
    """Return a word without the ending of an English plural.

    Harman's S-stemmer (*JASIS* 42(1), 1991), which changes nothing else.

    Examples
    --------
    >>> [singular(word) for word in ("apis", "strategies", "process", "css", "analysis")]
    ['api', 'strategy', 'process', 'css', 'analysis']
    """
    if len(word) <= SHORT or word.endswith(("ss", "us", "sis", "js")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")) and len(word) > 4:
        return word[:-3] + "y"
    return word.removesuffix("s")


def stem(word: str) -> str:
    """Return a word without the endings by which English makes doing, doer and deed of it.

    Examples
    --------
    >>> [stem(word) for word in ("managing", "management", "manager", "designs", "java")]
    ['manag', 'manag', 'manag', 'design', 'java']
    """
    base = singular(word)
    for ending in _ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= _LEAST_STEM:
            base = base[: -len(ending)]
            break
    return base[:-1] if base.endswith("e") and len(base) > _LEAST_STEM else base


def word_key(cleaned: str) -> str:
    """Return a key that names of the same words share, in any order and inflection.

    Single words have none: to network and networking are two things.

    Examples
    --------
    >>> word_key("managing of projects") == word_key("project management")
    True
    >>> word_key("networking")
    ''
    """
    found = words(cleaned)
    return " ".join(sorted({stem(word) for word in found})) if len(found) > 1 else ""


def plainer_forms(cleaned: str) -> Iterator[str]:
    """Yield a name without words that any skill may carry, and without the plural.

    Examples
    --------
    >>> list(plainer_forms("negotiation skills")), list(plainer_forms("databases"))
    (['negotiation'], ['database'])
    """
    plain = " ".join(word for word in cleaned.split() if word not in _PADDING)
    if plain and plain != cleaned:
        yield plain
    one = singular(plain) if " " not in plain else plain
    if one != plain:
        yield one


def spelling_key(cleaned: str) -> str:
    """Return a key that is blind to how the parts of a name are joined; ``""`` for short ones.

    Examples
    --------
    >>> [spelling_key(name) for name in ("front-end", "front end", "node.js", "c", ".net")]
    ['frontend', 'frontend', 'nodejs', '', '.net']
    """
    joined = _JOINTS.sub("", cleaned)
    return joined if len(joined) > SHORT else ""


def stripped_forms(cleaned: str) -> Iterator[tuple[str, bool]]:
    """Yield a name without what stands around it: a bracket, a version, a vendor.

    Parameters
    ----------
    cleaned : str
        The name as `clean_skill` returns it.

    Yields
    ------
    form : str
        A shorter name, the one that loses least first.
    vendor : bool
        Whether a vendor was taken off, after which only a product's name can be meant:
        what is left of "Google Cloud" is something else.

    Examples
    --------
    >>> [form for form, _ in stripped_forms("python 3 (pandas)")]
    ['python 3', 'python']
    >>> list(stripped_forms("adobe lightroom")), list(stripped_forms("iso 9001"))
    ([('lightroom', True)], [])
    """
    bare = _AFTER.sub("", cleaned)
    if bare != cleaned:
        yield bare, False
    unversioned = _VERSION.sub("", bare)
    if unversioned != bare:
        yield unversioned, False
    vendor, _, product = unversioned.partition(" ")
    if product and vendor in _VENDORS:
        yield product, True
