"""What a repository judges of its own, as the table ``[tool.geomem]`` of its pyproject.toml says."""

import tomllib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

from empirical.errors import GeomemError
from verify.worlds.world import EVIDENCE

FILE = "pyproject.toml"
LISTS = ("claims", "worlds")


class ProjectError(GeomemError):
    """The table [tool.geomem] is wrong; the message names the file, the key, and what it has to be."""


@dataclass(frozen=True)
class Project:
    """What a run or a command is about where its options do not say it.

    root: the folder of the pyproject.toml; None where no file has the table.
    claims: folders of claim files. evidence: the folder of recorded bundles.
    deviations: the file of own registered verdicts, which need not exist yet; None where none is named.
    worlds: the worlds that are judged; empty for all evidence and the claims that draw their own examples.
    """

    root: Path | None = None
    claims: tuple[Path, ...] = ()
    evidence: Path = EVIDENCE
    deviations: Path | None = None
    worlds: tuple[str, ...] = ()


KEYS = [field.name for field in fields(Project) if field.name != "root"]


def find(start: Path) -> Project:
    """The project of the nearest pyproject.toml with the table, in the folder or above it; an empty one where there is none.

    :raises ProjectError: the table has an unknown key, a value of another type, or a folder that does not exist.
    """
    for folder in (start, *start.parents):
        if (folder / FILE).is_file() and (table := _table(folder / FILE)) is not None:
            return _read(table, folder)
    return Project()


def _table(file: Path) -> dict | None:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("geomem")
    except (OSError, ValueError) as error:
        raise ProjectError(f"cannot read {file}, where [tool.geomem] may be: {error}; correct the file") from error
    if table is not None and not isinstance(table, dict):
        raise ProjectError(f"{file}: geomem is {table!r} under [tool]; write a table, [tool.geomem], with {', '.join(KEYS)}")
    return table


def _read(table: dict, root: Path) -> Project:
    where = f"{root / FILE}, [tool.geomem]"
    for name, value in table.items():
        if name not in KEYS:
            near = get_close_matches(name, KEYS, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ProjectError(f"{where}: there is no key {name}; known: {', '.join(KEYS)}{hint}")
        if not (_is_list(value) if name in LISTS else isinstance(value, str)):
            raise ProjectError(f"{where}: {name} is {value!r}; write {'a list of texts' if name in LISTS else 'one text'}")
    folders = [*table.get("claims", ()), *([table["evidence"]] if "evidence" in table else [])]
    for folder in folders:
        if not (root / folder).is_dir():
            raise ProjectError(f"{where}: {folder} is not a folder in {root}; make it, or correct the name")
    return Project(
        root,
        tuple(root / folder for folder in table.get("claims", ())),
        root / table["evidence"] if "evidence" in table else EVIDENCE,
        root / table["deviations"] if "deviations" in table else None,
        tuple(table.get("worlds", ())),
    )


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
