"""Worlds of networks that reproduce images (Zhang et al. 2020). The ``.toml`` files here are the worlds of the package.

A world is a sweep: networks that differ in one field, and of each value equally many. Networks of one number have the same
training image and the same test images at every value, and in all worlds of one data set, side and seed.

- identity_spec: the specification of networks: everything that their numbers depend on.
- sweeps: worlds, read from their files.
- quantities: the unit and the instrument of everything that is measured.
- images: training images and families of test images.
- readings: everything that is measured on trained networks.
- pictures: images, outputs and activations of one network, for figures.
- groups: the networks that are trained together, and their files.
- group_job: the training and measuring of some networks at once.
- keys: the key under which a world is kept.
- make_bundles: the bundles of a world.
"""
