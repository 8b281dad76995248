import pytest

from empirical.errors import SpecError
from empirical.runs.regularizers import NAMES, Regularizers, parsed


def test_a_text_names_regularizers_and_their_strengths():
    assert parsed("none") == Regularizers()
    assert parsed("dropout=0.3+adversarial=0.5") == Regularizers(dropout=0.3, adversarial=0.5)
    assert parsed("input_noise=5") == Regularizers(input_noise=5.0)
    everything = parsed("+".join(f"{name}=0.5" for name in NAMES))
    assert set(vars(everything).values()) == {0.5}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dropot=0.3", "did you mean 'dropout' instead of 'dropot'"),
        ("noise=0.3", "did you mean '(input|hidden)_noise' instead of 'noise'"),
        ("", "did you mean"),
        ("none+dropout=0.3", "instead of 'none'"),
        ("dropout=0.3+", "received 'dropout=0.3\\+'"),
        ("dropout=0.3+dropout=0.4", "leave one dropout out"),
        ("dropout", "the strength of dropout must be above 0 and below 1; received '' in 'dropout'"),
        ("dropout=half", "received 'half'"),
        ("dropout=1", "above 0 and below 1; received '1'"),
        ("dropout=0", "or leave dropout out"),
        ("input_dropout=1.5", "above 0 and below 1"),
        ("adversarial=1.5", "above 0 and at most 1"),
        ("weight_decay=-0.1", "above 0 and finite"),
        ("input_noise=inf", "above 0 and finite"),
        ("hidden_noise=nan", "above 0 and finite; received 'nan'"),
    ],
)
def test_what_no_training_can_be_regularized_by_is_refused(text, words):
    with pytest.raises(SpecError, match=words):
        parsed(text)
