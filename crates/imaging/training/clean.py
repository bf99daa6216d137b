"""Writes the photos that a model is selected and calibrated by as a folder for `samspil-eval`: `python clean.py --data DIR --out DIR`

They are those of fuseg-val that have a wound and look like no photo of the training. Nothing of them goes into the repository.
"""

import argparse
from pathlib import Path

import cv2

import data


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", type=Path, required=True, help="the folder with fuseg and fuseg-val")
    arguments.add_argument("--out", type=Path, required=True)
    arguments = arguments.parse_args()
    held = data.clean(data.read(arguments.data / "fuseg-val"), data.read(arguments.data / "fuseg"))
    for folder in ("images", "masks"):
        (arguments.out / folder).mkdir(parents=True, exist_ok=True)
    for name, image, mask in held:
        cv2.imwrite(str(arguments.out / "images" / f"{name}.png"), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
        cv2.imwrite(str(arguments.out / "masks" / f"{name}.png"), mask)
    print(f"{len(held)} photos")


if __name__ == "__main__":
    main()
