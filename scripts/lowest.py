"""Print the lower bounds of the dependencies as a constraints file for pip.

Usage: python scripts/lowest.py pyproject.toml > constraints.txt

The bounds are written once, in ``pyproject.toml``. It uses the standard library only, so
that it runs in an empty environment.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)>=(?P<version>[0-9][0-9.]*)")


def constraints(pyproject: str) -> list[str]:
    """Turn every ``name>=version`` of the run-time dependencies into ``name==version``."""
    lines = []
    for requirement in tomllib.loads(pyproject)["project"]["dependencies"]:
        bound = BOUND.fullmatch(requirement)
        if bound is None:
            raise SystemExit(f"{requirement!r} is no plain lower bound; write it as name>=version")
        lines.append(f"{bound['name']}=={bound['version']}")
    return lines


if __name__ == "__main__":
    print("\n".join(constraints(Path(sys.argv[1]).read_text(encoding="utf-8"))))
