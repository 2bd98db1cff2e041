"""Pools put together, and cut down to a few people at little cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchkit.profiles import Lists, Pool, SkillLists, Windows


def few(pool: Pool, people: NDArray[np.int64]) -> Pool:
    """Return a few people whose lists hold only the labels that they use.

    Rules look every label up; without this, asking about five people would cost as much as
    asking about everybody.
    """
    taken = pool.take(people)
    lists: dict[str, Any] = {
        each.name: _slim(getattr(taken, each.name))
        for each in fields(taken)
        if isinstance(getattr(taken, each.name), Lists)
    }
    return replace(taken, **lists)


def _slim(lists: Lists) -> Lists:
    used, codes = np.unique(lists.codes, return_inverse=True)
    at = used.tolist()
    labels = tuple(lists.labels[code] for code in at)
    written = tuple(lists.written[code] for code in at)
    return replace(lists, codes=codes.reshape(-1), labels=labels, written=written)


def joined(first: Pool, second: Pool) -> Pool:
    """Return the people of two pools as one, those of the first in front."""
    changes: dict[str, Any] = {}
    for each in fields(Pool):
        mine, theirs = getattr(first, each.name), getattr(second, each.name)
        if isinstance(mine, Lists):
            changes[each.name] = _joined_lists(mine, theirs)
        elif isinstance(mine, Windows):
            indptr = np.concatenate([mine.indptr, theirs.indptr[1:] + mine.indptr[-1]])
            ends = (
                np.concatenate([getattr(mine, x), getattr(theirs, x)]) for x in ("start", "end")
            )
            changes[each.name] = Windows(indptr, *ends)
        elif isinstance(mine, np.ndarray):
            changes[each.name] = np.concatenate([mine, theirs])
    columns = {}
    for key in (*first.columns, *(key for key in second.columns if key not in first.columns)):
        parts = [
            pool.columns.get(key, np.full(len(pool), "", dtype=object)) for pool in (first, second)
        ]
        columns[key] = np.concatenate(parts)
    mapping = {**second.mapping, **first.mapping}
    return replace(first, columns=columns, mapping=mapping, findings=(), **changes)


def _joined_lists(first: Lists, second: Lists) -> Lists:
    """Return two sides' lists over one sorted vocabulary; the first side's spellings stay."""
    spelled = dict(zip(second.labels, second.written, strict=True))
    spelled |= dict(zip(first.labels, first.written, strict=True))
    labels = tuple(sorted(spelled))
    place = {label: at for at, label in enumerate(labels)}
    codes = [
        np.array([place[label] for label in each.labels], dtype=np.int64)[each.codes]
        for each in (first, second)
    ]
    changes: dict[str, Any] = {}
    if isinstance(first, SkillLists) and isinstance(second, SkillLists):
        changes["levels"] = np.concatenate([first.levels, second.levels])
    return replace(
        first,
        indptr=np.concatenate([first.indptr, second.indptr[1:] + first.indptr[-1]]),
        codes=np.concatenate(codes),
        labels=labels,
        written=tuple(spelled[label] for label in labels),
        **changes,
    )


def without(pool: Pool, gone: Sequence[bool] | NDArray[np.bool_]) -> Pool:
    """Return the people who are still there."""
    return few(pool, np.flatnonzero(~np.asarray(gone, dtype=bool)))
