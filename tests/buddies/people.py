"""People for the tests of lookups: small enough to reckon by hand, varied enough to go wrong."""

from __future__ import annotations

from matchkit.datasets.dice import Dice

SKILLS = (
    "PostgreSQL", "SQL", "Python", "Kubernetes", "Public speaking", "Project management", "C", "C#",
    "Negotiation", "bee keeping", "sea kayaking", "risk registers", "pattern making", "Go", "Excel",
)  # fmt: skip

ANA = {"id": "ana", "skills": "PostgreSQL:5; SQL:4", "languages": "en; no", "department": "Data"}
BO = {"id": "bo", "skills": "SQL:2; Public speaking:4", "languages": "en", "department": "Sales"}
CY = {"id": "cy", "skills": "SQL:4; Kubernetes", "languages": "fr", "department": "Data"}
DI = {"id": "di", "skills": "bee keeping:3", "languages": "en", "department": "Sales"}
FOUR = (ANA, BO, CY, DI)


def crowd(count: int, *, seed: int = 0) -> list[dict[str, str]]:
    """Return people who each have one to four skills at random levels."""
    dice = Dice(seed)
    people = []
    for number in range(count):
        skills = dice.several(SKILLS, dice.between(1, 4), 0.5)
        cells = (f"{skill}:{dice.between(1, 5)}" for skill in skills)
        people.append({
            "id": f"p{number}", "skills": "; ".join(cells),
            "department": dice.pick(("Data", "Sales", "Law")),
            "bio": dice.pick(("keeps bees and databases", "teaches people to speak", "")),
        })  # fmt: skip
    return people
