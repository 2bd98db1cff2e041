"""An index as a folder: JSON that says how it is put together, arrays, and mapped vectors.

The folder appears whole or not at all. Nothing in it is pickled. Numbers and texts lie in one
``arrays.npz``; each segment's text vectors, the largest part of a large index, lie in a file of
their own that is mapped into memory and read only where somebody is looked at.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.buddies.load import Load
from matchkit.buddies.naming import Naming
from matchkit.buddies.ragged import Postings
from matchkit.buddies.segment import Segment
from matchkit.buddies.snapshot import Snapshot
from matchkit.buddies.statistics import Statistics
from matchkit.buddies.words import Lexicon
from matchkit.embedding import Embedder
from matchkit.errors import ProgramError, ResultError
from matchkit.files import write_atomically
from matchkit.folders import replacing
from matchkit.profiles import Lists, Pool, SkillLists, Taxonomy, Windows

VERSION: Final = 1
"""Of the folder's form; another cannot be read."""

INDEX, ARRAYS, TAXONOMY, VECTORS = "index.json", "arrays.npz", "taxonomy.json", "vectors-{}.npy"

_CLASSES: Final[Mapping[str, type[Any]]] = {
    each.__name__: each
    for each in (Lexicon, Lists, Pool, Postings, Segment, SkillLists, Statistics, Windows)
}


@dataclass(frozen=True)
class Stored:
    """What a folder holds.

    Attributes
    ----------
    snapshot : Snapshot
        The people, as they were.
    settings : mapping of str to object
        The settings that were saved with them, as plain data.
    """

    snapshot: Snapshot
    settings: Mapping[str, Any]


def write_index(
    directory: str | os.PathLike[str], snapshot: Snapshot, settings: Mapping[str, Any]
) -> None:
    """Write an index into a folder, whole or not at all.

    Raises
    ------
    ProgramError
        Something else stands there, or it cannot be written.
    """
    arrays: dict[str, NDArray[Any]] = {}
    bare = [_bare(each) for each in snapshot.segments]
    document = {
        "matchkit_index": VERSION,
        "settings": dict(settings),
        "seed": snapshot.seed,
        "embedder": snapshot.embedder is not None,
        "load": {str(week): dict(asked) for week, asked in snapshot.load.weeks.items()},
        "statistics": _packed(snapshot.statistics, arrays),
        "segments": [_packed(each, arrays) for each in bare],
        "gone": [_packed(each, arrays) for each in snapshot.gone],
    }
    with replacing(Path(directory), _foreign) as folder:
        with (folder / ARRAYS).open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        for number, segment in enumerate(snapshot.segments):
            with (folder / VECTORS.format(number)).open("wb") as file:
                np.save(file, segment.vectors, allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
        if snapshot.naming.taxonomy is not None:
            write_atomically(folder / TAXONOMY, snapshot.naming.taxonomy.to_json().encode())
        write_atomically(folder / INDEX, json.dumps(document, ensure_ascii=False).encode())


def _bare(segment: Segment) -> Segment:
    """Return a segment without its vectors, and without what was noticed while reading."""
    empty = np.zeros((0, segment.vectors.shape[1]), dtype=np.int16)
    return replace(segment, vectors=empty, people=replace(segment.people, findings=()))


def _foreign(folder: Path) -> list[str]:
    """Name what a folder holds that no index does."""
    own = {INDEX, ARRAYS, TAXONOMY}
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name not in own and not entry.match(VECTORS.format("*"))
    )


def _packed(value: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    """Return a value as JSON, its arrays and texts put aside under keys."""
    key = f"a{len(arrays)}"
    if is_dataclass(value):
        parts = {each.name: _packed(getattr(value, each.name), arrays) for each in fields(value)}
        return {"class": type(value).__name__, "fields": parts}
    if isinstance(value, Mapping):
        return {"mapping": {name: _packed(each, arrays) for name, each in value.items()}}
    if isinstance(value, np.ndarray) and value.dtype != object:
        arrays[key] = value
        return {"array": key}
    if isinstance(value, np.ndarray | tuple):
        texts = [text.encode() for text in value]
        arrays[key] = np.frombuffer(b"".join(texts), dtype=np.uint8)
        arrays[f"{key}n"] = np.cumsum([0, *map(len, texts)])
        return {"texts": key, "objects": isinstance(value, np.ndarray)}
    return {"plain": value}


def _unpacked(node: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """Return what `_packed` put away."""
    if "class" in node:
        parts = {name: _unpacked(each, arrays) for name, each in node["fields"].items()}
        return _CLASSES[node["class"]](**parts)
    if "mapping" in node:
        return {name: _unpacked(each, arrays) for name, each in node["mapping"].items()}
    if "array" in node:
        return arrays[node["array"]]
    if "texts" in node:
        flat, ends = arrays[node["texts"]].tobytes(), arrays[f"{node['texts']}n"].tolist()
        texts = [flat[a:b].decode() for a, b in pairwise(ends)]
        return np.array(texts, dtype=object) if node["objects"] else tuple(texts)
    return node["plain"]


def read_index(directory: str | os.PathLike[str], embedder: Embedder | None) -> Stored:
    """Read what :func:`write_index` wrote.

    Raises
    ------
    ResultError
        There is no index, or it is damaged, or of another version.
    ProgramError
        The index was made with an embedder and none is given, or the other way round.
    """
    folder = Path(directory)
    try:
        document = json.loads((folder / INDEX).read_bytes())
        version = document["matchkit_index"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultError(f"{str(folder)!r} holds no index that matchkit wrote") from error
    if version != VERSION:
        raise ResultError(
            f"{str(folder)!r} holds an index of version {version}, and this is {VERSION}; "
            "build it anew"
        )
    if document["embedder"] != (embedder is not None):
        has = "an" if document["embedder"] else "no"
        raise ProgramError(f"the index was made with {has} embedder; load it with the same")
    try:
        return _restored(folder, document, embedder)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ResultError(f"{str(folder)!r} holds an index that is damaged: {error}") from error


def _restored(folder: Path, document: Mapping[str, Any], embedder: Embedder | None) -> Stored:
    with (folder / ARRAYS).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    taxonomy = None
    if (folder / TAXONOMY).exists():
        taxonomy = Taxonomy.from_json((folder / TAXONOMY).read_bytes())
    segments = [
        _with_vectors(_unpacked(node, arrays), folder / VECTORS.format(number))
        for number, node in enumerate(document["segments"])
    ]
    weeks = {date.fromisoformat(week): asked for week, asked in document["load"].items()}
    snapshot = Snapshot(
        statistics=_unpacked(document["statistics"], arrays),
        naming=Naming(taxonomy),
        embedder=embedder,
        segments=tuple(segments),
        gone=tuple(
            _gone(node, segment, arrays)
            for node, segment in zip(document["gone"], segments, strict=True)
        ),
        load=Load(weeks),
        seed=document["seed"],
    )
    return Stored(snapshot, document["settings"])


def _with_vectors(segment: Segment, path: Path) -> Segment:
    vectors = np.load(path, mmap_mode="r", allow_pickle=False)
    if vectors.dtype != np.int16 or vectors.shape != (len(segment), segment.vectors.shape[1]):
        raise ValueError(f"{path.name} holds other vectors")
    return replace(segment, vectors=vectors)


def _gone(node: Any, segment: Segment, arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    gone: NDArray[np.bool_] = arrays[node["array"]]
    if gone.dtype != np.bool_ or len(gone) != len(segment):
        raise ValueError("its parts do not fit together")
    return gone
