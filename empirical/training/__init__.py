"""The training of one network of a run, and what the network is trained on.

- subject: the images, labels and initial weights of one network.
- train: training from the first epoch to the last, which resumes after a kill.
- sgd: steps of gradient descent, which are recorded as a CUDA graph on a GPU.
- regularized: the loss of a step, with the run's regularizers.
- checkpoints: files of weights that name their run and epoch.
- devices: the processor or the GPU.
"""
