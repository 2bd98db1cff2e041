"""Vocabularies shared by both sides: labels as written, and skills as understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matchkit.profiles.lists import Lists
    from matchkit.profiles.skills.resolver import How, Resolver


def vocabulary(*lists: Lists) -> tuple[tuple[str, ...], list[NDArray[np.int64]]]:
    """Join the labels of several pools into one sorted vocabulary.

    Parameters
    ----------
    *lists : Lists
        Skills of mentors, goals of mentees, and so on.

    Returns
    -------
    labels : tuple of str
        Every label once, sorted.
    maps : list of int64 arrays
        For each argument the position in the vocabulary of each of its labels, so that
        ``maps[0][lists[0].codes]`` are codes into the vocabulary.

    Examples
    --------
    >>> from matchkit.profiles import read_people
    >>> mentors = read_people([{"id": "di", "skills": "SQL:4; Go"}], role="mentor")
    >>> mentees = read_people([{"id": "ana", "goals": "sql"}], role="mentee")
    >>> labels, (skills, goals) = vocabulary(mentors.skills, mentees.goals)
    >>> labels, goals.tolist()
    (('go', 'sql'), [1])
    """
    labels = tuple(sorted({label for each in lists for label in each.labels}))
    position = {label: i for i, label in enumerate(labels)}
    maps = [np.array([position[label] for label in each.labels], dtype=np.int64) for each in lists]
    return labels, maps


@dataclass(frozen=True, eq=False)
class Understood:
    """The skills that several lists are about.

    Attributes
    ----------
    labels : tuple of str
        Every skill once, sorted; of what is unresolved its own cleaned form.
    concepts : int64 array (labels,)
        The concept of each in the resolver's taxonomy, -1 for what is unresolved.
    maps : tuple of int64 arrays
        For each list the position in `labels` of each of its own labels, so that
        ``maps[0][lists[0].codes]`` are codes into the vocabulary.
    how : tuple of tuple of How
        For each list how each of its own labels was understood.
    """

    labels: tuple[str, ...]
    concepts: NDArray[np.int64]
    maps: tuple[NDArray[np.int64], ...]
    how: tuple[tuple[How, ...], ...]


def understood(resolver: Resolver, *lists: Lists) -> Understood:
    """Return the skills meant by the labels of several pools.

    Examples
    --------
    >>> from matchkit.profiles import read_people, resolver_of
    >>> mentors = read_people([{"id": "di", "skills": "Kubernetes:4"}], role="mentor")
    >>> mentees = read_people([{"id": "ana", "goals": "K8s; sailing"}], role="mentee")
    >>> skills = understood(resolver_of(None), mentors.skills, mentees.goals)
    >>> skills.labels, skills.how
    (('Kubernetes', 'sailing'), (('label',), ('alias', 'unresolved')))
    """
    names, maps = vocabulary(*lists)
    found = resolver.resolve(names)
    return Understood(
        found.labels,
        found.concepts,
        tuple(found.codes[each] for each in maps),
        tuple(tuple(found.how[at] for at in each.tolist()) for each in maps),
    )
