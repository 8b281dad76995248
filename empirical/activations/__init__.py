"""What the layers of any network return for any inputs.

- recording: the outputs of named layers, batch by batch.
- class_sums: their inner products within classes; memory does not grow with the width of layers.
- point_products: their inner products between all points.
"""
