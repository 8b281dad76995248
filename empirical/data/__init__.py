"""The images and labels that networks are trained on, the permutation of labels, and noise in place of images.

The digits come with scikit-learn; CIFAR-100 and MNIST are read from local copies, and images of the user from a folder or an
archive.

- datasets: a data set by name, and its split into training images and two halves of test images.
- permuted_labels: the permutation of some of the labels, and the groups of images that result.
- exchanged_labels: labels that are wrong in one way for each class.
- noise: Gaussian noise in place of some of the images.
- standardization: the standardized value of every pixel value.
- pixel_range: the range of pixel values in standardized images.
- cifar100, mnist: the file format of each data set.
- local_copies: the files of a data set that a user has brought in, with their checksum.
- archives: reading of files from a folder or from the published archive.
- publishers: the addresses where data sets are published.
- downloads: downloads that resume after an interruption.
- examples: images and labels of the user, from an archive or a folder.
- image_folders: the images of a folder with their labels, from a file or from the names of sub-folders.
- pictures: image files as arrays, in grey or in colours.
"""
