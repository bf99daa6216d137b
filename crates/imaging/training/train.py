"""Trains the outliner. `python train.py --data ../../../../shared/wound-data/train --out CHECKPOINTS`"""

import os

# Two threads that each go their own way through half a batch do not wait for each other at every layer, as the threads
# within a layer would: on a busy machine that is two times faster.
os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import copy
import math
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import torch

import data
from model import Outliner

BATCH = 16
THREADS = 2
# Height and width of a batch's views. The first part of the training sees smaller ones, in half of the time; the rest those
# of about the size that the suite looks with.
SMALL = [(256, 192), (192, 256), (224, 224)]
LARGE = [(320, 256), (256, 320), (288, 288)]
EMA = 0.995
# Crops in an epoch, for each photo.
CROPS = 0.25


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--data", type=Path, required=True, help="the folder with fuseg and fuseg-val")
    arguments.add_argument("--crops", type=Path, help="a folder of crops around wounds, to learn the closer look from")
    arguments.add_argument("--out", type=Path, required=True, help="where checkpoints go")
    arguments.add_argument("--epochs", type=int, default=40)
    arguments.add_argument("--small", type=float, default=0.5, help="the part of the epochs that sees small views")
    arguments.add_argument("--rate", type=float, default=1e-3)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--resume", type=Path, help="a checkpoint to go on from")
    arguments = arguments.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    photos = data.read(arguments.data / "fuseg")
    held = data.clean(data.read(arguments.data / "fuseg-val"), photos)
    crops = data.elsewhere(data.read(arguments.crops), held) if arguments.crops else []
    print(f"{len(photos)} photos and {len(crops)} crops to learn from, {len(held)} photos to select by", flush=True)

    torch.manual_seed(arguments.seed)
    # Numbers too small to matter would make whole layers slow.
    torch.set_flush_denormal(True)
    net = Outliner()
    net.load_imagenet()
    net = net.to(memory_format=torch.channels_last)
    slow = copy.deepcopy(net).eval()
    twins = [net, *(copy.deepcopy(net) for _ in range(THREADS - 1))]
    optimizer = torch.optim.AdamW(groups(net), weight_decay=0.02)
    first, best = 0, 0.0
    if arguments.resume:
        saved = torch.load(arguments.resume, map_location="cpu", weights_only=True)
        net.load_state_dict(saved["net"])
        slow.load_state_dict(saved["slow"])
        optimizer.load_state_dict(saved["optimizer"])
        first, best = saved["epoch"], saved["best"]

    threads = ThreadPoolExecutor(THREADS)
    # Crops are small and blurred: an epoch sees a part of them only.
    some = min(len(crops), int(len(photos) * CROPS))
    whole = len(photos)
    photos += crops
    steps = (whole + some) // BATCH
    for epoch in range(first, arguments.epochs):
        started, used = time.time(), time.process_time()
        rng = np.random.default_rng([arguments.seed, epoch])
        sizes = SMALL if epoch < arguments.small * arguments.epochs else LARGE
        order = rng.permutation(np.append(np.arange(whole), whole + rng.choice(len(crops), some, replace=False)))
        losses = []
        for step in range(steps):
            at = (epoch + step / steps) / arguments.epochs
            for group in optimizer.param_groups:
                group["lr"] = arguments.rate * group["share"] * rate(at, arguments.epochs)
            size = sizes[rng.integers(len(sizes))]
            chosen = order[step * BATCH : (step + 1) * BATCH]

            def half(twin):
                part = chosen[twin::THREADS]
                views = [data.view(*photos[it][1:], size, np.random.default_rng([arguments.seed, epoch, it])) for it in part]
                return learn(twins[twin], net, batch(views))

            losses += threads.map(half, range(THREADS))
            add_up(twins)
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
            follow(slow, net, min(EMA, (1 + epoch * steps + step) / (10 + epoch * steps + step)))
        score = select(slow, held)
        print(
            f"epoch {epoch + 1} loss {np.mean(losses):.4f} dice {score:.4f}"
            f" cpu {time.process_time() - used:.0f} s wall {time.time() - started:.0f} s",
            flush=True,
        )
        saved = {
            "net": net.state_dict(),
            "slow": slow.state_dict(),
            "optimizer": optimizer.state_dict(),
            "epoch": epoch + 1,
            "best": max(best, score),
        }
        keep(saved, arguments.out / "last.pt")
        if score > best:
            best = score
            keep({"slow": slow.state_dict(), "epoch": epoch + 1, "dice": score}, arguments.out / "best.pt")


