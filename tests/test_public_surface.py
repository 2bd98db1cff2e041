"""The public names: locked here, so that none comes or goes by accident."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import types

import pytest

import matchkit

PUBLIC = [
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


def names_for_type_checkers() -> dict[str, str]:
    """Read name -> module from the block that only type checkers execute."""
    tree = ast.parse(inspect.getsource(matchkit))
    block = next(
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    assert len(imports) == len(block.body)
    return {alias.name: str(node.module) for node in imports for alias in node.names}


def test_names_are_locked() -> None:
    """A public name would come or go without a decision and a line in the change log."""
    assert matchkit.__all__ == PUBLIC
    assert sorted(PUBLIC) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_name_opens(name: str) -> None:
    """A promised name would fail on first use."""
    value = getattr(matchkit, name)
    assert value is getattr(matchkit, name)
    if inspect.isfunction(value) or inspect.isclass(value):
        assert value.__name__ == name
        assert inspect.getdoc(value)


def test_type_checkers_see_the_same_names() -> None:
    """A user's mypy would know other names than the running program."""
    lazy = dict(matchkit._ROOMS) | dict.fromkeys(matchkit._SUBMODULES, "matchkit")
    assert names_for_type_checkers() == lazy
    assert sorted([*lazy, "__version__"]) == PUBLIC


def test_dir_lists_unopened_names() -> None:
    """Completion in a notebook would hide the names that nobody has used yet."""
    assert sorted(dir(matchkit)) == PUBLIC


def test_unknown_name_is_an_attribute_error() -> None:
    """`hasattr` and `from matchkit import typo` would break in odd ways."""
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = matchkit.no_such_name  # type: ignore[attr-defined]


def test_no_module_shadows_a_function() -> None:
    """Importing a submodule would replace the public function of the same name."""
    for package in packages():
        modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
        public = {
            name
            for name in dir(package)
            if not isinstance(getattr(package, name), types.ModuleType)
        }
        assert not modules & public, package.__name__


def packages() -> list[types.ModuleType]:
    """Return matchkit and its rooms that are folders."""
    rooms = pkgutil.iter_modules(matchkit.__path__, "matchkit.")
    return [matchkit, *(importlib.import_module(room.name) for room in rooms if room.ispkg)]
