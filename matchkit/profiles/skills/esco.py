"""The files of ESCO, the classification of skills of the European Commission."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Final

from matchkit.errors import ProgramError
from matchkit.profiles.skills.taxonomy import Concept

LARGEST: Final = 1 << 28
"""Bytes of a member of an archive above which it is none of ESCO's, but a trap."""

Open = Callable[[], bytes]


def holds_esco(path: str | PathLike[str]) -> bool:
    """Return whether a path can hold ESCO: a folder, an archive or one of its files."""
    given = Path(path)
    return given.is_dir() or zipfile.is_zipfile(given) or given.name.startswith("skills_")


def esco_concepts(
    source: str | PathLike[str], relations: str | PathLike[str] | None, lang: str
) -> list[Concept]:
    """Read skills, their other names, their parents and what goes with them."""
    files = dict(_files(Path(source)))
    if relations is not None:
        files |= dict(_files(Path(relations)))
    wanted = f"skills_{lang}.csv"
    if wanted not in files:
        there = sorted(name for name in files if name.startswith("skills_"))
        hint = f"; there is {', '.join(there)}" if there else ""
        raise ProgramError(f"{Path(source).name}: holds no {wanted}{hint}")
    columns = ("conceptUri", "preferredLabel", "altLabels")
    skills = {row["conceptUri"]: row for row in _rows(files, wanted, columns)}
    parents: dict[str, list[str]] = {}
    related: dict[str, list[str]] = {}
    for row in _relations(files, "broaderRelationsSkillPillar", ("conceptUri", "broaderUri")):
        parents.setdefault(row["conceptUri"], []).append(row["broaderUri"])
    for row in _relations(files, "skillSkillRelations", ("originalSkillUri", "relatedSkillUri")):
        related.setdefault(row["originalSkillUri"], []).append(row["relatedSkillUri"])
    return [
        Concept(
            uri,
            row["preferredLabel"].strip(),
            tuple(filter(None, map(str.strip, row["altLabels"].split("\n")))),
            tuple(each for each in parents.get(uri, ()) if each in skills and each != uri),
            tuple(each for each in related.get(uri, ()) if each in skills and each != uri),
        )
        for uri, row in skills.items()
    ]


def _files(path: Path) -> Iterator[tuple[str, Open]]:
    """Yield name and content of each CSV file at a path: in a folder, in archives, or itself."""
    try:
        if path.is_dir():
            for each in sorted(path.iterdir()):
                if each.suffix.lower() in {".csv", ".zip"}:
                    yield from _files(each)
        elif zipfile.is_zipfile(path):
            yield from _members(path)
        else:
            path.stat()
            yield path.name, path.read_bytes
    except OSError as error:
        raise ProgramError(f"{path.name}: cannot be read: {error.strerror}") from error


def _members(path: Path) -> Iterator[tuple[str, Open]]:
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()

    def opened(info: zipfile.ZipInfo) -> bytes:
        if info.file_size > LARGEST:
            raise ProgramError(
                f"{path.name}: {info.filename} unpacks to {info.file_size:,} bytes, which is "
                f"more than the {LARGEST:,} that a file of ESCO may have"
            )
        with zipfile.ZipFile(path) as archive:
            return archive.read(info)

    for info in infos:
        yield Path(info.filename).name, lambda info=info: opened(info)  # type: ignore[misc]


def _relations(
    files: Mapping[str, Open], name: str, columns: Iterable[str]
) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of relations, if it is there, under whatever language."""
    for each in sorted(files):
        if each.startswith(name) and each.endswith(".csv"):
            yield from _rows(files, each, columns)


def _rows(files: Mapping[str, Open], name: str, columns: Iterable[str]) -> Iterator[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(files[name]().decode("utf-8-sig"), newline=""))
        lacks = [column for column in columns if column not in (reader.fieldnames or ())]
        if lacks:
            raise ProgramError(f"{name}: has no column {', '.join(lacks)}; is it a file of ESCO?")
        for row in reader:
            yield {column: row[column] or "" for column in columns}
    except (UnicodeDecodeError, csv.Error, zipfile.BadZipFile) as error:
        raise ProgramError(f"{name}: cannot be read: {error}") from error
