"""Tests at inflated levels of both error rates of the relation that a mean rises at every step over a dozen draws."""

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.verify.calibration.test_error_rates import LISTS, REPEATS, by_turns, statuses, within
from tests.verify.settled_parts import file_of
from verify import both, given, rises
from verify.judging.error_rates import Chance
from verify.judging.rules import Ascent
from verify.judging.verdicts import Status
from verify.registry import Claim, load_claims

pytestmark = pytest.mark.slow


def climbing(n_parts):
    """A claim of so many ascents on two examples."""

    @given(examples=2, example=st.integers())
    def climbs(example):
        return both(*(rises(lambda n, rng: np.zeros((n, 4)), effect=0.1) for _ in range(n_parts)))

    return Claim("ascents", climbs, (), nullcontext)


def steps(*effects):
    """Draws that rise by so many effects at each step in the mean; normal, as the t interval assumes."""

    def instrument(ascent):
        rise = lambda n, rng: ascent.effect * rng.normal(effects, 3.0, (n, len(effects)))  # noqa: E731
        return replace(ascent, sample=lambda n, rng: np.cumsum(np.insert(rise(n, rng), 0, 0.0, axis=1), axis=1))

    return instrument


# Two of the registry, and two made for the test.
ASCENTS = {**{name: load_claims()[name] for name in ("G-04", "G-05")}, **{f"{n} parts": climbing(n) for n in (1, 2)}}


def of_ascent(name, level):
    return [file_of(load_claims()[name])] if name in load_claims() else []


@pytest.mark.settled(of=of_ascent, lists=LISTS)
@pytest.mark.parametrize(("name", "level"), by_turns(ASCENTS))
def test_an_ascent_that_is_only_just_true_is_rarely_refuted(name, level):
    """All steps at the effect at once: they share the level."""
    found = statuses(ASCENTS[name], Ascent, steps(1, 1, 1), level, REPEATS, examples=2)
    assert within(found.count(Status.REFUTED), level, REPEATS)


@pytest.mark.settled(of=of_ascent, lists=LISTS)
@pytest.mark.parametrize(("name", "level"), by_turns(ASCENTS))
def test_an_ascent_with_a_level_step_is_rarely_supported(name, level):
    found = statuses(ASCENTS[name], Ascent, steps(20, 0, 20), level, REPEATS, examples=1)
    assert within(found.count(Status.SUPPORTED), level, REPEATS)


def test_the_rates_of_an_ascent_are_not_idle():
    """At 0.2 both errors do come: where all steps are just true, and where one of them is level."""
    part = Ascent(lambda n, rng: np.zeros((n, 2)), 1.0, "", "draws")
    true, false = (
        [steps(*effects)(part).judge(Chance(0.2, 0.2, seed=(str(i),))).status for i in range(REPEATS)]
        for effects in ((1,), (20, 0))
    )
    assert min(true.count(Status.REFUTED), false.count(Status.SUPPORTED)) > 0.02 * REPEATS
