"""Tests that claims of one or two examples see other random numbers under every seed."""

import re

import hypothesis
import pytest
from hypothesis import Phase, settings

from verify.judging import drawn_examples
from verify.strategies.linear_networks import draws

ENDS = (0, 2**16)


def drawn(strategies, n_examples, seed):
    """The examples that hypothesis draws, as text."""
    found = []
    once = settings(drawn_examples.SETTINGS, max_examples=n_examples, phases=(Phase.generate,))
    hypothesis.seed(seed)(once(hypothesis.given(**strategies)(lambda **values: found.append(repr(values)))))()
    return found


@pytest.mark.parametrize("n_examples", [1, 2, 30])
def test_draws_are_no_ends_and_others_under_another_seed(n_examples):
    first, second = (drawn({"draw": draws}, n_examples, seed) for seed in (0, 1))
    assert first[0] != second[0]
    assert not {repr({"draw": end}) for end in ENDS} & {*first, *second}


def test_no_claim_of_few_examples_has_the_same_draw_under_every_seed(registry):
    """Hypothesis begins with the simplest example, in which an integer is 0."""
    few = [claim.function for claim in registry.values() if drawn_examples.is_drawn(claim.function)]
    few = [function for function in few if drawn_examples.n_examples(function) <= 2]
    asked = [drawn_examples.strategies_of(function) for function in few]
    assert len(asked) > 10
    found = [(drawn(strategies, 1, 0), drawn(strategies, 1, 1)) for strategies in asked]
    assert not [one for one in found if "draw=0" in str(one) or "'draw': 0" in str(one)]
    assert not [one for one, other in found if one == other and re.search(r"\bdraw\b", str(one))]


def test_the_relation_of_one_example_is_of_the_same_example_in_every_run():
    found = []

    def claim(draw):
        found.append(draw)

    for _ in range(5):
        drawn_examples.one_relation(drawn_examples.given(examples=1, draw=draws)(claim))
    assert len(set(found)) == 1
