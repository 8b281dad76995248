import csv
from dataclasses import replace

import pytest

from empirical.instruments.output_picture import outputs, table_of
from empirical.training.subject import Subject
from empirical.training.train import train


@pytest.mark.slow
def test_outputs_picture_both_groups_at_every_epoch(tiny, tmp_path):
    subject = Subject.of(replace(tiny, train_images=100, batch_size=50), 0)
    train(subject, tmp_path)
    rows = outputs(subject, tmp_path, [0, 3])
    n = len(subject.labels.unpermuted) + len(subject.labels.permuted)
    assert [row.epoch for row in rows] == [0] * n + [3] * n
    assert {row.permuted for row in rows} == {0, 1}
    for row in rows:
        assert row.true == subject.labels.true[row.image]
        assert row.trained == subject.labels.trained[row.image]
        assert row.permuted or row.true == row.trained
    assert rows == outputs(subject, tmp_path, [0, 3])
    read = list(csv.DictReader(table_of(rows).splitlines()))
    assert len(read) == 2 * n
    assert float(read[0]["x"]) == rows[0].x
