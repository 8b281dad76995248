"""Sweeps: runs that differ in one field, whose file has a list of values for this field. Needs no torch.

Network k of a sweep has the same images, labels and order of images at every value, unless the field itself changes them. Runs
can therefore be compared network by network. The values are numbers or words: ``width = [16, 32]``,
``regularizers = ["none", "dropout=0.3"]``.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from empirical.errors import SpecError
from empirical.runs import runspec
from empirical.runs.runspec import RunSpec


@dataclass(frozen=True)
class Sweep:
    """The runs of one file.

    name: of the file.
    field: the field in which the runs differ; "" if the file describes one run.
    specs: the runs in the order of the values; in a sweep :func:`part` gives their names.
    """

    name: str
    field: str
    specs: tuple[RunSpec, ...]


def load(name_or_path: str | Path, **changes: Any) -> Sweep:
    """The sweep with this name or path, or a sweep of one run; ``resnet18-widths/width-4`` is that run of a sweep.

    :param changes: values of fields that replace those of the file.
    :raises SpecError: as in :func:`empirical.runs.runspec.load`; or several fields have lists, or a list is no sweep.
    """
    whole, _, one = str(name_or_path).partition("/")
    if one and not str(name_or_path).endswith(".toml"):
        return _only(load(whole, **changes), str(name_or_path))
    values = {**runspec.values_of(name_or_path), **changes}
    swept = [field.name for field in fields(RunSpec) if field.type is not tuple and type(values.get(field.name)) is list]
    if not swept:
        spec = runspec.load(name_or_path, **changes)
        return Sweep(spec.name, "", (spec,))
    if len(swept) > 1 or swept == ["name"]:
        raise SpecError(
            f"{name_or_path}: one field, other than name, may have a list of values; received lists for {', '.join(swept)}: "
            "leave one list"
        )
    return _swept(values, swept[0], str(name_or_path))


def part(name: str, field: str, value: object) -> str:
    """The name of one run of a sweep, such as ``resnet18-widths/width-4``; the run's folder is inside the sweep's folder."""
    return f"{name}/{field}-{value}"


def _swept(values: dict, field: str, source: str) -> Sweep:
    name, listed = values.get("name"), values[field]
    if len(listed) < 2 or any(value in listed[:place] for place, value in enumerate(listed)):
        raise SpecError(f"{source}: a sweep needs two or more values of {field}, each once; received {listed}: change the list")
    try:
        specs = [runspec.from_values({**values, field: value, "name": part(str(name), field, value)}) for value in listed]
    except SpecError as error:
        raise SpecError(f"{source}: {error}") from error
    return Sweep(str(name), field, tuple(specs))


def _only(sweep: Sweep, name: str) -> Sweep:
    found = tuple(spec for spec in sweep.specs if spec.name == name)
    if not found:
        raise SpecError(f"no run {name!r}; runs of {sweep.name}: {', '.join(spec.name for spec in sweep.specs)}; give one")
    return Sweep(name, "", found)
