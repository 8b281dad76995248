"""One network of a run: what it is trained on, and its training.

- subject: the images, labels and initial weights of one network.
- train: its training from the first epoch to the last, resumed where it was killed.
- sgd: steps of gradient descent, recorded as a CUDA graph on a GPU.
- checkpoints: weights in files that say whose they are.
- devices: the processor or the GPU.
"""
