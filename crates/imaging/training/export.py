"""Writes a checkpoint as the ONNX file that the suite reads. `python export.py CHECKPOINT --out ../models/outline.onnx`"""

import argparse
import warnings
from pathlib import Path

import onnx
import torch

from model import Outliner

# Takes the network's own estimate as it is; calibrate.py puts what was learnt in its place.
UNCALIBRATED = "0 1 0"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--version", required=True, help="stored with every suggestion; new weights, new version")
    arguments = arguments.parse_args()

    saved = torch.load(arguments.checkpoint, map_location="cpu", weights_only=True)
    net = Outliner()
    net.load_state_dict(saved["slow"])
    # Half the bytes; that nothing is lost by it is seen in the evaluation.
    net = net.eval().half()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            torch.rand(1, 3, 256, 320).half(),
            str(arguments.out),
            dynamo=False,
            opset_version=17,
            input_names=["image"],
            output_names=["logit"],
            dynamic_axes={"image": {2: "height", 3: "width"}, "logit": {2: "half_height", 3: "half_width"}},
        )
    say(arguments.out, version=arguments.version, confidence=UNCALIBRATED)
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes, of epoch {saved['epoch']}")


def say(path, **facts):
    """Puts facts into an ONNX file, in place of those of the same names."""
    model = onnx.load(path)
    known = {it.key: it.value for it in model.metadata_props} | facts
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, known)
    onnx.checker.check_model(model)
    onnx.save(model, path)


if __name__ == "__main__":
    main()
