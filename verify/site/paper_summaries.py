"""Every paper in three sentences: what it studied, what it says, and what is asked of it here."""

SUMMARIES = {
    "advani2020": (
        "Advani, Saxe and Sompolinsky solve the dynamics of gradient descent in linear networks trained on noisy labels. "
        "They find that overtraining is worst where there are as many parameters as examples, and that more parameters "
        "and an early end of training both prevent it. Asked here is whether the exact dynamics are those of networks "
        "trained on the spot, with permuted labels as the noise."
    ),
    "arpit2017": (
        "Arpit et al. train networks on real data and on noise, and compare what happens during the training. They "
        "conclude that networks do not just memorize real data: they learn simple patterns first, and regularization "
        "hinders memorization more than learning. Asked here is each comparison of their figures, in small networks on "
        "MNIST and CIFAR-100."
    ),
    "chou2025": (
        "Chou, Le, Wang and Chung describe how far a network's training has changed its features by the geometry of its "
        "manifolds. Their effective geometry, from joint anchor points, takes the correlations between manifolds into "
        "account. Asked here is whether its formulas agree with direct separation and with the theory of independent "
        "manifolds."
    ),
    "chung2018": (
        "Chung, Lee and Sompolinsky give the theory of how many manifolds a linear classifier can separate. Capacity "
        "follows from the anchor points of a manifold, which define its effective radius and dimension. Asked here is "
        "whether the formulas, their limits and the solver agree with separation as it is found without theory."
    ),
    "cohen2020": (
        "Cohen, Chung, Lee and Sompolinsky measure the capacity of object manifolds in the layers of trained networks. "
        "They find that capacity rises along the layers, because radius, dimension and correlations between manifolds "
        "fall. Asked here is whether our networks show the same, and whether the package that the authors published "
        "computes what it says."
    ),
    "cover1965": (
        "Cover counts the dichotomies of points in general position that a hyperplane can realize. Up to twice as many "
        "points as dimensions can be separated with high probability. Asked here is whether our separation agrees with "
        "the count exactly, at finite size."
    ),
    "ketha2025": (
        "Ketha and Ramaswamy read the layers of networks that memorized permuted labels with probes. They find that the "
        "layers know more about the true classes than the network's output shows. Asked here is whether linear probes of "
        "our networks find the same."
    ),
    "liang2025": (
        "Liang, Cloninger, Parhi and Wang ask which data two-layer ReLU networks can memorize although gradient descent "
        "settles only where the loss is flat, below the edge of stability. Data on a sphere can be memorized there, and data "
        "nearer to the centre of a ball less and less. Asked here is whether an explicit construction is as flat as it should "
        "be, and whether trained networks show the order of the data."
    ),
    "maini2023": (
        "Maini et al. ask in which layers the memorized examples are stored, by rewinding layers and by pruning. They "
        "find that memorization is not confined to the last layers, but to some neurons in many layers. Asked here is "
        "what rewinding one layer at a time shows in our networks."
    ),
    "novak2018": (
        "Novak, Bahri, Abolafia, Pennington and Sohl-Dickstein compare how sensitive trained networks are to their "
        "input, by the norm of the Jacobian. Networks that generalize are less sensitive, and those that fit random "
        "labels more. Asked here is whether sensitivity tells networks that fit permuted labels from those that fit "
        "true ones, at test images and at training images, and beyond the size of the logits."
    ),
    "ortizjimenez2021": (
        "Ortiz-Jimenez, Moosavi-Dezfooli and Frossard ask what the linearization of a network at its initialization "
        "says of the network itself. Alignment of a task with the tangent kernel orders tasks, but networks do not "
        "always do better than their linearizations. Asked here is whether it ranks tasks made from the kernel, on "
        "which task which of the two is ahead, and where the kernel turns during training."
    ),
    "rolnick2017": (
        "Rolnick, Veit, Belongie and Shavit dilute right labels with many that are drawn at random, and find that "
        "networks still learn. Asked here is how far above the share of right labels the accuracy stays, at which "
        "dilution the right class is no longer ahead, and how many more images dilution costs."
    ),
    "schneider2022": (
        "Schneider follows how well the input can be reconstructed from the layers of a network while it learns to classify. "
        "Reconstruction improves while the network fits the majority of examples, and degrades while it fits the few that are "
        "left. Asked here is whether linear and non-linear decoders agree on that, whether a single layer shows it as a closed "
        "form says, and whether an early stop transfers better."
    ),
    "stephenson2021": (
        "Stephenson et al. follow the geometry of class manifolds in networks trained on partly permuted labels. They "
        "find that all layers learn shared features first, and that memorization comes late and in the deep layers, where "
        "rewinding undoes it. Asked here is every sentence of the abstract and of the figures, in networks small enough "
        "for two cores."
    ),
    "stephenson2021_questions": (
        "Stephenson et al. end with two open questions: whether gradients find mislabeled examples while a network trains, and "
        "whether early layers are spared because their features are close to linear. We answer both by experiments that the "
        "authors have not made. Asked here is whether our answers hold in fresh networks."
    ),
    "wakhloo2023": (
        "Wakhloo, Sussman and Chung extend the theory of manifold capacity to manifolds whose variability is correlated. "
        "Correlations between axes and between centres change the capacity as their formulas say. Asked here is whether "
        "these formulas agree with separation and with the theory of independent manifolds."
    ),
    "wang2022": (
        "Wang and Yang put layers of trained networks back to their initialization, or part of the way. They find that "
        "deep layers need not be trained to generalize, and that what they learn serves to fit the training labels. Asked "
        "here is what rewinding to the initialization does to training and to test images."
    ),
    "wang2025": (
        "Wang et al. analyse how the features of deep linear networks change from layer to layer. Features within a class "
        "are compressed at a geometric rate, and those of different classes are told apart at a linear rate. Asked here "
        "is whether deep linear networks and the networks of our worlds do so."
    ),
    "zhang2020": (
        "Zhang et al. train networks to reproduce a single image and show them others. Fully connected networks tend to "
        "return what they are shown, where deep convolutional ones return the image they were trained on. Asked here is "
        "each statement about when networks copy and when they repeat, with an exact law for linear networks."
    ),
}
# The figures of worlds that show what a paper is about.
FIGURES = {
    "arpit2017": (
        *("misclassification", "sensitivity", "class_sensitivity", "critical_samples", "noise_levels"),
        *("best_accuracy", "time_to_loss", "regularizers", "regularizer_curves"),
    ),
    "cohen2020": ("geometry",),
    "ketha2025": ("probes",),
    "maini2023": ("rewinding",),
    "stephenson2021": ("accuracies", "geometry", "geometry_epochs", "gradients", "rewinding", "double_descent"),
    "wang2022": ("rewinding",),
    "zhang2020": ("reproduced", "copying", "borders"),
}
