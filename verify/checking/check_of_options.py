"""What the options of a run and the project of its folder ask for, as a check."""

from pathlib import Path

import pytest

from empirical import installation
from empirical.errors import GeomemError, near_or_all
from verify.checking.check import Check
from verify.checking.options import given, written
from verify.claim_modules import PATTERN, has_claims, is_claim_file, is_of_package, own_files, registry_of
from verify.gate import requirements
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
        files = _files(config, asked)
        worlds, registry = all_worlds(evidence), registry_of(asked, files)
        left_out = _left_out(config, asked, registry)
        return Check(
            worlds,
            registry,
            _registered(config, asked, registry, worlds),
            pins.load(pins.PINS) if evidence == EVIDENCE else {},
            _chosen(config, registry) - {claim.id for claim in left_out},
            _required(config, registry, worlds),
            _selected(config, asked, worlds),
            frozenset(path.resolve() for path in (*own_files(asked.claims), *files)),
            bool(asked.claims),
            _unnamed(config, asked, files),
            left_out,
        )
    except GeomemError as error:
        raise pytest.UsageError(str(error)) from error


def _files(config: pytest.Config, asked: Project) -> list[Path]:
    """The claim files that the command line names, by themselves or, where the project names no folders, by their folder."""
    named = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
    paths = [config.invocation_params.dir / words.partition("::")[0] for words in named]
    beneath = [file for path in paths for file in sorted(path.glob(PATTERN)) if not asked.claims and has_claims(file)]
    return [file for file in (*paths, *beneath) if file.is_file() and is_claim_file(file)]


def _unnamed(config: pytest.Config, asked: Project, files: list[Path]) -> tuple[Path, ...]:
    """The claim files in the folder of the run and one below it that neither the project nor the command line names."""
    if asked.claims or _is_at_home(config, asked):
        return ()
    here = config.invocation_params.dir
    found = [path for pattern in (PATTERN, f"*/{PATTERN}") for path in sorted(here.glob(pattern)) if path not in files]
    return tuple(path.relative_to(here) for path in found if is_claim_file(path) and has_claims(path))


def _left_out(config: pytest.Config, asked: Project, registry: dict[str, Claim]) -> tuple[Claim, ...]:
    """The claims of the package that need a package which is not installed, where nothing says what is to be judged.

    In the checkout, and where worlds or claims are named, they are UNTESTED, which fails.
    """
    said = (given(config, "claim"), given(config, "world"), asked.worlds, config.option.keyword, config.option.markexpr)
    if any(said) or _is_at_home(config, asked):
        return ()
    return tuple(claim for claim in registry.values() if claim.lacks_package() and is_of_package(claim))


def _is_at_home(config: pytest.Config, asked: Project) -> bool:
    return asked.root is None and installation.is_home(config.rootpath)


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
    if _is_at_home(config, asked):
        return frozenset((THEORY, *worlds))
    return frozenset((THEORY, *(name for name, world in worlds.items() if world.state is State.RECORDED)))


def _known(names: tuple[str, ...], where: str, worlds: dict[str, World]) -> frozenset[str]:
    known = [THEORY, *worlds]
    for name in names:
        if name not in known:
            raise pytest.UsageError(f"{where}: there is no world {name}; {near_or_all(name, known)}")
    return frozenset(names)
