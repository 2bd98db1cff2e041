"""Write the example cohort: ``python -m matchkit.datasets FOLDER``."""

from __future__ import annotations

import sys

from matchkit.datasets import write

if __name__ == "__main__":
    write(sys.argv[1] if len(sys.argv) > 1 else ".")
