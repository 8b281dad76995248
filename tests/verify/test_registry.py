import re
import sys

import pytest
from hypothesis import example
from hypothesis import strategies as st

from empirical.separability.certificates import Uncertified
from verify import claim, given, law, matches
from verify.judging import drawn_examples, error_rates
from verify.judging.verdicts import Status
from verify.registry import Claim, ClaimError, load_claims

pytestmark = pytest.mark.usefixtures("kept_registry")

CHANCE = error_rates.of_claim(0, "T-00")


def test_a_claim_that_returns_no_relation_is_an_error():
    @claim("T-01", counterfeit=lambda: None)
    def claim_nothing():
        return True

    with pytest.raises(ClaimError, match=r"T-01 returned .*not a relation"):
        claim_nothing.judge(CHANCE)


def test_an_id_belongs_to_one_claim():
    def other():
        return None

    claim("T-02", counterfeit=lambda: None)(other)
    with pytest.raises(ClaimError, match=r"T-02 .* share an id or a function"):
        claim("T-02", counterfeit=lambda: None)(lambda: None)


def test_a_function_name_belongs_to_one_claim():
    def claim_twice():
        return matches(1.0, 1.0)

    claim("T-07", counterfeit=lambda: None)(claim_twice)
    claim("T-07", counterfeit=lambda: None)(claim_twice)
    with pytest.raises(ClaimError, match=r"T-08 .* share an id or a function"):
        claim("T-08", counterfeit=lambda: None)(claim_twice)


def test_what_cannot_be_certified_is_broken():
    @claim("T-09", counterfeit=lambda: None)
    @given(x=st.integers())
    def claim_uncertified(x):
        raise Uncertified("on the boundary")

    verdict = claim_uncertified.judge(CHANCE)
    assert verdict.status == Status.BROKEN
    assert verdict.reason == "on the boundary"


def test_every_drawn_example_is_judged_at_its_share_of_the_alarm():
    shares = []

    class Spy:
        def judge(self, chance):
            shares.append(chance.alarm)
            return matches(1.0, 1.0).judge(chance)

    @claim("T-03", counterfeit=lambda: None)
    @given(x=st.integers())
    @example(x=5)
    def claim_spied(x):
        return matches(1.0, 1.0)

    verdict = drawn_examples.judge_examples(
        claim_spied.function, lambda relation, chance: Spy().judge(chance), CHANCE, {Status.SUPPORTED}
    )
    assert verdict.examples == len(shares) <= drawn_examples.EXAMPLES + 1
    assert shares == pytest.approx([error_rates.ALARM / (drawn_examples.EXAMPLES + 1)] * len(shares))


def test_a_dear_claim_names_its_examples_and_shares_by_them():
    shares = []

    class Spy:
        def judge(self, chance):
            shares.append((chance.alarm, chance.miss))
            return matches(1.0, 1.0).judge(chance)

    @claim("T-11", counterfeit=lambda: None)
    @given(examples=4, x=st.integers())
    def claim_dear(x):
        return matches(1.0, 1.0)

    verdict = drawn_examples.judge_examples(
        claim_dear.function, lambda relation, chance: Spy().judge(chance), CHANCE, {Status.SUPPORTED}
    )
    assert verdict.examples == len(shares) == drawn_examples.n_examples(claim_dear.function) == 4
    assert shares == [pytest.approx((error_rates.ALARM / 4, (1 - error_rates.POWER) / 4))] * 4


def test_a_failure_shrinks_to_a_small_example_and_judges_no_more_for_it():
    @claim("T-04", counterfeit=lambda: None)
    @given(x=st.integers(0, 1000))
    def claim_small_numbers(x):
        return matches(1.0, 1.0 if x < 20 else 2.0)

    verdict = claim_small_numbers.judge(CHANCE)
    assert verdict.status == Status.REFUTED
    assert [part.status for part in verdict.parts].count(Status.REFUTED) == 1
    assert "x=20" in verdict.where


def test_an_accepted_refutation_is_judged_on_every_example():
    @claim("T-05", counterfeit=lambda: None)
    @given(x=st.integers(0, 10**6))
    def claim_never(x):
        return matches(1.0, 2.0)

    assert claim_never.judge(CHANCE).examples == 1
    assert claim_never.judge(CHANCE, accept=frozenset({Status.REFUTED})).examples > 20


def test_an_accepted_refutation_is_found_though_most_examples_hold():
    @claim("T-10", counterfeit=lambda: None)
    @given(x=st.integers(0, 1000))
    def claim_sometimes(x):
        return matches(1.0, 1.0 if x < 900 else 2.0)

    for accept in ({Status.SUPPORTED}, {Status.REFUTED}, {Status.REFUTED, Status.INCONCLUSIVE}):
        assert claim_sometimes.judge(CHANCE, accept=frozenset(accept)).status == Status.REFUTED


@pytest.mark.slow
def test_the_same_seed_draws_the_same_and_another_does_not():
    counts = []

    @claim("T-06", counterfeit=lambda: None)
    @given(x=st.integers(0, 10**6))
    def claim_coin(x):
        def sample(n, rng):
            counts.append((x, rng.binomial(n, 0.5)))
            return counts[-1][1]

        return law(0.5, sample, effect=0.1)

    runs = []
    for seed in (0, 0, 1):
        counts.clear()
        assert claim_coin.judge(error_rates.of_claim(seed, "T-06")).status == Status.SUPPORTED
        runs.append(list(counts))
    assert runs[0] == runs[1] != runs[2]


def test_every_claim_says_what_where_and_how_it_could_be_false(registry):
    for found in registry.values():
        assert found.document.splitlines()[0].startswith(found.id), found.id
        assert re.search(r"\b(19|20)\d\d\b", found.document), found.id
        assert callable(found.counterfeit)


def test_a_claim_file_holds_no_claim_of_another_file():
    """The checker collects every claim that it finds in a file: one that is imported would be judged twice."""
    for registered in load_claims().values():
        module = sys.modules[registered.function.__module__]
        others = [one for one in vars(module).values() if isinstance(one, Claim)]
        assert all(one.function.__module__ == module.__name__ for one in others), module.__name__
