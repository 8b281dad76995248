"""What the layers of any network return for any inputs.

What people bring:

- models: what a model may be.
- inputs: what inputs may be: arguments of a model, each with n inputs along its first axis.
- labels: what labels may be, and which inputs of each class are chosen.
- datasets: inputs from data sets and loaders.
- class_points: the inputs of each class.

How it is read:

- evaluation: a network while it is measured.
- calls: layers by name, calls of modules that run more than once, and which are measured by default.
- outputs: the tensor inside what a layer returns, and its rows of features.
- recording: the outputs of named layers, batch by batch.
- rounding: what rounding does to activations, and what it does not explain.
- examination: what layers' outputs depend on, found on few inputs.
- plan: which layers are measured and how.

What is made of it:

- products: inner products of activations, within classes or between all points.
"""
