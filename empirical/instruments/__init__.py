"""All measurements on a trained network.

- measure: one pass over the checkpoints of a network, which returns a flat list of rows.
- record: the rows measured so far, kept on the disk.
- registry: the instruments by the names that runs use.
- sampling: a sample of the images, for measurements that run many times.
- accuracies: the accuracy of every group of images.
- losses: the loss of every group of images.
- gradients: the gradients of the groups, group by group and layer by layer.
- autograd: the computation of gradients, and their moments over permutations of labels.
- rewinding: accuracies with some layers taken from an earlier epoch.
- linear_probes: the labels that linear readouts decode from each layer.
- layer_compression: the compression of the class manifolds in each layer.
- simulated_capacity: the capacity of the class manifolds in each layer, measured by separating them.
- critical_samples: the held-out images that are near an image of another class.
- weights: norms of the parameters.
- small_networks: instruments that train small networks of their own.
- output_picture: a picture of the outputs in two dimensions.
"""
