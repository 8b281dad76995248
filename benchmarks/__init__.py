"""Time and memory of the geometry and of training. Run ``python -m benchmarks.geometry``; not part of the package."""
