"""Made-up outcomes, for examples and for checks of what can be learned from outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from matchkit.feedback.features import shares
from matchkit.feedback.records import Outcome, Outcomes
from matchkit.profiles.pool import id_keys

if TYPE_CHECKING:
    from matchkit.matching import Match, Matching


def simulate_outcomes(
    matching: Matching,
    *,
    weights: Mapping[str, float] | None = None,
    strength: float = 8.0,
    answering: float = 1.0,
    seed: int = 0,
) -> Outcomes:
    """Make up what could have become of the pairs if these weights were the true ones.

    The chance of a good outcome rises with the weighted mean of the pair's criteria, as in a
    logistic regression; ratings, progress and meetings follow from it with some noise. Nobody
    real is described.

    Parameters
    ----------
    matching : Matching
        The round.
    weights : mapping of str to float, optional
        How much each criterion really matters; as in the program where none are given.
    strength : float
        How much all of them together matter: 0 for not at all, so that all is luck.
    answering : float
        Share of the pairs that answer, in [0, 1].
    seed : int
        Of the dice, which each pair has of its own: who else takes part changes nothing.

    Returns
    -------
    Outcomes
        One for each pair, answered or not.

    Examples
    --------
    >>> import matchkit as mk
    >>> from matchkit.feedback import simulate_outcomes
    >>> matching = mk.match([{"id": "di", "skills": "sql:4"}], [{"id": "bo", "goals": "sql"}])
    >>> simulate_outcomes(matching, seed=1)["bo"] == simulate_outcomes(matching, seed=1)["bo"]
    True
    """
    given = weights or {each.name: each.weight for each in matching.record.criteria}
    names = sorted(given)
    known = np.nan_to_num(shares(matching, names))
    scale = np.array([given[name] for name in names])
    worth = known @ scale / max(scale.sum(), 1e-12)
    usual = float(worth.mean()) if worth.size else 0.0
    keys = id_keys((f"{match.mentee}\0{match.mentor}" for match in matching), seed)
    return Outcomes(
        tuple(
            _outcome(match, strength * (own - usual), answering, int(key))
            for match, own, key in zip(matching, worth.tolist(), keys, strict=True)
        )
    )


def _outcome(match: Match, tendency: float, answering: float, key: int) -> Outcome:
    """Roll the dice of one pair."""
    dice = np.random.default_rng(key)
    silent = dice.random() >= answering
    went = 1 / (1 + np.exp(-tendency - dice.logistic()))
    mentee, mentor, progress = np.clip(went + dice.normal(0, 0.08, 3), 0, 1)
    if silent:
        return Outcome(match.mentee, match.mentor)
    early = bool(went < 0.1)
    return Outcome(
        match.mentee,
        match.mentor,
        meetings=round(12 * float(went)),
        mentee_rating=float(round(1 + 4 * mentee)),
        mentor_rating=float(round(1 + 4 * mentor)),
        progress=round(float(progress), 1),
        ended_early=early,
        continues=bool(went > 0.9),
        reason="no time" if early else "",
    )
