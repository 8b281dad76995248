"""What a run is, and where it keeps what it makes. The runs that come with the package are the ``.toml`` files here.

- runspec: the record that determines every number of a run.
- sweeps: one run at several values of one field.
- network_numbers: some of a run's networks, by number.
- provenance: what its numbers depend on besides, and the folder named after all of it.
- folders: the files of each network in that folder.
"""
