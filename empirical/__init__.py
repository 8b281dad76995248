"""Real data, real networks, real measurements; the only room that knows torch.

It uses the theory as an instrument, through one file, ``geometry/layers.py``.

Folders, each importing only those before it:

- data: images, their labels, and the labels as they are permuted.
- runs: what a run is, and where it keeps what it makes.
- evidence: measurements as tables and bundles, and the words in them.
- networks: the architectures.
- training: one network of a run, and its training.
- geometry: the manifolds of a network's layers.
- separability: separating points and shapes, without theory.
- toy_models: small networks and linear ones that claims about theory train on the spot.
- instruments: everything that is measured on a trained network.
- pipeline: a run's networks trained, measured, and made a bundle.

``python -m empirical`` is their command line, ``errors`` what it explains to its user, ``storage`` how files are written.
"""
