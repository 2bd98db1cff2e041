"""A programme over three years: ``python examples/whole_circle.py [FOLDER]``.

Match, plan, go on when somebody leaves, ask what became of it, evaluate, learn, and prepare the
next round with a newcomer and one pair that stays. The people and their answers are made up;
what you do with your own is the same, with files in the place of ``cohort`` and of ``survey``.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

import matchkit as mk
from matchkit.feedback import simulate_outcomes
from matchkit.files import write_csv

START = date(2029, 1, 8)
PROGRAM = mk.Program(
    criteria=(
        mk.SkillCoverage(weight=4),
        mk.TextFit(weight=2),
        mk.SeniorityGap(weight=2),
        mk.SharedInterests(weight=2),
    ),
    start=START,
)
People = list[dict[str, str]]
Rounds = list[tuple[mk.Matching, mk.Outcomes]]

TRUTH = {"SkillCoverage": 7.0, "SharedInterests": 2.0, "SeniorityGap": 1.0}
"""What really matters to these people, which no programme knows beforehand."""


def survey(matching: mk.Matching, path: Path, *, seed: int) -> Path:
    """Write the answers that came back as a form would export them."""
    told = simulate_outcomes(matching, weights=TRUTH, answering=0.8, seed=seed)
    headings = ("Mentee", "Mentor", "Meetings held", "Rating by mentee", "Rating by mentor",
                "Goal progress", "Ended early", "Goes on", "Why")  # fmt: skip
    rows = (
        (each.mentee, each.mentor, each.meetings, each.mentee_rating, each.mentor_rating,
         each.progress, each.ended_early, each.continues, each.reason)
        for each in told
    )  # fmt: skip
    write_csv(path, headings, (["" if cell is None else cell for cell in row] for row in rows))
    return path


def title(text: str) -> None:
    """Print a heading."""
    print(f"\n== {text}")


def past_years(mentors: People, everybody: People, folder: Path) -> Rounds:
    """Return two years that are over, with the answers that came back."""
    title("Two years that are over")
    rounds = []
    for year in range(2):
        mentees = everybody[100 * year : 100 * year + 100]
        matching = mk.match(mentors, mentees, program=PROGRAM)
        path = survey(matching, folder / f"answers_{year}.csv", seed=year)
        rounds.append((matching, mk.read_outcomes(path, matching)))
        print(f"year {year + 1}: {matching!r}, {rounds[-1][1]!r}")
    return rounds


def this_year(mentors: People, mentees: People, folder: Path) -> tuple[mk.Matching, People]:
    """Match and plan; then a mentor leaves. Return the changed round and who is left."""
    title("This year: match, and plan the meetings")
    matching = mk.match(mentors, mentees, program=PROGRAM)
    plan = mk.schedule(matching, cadence="micro")
    print(matching.summary(), plan.summary(), sep="\n")

    title("A week later a mentor leaves: few pairs change, and the others keep their meetings")
    busiest = max(matching.places, key=lambda place: (place.taken, place.mentor)).mentor
    remaining = [mentor for mentor in mentors if mentor["id"] != busiest]
    changed = mk.match(remaining, mentees, program=PROGRAM, previous=matching)
    print(f"without {busiest}: {changed.continuity}")
    plan = plan.follow(changed, since=date(2029, 1, 15))
    plan.to_ics(folder / "calendar")
    print(f"{plan!r}, {len(list((folder / 'calendar').iterdir()))} calendars")
    return changed, remaining


def next_year(mentors: People, mentees: People, rounds: Rounds, program: mk.Program) -> None:
    """Prepare and match the next round: a dropout, a newcomer, and one pair set by hand."""
    title("The next round: one mentee left, one came, and one pair goes on by hand")
    last, outcomes = rounds[-1]
    happy = max(outcomes, key=lambda each: (each.success or 0, each.mentee))
    gone = next(match.mentee for match in last if match.mentee != happy.mentee)
    newcomer = {**mentees[0], "id": "new", "name": "Newcomer", "email": "new@example.org"}
    coming = mk.next_round(
        [matching for matching, _ in rounds],
        outcomes,
        mentors=mentors,
        mentees=[*(each for each in mentees if each["id"] != gone), newcomer],
        program=program,
        carry=mk.Carry(going_on=((happy.mentee, happy.mentor),), most_mentees=12),
    )
    print(coming)
    following = mk.match(**coming.arguments)
    print(following.summary())
    print(f"{happy.mentee} stays with {following[happy.mentee].mentor}, {gone} left")
    print(mk.explain(following, "new"))
    print(f"faults: {mk.verify(following)}")


def main(folder: Path) -> None:
    """Walk once around the circle."""
    mentors, everybody = mk.datasets.cohort(40, 300, seed=2)
    mentees = everybody[200:]
    past = past_years(mentors, everybody, folder)
    changed, remaining = this_year(mentors, mentees, folder)

    title("What became of the pairs")
    outcomes = mk.read_outcomes(survey(changed, folder / "answers.csv", seed=2), changed)
    print(mk.evaluate(changed, outcomes, by=["department"]))

    title("What to weigh from now on")
    rounds = [*past, (changed, outcomes)]
    learned = mk.learn_weights(PROGRAM, rounds)
    print(learned)

    title("Whom to thank, and what rests on few people")
    print(mk.insight.contributions(rounds))
    print(mk.insight.knowledge_at_risk(changed))

    next_year(remaining, mentees, rounds, learned.program)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
