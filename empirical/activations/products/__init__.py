"""Inner products of layers' activations, whose memory does not grow with the width of the layers.

- pieces: the features of layers, in lots for which there is memory.
- class_sums: inner products within classes, and of the centres.
- point_products: inner products between all points.
"""
