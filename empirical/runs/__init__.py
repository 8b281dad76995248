"""What a run is, and where its files are. The ``.toml`` files here are the runs that come with the package.

- training_spec: the fields of a run that training depends on.
- regularizers: the regularizers of training, and their strengths.
- instruments: the names of all instruments, and the quantities that each instrument measures.
- runspec: the complete specification of a run, and how it is read from its file.
- sweeps: runs that differ in one field.
- network_numbers: a selection of a run's networks by their numbers.
- source_code: what a source file says that numbers depend on.
- provenance: everything else that a run's numbers depend on, and the keys of training and of measuring.
- folders: the folders and files of a run and of each of its networks.
"""
