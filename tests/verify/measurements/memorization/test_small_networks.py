import numpy as np
import pytest

from tests.verify.synthetic import story
from verify.counterfeits import levelled_choice, scaled
from verify.judging.verdicts import NotAsked
from verify.measurements.memorization.small_networks import counted, counted_by_class, require_errors, sensitivity_at_accuracy
from verify.measurements.runs import Runs
from verify.measurements.series import Key, Series

EPOCHS = np.array([1, 2, 4])


def runs(accuracies, ratios=((1.0, 2.0, 4.0),)):
    """Networks whose accuracy and ratio at the epochs are given by row."""
    table = {
        Key("sensitivity_accuracy", "unpermuted", "real"): Series(EPOCHS, np.array(accuracies, dtype=float)),
        Key("sensitivity_ratio", "unpermuted", "real"): Series(EPOCHS, np.array(ratios, dtype=float)),
    }
    return Runs("few", table, 10, 0.9, ("unpermuted",))


def at(level, *rows, **ratios):
    return sensitivity_at_accuracy(runs(rows, **ratios), "sensitivity_ratio", "real", level)


def test_a_quantity_is_read_where_the_accuracy_is_reached_first():
    """A quarter of the way from the first epoch to the second; and at the second itself, whatever follows."""
    both = ((1.0, 2.0, 4.0), (1.0, 2.0, 4.0))
    assert at(0.5, [0.4, 0.8, 0.9], [0.2, 0.5, 0.4], ratios=both) == pytest.approx([1.25, 2.0])


def test_networks_that_have_the_accuracy_after_one_epoch_or_never_are_not_compared():
    with pytest.raises(NotAsked, match=r"from 0\.60 to 0\.90 accuracy on real after its first epoch, .* networks at 0\.5"):
        at(0.5, [0.6, 0.8, 0.9])
    with pytest.raises(NotAsked, match=r"this claim compares networks at 0\.95"):
        at(0.95, [0.6, 0.8, 0.9])


def test_a_claim_about_high_errors_is_not_asked_of_networks_that_have_learned():
    told = story.story()
    require_errors(told, "randX", 0.85)
    with pytest.raises(NotAsked, match=r"the error on real is .* after one epoch, and this claim is about errors above 0\.85"):
        require_errors(told, "real", 0.85)


def test_classes_are_read_in_order():
    told = story.story()
    one = scaled("misclassification_class_rate", "unpermuted", 0.5, choice="randX/3")(told)
    found = counted_by_class(one, "misclassification_class_rate", "randX")
    assert found.shape == (story.NETWORKS, 10)
    assert (found[:, 3] < 0.5).all()
    assert (np.delete(found, 3, axis=1) > 0.8).all()


def test_a_levelled_choice_has_the_mean_of_the_other_and_its_own_deviations():
    told = story.story(spread=0.1)
    level = levelled_choice("misclassification_dispersion", "real", "randX")(told)
    own, other, after = (
        np.log(counted(one, "misclassification_dispersion", choice))
        for one, choice in ((told, "real"), (told, "randX"), (level, "real"))
    )
    assert after.mean() == pytest.approx(other.mean())
    assert after - after.mean() == pytest.approx(own - own.mean())
    assert counted(level, "misclassification_dispersion", "randX") == pytest.approx(np.exp(other))
