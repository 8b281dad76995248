"""Commands as their user writes them: by module in the checkout, and by the console script where the package is installed."""

from empirical import installation

_IN_CHECKOUT = installation.is_checkout()
_VERIFY, _EMPIRICAL = ("python -m verify", "python -m empirical") if _IN_CHECKOUT else ("geomem", "geomem")
# The command that judges and writes a ledger; options follow.
JUDGE = "pytest verify/" if _IN_CHECKOUT else "geomem judge"
LIST = f"{_VERIFY} list"
BOARD = f"{_VERIFY} board"
EXPLAIN = f"{_VERIFY} explain"
PIN = f"{_VERIFY} pin --reason WHY"
BUNDLE = f"{_EMPIRICAL} bundle"


def record(world: str) -> str:
    """The command that records a world, whose run comes with the package, among the evidence."""
    return f"{BUNDLE} {world} --into {'verify/evidence' if _IN_CHECKOUT else 'FOLDER, and judge with --evidence FOLDER'}"
