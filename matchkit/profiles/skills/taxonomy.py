"""A taxonomy: skills that are known by name, other names for them, and which are related."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from importlib import resources
from os import PathLike
from typing import TYPE_CHECKING, Self

from matchkit.errors import ProgramError, ResultError
from matchkit.profiles.skills.forms import clean_skill

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.profiles.skills.resolver import Resolver

Links = tuple[tuple[int, ...], ...]
"""For each concept the positions of others."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One skill of a taxonomy, before it is linked to the others.

    Attributes
    ----------
    id : str
        By which other concepts name it.
    label : str
        Its name, as results show it.
    synonyms, parents, related : tuple of str
        Other names; ids of broader skills; ids of skills that go with it.
    """

    id: str
    label: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taxonomy:
    """Skills that are known by name, other names for them, and which are related.

    Read one with :meth:`from_csv`, :meth:`from_esco` or :meth:`read`. Concepts stand in
    the order of their ids, so that the order of a file's rows makes no difference.

    Attributes
    ----------
    ids, labels : tuple of str
        Id and name of each concept.
    synonyms : tuple of tuple of str
        Other names of each, sorted.
    parents, related : tuple of tuple of int
        Positions of the broader skills of each, and of skills that go with it.

    Examples
    --------
    >>> import matchkit as mk
    >>> taxonomy = mk.Taxonomy.from_records([
    ...     {"id": "db", "label": "Databases"},
    ...     {"id": "pg", "label": "Our Postgres", "synonyms": "PG; the cluster", "parents": "db"},
    ... ])
    >>> taxonomy
    Taxonomy(2 skills, 2 synonyms)
    >>> mk.resolve_skills(["pg", "PostgreSQL"], taxonomy=taxonomy).canonical.tolist()
    ['Our Postgres', 'PostgreSQL']
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]
    parents: Links
    related: Links

    def __len__(self) -> int:
        """Return the number of concepts."""
        return len(self.ids)

    def __repr__(self) -> str:
        """Return the size on one line: a large taxonomy would fill screens."""
        sizes = {"skill": len(self), "synonym": sum(map(len, self.synonyms))}
        said = [f"{n} {noun}" if n == 1 else f"{n} {noun}s" for noun, n in sizes.items()]
        return f"Taxonomy({', '.join(said)})"

    @classmethod
    def from_concepts(cls, concepts: Iterable[Concept]) -> Self:
        """Link concepts to a taxonomy.

        Parameters
        ----------
        concepts : iterable of Concept
            Each with an id of its own.

        Raises
        ------
        ProgramError
            An id stands twice, or names none: all faults together.
        """
        from matchkit.profiles.skills.reading import linked

        ordered = sorted(concepts, key=lambda concept: concept.id)
        parents, related = linked(ordered)
        return cls(
            ids=tuple(concept.id for concept in ordered),
            labels=tuple(concept.label for concept in ordered),
            synonyms=tuple(
                tuple(sorted({*concept.synonyms} - {concept.label})) for concept in ordered
            ),
            parents=parents,
            related=related,
        )

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, str]], *, lang: str = "") -> Self:
        """Make a taxonomy of rows as :meth:`from_csv` reads them.

        Parameters
        ----------
        records : iterable of mappings
            Column -> cell.
        lang : str, optional
            As in :meth:`from_csv`.

        Raises
        ------
        ProgramError
            Rows are wrong: all of them, the first being row 0.
        """
        from matchkit.profiles.skills.reading import gathered_concepts

        return cls.from_concepts(gathered_concepts("taxonomy", enumerate(records), lang))

    @classmethod
    def from_csv(cls, path: str | PathLike[str], *, lang: str = "") -> Self:
        """Read a taxonomy of your own.

        Parameters
        ----------
        path : path
            UTF-8, with the columns ``id, label, synonyms, parents, lang``, of which only
            ``label`` is required. Synonyms, and the ids of parents, stand apart by ``;`` or
            line breaks. Rows of one id are one skill, such as its names in several
            languages.
        lang : str, optional
            The language in which skills are shown, where rows of one id differ in it; by
            default that of the first row.

        Raises
        ------
        ProgramError
            The file cannot be read, or rows are wrong: all of them, with row and mend.
        """
        from matchkit.profiles.skills.reading import read_concepts

        return cls.from_concepts(read_concepts(path, lang=lang))

    @classmethod
    def from_esco(
        cls,
        source: str | PathLike[str],
        *,
        relations: str | PathLike[str] | None = None,
        lang: str = "en",
    ) -> Self:
        """Read the classification of skills of the European Commission from its own files.

        Parameters
        ----------
        source : path
            The zip archive or the folder that holds ``skills_en.csv``, or that file. A
            folder may hold archives.
        relations : path, optional
            The same for ``broaderRelationsSkillPillar.csv`` and ``skillSkillRelations.csv``
            where they lie apart. Without them no two skills are related.
        lang : str, default "en"
            Which language's file to read.

        Raises
        ------
        ProgramError
            There is no such file, or it has other columns.

        Notes
        -----
        ESCO is published at https://esco.ec.europa.eu and may be reused with attribution.
        """
        from matchkit.profiles.skills.esco import esco_concepts

        return cls.from_concepts(esco_concepts(source, relations, lang))

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Self:
        """Read whichever it is: a folder or an archive of ESCO, or a CSV file of your own."""
        from matchkit.profiles.skills.esco import holds_esco

        return cls.from_esco(path) if holds_esco(path) else cls.from_csv(path)

    def over(self, base: Taxonomy) -> Taxonomy:
        """Lay this taxonomy over another: skills of both, and these names win.

        A skill of the base that has a name in common with exactly one of these becomes a part
        of it; its own label counts more than its synonyms. Names that are taken here are
        taken from the base.

        Returns
        -------
        Taxonomy
            Ids of the base are marked, so that they cannot clash with these.
        """
        owner = names_by_concept(self)
        goal = [
            _counterpart(label, synonyms, owner)
            for label, synonyms in zip(base.labels, base.synonyms, strict=True)
        ]
        ids = [
            f"matchkit:{base.ids[at]}" if place < 0 else self.ids[place]
            for at, place in enumerate(goal)
        ]
        concepts = {concept.id: concept for concept in self.concepts()}
        for at, concept in enumerate(base.concepts()):
            names = (concept.label, *concept.synonyms)
            free = [name for name in names if clean_skill(name) not in owner]
            mine = concepts.get(ids[at], Concept(ids[at], concept.label))
            concepts[ids[at]] = Concept(
                mine.id,
                mine.label,
                (*mine.synonyms, *free),
                _renamed((*mine.parents, *(ids[k] for k in base.parents[at])), mine.id),
                _renamed((*mine.related, *(ids[k] for k in base.related[at])), mine.id),
            )
        return Taxonomy.from_concepts(concepts.values())

    def concepts(self) -> list[Concept]:
        """Return the concepts one by one, linked by ids."""
        return [
            Concept(
                self.ids[at],
                self.labels[at],
                self.synonyms[at],
                tuple(self.ids[other] for other in self.parents[at]),
                tuple(self.ids[other] for other in self.related[at]),
            )
            for at in range(len(self))
        ]

    def to_json(self) -> str:
        """Return the taxonomy as JSON that :meth:`from_json` reads back as the same value."""
        return json.dumps({each.name: getattr(self, each.name) for each in fields(self)},
                          ensure_ascii=False) + "\n"  # fmt: skip

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises
        ------
        ResultError
            It is something else.
        """
        from pydantic import TypeAdapter, ValidationError

        try:
            return TypeAdapter(cls).validate_json(text)
        except ValidationError as error:
            raise ResultError("not a taxonomy that matchkit wrote") from error

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything in it."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @cached_property
    def resolver(self) -> Resolver:
        """What finds these skills, and those that matchkit knows, by the names people write."""
        from matchkit.profiles.skills.resolver import Resolver

        return Resolver(self if self is curated() else self.over(curated()))

    def candidates(self, values: Sequence[str], *, k: int = 5) -> pd.DataFrame:
        """Return the skills whose names come closest, accepted or not.

        Parameters
        ----------
        values : sequence of str
            Names as somebody wrote them.
        k : int, default 5
            How many for each.

        Returns
        -------
        pandas.DataFrame
            Columns ``raw, rank, candidate, score``; the score is a cosine in [0, 1].
        """
        import pandas as pd

        rows = [
            (raw, rank, label, score)
            for raw, found in zip(values, self.resolver.candidates(values, k=k), strict=True)
            for rank, (label, score) in enumerate(found, start=1)
        ]
        return pd.DataFrame(rows, columns=["raw", "rank", "candidate", "score"])


def chosen_taxonomy(given: object) -> Taxonomy | None:
    """Return the taxonomy given by itself or by the path of its file, None for none.

    Raises
    ------
    ProgramError
        It is neither, or the file cannot be read.
    """
    if given is None or isinstance(given, Taxonomy):
        return given
    if isinstance(given, str | PathLike):
        return Taxonomy.read(given)
    raise ProgramError(
        f"taxonomy is of type {type(given).__name__}; give a Taxonomy, such as "
        "Taxonomy.from_csv(path), or a path"
    )


def names_by_concept(taxonomy: Taxonomy) -> dict[str, int]:
    """Return the concept that each cleaned name means; labels win, and no name means two."""
    owner: dict[str, int] = {}
    for at, label in enumerate(taxonomy.labels):
        owner.setdefault(clean_skill(label), at)
    labels = frozenset(owner)
    shared = set()
    for at, synonyms in enumerate(taxonomy.synonyms):
        for name in map(clean_skill, synonyms):
            if name not in labels and owner.setdefault(name, at) != at:
                shared.add(name)
    return {name: at for name, at in owner.items() if name and name not in shared}


def _counterpart(label: str, synonyms: Iterable[str], owner: dict[str, int]) -> int:
    """Return the concept that has this label, else the only one that has a synonym, else -1."""
    at = owner.get(clean_skill(label))
    if at is not None:
        return at
    met = {owner[name] for name in map(clean_skill, synonyms) if name in owner}
    return met.pop() if len(met) == 1 else -1


def _renamed(links: Iterable[str], own: str) -> tuple[str, ...]:
    """Return links after a merge: no link twice, and none to oneself."""
    return tuple(sorted({*links} - {own}))


@cache
def curated() -> Taxonomy:
    """Return the skills that matchkit knows itself: abbreviations, synonyms, translations."""
    table = resources.files("matchkit.profiles.skills") / "curated.csv"
    with resources.as_file(table) as path:
        return Taxonomy.from_csv(path)
