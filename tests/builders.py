"""Results built by hand, for tests that look at results and not at how they came about."""

from __future__ import annotations

from collections.abc import Sequence

from matchkit.errors import Finding
from matchkit.matching import (
    AppliedCriterion,
    Certificate,
    Match,
    Matching,
    Part,
    Place,
    Record,
    Unmatched,
)
from matchkit.program import Program

WEIGHTS = {"SkillCoverage": 600_000, "TextFit": 300_000, "SameValue(site)": 100_000}


def pair(
    mentee: str, mentor: str, points: Sequence[int] = (400_000, 150_000, 0), *, word: str = "sql"
) -> Match:
    """Return a match whose text criterion could not tell, with one caution."""
    evidence = ((f"goal {word!r} <- skill {word!r} level 4",), (), (f"site: {word} and Rome",))
    parts = tuple(
        Part(name, given, weight, known=name != "TextFit", evidence=lines)
        for (name, weight), given, lines in zip(WEIGHTS.items(), points, evidence, strict=True)
    )
    cautions = (f"only 70 % of the weight of {word} rests on evidence",)
    return Match(mentee, mentor, sum(points), 2, 3, parts, cautions)


def matching(
    *matches: Match,
    left: Sequence[str] = (),
    idle: Sequence[str] = (),
    findings: Sequence[Finding] = (),
    word: str = "sql",
) -> Matching:
    """Return a detached round of these matches, of people without mentor and idle mentors."""
    unmatched = tuple(
        Unmatched(mentee, "no_eligible_mentor", ((f"Different({word})", 2),), f"Relax {word}.")
        for mentee in left
    )
    taken = [match.mentor for match in matches]
    mentors = sorted({*taken, *idle})
    places = tuple(
        Place(who, taken.count(who) + (who in idle), taken.count(who), (0, 5_000), (1, 9_000))
        for who in mentors
    )
    total = sum(match.points for match in matches)
    record = Record(
        mentees=len(matches) + len(left),
        mentors=len(mentors),
        places=sum(place.capacity for place in places),
        eligible_pairs=len(matches),
        criteria=tuple(AppliedCriterion(name, top, 1_000, 0.5) for name, top in WEIGHTS.items()),
        rules=((f"Different({word})", 2),),
        skipped=(("SharedHours", f"mentees have no {word!r}"),),
        findings=tuple(findings),
        mapping={"mentees": {word: "goals"}, "mentors": {word: "skills"}},
        hashes={"mentees": "a" * 64, "mentors": "b" * 64},
        versions={"matchkit": "0"},
    )
    return Matching(
        matches=tuple(sorted(matches, key=lambda match: match.mentee)),
        unmatched=unmatched,
        places=places,
        certificate=Certificate("optimal", len(matches), len(matches), total, total, 0.0),
        program=Program(),
        record=record,
    )
