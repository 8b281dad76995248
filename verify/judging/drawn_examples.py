"""Judgement of claims over examples that hypothesis draws: it judges every example and shrinks failures.

The examples follow from the claim and the seed alone, and the random numbers of an example from the text of the drawn example.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from hypothesis.strategies import SearchStrategy

from empirical.separability import certificates
from theory.numerics import certificate
from verify.judging.error_rates import Chance
from verify.judging.rules import Relation
from verify.judging.verdicts import Status, Verdict, combine

EXAMPLES = 30
# A statistical example takes a second; after this many calls the smallest failing example so far is reported.
SHRINK_CALLS = 30

SETTINGS = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    derandomize=False,
    report_multiple_bugs=False,
    print_blob=False,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=tuple(HealthCheck),  # type: ignore[arg-type]
)


def given(*, examples: int = EXAMPLES, **strategies: SearchStrategy) -> Callable[[Callable], Callable]:
    """hypothesis's ``@given``, with the settings under which every claim is judged; the claim may return a relation.

    :param examples: how many examples to draw; fewer than 30 where one example takes seconds.
    :param strategies: a hypothesis strategy for each argument of the claim.
    """
    return lambda body: settings(SETTINGS, max_examples=examples)(hypothesis.given(**strategies)(body))


class OutsideAccepted(AssertionError):
    """The verdict on an example is outside the accepted set; hypothesis then looks for a smaller example."""


def is_drawn(function: Callable) -> bool:
    """Whether the function carries ``@given``."""
    return hypothesis.is_hypothesis_test(function)


def body_of(function: Callable) -> Callable:
    """The function as it is written, beneath ``@given``."""
    return function.hypothesis.inner_test if is_drawn(function) else function  # type: ignore[attr-defined]


def strategies_of(function: Callable) -> dict:
    """The strategy of each drawn argument, by name."""
    # This attribute is private to hypothesis; a test fails when a new version removes it.
    return function.hypothesis._given_kwargs  # type: ignore[attr-defined]


@contextmanager
def by_seed_alone() -> Iterator[None]:
    """Within it hypothesis draws the same examples whatever modules are loaded.

    Otherwise one draw in twenty tries a constant, and half of these are from the source files that happen to be loaded: the
    claims that were collected, the tests beside them. hypothesis has no setting for it.
    """
    # Both names are private to hypothesis; a test fails when a new version no longer uses them. The second keeps constants that
    # were collected before.
    with patch.object(providers, "_get_local_constants", Constants), patch.object(providers, "CONSTANTS_CACHE", {}):
        yield


def one_relation(function: Callable) -> Relation:
    """The relation that a claim asserts of one example, the same in every run; it is not judged."""
    if not is_drawn(function):
        return function()
    found, body = [], body_of(function)
    once = settings(SETTINGS, max_examples=1, phases=(Phase.generate,))
    # Unseeded, an example that no run judges could stop the catalogue, as networks that do not fit their labels do.
    seeded = hypothesis.seed(0)(hypothesis.given(**strategies_of(function))(lambda **drawn: found.append(body(**drawn))))
    with by_seed_alone():
        once(seeded)()
    return found[0]


def judge_examples(function: Callable, judge_one: Callable, chance: Chance, accept: frozenset) -> Verdict:
    """The verdict over all drawn examples; the alarm rate is divided by the number of the claim's examples.

    The verdict combines the examples that were judged before a failure. The calls that shrink the failure appear only in
    ``where``.
    """
    body, share = function.hypothesis.inner_test, chance.split(n_examples(function))  # type: ignore[attr-defined]
    trial = _Examples(body, judge_one, share, accept)
    function.hypothesis.inner_test = trial.run  # type: ignore[attr-defined]
    try:
        with by_seed_alone():
            hypothesis.seed(chance.integer())(function)()
    except OutsideAccepted:
        pass
    finally:
        function.hypothesis.inner_test = body  # type: ignore[attr-defined]
    return replace(trial.verdict(n_examples(function)), examples=len(trial.judged))


def n_examples(function: Callable) -> int:
    """The number of examples of a claim, including those of ``@example``."""
    if not is_drawn(function):
        return 1
    drawn = function._hypothesis_internal_use_settings.max_examples  # type: ignore[attr-defined]
    return drawn + len(getattr(function, "hypothesis_explicit_examples", ()))


class _Examples:
    """The body under ``@given``, which records verdicts and fails where they leave the accepted set."""

    def __init__(self, body, judge_one, chance, accept):
        self.body, self.judge_one, self.chance, self.accept = body, judge_one, chance, accept
        self.known: dict[str, Verdict] = {}
        self.judged: list[Verdict] = []
        self.smallest: Verdict | None = None
        self.shrinks = 0

    def run(self, **drawn) -> None:
        where = ", ".join(f"{name}={value}" for name, value in drawn.items())
        if where not in self.known:
            self.shrinks += self.smallest is not None
            if self.shrinks > SHRINK_CALLS:
                return
            verdict = replace(self._judge(drawn, where), where=where)
            self.known[where] = verdict
            if self.smallest is None:
                self.judged.append(verdict)
        # Only a failure ends the search: an example that holds does not contradict an accepted refutation.
        if self.known[where].status not in self.accept | {Status.SUPPORTED}:
            self.smallest = self.known[where]
            raise OutsideAccepted(where)

    def _judge(self, drawn, where) -> Verdict:
        try:
            return self.judge_one(self.body(**drawn), self.chance.named(where))
        except (certificate.Uncertified, certificates.Uncertified) as error:
            return Verdict(Status.BROKEN, str(error))

    def verdict(self, n_examples: int) -> Verdict:
        combined = combine(self.judged, n_examples)
        if self.smallest is None or self.smallest.where == combined.where:
            return combined
        return replace(combined, where=f"{combined.where}; shrunk to {self.smallest.where}")
