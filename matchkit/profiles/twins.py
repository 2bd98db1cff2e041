"""The same person twice under two ids: nearly the same name and nearly the same address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from matchkit.profiles.schema import heading_key
from matchkit.profiles.tables import Cells, Findings

# People of one name, or with one address before the @; more of them are no slip.
_MOST_ALIKE: Final = 12
_LONG_ENOUGH: Final = 5
_SAME_PROVIDER: Final = {"googlemail.com": "gmail.com"}
_PARTS: Final = re.compile(r"[\W_]+")


def note_twins(columns: Mapping[str, Cells], findings: Findings) -> None:
    """Warn of people who seem to be in the source twice.

    Two people are nearly the same where their names have the same words or differ in one
    sign, and their addresses likewise; numbers in an address tell people apart. Each of the
    two gets a warning that names the other one.

    Parameters
    ----------
    columns : mapping of str to Cells
        The columns by key.
    findings : Findings
        Knows ids and rows, and gets the warnings.
    """
    if "name" not in columns or "email" not in columns:
        return
    words = [_sorted_words(text) for text in columns["name"].values]
    names = [words[code] for code in columns["name"].codes.tolist()]
    boxes = [_address(text) for text in columns["email"].values]
    emails = [boxes[code] for code in columns["email"].codes.tolist()]
    told = {
        (one, other)
        for one, other in _candidates(names, emails)
        if _nearly(names[one], names[other]) and _same_mailbox(emails[one], emails[other])
    }
    for one, other in sorted(told):
        for person, twin in ((one, other), (other, one)):
            findings.add(
                "warning", f"this is probably the same person as {str(findings.ids[twin])!r}: "
                "name and e-mail address are nearly the same",
                "keep one of the two rows, or check that they are different people",
                column="email", value=str(columns["email"].texts()[person]), person=person,
            )  # fmt: skip


def _candidates(names: list[str], emails: list[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """Yield pairs that share a name or the first part of an address."""
    for keys in (names, [local for local, _ in emails]):
        alike: dict[str, list[int]] = {}
        for person, key in enumerate(keys):
            if key and names[person] and emails[person][0]:
                alike.setdefault(key, []).append(person)
        for people in alike.values():
            if 1 < len(people) <= _MOST_ALIKE:
                yield from combinations(people, 2)


def _sorted_words(name: str) -> str:
    """Return the words of a name in one order, without accents and case."""
    words = filter(None, map(heading_key, _PARTS.split(name)))
    return " ".join(sorted(words))


def _address(email: str) -> tuple[str, str]:
    """Return the two parts of an address as a mailbox knows them: no dots, nothing after +."""
    local, _, domain = email.casefold().strip().partition("@")
    local = local.partition("+")[0]
    plain = local if local.isalnum() else "".join(_PARTS.split(local))
    return plain, _SAME_PROVIDER.get(domain, domain)


def _same_mailbox(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Return whether two different addresses are nearly the same."""
    if re.sub(r"\D", "", one[0]) != re.sub(r"\D", "", other[0]):
        return False
    if one[0] == other[0]:
        return True
    return one[1] == other[1] and _nearly(one[0], other[0])


def _nearly(one: str, other: str) -> bool:
    """Return whether two texts are equal, or long enough and one sign apart.

    Examples
    --------
    >>> _nearly("anna fry", "ana fry"), _nearly("anna fry", "anne bay"), _nearly("al", "ali")
    (True, False, False)
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or len(short) < _LONG_ENOUGH:
        return False
    at = next((i for i, sign in enumerate(short) if sign != long[i]), len(short))
    rest = long[at + 1 :]
    swapped = short[at : at + 2][::-1] == long[at : at + 2] and short[at + 2 :] == long[at + 2 :]
    return rest in {short[at:], short[at + 1 :]} or swapped
