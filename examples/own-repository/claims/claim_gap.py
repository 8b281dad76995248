"""OWN-01: at the end of training, networks recognize training images better than test images.

Our own sentence. The claim compares the accuracy of images with unpermuted labels with that of the reported test images.
"""

from geomem import Relation, claim, dominates
from verify.counterfeits import scaled
from verify.measurements.runs import Runs


@claim("OWN-01", needs="accuracy", counterfeit=scaled("accuracy", "test", 2.0), source="ours")
def claim_training_images_are_recognized_better(runs: Runs) -> Relation:
    return dominates(runs.accuracy("unpermuted", "end"), runs.accuracy("test", "end"), effect=0.05, unit="accuracy")
