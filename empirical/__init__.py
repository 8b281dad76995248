"""Data sets, networks and measurements; the only room that imports torch.

This room uses the theory to measure geometry, and imports it in two files only,
``geometry/measures.py`` and ``geometry/layer_rows.py``.

Each folder imports only folders that come before it in this list:

- data: images and labels, and the permutation of labels.
- runs: what a run is, and where its files are.
- evidence: measurements as tables and bundles, and the words that tables and claims share.
- networks: the architectures.
- training: the training of one network of a run.
- activations: what the layers of any network return for any inputs.
- layer_tables: the geometry of layers as a table.
- geometry: the manifolds of a network's layers.
- separability: whether points and shapes are linearly separable, decided without theory.
- toy_models: small networks and linear networks that claims about theory train during the check.
- identity: worlds of networks that reproduce images, from specification to bundle.
- instruments: all measurements on a trained network.
- pipeline: the work from a run to its bundle: training, measuring and writing.

``python -m empirical`` is the command line of this room: ``__main__`` has the options, and ``commands`` what the commands do.
``errors`` has the errors that a user sees, ``storage`` writes files,
``installation`` says where this code lies, in a checkout with its commit or in a wheel, and ``pipes`` ends commands with their
readers.
"""
