"""How long the geometry takes, and how much memory: run as ``python -m benchmarks.geometry``; not part of the package."""
