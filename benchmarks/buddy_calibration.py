"""Fit the constants of `matchkit/buddies/calibration.py` on the training questions.

Usage: python benchmarks/buddy_calibration.py

Three indexes are asked: ESCO without and with the taxonomy, and everyday skills with everyday
questions (`benchmarks/esco_people.py`, training halves only). For each question every person's
skill is one observation: what it shares with the question, and whether it is the one asked for.
Of each question the 80 skills that come closest are taken, and all that are right. The
constants in force stand beside those fitted now.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matchkit as mk
from benchmarks.buddies import taxonomy
from benchmarks.esco_people import KINDS, Query, everyday_set, skills, test_set
from matchkit.buddies import calibration
from matchkit.buddies.closeness import compare
from matchkit.buddies.naming import Meant
from matchkit.buddies.question import understood
from matchkit.buddies.segment import text_vectors
from matchkit.profiles import clean_skill
from matchkit.scoring.latent import UNIT

CLOSEST = 80

Right = Callable[[str, str, str], bool]
"""Whether what a query asks for is meant by a label as written, or by the skill that it means."""

Rows = tuple[NDArray[np.float64], NDArray[np.bool_]]


def observations(index: mk.BuddyIndex, asked: Sequence[tuple[Query, str]], right: Right) -> Rows:
    """Return inputs and outcomes of skills that are close to what is asked."""
    snapshot = index._snapshot  # noqa: SLF001 - the numbers before they become one
    (segment,) = snapshot.segments
    holders, lists = segment.holders, segment.people.skills
    owner = np.repeat(np.arange(len(segment.skills)), np.diff(holders.indptr))
    codes = lists.codes[lists.indptr[holders.entries] + segment.listed]
    labels = [lists.labels[code] for code in codes.tolist()]
    means = [segment.skills[at] for at in owner.tolist()]
    inputs, outcomes = [], []
    for query, text in asked:
        (ask,) = understood(text, snapshot.statistics)
        found = compare(segment, ask, Meant())
        by_skill = np.zeros((len(found.inputs), len(segment.skills)))
        by_skill[:, found.skills] = found.inputs
        vector = text_vectors([text], snapshot.statistics, None)[0].astype(np.float64)
        cosine = segment.vectors[holders.entries].astype(np.float64) @ vector / UNIT**2
        each = np.vstack([by_skill[:, owner], cosine])
        good = np.array(
            [right(query.uri, label, skill) for label, skill in zip(labels, means, strict=True)]
        )
        close = np.argsort(-(each[0] + each[4]), kind="stable")[:CLOSEST]
        keep = np.union1d(close, np.flatnonzero(good))
        length = np.log(max(1, len(ask.words)))
        mine = each[:, keep]
        inputs.append(np.vstack([mine, mine * length, np.full(len(keep), length)]).T)
        outcomes.append(good[keep])
    return np.vstack(inputs), np.concatenate(outcomes)


def training() -> list[Rows]:
    """Return the observations of the three indexes."""
    written: dict[str, set[str]] = {}
    for skill in skills().values():
        for name in skill.written:
            written.setdefault(clean_skill(name), set()).add(skill.uri)
    esco, everyday = test_set("train"), everyday_set("train")
    asked = [(q, getattr(q, kind)) for q in (*esco.queries, *esco.absent) for kind in KINDS]
    each_day = [(q, text) for q in everyday.queries for text in (q.short, q.question)]
    return [
        *(
            observations(index, asked, lambda uri, label, _: uri in written[label])
            for index in (
                mk.BuddyIndex(esco.people), mk.BuddyIndex(esco.people, taxonomy=taxonomy()),
            )
        ),
        observations(mk.BuddyIndex(everyday.people), each_day, lambda uri, _, skill: uri == skill),
    ]  # fmt: skip


def main() -> None:
    """Fit and print."""
    from sklearn.linear_model import LogisticRegression

    inputs, outcomes = zip(*training(), strict=True)
    model = LogisticRegression(C=10, max_iter=5_000)
    model.fit(np.vstack(inputs), np.concatenate(outcomes))
    slopes, by_length, last = np.split(model.coef_[0].round(2), (6, 12))
    print(f"{'':20} fitted now / in force")
    print(f"{'OFFSET':20} {model.intercept_[0]:.2f} / {calibration.OFFSET}")
    print(f"{'SLOPES':20} {slopes.tolist()} / {calibration.SLOPES}")
    print(f"{'SLOPES_BY_LENGTH':20} {by_length.tolist()} / {calibration.SLOPES_BY_LENGTH}")
    print(f"{'SLOPE_OF_LENGTH':20} {last[0]} / {calibration.SLOPE_OF_LENGTH}")


if __name__ == "__main__":
    main()
