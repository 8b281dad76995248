"""Claims over examples that hypothesis draws: every one judged, failures shrunk, chance seeded by what was drawn."""

from collections.abc import Callable
from dataclasses import replace

import hypothesis
from hypothesis import HealthCheck, Phase, settings

from empirical.separability import certificates
from theory.numerics import certificate
from verify.judging.error_rates import Chance
from verify.judging.verdicts import Status, Verdict, combine

EXAMPLES = 30
# A statistical example takes a second; after this many the smallest failing example found so far is reported.
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


def given(*, examples: int = EXAMPLES, **strategies) -> Callable[[Callable], Callable]:
    """hypothesis's ``@given`` with the settings every claim is judged under; the claim may return its relation.

    :param examples: how many to draw, fewer where one takes seconds.
    """
    return lambda body: settings(SETTINGS, max_examples=examples)(hypothesis.given(**strategies)(body))


class OutsideAccepted(AssertionError):
    """Tells hypothesis that this example fails, so that it looks for a smaller one."""


def is_drawn(function: Callable) -> bool:
    """Whether the function carries ``@given``."""
    return hypothesis.is_hypothesis_test(function)


def body_of(function: Callable) -> Callable:
    """The function as written, beneath ``@given``."""
    return function.hypothesis.inner_test if is_drawn(function) else function  # type: ignore[attr-defined]


def strategies_of(function: Callable) -> dict:
    """What is drawn, by argument."""
    # hypothesis keeps them for its own use only; a test notices when it no longer does.
    return function.hypothesis._given_kwargs  # type: ignore[attr-defined]


def one_relation(function: Callable):
    """The relation that a claim asserts of one example, the first that hypothesis draws; nothing is judged."""
    if not is_drawn(function):
        return function()
    found, body = [], body_of(function)
    once = settings(SETTINGS, max_examples=1, phases=(Phase.generate,))
    once(hypothesis.given(**strategies_of(function))(lambda **drawn: found.append(body(**drawn))))()
    return found[0]


def judge_examples(function: Callable, judge_one: Callable, chance: Chance, accept: frozenset) -> Verdict:
    """Judge every drawn example; the alarm rate is divided by the number of the claim's examples.

    The combination holds what was judged before a failure; the calls that shrink it reach only ``where``.
    """
    body, share = function.hypothesis.inner_test, chance.split(n_examples(function))  # type: ignore[attr-defined]
    trial = _Examples(body, judge_one, share, accept)
    function.hypothesis.inner_test = trial.run  # type: ignore[attr-defined]
    try:
        hypothesis.seed(chance.integer())(function)()
    except OutsideAccepted:
        pass
    finally:
        function.hypothesis.inner_test = body  # type: ignore[attr-defined]
    return replace(trial.verdict(n_examples(function)), examples=len(trial.judged))


def n_examples(function: Callable) -> int:
    """How many examples of a claim are judged, ``@example`` included."""
    if not is_drawn(function):
        return 1
    drawn = function._hypothesis_internal_use_settings.max_examples  # type: ignore[attr-defined]
    return drawn + len(getattr(function, "hypothesis_explicit_examples", ()))


class _Examples:
    """Stands in for the body under ``@given``: remembers verdicts, fails where they leave the accepted set."""

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
        # Only a failure ends the search: an example that holds says nothing against an accepted refutation.
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
