"""The work from a run to its bundle: training, measuring and writing; and what ``measure`` shows at once.

- make_bundle: the making of a run's bundle.
- workers: the distribution of networks over processes.
- network_job: the work on one network.
- progress: the share of the work that is done.
- cluster: the workers of a Dask cluster.
- show_geometry: the geometry of a network of the user, of a checkpoint or of a bundle, shown in the terminal.
- own_options: the options for a network of the user.
- own_network: the geometry of a network of the user.
- model_source: the network that a user names, imported and built.
- model_files: the files that torch, safetensors and Lightning write, and what is in them.
- model_weights: the weights of a file, loaded into a network.
- own_images: the images of the user that are measured.
- preprocessing: what is done to their pixels.
- shown_progress: a bar, or lines.
"""
