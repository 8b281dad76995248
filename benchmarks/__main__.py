"""``python -m benchmarks`` is ``python -m benchmarks.geometry``: the engine's times, in one table."""

from runpy import run_module

run_module("benchmarks.geometry", run_name="__main__")