def keep(saved, path):
    """Whole or not at all: a full disk does not cost the checkpoint that there was."""
    torch.save(saved, path.with_suffix(".new"))
    path.with_suffix(".new").rename(path)


def groups(net):
    """The encoder knows something already and moves less; offsets and norms are not held small."""
    made = []
    for part, share in [(net.encoder, 0.4), (net.ups, 1.0), (net.head, 1.0)]:
        weights = [it for it in part.parameters() if it.ndim > 1]
        others = [it for it in part.parameters() if it.ndim <= 1]
        made.append({"params": weights, "share": share})
        made.append({"params": others, "share": share, "weight_decay": 0.0})
    return made


def rate(at, epochs):
    """Up within the first epoch, then down along a cosine."""
    return min(1.0, at * epochs + 0.01) * (0.01 + 0.99 * (1 + math.cos(math.pi * at)) / 2)


def batch(views):
    images = torch.from_numpy(np.stack([image for image, _ in views]))
    masks = torch.from_numpy(np.stack([mask for _, mask in views]))
    # Interleaved as it lies is what "channels last" means.
    return images.permute(0, 3, 1, 2).float() / 255, masks[:, None].float() / 255


def learn(twin, net, views):
    """One half of a batch through one of the twins, which first takes the newest weights; leaves gradients in it."""
    twin.train()
    if twin is not net:
        with torch.no_grad():
            for mine, newest in zip(twin.parameters(), net.parameters()):
                mine.copy_(newest)
    twin.zero_grad()
    images, masks = views
    loss = loss_of(upscaled(twin(images)), masks)
    loss.backward()
    return loss.item()


def add_up(twins):
    """The first twin gets the mean of all gradients."""
    for of_all in zip(*(twin.parameters() for twin in twins)):
        of_all[0].grad = sum(it.grad for it in of_all) / len(of_all)


def loss_of(logits, masks):
    """By the pixel, and by the picture's Dice: so a small wound counts as much as a large one."""
    pixels = torch.nn.functional.binary_cross_entropy_with_logits(logits, masks)
    wound = logits.sigmoid()
    both = (wound * masks).sum((1, 2, 3))
    dice = (2 * both + 20) / (wound.sum((1, 2, 3)) + masks.sum((1, 2, 3)) + 20)
    return pixels + (1 - dice).mean()


def upscaled(logits):
    return torch.nn.functional.interpolate(logits, scale_factor=2, mode="bilinear", align_corners=False)


@torch.no_grad()
def follow(slow, net, keep):
    """Moves the averaged weights a little towards the newest."""
    for old, new in zip(slow.state_dict().values(), net.state_dict().values()):
        if old.is_floating_point():
            old.lerp_(new, 1 - keep)
        else:
            old.copy_(new)


@torch.no_grad()
def select(net, photos):
    """The mean Dice of a photo in one look at the whole, at the photo's own size."""
    net.eval()
    dices = []
    for _, image, mask in photos:
        high, wide = mask.shape
        size = (384, 288) if high >= wide else (288, 384)
        small = cv2.resize(image, (size[1], size[0]), interpolation=cv2.INTER_AREA)
        images, _ = batch([(small, small[..., 0])])
        logits = torch.nn.functional.interpolate(net(images), (high, wide), mode="bilinear", align_corners=False)
        found, wound = logits[0, 0].numpy() > 0, mask > 0
        dices.append(2 * (found & wound).sum() / (found.sum() + wound.sum()))
    return float(np.mean(dices))


if __name__ == "__main__":
    main()
