"""Worlds of networks that reproduce images, read from their files. Needs no torch.

A file has the fields of an :class:`~empirical.identity.identity_spec.IdentitySpec`, and for one of them a list of values.
"""

import tomllib
from dataclasses import MISSING, Field, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from empirical.errors import SpecError
from empirical.identity.identity_spec import IdentitySpec
from empirical.identity.keys import key_of
from empirical.runs.sweeps import part
from empirical.storage import cache_root

WORLDS = Path(__file__).parent
# The fields by which a file is told from that of a run.
OWN_FIELDS = {"relative_loss", "gain", "most_steps", "side", "n_images", "n_tests"}


@dataclass(frozen=True)
class IdentitySweep:
    """The networks of one world.

    name: of the world. field: the field in which networks differ. specs: in the order of the values in the file.
    """

    name: str
    field: str
    specs: tuple[IdentitySpec, ...]

    def folder(self, root: Path | None = None) -> Path:
        """The folder of the world's bundles, whether they are made or not; each is in ``<field>-<value>``.

        :param root: folder of all runs; None stands for :func:`empirical.storage.cache_root`.
        """
        return (root or cache_root()) / f"identity-{key_of(self.specs)}" / self.name


def names() -> list[str]:
    """The names of the worlds that come with the package."""
    return sorted(path.stem for path in WORLDS.glob("*.toml"))


def is_identity(name_or_path: str | Path) -> bool:
    """Whether this is the name of such a world, or the file of one."""
    path = _path(name_or_path)
    try:
        return path.is_file() and bool(OWN_FIELDS & tomllib.loads(path.read_text(encoding="utf-8")).keys())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False


def load(name_or_path: str | Path, **changes: Any) -> IdentitySweep:
    """The world with this name (``<name>.toml`` here) or path.

    :param changes: values of fields that replace those of the file.
    :raises SpecError: there is no such world, a key is unknown or missing, a value is out of range, or not exactly one field
        has a list of two or more values.
    """
    path = _path(name_or_path)
    if not path.is_file():
        raise SpecError(f"no world {str(name_or_path)!r}; known: {', '.join(names())}; give one, or the path of a .toml file")
    try:
        values = {**tomllib.loads(path.read_text(encoding="utf-8")), **changes}
        return _swept(values)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path} is not valid TOML: {error}; correct the file") from error
    except SpecError as error:
        raise SpecError(f"{path}: {error}") from error


def _path(name_or_path) -> Path:
    return Path(name_or_path) if str(name_or_path).endswith(".toml") else WORLDS / f"{name_or_path}.toml"


def _swept(values: dict) -> IdentitySweep:
    listed = [name for name, value in values.items() if type(value) is list]
    if len(listed) != 1 or listed == ["name"]:
        raise SpecError(
            f"one field, other than name, must have a list of values; received lists for "
            f"{', '.join(listed) or 'none'}: leave one"
        )
    (field,) = listed
    each = [_plain(_fields()[field].type, value) if field in _fields() else value for value in values[field]]
    if len(each) < 2 or any(value in each[:place] for place, value in enumerate(each)):
        raise SpecError(f"{field} must have two or more values, each once; received {each}: change the list")
    name = values.get("name")
    if not (isinstance(name, str) and name and Path(name).name == name):
        raise SpecError(f"name must be the name of a folder; received {name!r}: give the world a name")
    specs = [_spec({**values, field: value, "name": part(name, field, value)}) for value in each]
    return IdentitySweep(name, field, tuple(specs))


def _spec(values: dict) -> IdentitySpec:
    known = _fields()
    for key in values:
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0)
            raise SpecError(f"unknown key {key!r}; did you mean {near[0]!r}? Rename or remove the key")
    missing = [name for name, field in known.items() if field.default is MISSING and name not in values]
    if missing:
        raise SpecError(f"missing {', '.join(missing)}: a world needs a value for each of these keys; add them")
    return IdentitySpec(**{key: _plain(known[key].type, value) for key, value in values.items()})


def _fields() -> dict[str, Field]:
    return {field.name: field for field in fields(IdentitySpec)}


def _plain(kind: Any, value: Any) -> Any:
    """A whole number is accepted for a real one."""
    return float(value) if kind is float and type(value) is int else value
