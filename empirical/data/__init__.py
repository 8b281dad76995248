"""Images to train on: the digits that scikit-learn ships, CIFAR-100 and MNIST from local copies; and permuted labels.

- datasets: a data set by name, and its split into training images and two halves of test images.
- permuted_labels: labels permuted among some of the examples, and the groups of examples that follow.
- cifar100, mnist: the layout of each one's files.
- local_copies: files that were brought in once, checked by structure, known by their checksum.
- archives: a data set's files in a folder or in the archive they were published in.
- publishers: where data sets are published.
- downloads: a download that goes on where it was cut off.
"""
