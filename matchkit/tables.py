"""A matching as a frame, as a few lines of text, and as a notebook table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from matchkit.scoring import POINTS

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.constraints import AppliedConstraint
    from matchkit.matching import Match, Matching

SHOWN = 20
"""Rows that a notebook shows."""


def matching_frame(matching: Matching) -> pd.DataFrame:
    """Return one row for each mentee; see :meth:`Matching.to_frame`."""
    import pandas as pd

    names = [criterion.name for criterion in matching.record.criteria]
    rows: list[dict[str, object]] = []
    for match in matching.matches:
        parts = {part.criterion: part.points for part in match.parts}
        rows.append(
            {
                "mentee": match.mentee,
                "mentor": match.mentor,
                "score": match.score,
                "points": match.points,
                "rank": match.rank,
                **{name: parts[name] for name in names},
                "evidence_share": match.evidence_share,
                "cautions": "; ".join(match.cautions),
                "reason": "",
            }
        )
    rows += [{"mentee": one.mentee, "reason": one.reason} for one in matching.unmatched]
    columns = ["mentee", "mentor", "score", "points", "rank", *names]
    columns += ["evidence_share", "cautions", "reason"]
    told = matching.continuity
    before = {} if told is None else dict(told.previous.pairs)
    frame = pd.DataFrame(rows, columns=columns).sort_values("mentee", ignore_index=True)
    whole = ["points", "rank", *names]
    text = ["mentee", "mentor", "cautions", "reason"]
    if told is not None:
        frame.insert(2, "previous", frame["mentee"].map(before).fillna(""))
        text.append("previous")
    types = dict.fromkeys(whole, "Int64") | dict.fromkeys(text, "object")
    frame = frame.astype(types | dict.fromkeys(["score", "evidence_share"], "float64"))
    return frame.fillna(dict.fromkeys(text, ""))


def summary_lines(matching: Matching) -> list[tuple[str, str]]:
    """Return the round in a few labelled lines: how many, how well, how sure, what blocked."""
    record, done = matching.record, matching.certificate
    scores = [match.score for match in matching.matches]
    lines = [("matched", f"{len(scores)} of {record.mentees} mentees")]
    if scores:
        worst = min(matching.matches, key=lambda match: (match.points, match.mentee))
        lines += [
            ("mean score", f"{sum(scores) / len(scores):.3f}"),
            ("worst score", f"{worst.score:.3f} ({worst.mentee} with {worst.mentor})"),
        ]
    if done.worst is not None and done.worst_bound is not None:
        best = "no matching has a better one" if done.worst == done.worst_bound else "a bound"
        lines.append(("best worst score", f"{done.worst_bound / POINTS:.3f} ({best})"))
    proof = "proven optimal" if done.status == "optimal" and not done.gap else done.status
    lines.append(("stable", "no two would rather have each other"))
    if not matching.program.stable:
        lines[-1] = ("gap", f"{done.gap:g} ({proof})")
    lines += [(_short(each.name), _kept(each)) for each in record.constraints]
    if matching.continuity is not None:
        lines.append(("last round", str(matching.continuity)))
    free = sum(place.left for place in matching.idle)
    lines.append(("places", f"{record.places} offered, {free} left"))
    most = sorted(record.rules, key=lambda rule: (-rule[1], rule[0]))[:3]
    removed = ", ".join(f"{name} {count:,}" for name, count in most if count)
    pairs = record.mentees * record.mentors
    lines.append(("pairs removed by", removed or f"no rule (of {pairs:,} pairs)"))
    if record.skipped:
        lines.append(("not applied", ", ".join(name for name, _ in record.skipped)))
    return lines


def _short(name: str) -> str:
    """Return the kind of a constraint; what it is about stands beside it."""
    return name.partition("(")[0]


def _kept(each: AppliedConstraint) -> str:
    """Say what became of a constraint, and what that cost."""
    about = each.name.partition("(")[2].removesuffix(")")
    short = f"; MISSED by {each.missed:,}, at a price of {each.penalty:,} points"
    return f"{about}: {each.told}{short if each.missed else ''}"


def summary_text(matching: Matching) -> str:
    """Return the round in a few lines of plain text; see :meth:`Matching.summary`."""
    lines = summary_lines(matching)
    wide = max(len(label) for label, _ in lines)
    return "\n".join(f"{label:<{wide}}  {text}" for label, text in lines)


def matching_html(matching: Matching) -> str:
    """Return the table that notebooks show: the summary and the first matches."""
    lines = "<br>".join(
        f"<b>{escape(label)}</b> {escape(text)}" for label, text in summary_lines(matching)
    )
    rows = "".join(
        f"<tr><td>{escape(match.mentee)}</td><td>{escape(match.mentor)}</td>"
        f"<td>{match.score:.3f}</td><td>{match.rank} of {match.eligible}</td>"
        f"<td>{escape(_best_reason(match))}</td></tr>"
        for match in matching.matches[:SHOWN]
    )
    more = len(matching) - SHOWN
    rest = f"<p>and {more} more: <code>matching.to_frame()</code></p>" if more > 0 else ""
    head = "<tr><th>mentee</th><th>mentor</th><th>score</th><th>rank</th><th>why</th></tr>"
    return f"<p>{lines}</p><table><thead>{head}</thead><tbody>{rows}</tbody></table>{rest}"


def _best_reason(match: Match) -> str:
    known = [part for part in match.parts if part.known and part.points and part.evidence]
    best = max(known, key=lambda part: part.points, default=None)
    return best.evidence[0] if best else ""
