"""The differences between two ledgers, one line for each difference.

Run ``python -m benchmarks.compare_ledgers OLD NEW``. The exit status is 0 where the ledgers judge the same claims in the same
worlds and every field of every verdict is equal to the last digit, else 1. With ``--common`` a claim and world that only one
ledger has is no difference. What changed for a reader, verdicts and numbers beyond rounding, shows ``python -m verify diff``.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

Judged = dict[tuple[str, str], dict]


def main(arguments: list[str] | None = None) -> int:
    """The exit status, after printing the differences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--common", action="store_true", help="compare only the claims and worlds that both ledgers have")
    options = parser.parse_args(arguments)
    try:
        old, new = read(options.old), read(options.new)
    except (OSError, ValueError) as error:
        print(f"compare_ledgers: {error}; write a ledger with pytest verify/ --ledger PATH", file=sys.stderr)
        return 2
    found = list(differences(old, new, options.common))
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


def read(path: Path) -> Judged:
    """The entries of a ledger as plain JSON values, by (claim, world), without the commit that judged.

    :raises OSError: the file cannot be read. :raises ValueError: the file is no ledger; the error names the file.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        return {(entry["id"], entry["world"]): {**entry, "judge": ""} for entry in map(json.loads, lines)}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a ledger ({error})") from error


def differences(old: Judged, new: Judged, common: bool = False) -> Iterator[str]:
    """One line for every field that differs, and for every claim and world that one ledger lacks."""
    for pair in sorted(old.keys() | new.keys()):
        name = f"{pair[0]} in {pair[1]}"
        if pair in old and pair in new:
            yield from (f"{name}: {line}" for line in _differing(old[pair], new[pair], ""))
        elif not common:
            yield f"{name}: only in the {'old' if pair in old else 'new'} ledger"


def _differing(old, new, path: str) -> Iterator[str]:
    """One line for every leaf that differs; a key that one side lacks is a difference."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _differing(old.get(key, "(absent)"), new.get(key, "(absent)"), f"{path}.{key}".lstrip("."))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differing(one, other, f"{path}[{index}]")
    elif old != new and not (old != old and new != new):
        # Two NaNs count as equal.
        yield f"{path}: {old!r} -> {new!r}"


if __name__ == "__main__":
    sys.exit(main())
