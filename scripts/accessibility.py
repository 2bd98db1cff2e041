"""Look at the report with axe-core, in the light and in the dark, narrow and wide.

Run by ``make accessibility``, which fetches axe-core; needs npm and Chromium. Makes an example
round, writes its page for each audience, and ends with status 1 if axe-core finds anything
wrong with one of them.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import matchkit as mk

WIDTHS = 360, 1280
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--virtual-time-budget=60000", "--dump-dom"),
)

FRAME = """<!doctype html><html lang="en"><title>frame</title>
<body style="margin:0"><pre id="found">pending</pre>
<iframe style="border:0;width:{width}px;height:4000px" srcdoc="{page}"></iframe></body></html>"""

RUN = """<script>{axe}</script><script>
addEventListener("load", () => axe.run(document, {{resultTypes: ["violations"]}}).then(
  done => {{ parent.document.getElementById("found").textContent = JSON.stringify(
    done.violations.map(one => [one.id, one.help, one.nodes.length, one.nodes[0].html])); }},
  fault => {{ parent.document.getElementById("found").textContent =
    JSON.stringify([["failed", String(fault), 1, ""]]); }}));
</script>"""


def main() -> int:
    """Check every page and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--axe", type=Path, required=True, help="axe.min.js")
    source = parser.parse_args().axe.read_text(encoding="utf-8")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, page in pages(Path(folder)):
            for width in WIDTHS:
                for mode in ("light", "dark"):
                    found = violations(page, source, width=width, dark=mode == "dark")
                    wrong += len(found)
                    print(f"{name}, {width} px, {mode}: {len(found)} violations")
                    for rule, about, number, example in found:
                        print(f"  {rule}: {about} ({number} times, such as {example})")
    return 1 if wrong else 0


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Write the page of the example round for each audience."""
    people = mk.datasets.cohort(20, 50)
    matching = mk.match(*people, program=mk.Program(start=date(2027, 1, 11)))
    plan = mk.schedule(matching)
    person = matching.matches[0].mentor
    path = mk.report(matching, folder / "page.html", schedule=plan)
    yield "coordinator", path.read_text(encoding="utf-8")
    path = mk.report(matching, path, schedule=plan, audience="participant", person=person)
    yield "participant", path.read_text(encoding="utf-8")
    path = mk.report(matching, path, audience="public")
    yield "public", path.read_text(encoding="utf-8")


def violations(page: str, axe: str, *, width: int, dark: bool) -> list[Any]:
    """Return what axe-core finds wrong with a page."""
    # The page forbids scripts. To look at it, this one is let in.
    opened = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", page)
    opened = opened.replace("</body>", RUN.format(axe=axe) + "</body>")
    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if browser is None:
        raise SystemExit(f"none of these was found: {', '.join(CHROMIUM)}")
    with tempfile.TemporaryDirectory() as folder:
        frame = Path(folder) / "frame.html"
        frame.write_text(FRAME.format(width=width, page=html.escape(opened)), encoding="utf-8")
        flags = [*FLAGS, f"--user-data-dir={folder}/profile", f"--window-size={width + 200},4200"]
        flags += ["--blink-settings=preferredColorScheme=0"] if dark else []
        done = subprocess.run(
            [browser, *flags, frame.as_uri()], capture_output=True, text=True, check=True
        )
    found = re.search(r"<pre id=\"found\">(.*?)</pre>", done.stdout, re.DOTALL)
    said = html.unescape(found[1]) if found else "pending"
    if said == "pending":
        return [["failed", "axe-core gave no answer", 1, ""]]
    return list(json.loads(said))


if __name__ == "__main__":
    sys.exit(main())
