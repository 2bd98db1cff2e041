"""The readers on damaged files: whatever comes, they read it or raise an error of their own.

The usual run tries a few; ``pytest tests/test_fuzzing.py --hypothesis-profile=search`` goes on
for a while. What it finds is kept here as an example, or in ``tests/data/malformed``.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.errors import MatchkitError
from matchkit.profiles import examine_people
from tests.malformed import PEOPLE, cases, workbook

SEEDS = [case for case in cases() if case.kind not in {"rules", "excel"} and len(case.data) < 4_000]
PIECES = (
    *(sign.encode() for sign in ',;\t"\n\r\0(/:-5=|{]'),
    *(
        b"\xff",
        b"\xc3",
        b"[Mon]",
        "\u2028".encode(),
        b" and ",
        b"both",
        b"n/a",
        b"sep=;\n",
        b"#N/A",
    ),
)
"""What is sprinkled into files."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder to write into over and over."""
    return tmp_path_factory.mktemp("fuzz")


def damaged(data: bytes, draw: st.DrawFn) -> bytes:
    """Cut, repeat and sprinkle the bytes of a file."""
    for _ in range(draw(st.integers(0, 4))):
        at, to = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        how = draw(st.sampled_from(["insert", "drop", "repeat", "replace"]))
        piece = draw(st.sampled_from(PIECES))
        middle = {
            "insert": piece + data[at:to],
            "drop": b"",
            "repeat": data[at:to] * 2,
            "replace": piece,
        }[how]
        data = data[:at] + middle + data[to:]
    return data


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a damaged file of the corpus, or two that run into each other."""
    case = draw(st.sampled_from(SEEDS))
    data = case.data
    if draw(st.booleans()):
        data += draw(st.sampled_from(SEEDS)).data
    return case.suffix, damaged(data, draw)


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """Draw a workbook of which one part is damaged."""
    with zipfile.ZipFile(io.BytesIO(workbook(People=PEOPLE))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw(st.sampled_from(sorted(parts)))
    parts[name] = damaged(parts[name], draw)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return damaged(made.getvalue(), draw) if draw(st.booleans()) else made.getvalue()


def try_it(path: Path, data: bytes) -> None:
    """Read a file for each side, and what was read once more."""
    path.write_bytes(data)
    for role in ("mentor", "mentee", None):
        examined = examine_people(path, role=role)
        if examined.pool is None:
            assert any(each.severity in {"error", "question"} for each in examined.findings)
            continue
        again = mk.read_people(examined.pool.to_records(), role=role)
        assert again.fingerprint == examined.pool.fingerprint


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(files())
@example((".csv", b"id,languages\nana,E/ and French\n"))
@example((".csv", b"id,side\na,mentor\n\xe2\x80\xa8"))
def test_damaged_files_are_read_or_refused(place: Path, drawn: tuple[str, bytes]) -> None:
    """Some file would end in a traceback, or a saved round be read as another."""
    suffix, data = drawn
    try_it(place / f"people{suffix}", data)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(workbooks())
def test_damaged_workbooks_are_read_or_refused(place: Path, data: bytes) -> None:
    """Errors of the libraries below would reach the user."""
    try_it(place / "people.xlsx", data)


@given(st.binary(max_size=200))
def test_any_mapping_file_is_read_or_refused(place: Path, data: bytes) -> None:
    """A broken mapping file would end in a traceback."""
    path = place / "map.toml"
    path.write_bytes(data)
    try:
        chosen = mk.ColumnMap.from_toml(path)
    except MatchkitError:
        return
    assert mk.ColumnMap.from_toml_text(chosen.to_toml()) == chosen
