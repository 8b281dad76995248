import numpy as np
import pytest

from theory.geometry import clouds_of_recording, manifold_geometry

N, TRIALS, STIMULI = 12, 7, 5


@pytest.fixture
def clouds():
    """Clouds of 3 to 7 trials."""
    rng = np.random.default_rng(0)
    return [rng.standard_normal((trials, N)) for trials in (7, 3, 5, 4, 6)]


@pytest.fixture
def responses(clouds):
    """Neurons by trials by stimuli; missing trials stand anywhere."""
    padded, rng = np.full((N, TRIALS, STIMULI), np.nan), np.random.default_rng(1)
    for stimulus, cloud in enumerate(clouds):
        padded[:, np.sort(rng.choice(TRIALS, len(cloud), replace=False)), stimulus] = cloud.T
    return padded


def same(found, clouds):
    """The same numbers, in float64 whatever the responses were."""
    assert len(found) == len(clouds)
    for one, other in zip(found, clouds, strict=True):
        assert one.dtype == np.float64
        np.testing.assert_array_equal(one, other)


def test_missing_trials_are_left_out(responses, clouds):
    same(clouds_of_recording(responses), clouds)
    same(clouds_of_recording(responses.tolist()), clouds)
    same(clouds_of_recording(responses.astype(np.float32)), [cloud.astype(np.float32) for cloud in clouds])


@pytest.mark.parametrize("dtype", [float, int])
def test_masked_trials_are_left_out(responses, clouds, dtype):
    mask = np.isnan(responses)
    masked = np.ma.masked_array((100 * np.where(mask, 7.0, responses)).astype(dtype), mask)
    same(clouds_of_recording(masked), [(100 * cloud).astype(dtype) for cloud in clouds])


def test_axes_may_be_in_any_order_and_all_others_are_features(responses, clouds):
    same(clouds_of_recording(responses.transpose(2, 0, 1), ("stimuli", "neurons", "trials")), clouds)
    bins = responses.reshape(4, 3, TRIALS, STIMULI)
    same(clouds_of_recording(bins, ("neurons", "time", "trials", "stimuli")), clouds)


@pytest.mark.parametrize(
    ("axes", "shape"),
    [
        (("neurons", "trials"), (3, 4)),
        (("neurons", "trials", "stimuli"), (3, 4)),
        (("neurons", "trials", "images"), (3, 4, 5)),
        (("trials", "stimuli"), (4, 5)),
        (("neurons", "trials", "trials", "stimuli"), (3, 4, 5, 6)),
        (("neurons", "trials", "stimuli"), (3, 0, 5)),
    ],
)
def test_axes_that_do_not_fit_are_refused(axes, shape):
    with pytest.raises(ValueError, match="axes must name each axis of responses once"):
        clouds_of_recording(np.ones(shape), axes)


def test_a_trial_that_is_missing_in_part_is_named_with_a_remedy_that_works(responses):
    trial = np.flatnonzero(~np.isnan(responses[0, :, 3]))[0]
    responses[[2, 9], trial, 3] = np.nan
    words = rf"trial {trial} of stimulus 3 lacks 2 of 12 .* 1 trials lack some: leave out neurons 2, 9 everywhere.*np.isnan"
    with pytest.raises(ValueError, match=words):
        clouds_of_recording(responses)
    assert clouds_of_recording(np.delete(responses, [2, 9], axis=0))[3].shape == (4, 10)
    responses[:, np.isnan(responses).any(axis=0)] = np.nan
    assert clouds_of_recording(responses)[3].shape == (3, 12)


def test_stimuli_of_one_trial_are_named_with_a_remedy_that_works(responses):
    responses[:, 1:, [1, 4]] = np.nan
    with pytest.raises(
        ValueError, match=r"2 or more trials, and stimuli 1, 4 have fewer.* np.delete\(responses, \[1, 4\], axis=2\)"
    ):
        clouds_of_recording(responses)
    assert len(clouds_of_recording(np.delete(responses, [1, 4], axis=2))) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r.astype(complex), "responses must be real; received complex128"),
        (lambda r: r.astype(object), "responses must be numbers; received dtype object"),
        (lambda r: np.where(np.arange(STIMULI) == 2, np.inf, r), "trial 0 of stimulus 2 has infinite responses"),
    ],
)
def test_responses_that_are_none_are_named(responses, change, words):
    with pytest.raises(ValueError, match=words):
        clouds_of_recording(change(responses))


def test_its_clouds_are_measured(responses, clouds):
    with pytest.warns(UserWarning, match="5 manifolds"):
        one, other = (manifold_geometry(given, n_probes=20) for given in (clouds_of_recording(responses), clouds))
    assert one.capacity == other.capacity
