"""A taxonomy's own CSV file: rows become concepts, and every fault names its row."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from matchkit.errors import Finding, ProgramError, nearest
from matchkit.profiles.skills.forms import clean_skill
from matchkit.profiles.skills.taxonomy import Concept, Links

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS: Final = ("id", "label", "synonyms", "parents", "related", "lang")
_APART: Final = re.compile(r"[;\n\r]+")


def read_concepts(path: str | PathLike[str], *, lang: str = "") -> list[Concept]:
    """Read the rows of a taxonomy file; those of one id become one concept."""
    name = Path(path).name
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8; save it as 'CSV UTF-8'"
        raise ProgramError(f"{name}: cannot be read: {reason}") from error
    return gathered_concepts(name, _rows(name, text), lang)


def gathered_concepts(
    name: str, rows: Iterable[tuple[int, Mapping[str, str]]], lang: str
) -> list[Concept]:
    """Gather numbered rows to concepts, those of one id to one."""
    gathered: dict[str, _Gathered] = {}
    faults: list[Finding] = []
    for row, given in rows:
        cells = {column: str(given.get(column) or "").strip() for column in COLUMNS}
        concept = cells["id"] or clean_skill(cells["label"])
        if not concept:
            faults.append(Finding("error", "the row names no skill", "write a label",
                                  column="label", source=name, row=row))  # fmt: skip
            continue
        gathered.setdefault(concept, _Gathered(row)).add(cells, lang)
    faults += [
        Finding("error", f"{concept!r} has no label", "write one in one of its rows",
                column="label", source=name, row=each.row)
        for concept, each in gathered.items() if not each.labels
    ]  # fmt: skip
    concepts = [each.concept(concept) for concept, each in gathered.items() if each.labels]
    faults += [
        Finding("error", f"{concept.id!r} names {parent!r}, which is no id here",
                f"write ids of this file{nearest(parent, list(gathered))}",
                column="parents", value=parent, source=name, row=gathered[concept.id].row)
        for concept in concepts
        for parent in (*concept.parents, *concept.related) if parent not in gathered
    ]  # fmt: skip
    if faults:
        raise ProgramError("\n".join(map(str, sorted(faults, key=lambda one: one.row or 0))))
    return concepts


class _Gathered:
    """What the rows of one id say."""

    def __init__(self, row: int) -> None:
        self.row = row
        self.labels: list[str] = []
        self._names: dict[str, list[str]] = {"synonyms": [], "parents": [], "related": []}
        self._chosen = ""

    def add(self, cells: dict[str, str], lang: str) -> None:
        """Take in one row; the label of the language asked for is the one shown."""
        if cells["label"]:
            self.labels.append(cells["label"])
            if lang and not self._chosen and cells["lang"].casefold() == lang.casefold():
                self._chosen = cells["label"]
        for column, names in self._names.items():
            names.extend(filter(None, map(str.strip, _APART.split(cells[column]))))

    def concept(self, concept: str) -> Concept:
        """Return the concept; labels that are not shown are further names."""
        synonyms = (*self.labels, *self._names["synonyms"])
        parents, related = self._names["parents"], self._names["related"]
        shown = self._chosen or self.labels[0]
        return Concept(concept, shown, synonyms, tuple(parents), tuple(related))


def _rows(name: str, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row that is not blank, with its number."""
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    heading: list[str] = []
    for number, cells in _counted(name, reader):
        if not any(map(str.strip, cells)):
            continue
        if not heading:
            heading = [cell.strip().casefold() for cell in cells]
            if "label" not in heading:
                raise ProgramError(
                    f"{name}, row {number}: there is no column 'label'"
                    f"{nearest('label', heading)}; the columns are {', '.join(COLUMNS)}"
                )
            continue
        yield number, dict(zip(heading, cells, strict=False))
    if not heading:
        raise ProgramError(f"{name}: the file is empty; its columns are {', '.join(COLUMNS)}")


def _counted(name: str, reader: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield records numbered as a spreadsheet does, and say where quotes don't match."""
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        raise ProgramError(
            f"{name}, row {number + 1}: the quotes of this row don't match ({error}); "
            "write a quote inside a quoted cell twice"
        ) from error


def linked(concepts: Sequence[Concept]) -> tuple[Links, Links]:
    """Return the positions of each concept's parents and related, or all that is wrong."""
    place = {concept.id: at for at, concept in enumerate(concepts)}
    counts = Counter(concept.id for concept in concepts)
    faults = [f"the id {each!r} stands more than once" for each, n in counts.items() if n > 1]
    for concept in concepts:
        for each in (*concept.parents, *concept.related):
            if each not in place:
                faults.append(f"{concept.id!r} names {each!r}, which is no id")
            elif each == concept.id:
                faults.append(f"{concept.id!r} names itself among its parents or related")
    if faults:
        raise ProgramError("\n".join(faults))
    sides = [
        tuple(tuple(sorted({place[each] for each in named})) for named in links)
        for links in (
            [concept.parents for concept in concepts],
            [concept.related for concept in concepts],
        )
    ]
    return sides[0], sides[1]
