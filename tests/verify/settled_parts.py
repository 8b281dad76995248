"""What settled tests depend on besides the files that they import: claims, planted errors and pins, by their parameters.

Claims are loaded by name, so that no import leads to them. See :mod:`tests.settled.dependencies`.
"""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from empirical.runs import provenance
from tests.verify.planted.planted_error import PlantedError
from verify.registry import Claim, load_claims
from verify.report import pins

# What the live worlds are declared by.
RUNS = ("empirical/runs", "empirical/identity")
# The networks on which tests judge claims, and the fixtures that have them.
ON_NETWORKS = (Path("tests/verify/conftest.py"), Path("verify/evidence/digits"), *map(Path, RUNS))
PLANTED = "tests.verify.planted"
# What runs of `pytest verify/` in a process of their own are made of, whatever they judge.
CHECKER = ("verify/conftest.py", "verify/__main__.py", "geomem/pytest.py", "geomem/judge.py", "pyproject.toml")
REGISTERED = ("verify/deviations.toml", "verify/pins.jsonl")


def file_of(claim: Claim) -> Path:
    """The file of a claim."""
    return Path(str(sys.modules[claim.function.__module__].__file__))


def files_of_claims() -> list[Path]:
    """The files of all claims."""
    return sorted({file_of(claim) for claim in load_claims().values()})


def judged_by_checker(*claims: str) -> list[str]:
    """What a run of the checker on these claims follows from; their evidence comes besides."""
    files = [file_of(load_claims()[name]).relative_to(provenance.ROOT).as_posix() for name in claims]
    return [*CHECKER, *REGISTERED, *RUNS, *files]


def pinned(claim: Claim) -> list[tuple]:
    """The verdicts on the claim that are pinned: the world, the status, and of a claim about networks the numbers."""
    found = [(world, pin) for (name, world), pin in _pins().items() if name == claim.id]
    return [(world, pin.status, *(pin.numbers if claim.needs else ())) for world, pin in found]


@cache
def _pins() -> pins.Pins:
    return pins.load(pins.PINS)


def of_error(error: PlantedError) -> Iterator[Any]:
    """What a planted error is made of, where it is planted, and what has to detect it."""
    yield from _files_of_error(error)
    yield _file_of_target(error.plant.target)
    if not error.claim:
        test = Path(error.detector.partition("::")[0])
        yield test
        yield from (folder / "conftest.py" for folder in test.parents if (provenance.ROOT / folder / "conftest.py").exists())
        return
    claim = load_claims()[error.claim]
    yield file_of(claim)
    yield pinned(claim)
    if claim.needs:
        yield from ON_NETWORKS


def _files_of_error(error: PlantedError) -> list[Path]:
    """The files that define the error, or list it."""
    modules = [module for name, module in sys.modules.items() if name.startswith(PLANTED)]
    listing = [module for module in modules if any(error in _errors(value) for value in vars(module).values())]
    return [Path(str(module.__file__)) for module in listing if not _is_collection(Path(str(module.__file__)))]


def _errors(value: Any) -> list[PlantedError]:
    return [one for one in value if isinstance(one, PlantedError)] if isinstance(value, list) else []


def _is_collection(path: Path) -> bool:
    """Whether the file lists the errors of others only, or tests them."""
    return path.name.startswith("test_") or path.relative_to(provenance.ROOT).as_posix() in COLLECTIONS


COLLECTIONS = ("tests/verify/planted/drawn.py", "tests/verify/planted/slips/every.py", "tests/verify/planted/conftest.py")
# The files of errors, of which each test has one of its own.
LISTS = (
    *COLLECTIONS,
    *(f"tests/verify/planted/{name}.py" for name in ("comparisons", "instruments", "label_errors", "small_networks", "sweeps")),
)


def _file_of_target(target: str) -> Path:
    """The file of the longest part of a dotted name that is a module."""
    parts = target.split(".")
    found = (provenance._file(".".join(parts[:end])) for end in range(len(parts), 0, -1))
    return next(path for path in found if path)
