"""Small networks that claims about theory draw and train during the check, in float64 unless it says otherwise.

- linear_networks: layers that reproduce images, deep linear networks, linear regression.
- small_networks: gradients of groups, of labellings and of single logits.
- kernel_descent: gradient descent of a linear model.
- stacked_perceptrons: fully connected networks side by side, their outputs and the slopes of their layers.
- labelled_networks: networks under full-batch descent on labels, many at once; alignment of examples with the mean gradient.
- label_alignments: alignment of examples with those of their label, and of tasks, with a kernel; how well a score ranks.
- task_networks: networks trained on binary tasks, and their linearizations under the same descent.
- one_image_networks: fully connected and convolutional networks from images to images, many at once, in float32 or float64.
- one_image_training: their training to reproduce images, until each has reached a loss.
- stacked_optimizers: gradient descent and Adam for many networks at once.
- fitted_networks: fully connected networks trained by SGD until they fit labels, linear or with ReLU, many at once, in float32.
- scaled_outputs: networks of one hidden layer that learn lazily or richly, by the scale of their outputs, many at once.
- input_jacobians: how sensitive the outputs of a network are to its inputs.
- two_layer_networks: two-layer ReLU networks on one output, their exact Hessian, and their descent, many at once.
- image_correlations: similarity of outputs to test images and to the training image.
"""
