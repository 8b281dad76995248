"""A statement about one world's networks, judged on networks of other architectures beside them."""

from collections.abc import Callable
from dataclasses import replace

from verify.judging.relations import both
from verify.judging.rules import Both
from verify.measurements.runs import Runs

# The worlds beside a world of VGGs, by the suffix of their names.
ARCHITECTURES = ("-alexnet", "-resnet18")


def in_each(runs: Runs, statement: Callable[[Runs], Both]) -> Both:
    """The relation that a statement holds in each of the worlds beside; each of its parts names the architecture.

    :param statement: the function of a claim about one world, with several parts.
    """
    return both(
        *(
            replace(part, about=f"{suffix.removeprefix('-')}: {part.about}")
            for suffix in ARCHITECTURES
            for part in statement(runs.beside(suffix)).relations
        )
    )
