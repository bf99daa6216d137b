"""Teaches an exported network how far to believe itself.

`samspil-eval imaging` with `--json` says of each suggestion what the network thinks of it and how good it was; this finds the
three numbers that lead from the one to the other, and writes them into the ONNX file:

    python calibrate.py REPORT.json --model ../models/outline.onnx

The report is of photos apart from those of the training, by the same file before it was calibrated.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx

from export import UNCALIBRATED, say

# Draws the three numbers towards "as the network says", so that a hundred photos are enough.
CAUTION = 1.0


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("report", type=Path)
    arguments.add_argument("--model", type=Path, required=True)
    arguments = arguments.parse_args()

    facts = {it.key: it.value for it in onnx.load(arguments.model).metadata_props}
    report = json.loads(arguments.report.read_text())
    assert facts["confidence"] == UNCALIBRATED, "the model is calibrated already: export it again"
    assert facts["version"] == report["model"], "the report is of another model"

    features, dices, groups = samples(report["photos"])
    numbers = fit(features, dices)
    print("confidence", numbers)
    print(f"off by {off(believe(features, numbers), dices):.3f} on what it was learnt from")
    print(f"off by {off(crossed(features, dices, groups), dices):.3f} on photos that it was not, one fifth at a time")
    say(arguments.model, confidence=" ".join(f"{it:.4f}" for it in numbers))


def samples(photos):
    """For each suggestion: one, the odds that the network gives it, its part of the photo; its Dice; the photo's group."""
    features, dices, groups = [], [], []
    for index, photo in enumerate(photos):
        for it in photo["suggestions"]:
            own = np.clip(it["confidence"], 0.001, 0.999)
            features.append([1.0, np.log(own / (1 - own)), np.log(max(it["pixels"], 1) / photo["photo_pixels"])])
            dices.append(it["dice"])
            groups.append(index % 5)
    return np.array(features), np.array(dices), np.array(groups)


def fit(features, dices):
    """Logistic regression on a share in place of a yes or no, by Newton's method."""
    start = np.array([float(it) for it in UNCALIBRATED.split()])
    numbers = start.copy()
    for _ in range(50):
        believed = believe(features, numbers)
        slope = features.T @ (believed - dices) + CAUTION * (numbers - start)
        bend = (features.T * (believed * (1 - believed))) @ features + CAUTION * np.eye(3)
        numbers = numbers - np.linalg.solve(bend, slope)
    return numbers


def believe(features, numbers):
    return 1 / (1 + np.exp(-features @ numbers))


def crossed(features, dices, groups):
    believed = np.zeros(len(dices))
    for group in np.unique(groups):
        own = groups == group
        believed[own] = believe(features[own], fit(features[~own], dices[~own]))
    return believed


def off(believed, dices):
    """The mean difference of belief and truth over fifths of the scale, as `samspil-eval` reckons it."""
    fifths = np.minimum((believed * 5).astype(int), 4)
    kinds = [fifths == it for it in np.unique(fifths)]
    return sum(abs(believed[it].mean() - dices[it].mean()) * it.sum() for it in kinds) / len(dices)


if __name__ == "__main__":
    main()
