"""The work from a run to its bundle: training, measuring and writing.

- make_bundle: the making of a run's bundle.
- workers: the distribution of networks over processes.
- network_job: the work on one network.
- progress: the share of the work that is done.
- cluster: the workers of a Dask cluster.
- show_geometry: the geometry of a checkpoint or of a bundle, shown in the terminal.
"""
