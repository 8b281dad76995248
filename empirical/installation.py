"""Where this code lies: in a checkout with its commit, or in a wheel or another copy, which only its sources identify."""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("theory", "empirical", "verify")


def has_commit() -> bool:
    """Whether the code is a repository of its own. Below another repository git would name the commit of that one."""
    return (ROOT / ".git").exists()


def is_checkout() -> bool:
    """Whether the files beside the rooms are there, with the options of pytest: not where a wheel is installed."""
    return (ROOT / "pyproject.toml").is_file()


def is_home(folder: Path) -> bool:
    """Whether a folder is that of the checkout which this code is run from."""
    return is_checkout() and folder.resolve() == ROOT.resolve()


@cache
def version() -> str:
    """The version of the package; "unknown" where it is not installed."""
    try:
        return metadata.version("geomem")
    except metadata.PackageNotFoundError:
        return "unknown"


@cache
def without_commit() -> str:
    """What stands in place of a commit: "(wheel)" or "(copy)", and 12 hexadecimal digits of the digest of all sources."""
    content = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        content.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return f"({'copy' if is_checkout() else 'wheel'}) {content.hexdigest()[:12]}"
