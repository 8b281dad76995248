"""Everything that is measured on a trained network.

- measure: one pass over a network's checkpoints, a flat list of rows.
- record: what is measured so far, kept on the disk.
- registry: the instruments by the names that runs give them.
- sampling: fewer images, for what has to be run many times.
- accuracies: accuracy of every group of images.
- gradients: the groups' gradients, group by group and layer by layer.
- autograd: the gradients themselves, and their moments over permutations of labels.
- rewinding: accuracies with some layers taken from an earlier epoch.
- linear_probes: what linear readouts of the layers decode.
- layer_compression: how compressed the layers' class manifolds are.
- simulated_capacity: the capacity of the layers' class manifolds, found by separating them.
- weights: norms of the parameters.
- output_picture: the outputs in two dimensions, a picture.
"""
