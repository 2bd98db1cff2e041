"""The criteria that come with matchkit: what each means, and its parameters.

The numbers behind them live in the feature modules, which load SciPy or scikit-learn only
when a round is scored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, field_validator

from matchkit.embedding import Embedder
from matchkit.scoring.base import Context, Criterion, Feature, OfColumn

if TYPE_CHECKING:
    from matchkit.profiles import Pool
    from matchkit.scoring.sides import Side


class SkillCoverage(Criterion):
    """How well the mentor's skills answer the mentee's goals.

    For each goal the best of the mentor's skills counts: the same skill, by whatever name,
    in full; a related one by the probability that it helps, at most ``related``. Its level is
    compared with the mentee's own (0 where the skill is new to them), and ``teach`` says how
    well that gap can be taught. Goals written first weigh more: 1, 0.63, 0.5, 0.43, ...
    Further skills of the mentor cost nothing. A skill without a level counts as level 3.

    Attributes
    ----------
    weight : float
        Importance, 0 or more.
    teach : tuple of float
        Value in [0, 1] of a gap of at most -1, then 0, 1, 2, ... levels; the last holds for
        every larger gap.
    related : float
        The most that a related skill earns, from 0 (only the same skill counts) to one half.

    Notes
    -----
    The shape follows the zone of proximal development (Vygotsky, *Mind in Society*, 1978,
    ch. 6); the discount over goals is that of discounted cumulative gain (Jaervelin and
    Kekaelaeinen, *ACM TOIS* 20(4), 2002). Relatedness becomes a probability before the level
    counts (:mod:`matchkit.profiles.skills.related`).

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors = [{"id": "di", "skills": "python:4"}, {"id": "gil", "skills": "python:1"}]
    >>> mentees = [{"id": "ana", "goals": "py", "skills": "python:2"}]
    >>> scores = mk.score(mentors, mentees, program=mk.Program(criteria=(mk.SkillCoverage(),)))
    >>> dict(zip(scores.mentor_ids, scores.points[0].tolist()))["di"]
    1000000
    """

    teach: tuple[float, ...] = (0.0, 0.3, 0.8, 1.0, 1.0, 0.85)
    related: float = Field(default=0.5, ge=0, le=0.5)

    @field_validator("teach")
    @classmethod
    def _shares(cls, teach: tuple[float, ...]) -> tuple[float, ...]:
        if not teach or not all(0 <= value <= 1 for value in teach):
            raise ValueError("teach takes one or more numbers between 0 and 1")
        return teach

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns needed: goals of mentees, skills of mentors."""
        return ("goals",), ("skills",)

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Feature:
        """Return this criterion for the people of one round."""
        from matchkit.scoring.skills import SkillFeature

        return SkillFeature(self, mentees, mentors, context.taxonomy)


class TextFit(Criterion):
    """How close what the mentee writes comes to what the mentor writes about themselves.

    What mentees write is their ``goals_text`` and ``goals``; what mentors write is their
    ``bio``, ``skills`` and ``role``. Each text and each entry of a list is a document of its
    own: the tf-idf of its words and pairs of words (English stop words, sublinear counts).
    A person is the sum of the documents, each by the square root of its length. The fit of
    two people is the cosine of these sums, and where 500 people and more wrote something it
    is blended with that of their words' company, 17 parts to 3 (latent semantic analysis in
    50 dimensions). ``docs/scoring.md`` has the measurements.

    Attributes
    ----------
    weight : float
        Importance, 0 or more.
    full : float
        Cosine that counts as a full fit. Texts of different people on one subject rarely
        come above one half.
    embedder : Embedder or None
        Of a subclass: a model that tells what texts mean, 14 parts of words to 6 of its
        cosine. Documents count for a person as above.

    Examples
    --------
    A model of one's own makes a criterion of one's own, with a name that results can tell:

    >>> import matchkit as mk
    >>> def two_meanings(texts):
    ...     return [["sea" in text or "sail" in text, "law" in text] for text in texts]
    >>> class MeaningFit(mk.TextFit):
    ...     embedder = staticmethod(two_meanings)
    >>> program = mk.Program(criteria=(MeaningFit(full=0.3),))
    >>> mentors = [{"id": "di", "bio": "sailing"}, {"id": "gil", "bio": "law"}]
    >>> mk.match(mentors, [{"id": "ana", "goals_text": "the sea"}], program=program)["ana"].score
    1.0
    """

    embedder: ClassVar[Embedder | None] = None

    full: float = Field(default=0.5, gt=0, le=1)

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns that are read, of which one on each side is enough."""
        return ("goals_text", "goals"), ("bio", "skills", "role")

    def missing(self, mentees: Pool, mentors: Pool) -> str:
        """Say why this cannot apply: a side that has none of the columns."""
        lacks = [
            f"{pool.role}s have none of {', '.join(columns)}"
            for columns, pool in zip(self.columns(), (mentees, mentors), strict=True)
            if not any(pool.has(column) for column in columns)
        ]
        return " and ".join(lacks)

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Feature:  # noqa: ARG002
        """Return this criterion for the people of one round."""
        from matchkit.scoring.text import TextFeature

        embedder = type(self).embedder
        return TextFeature(
            self.full, self.columns(), mentees=mentees, mentors=mentors, embedder=embedder
        )


class SeniorityGap(Criterion):
    """How close the mentor's lead in seniority comes to an ideal one.

    ``max(0, 1 - |gap - ideal| / spread)`` where ``gap`` is the mentor's seniority less the
    mentee's.

    Attributes
    ----------
    weight : float
        Importance, 0 or more.
    ideal, spread : float
        The best gap, and the distance from it at which the value reaches 0, both in the
        units of the ``seniority`` column.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors, mentees = [{"id": "di", "seniority": 5}], [{"id": "ana", "seniority": 2}]
    >>> program = mk.Program(criteria=(mk.SeniorityGap(ideal=2, spread=4),))
    >>> mk.score(mentors, mentees, program=program).points.tolist()
    [[750000]]
    """

    needs = ("seniority",)
    ideal: float = Field(default=2.0, allow_inf_nan=False)
    spread: float = Field(default=3.0, gt=0, allow_inf_nan=False)

    def value(self, mentee: Side, mentor: Side) -> Any:
        """Return the value of each pair of seniorities."""
        import numpy as np

        gap = mentor.number("seniority") - mentee.number("seniority")
        return np.maximum(0.0, 1.0 - np.abs(gap - self.ideal) / self.spread)

    def describe(self, mentee: dict[str, str], mentor: dict[str, str]) -> str:
        """Return both seniorities in words."""
        return f"seniority {mentor['seniority']} against {mentee['seniority']}"


class SharedHours(Criterion):
    """How much free time in the week the two have in common.

    Weekly windows are read in each person's own zone and compared in UTC for the week of
    the program's ``start``, which is needed once two zones occur.

    Attributes
    ----------
    weight : float
        Importance, 0 or more.
    enough : float
        Shared hours a week that count as full.
    """

    enough: float = Field(default=2.0, gt=0, le=168)

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns needed: hours on both sides."""
        return ("hours",), ("hours",)

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Feature:
        """Return this criterion for the people of one round."""
        from matchkit.scoring.hours import HoursFeature

        return HoursFeature(self.enough, mentees, mentors, context.start)


