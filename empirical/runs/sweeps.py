"""Sweeps: runs that differ in one field, whose file has a list of values there. Read without importing torch.

Network k of a sweep has the same images, labels and order at every value, so that these can be compared network by network.
"""

from dataclasses import dataclass, fields
from pathlib import Path

from empirical.errors import SpecError
from empirical.runs import runspec
from empirical.runs.runspec import RunSpec


@dataclass(frozen=True)
class Sweep:
    """The runs of one file.

    field: what differs between them; empty where the file is of one run.
    specs: the runs in the order of their values; those of a sweep are named as :func:`part` says.
    """

    name: str
    field: str
    specs: tuple[RunSpec, ...]


def load(name_or_path: str | Path, **changes) -> Sweep:
    """Read a run or a sweep by name or path; ``resnet18-widths/width-4`` is that run of the sweep, alone.

    :param changes: fields that replace the file's.
    :raises SpecError: as :func:`empirical.runs.runspec.load`; several fields with lists, or a list that is no sweep.
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
        raise SpecError(f"{name_or_path}: one field, other than name, may have a list of values; received {', '.join(swept)}")
    return _swept(values, swept[0], str(name_or_path))


def part(name: str, field: str, value) -> str:
    """The name of one run of a sweep; its folders are nested alike."""
    return f"{name}/{field}-{value}"


def _swept(values: dict, field: str, source: str) -> Sweep:
    name, listed = values.get("name"), values[field]
    if len(listed) < 2 or len(set(map(str, listed))) < len(listed):
        raise SpecError(f"{source}: a sweep needs two or more values of {field}, each once; received {listed}")
    try:
        specs = [runspec.from_values({**values, field: value, "name": part(str(name), field, value)}) for value in listed]
    except SpecError as error:
        raise SpecError(f"{source}: {error}") from error
    return Sweep(str(name), field, tuple(specs))


def _only(sweep: Sweep, name: str) -> Sweep:
    found = tuple(spec for spec in sweep.specs if spec.name == name)
    if not found:
        raise SpecError(f"no run {name!r}; runs of {sweep.name}: {', '.join(spec.name for spec in sweep.specs)}")
    return Sweep(name, "", found)
