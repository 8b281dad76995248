from empirical.pipeline.progress import reporter, workload
from empirical.runs import folders
from empirical.storage import make_folder


def test_training_and_measuring_count_by_epochs(quick, tmp_path):
    """Two networks of three epochs: one trained for two; then measured by a third; then done, its checkpoints deleted."""
    weights = make_folder(folders.network_folder(tmp_path, 0))
    measured = make_folder(folders.measured_folder(quick, tmp_path))
    assert workload(quick, tmp_path, folders.STEPS, (0, 1)) == (0, 12)
    for epoch in range(3):
        (weights / f"epoch-{epoch:04d}.safetensors").touch()
    assert workload(quick, tmp_path, folders.STEPS, (0, 1)) == (2, 12)
    assert workload(quick, tmp_path, ("train",), (0,)) == (2, 3)
    (weights / "epoch-0003.safetensors").touch()
    reporter(measured, 0)(1, 3)
    assert workload(quick, tmp_path, folders.STEPS, (0, 1)) == (4, 12)
    folders.checks_path(measured, 0).touch()
    folders.discard_checkpoints(tmp_path, 0)
    assert workload(quick, tmp_path, folders.STEPS, (0, 1)) == (6, 12)
