"""What a run is, and where it keeps what it makes. The runs that come with the package are the ``.toml`` files here.

- training_spec: what a network is trained with.
- instruments: what can be measured on it, and the quantities that each instrument writes.
- runspec: both as one record, that of a run, and how it is read from its file.
- sweeps: one run at several values of one field.
- network_numbers: some of a run's networks, by number.
- provenance: what its numbers depend on besides, and the keys of training and of measuring.
- folders: where the files of a run and of each network are.
"""
