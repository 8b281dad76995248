"""A world that takes a second: five convolutional networks at each of two depths, on digits of 8 x 8 pixels."""

VALUES = {
    "name": "small",
    "architecture": "convolutional",
    "depth": [1, 2],
    "width": 4,
    "kernel": 3,
    "gain": 1 / 3,
    "optimizer": "adam",
    "rate": 0.02,
    "momentum": 0.0,
    "relative_loss": 0.2,
    "most_steps": 500,
    "n_networks": 5,
    "dataset": "digits",
    "side": 8,
    "n_images": 1,
    "n_tests": 3,
    "seed": 0,
}
CONNECTED = {"architecture": "connected", "kernel": 0, "width": 12, "optimizer": "descent", "rate": 0.25, "momentum": 0.5}


def written(folder, **changes):
    """The file of the world, with other values of some fields; None leaves a field out."""
    path = folder / f"{changes.get('name', VALUES['name'])}.toml"
    kept = {name: value for name, value in {**VALUES, **changes}.items() if value is not None}
    path.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in kept.items()))
    return path


def _toml(value):
    return str(value).lower() if isinstance(value, bool) else repr(value)
