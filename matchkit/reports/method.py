"""How the round was run: what counted, what was forbidden, what was noticed, and the proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matchkit.errors import Finding
from matchkit.matching import Certificate, Matching
from matchkit.reports import wording

SEVERITIES = ("error", "warning", "repaired", "note")
"""The gravest first."""

NAMED = 12
"""People named with one finding; their number is always given."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A criterion, its share of the weight and where it could tell."""

    name: str
    weight: str
    share: float
    known: str
    mean: str


@dataclass(frozen=True, slots=True)
class Removed:
    """A rule and the pairs that it removed."""

    name: str
    pairs: str
    share: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Findings that say the same about several people."""

    severity: str
    column: str
    message: str
    mend: str
    number: int
    ids: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Headings:
    """One side's headings: those that are columns themselves, and what the others became."""

    name: str
    same: tuple[str, ...]
    other: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Method:
    """How the round was run.

    Attributes
    ----------
    sizes : str
        The round in one sentence.
    criteria, rules, skipped, findings : tuple
        What scored, what was forbidden, what could not apply and why, what was noticed.
    constraints : tuple of (str, str)
        Constraints on the matching as a whole, and what they came to.
    mapping : tuple of Headings
        How each side's headings were read.
    certificate, sources : tuple of (str, str)
        The proof, and what the result was made from.
    program : str
        The program as TOML.
    """

    sizes: str
    criteria: tuple[Weighed, ...]
    rules: tuple[Removed, ...]
    constraints: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]
    findings: tuple[Noticed, ...]
    mapping: tuple[Headings, ...]
    certificate: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    program: str


def build(matching: Matching, digest: str) -> Method:
    """Return how a round was run.

    Parameters
    ----------
    matching : Matching
        The round.
    digest : str
        SHA-256 of its JSON.
    """
    record = matching.record
    hashes = tuple(
        (f"SHA-256 of the {side} as read", text) for side, text in sorted(record.hashes.items())
    )
    versions = ", ".join(f"{name} {text}" for name, text in sorted(record.versions.items()))
    return Method(
        sizes=_sizes(matching),
        criteria=_criteria(matching),
        rules=_rules(matching),
        constraints=tuple(
            (wording.title(each.name), wording.kept(each)) for each in record.constraints
        ),
        skipped=tuple((wording.title(name), why) for name, why in record.skipped),
        findings=grouped(record.findings),
        mapping=tuple(_headings(side, known) for side, known in sorted(record.mapping.items())),
        certificate=_certificate(matching),
        sources=(("SHA-256 of matching.json", digest), *hashes, ("Made with", versions)),
        program=matching.program.to_toml(),
    )


def grouped(findings: Iterable[Finding]) -> tuple[Noticed, ...]:
    """Return findings that say the same about several people as one, the gravest first.

    Nobody is left out in silence: beyond the first dozen people the others are counted.
    """
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for finding in findings:
        key = (finding.severity, finding.column, finding.message, finding.mend)
        groups.setdefault(key, []).append(finding.id)
    ordered = sorted(groups.items(), key=lambda one: SEVERITIES.index(one[0][0]))
    return tuple(_noticed(key, ids) for key, ids in ordered)


def _noticed(key: tuple[str, str, str, str], ids: list[str]) -> Noticed:
    named = [text for text in ids if text]
    return Noticed(*key, len(ids), tuple(named[:NAMED]), max(0, len(named) - NAMED))


def _sizes(matching: Matching) -> str:
    record = matching.record
    pairs = record.mentees * record.mentors
    allowed = f"{record.eligible_pairs:,} of {wording.count(pairs, 'possible pair')}"
    verb = "meets" if record.eligible_pairs == 1 else "meet"
    return (
        f"{wording.count(record.mentees, 'mentee')}, {wording.count(record.mentors, 'mentor')} "
        f"with {wording.count(record.places, 'place')}; {allowed} {verb} every rule."
    )


def _headings(side: str, known: Mapping[str, str]) -> Headings:
    return Headings(
        name=side,
        same=tuple(sorted(heading for heading, column in known.items() if heading == column)),
        other=tuple(sorted(pair for pair in known.items() if pair[0] != pair[1])),
    )


def _criteria(matching: Matching) -> tuple[Weighed, ...]:
    return tuple(
        Weighed(
            name=wording.title(criterion.name),
            weight=wording.score(criterion.weight),
            share=round(criterion.weight / 10_000, 1),
            known=wording.percent(criterion.known),
            mean=wording.score(criterion.mean),
        )
        for criterion in matching.record.criteria
    )


def _rules(matching: Matching) -> tuple[Removed, ...]:
    pairs = matching.record.mentees * matching.record.mentors
    return tuple(
        Removed(wording.title(name), f"{number:,}", wording.percent(number / pairs if pairs else 0))
        for name, number in matching.record.rules
    )


def _beside(done: Certificate) -> tuple[tuple[str, str], ...]:
    """Return what else was maximized, where there is any."""
    if not done.adjustment:
        return ()
    name = "Counted besides, for pairs kept and for people who come first"
    return ((name, f"{done.adjustment:,}"), ("Maximized in all", f"{done.maximized:,}"))


def _certificate(matching: Matching) -> tuple[tuple[str, str], ...]:
    done = matching.certificate
    first = matching.program.coverage == "first"
    most = (("Most that any matching could match", f"{done.matched_bound:,}"),) if first else ()
    if matching.program.stable:
        return (("People matched", f"{done.matched:,}"), ("Total in points", f"{done.total:,}"))
    worst: tuple[tuple[str, str], ...] = ()
    if done.worst is not None:
        worst = (
            ("Points of the worst off", f"{done.worst:,}"),
            ("Most that the worst off could have", f"{done.worst_bound:,}"),
        )
    return (
        ("Status", done.status),
        ("People matched", f"{done.matched:,}"),
        *most,
        *worst,
        ("Total in points", f"{done.total:,}"),
        *_beside(done),
        ("Most points that any such matching could reach", f"{done.bound:,}"),
        ("Gap", f"{done.gap:g}"),
        *_across(matching),
    )


def _across(matching: Matching) -> tuple[tuple[str, str], ...]:
    """Say what the constraints add to the proof."""
    done = matching.certificate
    if not matching.record.constraints:
        return ()
    how = "prices and multipliers of the constraints are a bound"
    if done.status == "optimal":
        how += "; all pairs that they leave open were searched, and nothing better was found"
    penalty = (("Points that soft constraints cost", f"{done.penalty:,}"),) if done.penalty else ()
    return (*penalty, ("Proven by", how))
