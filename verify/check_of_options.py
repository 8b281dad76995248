"""What the options of a run and the project of its folder ask for, as a check."""

from pathlib import Path

import pytest

from empirical import installation
from empirical.errors import GeomemError
from verify.check import Check
from verify.claim_modules import PATTERN, is_claim_file, registry_of
from verify.gate import requirements
from verify.options import given, written
from verify.project import FILE, Project, find
from verify.registry import THEORY, Claim
from verify.report import deviations, lookup, pins
from verify.report.deviations import Deviation
from verify.worlds.world import EVIDENCE, State, World, all_worlds


def check_of(config: pytest.Config) -> Check:
    """The check of a run.

    :raises pytest.UsageError: an option, the project or an own claim file is wrong.
    """
    try:
        asked = find(config.invocation_params.dir)
        evidence = given(config, "evidence") or asked.evidence
        if not evidence.is_dir():
            said = f"{written(config, 'evidence')} {evidence}"
            raise pytest.UsageError(f"{said} is not a folder; name the folder of the recorded bundles")
        worlds, registry = all_worlds(evidence), registry_of(asked, _files(config, asked))
        return Check(
            worlds,
            registry,
            _registered(config, asked, registry, worlds),
            pins.load(pins.PINS) if evidence == EVIDENCE else {},
            _chosen(config, registry),
            _required(config, registry, worlds),
            _selected(config, asked, worlds),
            asked.claims,
        )
    except GeomemError as error:
        raise pytest.UsageError(str(error)) from error


def _files(config: pytest.Config, asked: Project) -> list[Path]:
    """The claim files that the command line names, by themselves or, where the project names no folders, by their folder."""
    named = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
    paths = [config.invocation_params.dir / words.partition("::")[0] for words in named]
    files = [file for path in paths for file in ([path] if asked.claims else [path, *sorted(path.glob(PATTERN))])]
    return [file for file in files if file.is_file() and is_claim_file(file)]


def _registered(
    config: pytest.Config, asked: Project, registry: dict[str, Claim], worlds: dict[str, World]
) -> dict[tuple[str, str], Deviation]:
    """The registered verdicts of the option alone; or of the package, and in their place those of the project."""
    # Entries for the evidence of the package remain valid when other evidence is judged.
    pairs = lookup.pairs(registry, all_worlds()) + lookup.pairs(registry, worlds)
    if alone := given(config, "deviations"):
        return deviations.load(alone, pairs)
    own = deviations.load(asked.deviations, pairs) if asked.deviations and asked.deviations.is_file() else {}
    return deviations.load(deviations.DEVIATIONS, pairs) | own


def _chosen(config: pytest.Config, registry: dict[str, Claim]) -> frozenset[str]:
    """The ids of the claims that are asked for, or all."""
    try:
        named = given(config, "claim")
        return frozenset(lookup.exactly(text, registry).id for text in named) or frozenset(registry)
    except lookup.LookupFailed as error:
        raise pytest.UsageError(f"{written(config, 'claim')}: {error}") from error


def _required(
    config: pytest.Config, registry: dict[str, Claim], worlds: dict[str, World]
) -> tuple[requirements.Requirement, ...]:
    """The verdicts that the run must find."""
    try:
        return requirements.read(given(config, "require"), registry, worlds)
    except GeomemError as error:
        raise pytest.UsageError(f"{written(config, 'require')}: {error}") from error


def _selected(config: pytest.Config, asked: Project, worlds: dict[str, World]) -> frozenset[str]:
    """The worlds that are judged.

    Only in the checkout are networks trained without being asked for by the name of their world.
    """
    if named := given(config, "world"):
        return _known(named, written(config, "world"), worlds)
    if asked.worlds:
        return _known(asked.worlds, f"{asked.root}/{FILE}, [tool.geomem] worlds", worlds)
    if asked.root is None and installation.is_home(config.rootpath):
        return frozenset((THEORY, *worlds))
    return frozenset((THEORY, *(name for name, world in worlds.items() if world.state is State.RECORDED)))


def _known(names: tuple[str, ...], where: str, worlds: dict[str, World]) -> frozenset[str]:
    if unknown := set(names) - set(worlds) - {THEORY}:
        known = ", ".join([THEORY, *worlds])
        raise pytest.UsageError(f"{where}: there is no world {', '.join(sorted(unknown))}; name one of {known}")
    return frozenset(names)
