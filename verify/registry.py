"""The registry of claims: sentences of papers, what each reads, and a counterfeit in which each is false."""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from empirical.errors import how_to_install
from empirical.runs.instruments import GEOMETRY
from verify.judging import drawn_examples
from verify.judging.error_rates import Chance
from verify.judging.rules import Relation
from verify.judging.verdicts import EvidenceError, Status, Untested, Verdict
from verify.measurements.geometry_methods import BEST, PREFIXES, WORDS, by_method, has_method
from verify.measurements.levels import levels

CLAIMS = Path(__file__).with_name("claims")
REGISTRY: dict[str, "Claim"] = {}
# Stands in place of a world for claims that draw their own examples.
THEORY = "theory"
SUPPORTED_ONLY = frozenset({Status.SUPPORTED})
ANY_LABELS = "any"
# Where a claim's sentence is from: the abstract, a figure or the text of its paper; the paper as we remember it; or ourselves.
SOURCES = ("abstract", "figure", "text", "remembered", "ours")
# Whether a part, all or none of the labels of a world are permuted.
KINDS = ("mixed", "permuted", "clean")
# Networks that reproduce images have no labels.
LABELS = (*KINDS, "images")


class ClaimError(TypeError):
    """A claim file is wrong; the message names the claim and the field."""


