"""A planted error: its place, and the claim or the test that detects it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from verify.counterfeits import planted


@dataclass(frozen=True)
class Plant:
    """A function that plants an error while its context lasts, and the full name of the place where it does.

    target: "theory.room.function".
    """

    target: str
    planting: Callable[[], AbstractContextManager]

    def __call__(self) -> AbstractContextManager:
        """The context in which the error is planted."""
        return self.planting()


@dataclass(frozen=True)
class PlantedError:
    """One error: what is wrong, what detects it, and how to plant it.

    detector: the id of a claim, which the error turns; or a test that fails, "tests/room/test_file.py::test_name".
    first: "caught" or "missed" by the tests and claims that there were when the error was chosen; "" where it was chosen
        together with its detector.
    """

    name: str
    wrong: str
    detector: str
    plant: Plant
    first: str = ""

    @property
    def claim(self) -> str:
        """The id of the claim that the error turns; "" where a test detects it."""
        return "" if "::" in self.detector else self.detector


def formula(target: str, wrong: Callable) -> Plant:
    """A function of theory, or of an instrument, replaced by a wrong one that is made from it."""
    return Plant(target, planted(target, wrong))
