"""The registry of claims: sentences of papers, what each needs, and the counterfeit in which it must not come out SUPPORTED."""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from verify.judging import drawn_examples
from verify.judging.error_rates import Chance
from verify.judging.rules import Relation
from verify.judging.verdicts import EvidenceError, Status, Untested, Verdict

CLAIMS = Path(__file__).with_name("claims")
REGISTRY: dict[str, "Claim"] = {}
# The world of claims that measure what they draw themselves, rather than networks.
THEORY = "theory"
SUPPORTED_ONLY = frozenset({Status.SUPPORTED})
ANY_LABELS = "any"
# How many labels of a world are permuted: a part, all, none. A claim may be about several of these, or about any.
LABELS = ("mixed", "permuted", "clean")


class ClaimError(TypeError):
    """A claim that is written wrongly."""


@dataclass(frozen=True, eq=False)
class Claim:
    """A registered claim.

    id: as in the catalogue, "S-02".
    needs: the quantities of a measurement table it reads; empty for claims that draw their own examples.
    counterfeit: for table claims a function from runs to runs in which the claim is false; for theory claims a context
        manager that plants a wrong formula.
    function: returns a :data:`~verify.judging.rules.Relation`.
    package: what a claim that draws its own examples needs besides: "torch" to train networks, "sklearn" for its images.
    labels: the kinds of labels, of :data:`LABELS`, that networks of a claim about networks are trained on.
    instruments: that a run must have for the claim to be asked of it, where ``needs`` does not tell: "choices".
    sweep: the field that differs between the runs of the world it is about; empty for claims about one run.
    architectures: of the networks it is about; none named, of any.
    beside: what is added to a world's name to name those it is compared with; asked in a world that has them all.
    """

    id: str
    function: Callable
    needs: tuple[str, ...]
    counterfeit: Callable
    package: str = ""
    labels: tuple[str, ...] = ("mixed",)
    instruments: tuple[str, ...] = ()
    sweep: str = ""
    architectures: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def statement(self) -> str:
        """The claim in words: the docstring's first line."""
        return self.document.splitlines()[0].rstrip(".")

    @property
    def paper(self) -> str:
        """The paper's folder among the claims."""
        return self.function.__module__.split(".")[-2]

    @property
    def document(self) -> str:
        """The function's docstring, or its module's: words, source, formula."""
        return inspect.getdoc(self.function) or inspect.getdoc(sys.modules[self.function.__module__]) or self.id

    def require_package(self) -> None:
        """:raises Untested: the package that the claim needs is not installed; the message says how to install it."""
        if self.package and importlib.util.find_spec(self.package) is None:
            raise Untested(f"{self.package} is missing: python -m pip install -e '.[networks]' -c constraints.txt")

    def judge(self, chance: Chance, runs=None, accept: frozenset = SUPPORTED_ONLY) -> Verdict:
        """The verdict on this claim.

        :param chance: error rates and seed.
        :param runs: the world's :class:`~verify.measurements.runs.Runs` or :class:`~verify.measurements.sweeps.Sweep`, or a
            function that returns them; None for theory claims.
        :param accept: statuses at which the search for a failing example need not stop.
        """
        try:
            self.require_package()
            if drawn_examples.is_drawn(self.function):
                return drawn_examples.judge_examples(self.function, self._judge_one, chance, accept)
            if not self.needs:
                return self._judge_one(self.function(), chance)
            return self._judge_one(self.function(runs() if callable(runs) else runs), chance)
        except EvidenceError as error:
            return Verdict(error.status, str(error))

    def judge_counterfeit(self, chance: Chance, runs=None) -> Verdict:
        """The verdict in the counterfeit world."""
        if self.needs:
            return self.judge(chance, self.counterfeit(runs))
        with self.counterfeit():
            return self.judge(chance)

    def _judge_one(self, relation: Relation, chance: Chance) -> Verdict:
        if not isinstance(relation, Relation):
            raise ClaimError(f"{self.id} must return a relation (see verify.judging.relations); it returned {relation!r}")
        return relation.judge(chance)


def load_claims() -> dict[str, Claim]:
    """Import every claim file; the registry is whole whatever is selected."""
    for path in sorted(CLAIMS.glob("*/claim_*.py")):
        importlib.import_module(f"verify.claims.{path.parent.name}.{path.stem}")
    return REGISTRY


def _tuple(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _place(function: Callable) -> str:
    return f"{function.__module__}.{function.__name__}"


def claim(
    id: str,
    *,
    counterfeit: Callable[..., object] | type[AbstractContextManager],
    needs: str | tuple[str, ...] = (),
    package: str = "",
    labels: str | tuple[str, ...] = "mixed",
    instruments: str | tuple[str, ...] = (),
    sweep: str = "",
    architectures: str | tuple[str, ...] = (),
    beside: str | tuple[str, ...] = (),
) -> Callable[[Callable], Claim]:
    """Register the decorated function as a claim. Outermost decorator, above ``@given``.

    The docstring of the function, or of its module, is what the board and the failure message say: its first line is the
    claim in words, then its place in the paper.
    """

    def register(function: Callable) -> Claim:
        kinds = LABELS if labels == ANY_LABELS else _tuple(labels)
        if not set(kinds) <= set(LABELS):
            raise ClaimError(f"{id}: labels must be one of {', '.join((*LABELS, ANY_LABELS))}; received {labels!r}")
        where = (_tuple(instruments), sweep, _tuple(architectures), _tuple(beside))
        return _registered(Claim(id, function, _tuple(needs), counterfeit, package, kinds, *where))

    return register


def _registered(made: Claim) -> Claim:
    """The claim, in the registry; a module imported again registers its claims again, under the same names."""
    place = _place(made.function)
    for other in REGISTRY.values():
        there = _place(other.function)
        if (other.id == made.id) != (there == place):
            raise ClaimError(f"{made.id} in {place} and {other.id} in {there} cannot both be registered")
    REGISTRY[made.id] = made
    return made