@dataclass(frozen=True, eq=False)
class Claim:
    """A registered claim.

    id: the claim's id in the catalogue, "S-02".
    needs: the quantities of a measurement table that the claim reads; empty for claims that draw their own examples.
    counterfeit: for claims about networks, a function from runs to runs in which the claim is false; for claims about theory, a
        context manager that replaces a formula by a wrong one.
    function: returns a :data:`~verify.judging.rules.Relation`.
    package: a package that a claim with its own examples needs: "torch" to train networks, "sklearn" for its images.
    labels: the kinds of labels, from :data:`LABELS`, on which the networks of the claim are trained.
    instruments: instruments that a run must have beyond those that ``needs`` implies: "choices".
    sweep: the field that differs between the runs of a world; empty for claims about one run.
    architectures: the architectures that the claim is about; empty for any.
    beside: suffixes that name the worlds the claim compares with: "-clean"; a world is asked when it has all of them.
    geometry: the methods by which capacity, radius and dimension may be measured, from
        :data:`verify.measurements.geometry_methods.PREFIXES`, the best first; empty for
        :data:`verify.measurements.geometry_methods.BEST`.
    source: where the sentence is from, from :data:`SOURCES`.
    variant_of: the id of the claim of which this is the same sentence, measured by another method; empty for other claims.
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
    geometry: tuple[str, ...] = ()
    source: str = "text"
    variant_of: str = ""

    @property
    def statement(self) -> str:
        """The claim in words: the first line of its docstring."""
        return self.document.splitlines()[0].rstrip(".")

    @property
    def paper(self) -> str:
        """The folder of the paper among the claims."""
        return self.function.__module__.split(".")[-2]

    @property
    def document(self) -> str:
        """The docstring of the function, or else of its module: statement, source, measurement."""
        text = inspect.getdoc(self.function) or inspect.getdoc(sys.modules[self.function.__module__]) or self.id
        if not self.variant_of:
            return text
        statement, _, rest = text.partition("\n")
        words = f"{statement.removeprefix(self.variant_of).rstrip('.')} (by {WORDS[self.geometry[0]]})."
        return f"{self.id}{words}\n{rest}"

    def lacks_package(self) -> bool:
        """Whether the claim needs a package that is not installed."""
        return bool(self.package) and importlib.util.find_spec(self.package) is None

    def require_package(self) -> None:
        """Check that the claim's package is installed.

        :raises Untested: the package is not installed; the message says how to install it.
        """
        if self.lacks_package():
            raise Untested(f"{self.package} is not installed: {how_to_install('networks')}")

    def judge(self, chance: Chance, runs: Any = None, accept: frozenset[Status] = SUPPORTED_ONLY) -> Verdict:
        """The verdict on this claim.

        :param chance: error rates and seed.
        :param runs: the world's :class:`~verify.measurements.runs.Runs` or :class:`~verify.measurements.sweeps.Sweep`, or a
            function that returns them; None for claims about theory.
        :param accept: statuses at which the search for a failing example need not stop.
        """
        return self._judge(chance, runs, accept, lambda found: found)

    def judge_counterfeit(self, chance: Chance, runs: Any = None) -> Verdict:
        """The verdict on this claim in its counterfeit; parameters as for :meth:`judge`."""
        if self.needs:
            return self._judge(chance, runs, SUPPORTED_ONLY, self.counterfeit)
        with self.counterfeit():
            return self.judge(chance)

    def relation(self, runs: Any) -> Relation:
        """The relation that the claim asserts of a world's runs, by the method by which it is judged.

        :raises EvidenceError: the runs do not have what the claim reads.
        """
        return self._best(runs, lambda found: found)[0]

    def measured_by(self, method: str) -> "Claim":
        """The same sentence as a claim of its own, registered, with the geometry of another method."""
        prefix = PREFIXES[method]
        needs = tuple(f"{prefix}{name}" if name in GEOMETRY else name for name in self.needs)
        return _registered(replace(self, id=f"{self.id}.{method}", needs=needs, geometry=(method,), variant_of=self.id))

    def _judge(self, chance: Chance, runs: Any, accept: frozenset[Status], change: Callable) -> Verdict:
        try:
            self.require_package()
            if drawn_examples.is_drawn(self.function):
                return drawn_examples.judge_examples(self.function, self._judge_one, chance, accept)
            if not self.needs:
                return self._judge_one(self.function(), chance)
            relation, method, read = self._best(runs() if callable(runs) else runs, change)
            return replace(self._judge_one(relation, chance), method=method, levels=levels(read, self.needs))
        except EvidenceError as error:
            return Verdict(error.status, str(error))

    def _best(self, runs: Any, change: Callable) -> tuple[Relation, str, Any]:
        """The relation, the method in words and the runs, by the first method that measured all that the claim reads."""
        missing: dict[str, Untested] = {}
        for method in self._methods():
            try:
                measured = change(by_method(runs, method) if method else runs)
                return self.function(measured), WORDS.get(method, ""), measured
            except Untested as error:
                missing[method] = error
        # What is missing is said of a method that the table has, if it has one.
        there = [method for method in missing if method and has_method(runs, method)]
        raise missing[(there or [*missing][-1:])[0]]

    def _methods(self) -> tuple[str, ...]:
        return self.geometry or (BEST if set(self.needs) & set(GEOMETRY) else ("",))

    def _judge_one(self, relation: Relation, chance: Chance) -> Verdict:
        if not isinstance(relation, Relation):
            raise ClaimError(f"{self.id} returned {relation!r}, which is not a relation; see verify.judging.relations")
        return relation.judge(chance)


def load_claims() -> dict[str, Claim]:
    """The whole registry, by id, after every claim file is imported."""
    for path in sorted(CLAIMS.glob("*/claim_*.py")):
        importlib.import_module(f"verify.claims.{path.parent.name}.{path.stem}")
    return REGISTRY


def _tuple(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _place(made: Claim) -> str:
    """Where a claim's function is; variants of a claim share it."""
    return ".".join((made.function.__module__, made.function.__name__, *(made.geometry if made.variant_of else ())))


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
    geometry: str | tuple[str, ...] = (),
    source: str = "text",
) -> Callable[[Callable], Claim]:
    """A decorator that registers a function as a claim; it stands outermost, above ``@given``.

    The board and the failure message show the docstring of the function, or else of its module. Its first line is the claim in
    words; the source follows. The parameters are the fields of :class:`Claim`.

    :raises ClaimError: ``labels`` or ``source`` is unknown, or the id is taken by another function.
    """

    def register(function: Callable) -> Claim:
        kinds = KINDS if labels == ANY_LABELS else _tuple(labels)
        if not set(kinds) <= set(LABELS):
            raise ClaimError(f"{id}: received labels {labels!r}, which are unknown; use {', '.join((*LABELS, ANY_LABELS))}")
        if source not in SOURCES:
            raise ClaimError(f"{id}: received source {source!r}, which is unknown; use one of {', '.join(SOURCES)}")
        where = (_tuple(instruments), sweep, _tuple(architectures), _tuple(beside))
        return _registered(Claim(id, function, _tuple(needs), counterfeit, package, kinds, *where, _tuple(geometry), source))

    return register


def _registered(made: Claim) -> Claim:
    """The claim, added to the registry; a module that is imported again may register its claims again under the same ids."""
    place = _place(made)
    for other in REGISTRY.values():
        there = _place(other)
        if (other.id == made.id) != (there == place):
            raise ClaimError(
                f"{made.id} in {place} and {other.id} in {there} share an id or a function; give each claim its own"
            )
    REGISTRY[made.id] = made
    return made
