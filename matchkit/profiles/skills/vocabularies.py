"""Vocabularies shared by both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from matchkit.profiles.lists import Lists


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
