import numpy as np
import pytest
import torch
from torch import nn

from empirical.instruments.weights import weight_readings


def test_norms_and_distances_are_of_all_parameters_of_a_layer():
    initial, model = (nn.Sequential(nn.Sequential(nn.Linear(3, 2), nn.ReLU()), nn.Linear(2, 2)) for _ in range(2))
    model.load_state_dict(initial.state_dict())
    with torch.no_grad():
        model[0][0].weight += 1.0
        model[0][0].bias += 2.0
    found = {(r.quantity, r.layer): r for r in weight_readings(model, initial)}
    assert found["distance_from_initialization", "0"].value == pytest.approx(np.sqrt(6 * 1 + 2 * 4), rel=1e-6)
    assert found["distance_from_initialization", "1"].value == 0
    norm = np.sqrt(sum(float((p.detach().double() ** 2).sum()) for p in model[0].parameters()))
    assert found["weight_norm", "0"].value == pytest.approx(norm, rel=1e-12)
    assert found["weight_norm", "0"].n == 8