class SharedInterests(Criterion):
    """How far the two lists of interests overlap: shared / sqrt(mine * yours).

    Attributes
    ----------
    weight : float
        Importance, 0 or more.
    """

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns needed: interests on both sides."""
        return ("interests",), ("interests",)

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Feature:  # noqa: ARG002
        """Return this criterion for the people of one round."""
        from matchkit.scoring.people import InterestFeature

        return InterestFeature(mentees, mentors)


class SameValue(OfColumn, Criterion):
    """1 where both have the same value in a column, else 0.

    Attributes
    ----------
    column : str
        The column, compared without case and surrounding spaces.
    weight : float
        Importance, 0 or more.

    Examples
    --------
    >>> import matchkit as mk
    >>> mentors, mentees = [{"id": "di", "site": "Oslo"}], [{"id": "ana", "site": "oslo "}]
    >>> program = mk.Program(criteria=(mk.SameValue("site"),))
    >>> mk.score(mentors, mentees, program=program).points.tolist()
    [[1000000]]
    """

    if TYPE_CHECKING:  # pydantic tells type checkers of keywords only

        def __init__(self, column: str, *, weight: float = 1.0) -> None: ...

    def value(self, mentee: Side, mentor: Side) -> Any:
        """Return 1.0 where the values are equal."""
        return (mentee.text(self.column) == mentor.text(self.column)).astype("float64")


class DifferentValue(OfColumn, Criterion):
    """1 where the two have different values in a column, else 0.

    Attributes
    ----------
    column : str
        The column, compared without case and surrounding spaces.
    weight : float
        Importance, 0 or more.
    """

    if TYPE_CHECKING:  # pydantic tells type checkers of keywords only

        def __init__(self, column: str, *, weight: float = 1.0) -> None: ...

    def value(self, mentee: Side, mentor: Side) -> Any:
        """Return 1.0 where the values differ."""
        return (mentee.text(self.column) != mentor.text(self.column)).astype("float64")


class StatedPreference(Criterion):
    """Whether the two asked for each other in the column ``prefers``.

    The first person named counts 1, the others fall evenly, the unnamed count 0. Who named
    nobody says nothing; where both sides named people, the value is the mean of the two.

    Attributes
    ----------
    weight : float
        Importance, 0 or more.
    of : {"both", "mentee", "mentor"}
        Whose wishes count.
    """

    of: Literal["both", "mentee", "mentor"] = "both"

    @property
    def name(self) -> str:
        """Name in results, with the side where only one counts."""
        return self.kind if self.of == "both" else f"{self.kind}({self.of})"

    def columns(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the columns that are read."""
        mine = ("prefers",) if self.of != "mentor" else ()
        theirs = ("prefers",) if self.of != "mentee" else ()
        return mine, theirs

    def missing(self, mentees: Pool, mentors: Pool) -> str:
        """Say why this cannot apply: nobody who is asked named anybody."""
        mine, theirs = self.columns()
        asked = [mentees] * len(mine) + [mentors] * len(theirs)
        if any(pool.has("prefers") for pool in asked):
            return ""
        return " and ".join(f"{pool.role}s have no 'prefers'" for pool in asked)

    def bind(self, mentees: Pool, mentors: Pool, context: Context) -> Feature:  # noqa: ARG002
        """Return this criterion for the people of one round."""
        from matchkit.scoring.people import PreferenceFeature

        return PreferenceFeature(self.of, mentees, mentors)


CRITERIA: tuple[type[Criterion], ...] = (
    SkillCoverage,
    TextFit,
    SeniorityGap,
    SharedHours,
    SharedInterests,
    SameValue,
    DifferentValue,
    StatedPreference,
)
"""Every criterion that a program file can name."""
