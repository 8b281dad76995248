"""The training of one network of a run, and what the network is trained on.

- subject: the images, labels and initial weights of one network.
- train: training from the first epoch to the last, which resumes after a kill.
- stacks: many small networks of one shape, trained at once.
- unrolled: derivatives of later losses with respect to the images that a stack was trained on.
- sgd: steps of gradient descent, which are recorded as a CUDA graph on a GPU.
- regularized: the loss of a step, with the run's regularizers.
- checkpoints: files of weights that name their run and epoch.
- devices: the processor or the GPU.
"""
