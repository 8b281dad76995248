"""A run's networks trained, measured, and made a bundle.

- make_bundle: a run's bundle made, or found made.
- workers: networks dealt to processes.
- network_job: the work on one network.
- progress: how much of the work is done.
- cluster: the workers of a Dask cluster.
- show_geometry: the geometry of a checkpoint or of a bundle, shown at once.
"""
