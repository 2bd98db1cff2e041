"""Match mentors with mentees: provably best, explained, with a follow-up plan.

Every public name lives here. A name opens its room when it is first used (PEP 562), so
that ``import matchkit`` costs next to nothing and ``from matchkit import Program`` does not
load the libraries that only scoring, solving or reporting need.

Examples
--------
>>> import matchkit as mk
>>> mk.__version__
'0.1.0'
>>> mk.Program is mk.Program
True
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # type checkers read it as True; `typing` itself would double the import
if TYPE_CHECKING:
    from matchkit import assign, datasets, insight
    from matchkit.answers import explain, why_not
    from matchkit.buddies import Buddies, Buddy, BuddyEvidence, BuddyIndex
    from matchkit.checks import verify
    from matchkit.constraints import (
        Apart,
        Forbidden,
        GroupCoverage,
        Locked,
        MaxPerMentor,
        MinLoad,
        MinScore,
        PairShare,
    )
    from matchkit.continuity import Continuity
    from matchkit.embedding import Embedder, SentenceModel
    from matchkit.errors import (
        DetachedError,
        Finding,
        InfeasibleError,
        InternalError,
        MatchkitError,
        NothingToLearnError,
        OutcomeError,
        ProblemError,
        ProfileError,
        ProgramError,
        ResultError,
        TooLargeError,
        UnknownPersonError,
    )
    from matchkit.fairness import audit
    from matchkit.feedback import (
        Carry,
        Evaluation,
        Learned,
        NextRound,
        Outcome,
        Outcomes,
        evaluate,
        learn_weights,
        next_round,
        read_outcomes,
    )
    from matchkit.matching import Certificate, Match, Matching, Part, Place, Unmatched
    from matchkit.pipeline import match, score
    from matchkit.plans import Cadence, Milestone, Phase, Plan, Template, Wording, schedule
    from matchkit.profiles import (
        ColumnMap,
        Pool,
        Profile,
        Taxonomy,
        read_people,
        resolve_skills,
    )
    from matchkit.program import Program
    from matchkit.reports import report
    from matchkit.scores import Scores
    from matchkit.scoring import (
        Avoid,
        Criterion,
        Different,
        DifferentValue,
        MaxTimezoneGap,
        NotManager,
        NotSelf,
        Rule,
        Same,
        SameValue,
        SeniorityGap,
        SharedHours,
        SharedInterests,
        SharedLanguage,
        SkillCoverage,
        StatedPreference,
        TextFit,
    )
    from matchkit.variants import what_if

__version__ = "0.1.0"

# Where each name lives, for use at run time; the block above says the same to type checkers,
# and a test holds the two together.
_NAMES = {
    "answers": "explain why_not",
    "buddies": "Buddies Buddy BuddyEvidence BuddyIndex",
    "checks": "verify",
    "constraints": "Apart Forbidden GroupCoverage Locked MaxPerMentor MinLoad MinScore PairShare",
    "continuity": "Continuity",
    "embedding": "Embedder SentenceModel",
    "errors": "DetachedError Finding InfeasibleError InternalError MatchkitError "
    "NothingToLearnError OutcomeError ProblemError ProfileError ProgramError "
    "ResultError TooLargeError UnknownPersonError",
    "fairness": "audit",
    "feedback": "Carry Evaluation Learned NextRound Outcome Outcomes evaluate learn_weights "
    "next_round read_outcomes",
    "matching": "Certificate Match Matching Part Place Unmatched",
    "pipeline": "match score",
    "plans": "Cadence Milestone Phase Plan Template Wording schedule",
    "profiles": "ColumnMap Pool Profile Taxonomy read_people resolve_skills",
    "program": "Program",
    "reports": "report",
    "scores": "Scores",
    "scoring": "Avoid Criterion Different DifferentValue MaxTimezoneGap NotManager NotSelf Rule "
    "Same SameValue SeniorityGap SharedHours SharedInterests SharedLanguage SkillCoverage "
    "StatedPreference TextFit",
    "variants": "what_if",
}
_ROOMS = {name: f"matchkit.{room}" for room, names in _NAMES.items() for name in names.split()}
_SUBMODULES = ("assign", "datasets", "insight")

__all__ = [
    "Apart",
    "Avoid",
    "Buddies",
    "Buddy",
    "BuddyEvidence",
    "BuddyIndex",
    "Cadence",
    "Carry",
    "Certificate",
    "ColumnMap",
    "Continuity",
    "Criterion",
    "DetachedError",
    "Different",
    "DifferentValue",
    "Embedder",
    "Evaluation",
    "Finding",
    "Forbidden",
    "GroupCoverage",
    "InfeasibleError",
    "InternalError",
    "Learned",
    "Locked",
    "Match",
    "Matching",
    "MatchkitError",
    "MaxPerMentor",
    "MaxTimezoneGap",
    "Milestone",
    "MinLoad",
    "MinScore",
    "NextRound",
    "NotManager",
    "NotSelf",
    "NothingToLearnError",
    "Outcome",
    "OutcomeError",
    "Outcomes",
    "PairShare",
    "Part",
    "Phase",
    "Place",
    "Plan",
    "Pool",
    "ProblemError",
    "Profile",
    "ProfileError",
    "Program",
    "ProgramError",
    "ResultError",
    "Rule",
    "Same",
    "SameValue",
    "Scores",
    "SeniorityGap",
    "SentenceModel",
    "SharedHours",
    "SharedInterests",
    "SharedLanguage",
    "SkillCoverage",
    "StatedPreference",
    "Taxonomy",
    "Template",
    "TextFit",
    "TooLargeError",
    "UnknownPersonError",
    "Unmatched",
    "Wording",
    "__version__",
    "assign",
    "audit",
    "datasets",
    "evaluate",
    "explain",
    "insight",
    "learn_weights",
    "match",
    "next_round",
    "read_outcomes",
    "read_people",
    "report",
    "resolve_skills",
    "schedule",
    "score",
    "verify",
    "what_if",
    "why_not",
]

if not TYPE_CHECKING:  # a type checker that saw this would let every misspelled name pass

    def __getattr__(name: str) -> object:
        """Open the room of a public name when it is first asked for."""
        if name in _SUBMODULES:
            return importlib.import_module(f"matchkit.{name}")
        if name not in _ROOMS:
            raise AttributeError(f"module 'matchkit' has no attribute {name!r}")
        value = getattr(importlib.import_module(_ROOMS[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Offer the public names to completion, opened or not."""
    return list(__all__)
