"""Run the command line with ``python -m matchkit``."""

from __future__ import annotations

from matchkit.cli import main

if __name__ == "__main__":
    main()
