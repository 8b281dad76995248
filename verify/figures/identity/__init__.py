"""The figures of networks that reproduce images (Zhang et al. 2020), over the values of a sweep.

- picture_table: the pictures in a bundle.
- reproduced: outputs of one network for images of each family, in rows of pictures.
- copying: cosines of outputs, with what theory predicts.
- gains: cosines with the training image at several gains of the initialization.
- borders: a blank image in every layer of a network, which changes from the borders.
"""
