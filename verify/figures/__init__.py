"""Figures of one world, drawn from its bundle. They need matplotlib.

- style: the common look of all figures.
- outputs_file: the file of a bundle that only figures read.
- accuracies, geometry, gradients, rewinding, probes, outputs: figures of one run.
- double_descent: the figure of a sweep.
- memorization: the figures of Arpit et al. 2017, of runs and of sweeps, with worlds of noise beside them.
- identity: the figures of networks that reproduce images (Zhang et al. 2020).
- linearity: how linear layers are and where they memorize, of networks that it trains itself.
- album: all figures of a world, as files.
"""
