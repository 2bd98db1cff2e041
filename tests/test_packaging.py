"""The package: what is installed is what is in the tree."""

from __future__ import annotations

import ast
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


def imported(root: Path) -> set[str]:
    """Return every library that matchkit imports anywhere, types only left out."""
    found: set[str] = set()
    for path in (root / "matchkit").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        guarded = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            for inner in ast.walk(node)
        }
        for node in set(ast.walk(tree)) - guarded:
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(str(node.module).partition(".")[0])
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                # A name put together at run time is one of matchkit's own rooms.
                found |= {str(name.value) for name in node.args if isinstance(name, ast.Constant)}
    comes_with_pydantic = {"pydantic_core"}
    return found - set(sys.stdlib_module_names) - comes_with_pydantic - {"matchkit"}


def test_dependencies_are_those_imported(root: Path) -> None:
    """Users would install a library that nothing imports, or miss one that something does."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for_users = [*project["dependencies"]]
    for_users += [
        line for name in extras.keys() - {"bench", "dev", "test"} for line in extras[name]
    ]
    names = {line.partition(">=")[0] for line in for_users}
    names -= {"tzdata"}  # data that zoneinfo reads where the system has no zones of its own
    names -= {"distributed"}  # joblib imports it for whoever asks for its cluster
    modules = {"python-dateutil": "dateutil", "scikit-learn": "sklearn"}
    assert {modules.get(name, name.replace("-", "_")) for name in names} == imported(root)
