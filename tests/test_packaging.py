"""The package: what is installed is what is in the tree."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import matchkit

BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    run = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return folder / run.stdout.strip().splitlines()[-1]


def test_wheel_holds_every_file(root: Path, wheel: Path) -> None:
    """A template or a data file would be missing once matchkit is installed."""
    in_tree = {
        path.relative_to(root).as_posix()
        for path in (root / "matchkit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    in_wheel = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert in_wheel == in_tree
    assert "matchkit/py.typed" in in_wheel


def test_metadata(wheel: Path) -> None:
    """The command would be missing, or two places would tell two versions."""
    archive = zipfile.ZipFile(wheel)
    folder = f"matchkit-{matchkit.__version__}.dist-info"
    assert "matchkit = matchkit.cli:main" in archive.read(f"{folder}/entry_points.txt").decode()
    assert f"Version: {matchkit.__version__}\n" in archive.read(f"{folder}/METADATA").decode()


def test_dependencies_are_used(root: Path) -> None:
    """Users would install a library that nothing imports."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    source = "\n".join(path.read_text(encoding="utf-8") for path in root.rglob("matchkit/**/*.py"))
    modules = {"scikit-learn": "sklearn", "python-dateutil": "dateutil"}
    data_only = {"tzdata"}  # read by zoneinfo where the system has no zones of its own
    for requirement in pyproject["project"]["dependencies"]:
        name = requirement.partition(">=")[0]
        module = modules.get(name, name.replace("-", "_"))
        assert name in data_only or f"import {module}" in source or f"from {module}" in source, name
