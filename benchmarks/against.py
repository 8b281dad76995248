"""Times beside those of the last release.

A time is compared in units of the machine's own matrix products: the fastest repeat in seconds, times the rate at which that
machine, at that time, multiplied square matrices. So a slower machine is not taken for slower code.
"""

import json
from pathlib import Path

# The numbers of the last release, written by ``python -m benchmarks --json benchmarks/released.json``.
RELEASED = Path(__file__).parent / "released.json"
# A case that takes longer than so many times its time of then is a slowdown.
SLOWER = 1.2
# What a case must have to be compared.
TIMED = {"fastest", "product_rate"}


class NoNumbers(ValueError):
    """The file has no numbers to compare with; the message names the file and says what makes one."""


def load(path: Path) -> dict[str, dict]:
    """The cases of an earlier run, by name.

    :raises NoNumbers: the file is missing, or is not what a run of the benchmarks writes.
    """
    try:
        cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
        found = {case["name"]: case for case in cases if case["shape"] and case.keys() >= TIMED}
    except (OSError, ValueError, KeyError, TypeError) as error:
        cause = getattr(error, "strerror", None) or f"no numbers of a run ({error!r})"
        raise NoNumbers(f"--against {path}: {cause}; python -m benchmarks --json {path} writes such a file") from error
    return found


def ratio(case: dict, before: dict[str, dict]) -> float | None:
    """The time of a case divided by its time of then; None where it is not timed, or was not measured then in this size."""
    then = before.get(case["name"])
    if then is None or then["shape"] != case["shape"] or not case.keys() >= TIMED:
        return None
    return _products(case) / _products(then)


def slower(cases: list[dict], before: dict[str, dict]) -> dict[str, float]:
    """The cases that take more than :data:`SLOWER` times as long as they did, with their ratios."""
    found = {case["name"]: ratio(case, before) for case in cases}
    return {name: value for name, value in found.items() if value is not None and value > SLOWER}


def _products(case: dict) -> float:
    return case["fastest"] * case["product_rate"]
