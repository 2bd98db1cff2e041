"""Run notebooks from top to bottom and store what they print.

Usage: python scripts/notebooks.py FOLDER [FOLDER ...]

Stored output that went stale shows as a change in version control.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient


def run(path: Path) -> Any:
    """Execute one notebook in its own folder; a cell that raises stops everything."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
    )
    client.execute()
    return notebook


def main(folders: list[str]) -> None:
    """Run and rewrite every notebook of the folders."""
    for folder in folders:
        for path in sorted(Path(folder).glob("*.ipynb")):
            nbformat.write(run(path), path)
            print(f"{path}: ran and stored")


if __name__ == "__main__":
    main(sys.argv[1:])
