"""What linearized networks learn, from the kernel that compares their examples.

In reading order:

    exchangeable_kernels     kernels that depend on the classes of examples only, and their rates of learning
    kernel_flow              how outputs respond to labels during training, from a kernel
    output_gaps              how far apart the outputs of right and of wrong labels are, and when furthest
    label_noise              moments of permuted labels
    alignment_laws           the law of an example's alignment with the examples of its label, over permutations
    mislabel_detection       how well alignment ranks mislabeled examples
    loss_drops               alignment summed over training, and the drop of the loss
    task_losses              how fast a task is learned, from its alignment with the kernel
"""
