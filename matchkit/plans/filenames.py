"""File names for people that every operating system takes, whatever their ids hold."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,79}(?<!\.)")
# Device names on Windows, whatever follows after a dot; `all` is the calendar of everybody.
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|all)(\..*)?")
_HASHED: Final = re.compile(r".*-[0-9a-f]{16}")
_SHOWN: Final = 40


def safe_names(ids: Iterable[str]) -> dict[str, str]:
    """Return a file name, without ending, for each id.

    A name is the id itself where that is harmless and no other id differs from it by case
    only. Every other id keeps its harmless characters, for people to recognize, and gets a
    hash, so that no two names are equal, not even where case does not count.

    Parameters
    ----------
    ids : iterable of str
        Distinct ids.

    Returns
    -------
    dict of str to str
        In the order of `ids`.

    Examples
    --------
    >>> safe_names(["ana", "E-17", "../x", "CON"])
    {'ana': 'ana', 'E-17': 'E-17', '../x': 'x-c388c52125c33bd4', 'CON': 'con-1bc43d851d28ada0'}
    """
    known = list(ids)
    same = Counter(each.casefold() for each in known)
    return {each: each if _harmless(each, same) else _hashed(each) for each in known}


def _harmless(name: str, same: Counter[str]) -> bool:
    folded = name.casefold()
    return (
        same[folded] == 1
        and _PLAIN.fullmatch(name) is not None
        and _RESERVED.fullmatch(folded) is None
        and _HASHED.fullmatch(folded) is None
    )


def _hashed(name: str) -> str:
    kept = re.sub(r"[^a-z0-9]+", "-", name.casefold())[:_SHOWN].strip("-") or "person"
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{kept}-{digest}"
