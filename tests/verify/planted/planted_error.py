"""A planted error: its place, and the claim that detects it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from verify.counterfeits import planted


@dataclass(frozen=True)
class PlantedError:
    """One error: where it sits, what is wrong, which claim it turns, and how to plant it."""

    name: str
    wrong: str
    claim: str
    plant: Callable[[], AbstractContextManager]


def formula(target: str, wrong: Callable) -> Callable[[], AbstractContextManager]:
    """A function of theory, or of an instrument, replaced by a wrong one that is made from it."""
    return planted(target, wrong)
