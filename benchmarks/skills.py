"""Measure how well names of skills are understood: ``python benchmarks/skills.py [ESCO FOLDER]``.

From ESCO, 1,000 aliases and 500 whole skills are drawn with a fixed seed and taken away. The
preferred labels and all other aliases are loaded. Then it is asked

* whether the skill of each alias is the first, or among the first five, of the closest;
* the same of 1,000 labels with one slip of the finger (a letter lost, added, changed or swapped);
* how many aliases are accepted as they are by ``resolve_skills``, and how many of those rightly;
* how many of the skills that are not there are taken for one that is;
* what a query costs, in CPU time of one core.

An alias counts where its cleaned form is not that of the label. All 1,000 are taken away at once,
which leaves their skills with fewer names than taking away one at a time.
"""

from __future__ import annotations

import argparse
import random
import string
import time
from collections.abc import Sequence
from pathlib import Path

from matchkit import Taxonomy
from matchkit.profiles.skills import Concept, Resolver, clean_skill

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "esco"
SEED, QUERIES, STRANGERS = 0, 1_000, 500


def slipped(text: str, rng: random.Random) -> str:
    """Return a name with one slip of the finger that shows."""
    while True:
        at, letter = rng.randrange(len(text)), rng.choice(string.ascii_lowercase)
        before, after = text[:at], text[at + 1 :]
        kinds = (
            before + after,
            before + letter + text[at:],
            before + letter + after,
            before + after[:1] + text[at] + after[1:],
        )
        wrong = clean_skill(rng.choice(kinds))
        if wrong and wrong != text:
            return wrong


def ranked(resolver: Resolver, names: Sequence[str], truth: Sequence[str]) -> tuple[float, float]:
    """Return how often the truth is the closest, and among the closest five."""
    found = [[label for label, _ in five] for five in resolver.candidates(names, k=5)]
    pairs = list(zip(found, truth, strict=True))
    first = sum(five[:1] == [label] for five, label in pairs)
    return first / len(pairs), sum(label in five for five, label in pairs) / len(pairs)


def main(folder: Path) -> None:
    """Measure and print."""
    rng = random.Random(SEED)  # noqa: S311  (a draw, no secret)
    concepts = Taxonomy.from_esco(folder).concepts()
    strangers = rng.sample(concepts, STRANGERS)
    gone = {concept.id for concept in strangers}
    there = [concept for concept in concepts if concept.id not in gone]
    aliases = [
        (concept, name)
        for concept in there
        for name in concept.synonyms
        if clean_skill(name) != clean_skill(concept.label)
    ]
    tested = rng.sample(aliases, QUERIES)
    taken = {(concept.id, name) for concept, name in tested}
    taxonomy = Taxonomy.from_concepts(
        Concept(one.id, one.label, tuple(n for n in one.synonyms if (one.id, n) not in taken))
        for one in there
    )
    print(f"{taxonomy!r}; {QUERIES} aliases and {STRANGERS} skills taken away")
    alone = Resolver(taxonomy)
    names, truth = [name for _, name in tested], [concept.label for concept, _ in tested]
    alone.candidates(names[:1])
    start = time.process_time()
    first, five = ranked(alone, names, truth)
    spent = time.process_time() - start
    print(f"aliases      top-1 {first:.3f}   top-5 {five:.3f}   {spent:.2f} ms a query")
    labels = [concept.label for concept in rng.sample(there, QUERIES)]
    wrong = [slipped(clean_skill(label), rng) for label in labels]
    first, five = ranked(alone, wrong, labels)
    print(f"one slip     top-1 {first:.3f}   top-5 {five:.3f}")
    told(alone, names, truth, "aliases")
    told(alone, wrong, labels, "one slip")
    found = alone.resolve([concept.label for concept in strangers])
    share = sum(how != "unresolved" for how in found.how) / STRANGERS
    print(f"strangers    {share:.3f} taken for a skill that is there")


def told(resolver: Resolver, names: Sequence[str], truth: Sequence[str], what: str) -> None:
    """Print how many names are accepted, and how many of those rightly, by how they were found."""
    found = resolver.resolve(names)
    rows = list(zip(found.how, (found.labels[code] for code in found.codes), truth, strict=True))
    known = [label == true for how, label, true in rows if how != "unresolved"]
    print(
        f"{what:<12} {len(known) / len(rows):.3f} accepted, {sum(known) / len(known):.3f} rightly"
    )
    for step in ("label", "alias", "stripped", "spelling", "words", "similar"):
        right = [label == true for how, label, true in rows if how == step]
        if right:
            print(f"  {step:<10} {len(right):5}  {sum(right) / len(right):.3f} rightly")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    main(parser.parse_args().folder)
