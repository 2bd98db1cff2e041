"""Users as directories hand them out: SCIM 2.0, core and enterprise schema.

The names are those of RFC 7643, *System for Cross-domain Identity Management: Core Schema*
(sections 4.1 and 4.3), and of the list response of RFC 7644, section 3.4.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matchkit.profiles.tables import Findings

PRESET: Final = "SCIM 2.0"

_LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_CORE: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
_LEFT_OUT: Final = frozenset({"schemas", "meta", "password", "photos", "x509Certificates",
                              "groups", "entitlements", "ims"})  # fmt: skip


def is_response(document: Any) -> bool:
    """Return whether a JSON document is a SCIM list response, one user, or a list of users."""
    if isinstance(document, Mapping):
        return "Resources" in document or _is_user(document)
    return isinstance(document, list) and bool(document) and all(map(_is_user, document))


def _is_user(record: Any) -> bool:
    schemas = record.get("schemas") if isinstance(record, Mapping) else None
    return isinstance(schemas, list) and _CORE in schemas


def flat_users(document: Any, findings: Findings) -> list[Any]:
    """Turn users with nested attributes into records with one value for each heading.

    Of several e-mail addresses or postal addresses the primary one counts, else the first.
    Attributes of extensions keep their own name; what is not about the person (schemas,
    meta, groups, photos ...) is left out.

    Parameters
    ----------
    document : dict or list
        A list response, one user, or a list of users.
    findings : Findings
        Gets a warning where the response is one page of several, or holds inactive users.

    Returns
    -------
    list
        One record for each user; whatever is no user stays as it is.
    """
    users = document
    if isinstance(document, Mapping):
        users = document.get("Resources", [document])
        users = users if isinstance(users, list) else [users]
        total = document.get("totalResults")
        if isinstance(total, int) and total > len(users):
            findings.add(
                "warning", f"the response holds {len(users)} of {total} users",
                "ask for the other pages too",
            )  # fmt: skip
    left_out = sorted({key for user in users if isinstance(user, Mapping)
                       for key in user if key in _LEFT_OUT - {"schemas"}})  # fmt: skip
    if left_out:
        findings.add("note", f"left out: {', '.join(left_out)}")
    inactive = sum(isinstance(user, Mapping) and user.get("active") is False for user in users)
    if inactive:
        findings.add("warning", f"{inactive} of {len(users)} users are not active",
                     "remove those who have left", column="active")  # fmt: skip
    return [_flat(user) if isinstance(user, Mapping) else user for user in users]


def _flat(user: Mapping[str, Any]) -> dict[str, Any]:
    """Return one user with one value for each heading."""
    record: dict[str, Any] = {}
    for key, value in user.items():
        if key in _LEFT_OUT:
            continue
        if key.startswith("urn:") and isinstance(value, Mapping):  # an extension
            for name, inner in value.items():
                record.setdefault(name, _value(name, inner))
        elif key == "name" and isinstance(value, Mapping):
            record["name"] = value.get("formatted") or " ".join(
                str(value[part]) for part in ("givenName", "familyName") if value.get(part)
            )
        elif key == "emails":
            record["email"] = _value(key, value)
        elif key == "addresses":
            chosen = _primary(value)
            locality = chosen.get("locality") if isinstance(chosen, Mapping) else chosen
            record["location"] = locality
        else:
            record[key] = _value(key, value)
    return record


def _value(name: str, value: Any) -> Any:
    """Return what a record holds of an attribute."""
    if name == "manager" and isinstance(value, Mapping):
        return value.get("value") or value.get("displayName")
    if name in {"emails", "phoneNumbers"}:
        chosen = _primary(value)
        return chosen.get("value") if isinstance(chosen, Mapping) else chosen
    if isinstance(value, list):
        return [each.get("value", each) if isinstance(each, Mapping) else each for each in value]
    return value


def _primary(values: Any) -> Any:
    """Return the primary one of several values, else the first."""
    if not isinstance(values, Sequence) or isinstance(values, str):
        return values
    ranked = [each for each in values if isinstance(each, Mapping) and each.get("primary") is True]
    return next(iter([*ranked, *values]), None)
