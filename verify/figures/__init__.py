"""Figures of one world, drawn from its bundle alone. They need matplotlib.

- style: one look for all of them.
- accuracies, geometry, gradients, rewinding, probes, outputs: of one run.
- double_descent: of a sweep.
- album: all figures of a world, as files.
"""
