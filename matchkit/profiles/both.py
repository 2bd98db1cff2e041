"""Both sides of a round: two sources, or one that holds mentors and mentees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from os import PathLike
from typing import Any

from matchkit.errors import Finding, ProfileError, ProgramError
from matchkit.profiles.cells import RANKED
from matchkit.profiles.columnmap import ColumnMap
from matchkit.profiles.headings import UNMET
from matchkit.profiles.pool import Pool, Role
from matchkit.profiles.reading import Examination, examine_people
from matchkit.profiles.schema import heading_key

_SIDES: tuple[Role, ...] = ("mentor", "mentee")


def read_both(
    mentors: Any, mentees: Any, columns: object, report: Callable[[int], None]
) -> tuple[Pool, Pool]:
    """Read both sides, and raise the faults of both together.

    Parameters
    ----------
    mentors, mentees : source of people
        As for `read_people`. Where there are no `mentees`, the first source holds both sides,
        and says in a column, or by the names of its sheets, who is on which.
    columns : ColumnMap, mapping, path, or None
        As for `read_people`; one mapping for both sides.
    report : callable
        Called with the number of sides read.

    Returns
    -------
    mentors, mentees : Pool

    Raises
    ------
    ProgramError
        Pools of the two sides were swapped.
    ProfileError
        Something was not understood, or one source does not say who is on which side.
    """
    given = ColumnMap.of(columns)
    swapped = [
        f"{side}s"
        for side, pool in zip(_SIDES, (mentors, mentees), strict=True)
        if isinstance(pool, Pool) and pool.role in _SIDES and pool.role != side
    ]
    if swapped:
        told = " and ".join(swapped)
        raise ProgramError(f"what was given as {told} was read as the other side; swap the two")
    if mentees is None:
        mentors = list(mentors) if isinstance(mentors, Iterator) else mentors
    one_list = mentees is None and not isinstance(mentors, str | PathLike)
    examined = []
    for done, (role, source) in enumerate(zip(_SIDES, (mentors, mentees), strict=True), start=1):
        side = mentors if mentees is None else source
        name = "people" if one_list else None
        examined.append(examine_people(side, role=role, columns=given, name=name))
        report(done)
    if mentees is None and not _told_apart(examined):
        raise ProfileError([_untold(examined[0])])
    faults = {
        replace(finding, severity="error"): None  # one source has each of its faults once
        for each in examined if each.pool is None
        for finding in each.findings if finding.severity in {"question", "error"}
    }  # fmt: skip
    if faults:
        raise ProfileError(faults)
    headings = [heading for each in examined for heading in each.mapping]
    first, second = (
        replace(each.pool, findings=tuple(met(each.pool.findings, headings)))
        for each in examined if each.pool is not None
    )  # fmt: skip
    return first, _on_one_scale(second, first)


def _on_one_scale(one: Pool, other: Pool) -> Pool:
    """Warn where seniority is a rank on one side and a number of years on the other."""
    ranked = [any(each.message == RANKED for each in pool.findings) for pool in (one, other)]
    if ranked[0] == ranked[1] or not (one.has("seniority") and other.has("seniority")):
        return one
    labeled, counted = (one, other) if ranked[0] else (other, one)
    warning = Finding(
        "warning", f"seniority is told in labels by {labeled.role}s and in numbers by "
        f"{counted.role}s: they do not compare", "ask both sides in the same way",
        column="seniority", source=one.source,
    )  # fmt: skip
    return replace(one, findings=(*one.findings, warning))


def _told_apart(examined: list[Examination]) -> bool:
    """Return whether one source said who is on which side, or could not be read at all."""
    forms = [each.form for each in examined]
    if None in forms or examined[0].sides:
        return True
    sheets = [form.sheet for form in forms if form is not None]
    return sheets[0] != sheets[1]


def _untold(examined: Examination) -> Finding:
    source = next((finding.source for finding in examined.findings), "")
    return Finding(
        "error", "one source was given, and nothing in it says who is a mentor and who a mentee",
        "give two, or add a column 'side' with mentor, mentee or both", source=source,
    )  # fmt: skip


def met(findings: Iterable[Finding], headings: Collection[str]) -> Iterator[Finding]:
    """Leave out warnings of headings that a mapping names and that another source has.

    One mapping file serves several sources, and need not fit each of them whole.
    """
    there = {heading_key(heading) for heading in headings}
    for finding in findings:
        if not (finding.message.startswith(UNMET) and heading_key(finding.value) in there):
            yield finding
