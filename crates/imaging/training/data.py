"""Photos with their masks, and the views of them that the network learns from."""

from pathlib import Path

import cv2
import numpy as np

cv2.setNumThreads(0)

# Under this a pixel is black, compression noise with it; a line with hardly any other is padding.
BLACK = 12
FILLED = 0.02
# Thumbnails that go together so well show the same photo.
NEAR = 0.9
# So many points of a crop that lie alike in a photo are no chance: it was cut from there. Rather too many crops are left out.
IN_PLACE = 5


def read(folder):
    """The photos of a folder with `images` and `masks`, without padding: (name, RGB, mask of 0 and 255)."""
    photos = []
    for path in sorted(Path(folder, "images").iterdir()):
        mask = Path(folder, "masks", path.stem + ".png")
        image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        mask = np.where(cv2.imread(str(mask), cv2.IMREAD_GRAYSCALE) > 127, np.uint8(255), np.uint8(0))
        photos.append((path.stem, *unpadded(image, mask)))
    return photos


def unpadded(image, mask):
    """Cuts the black border away, never through the wound."""
    filled = (image.max(axis=2) > BLACK) | (mask > 0)
    rows = np.flatnonzero((filled.mean(axis=1) > FILLED) | mask.any(axis=1))
    columns = np.flatnonzero((filled.mean(axis=0) > FILLED) | mask.any(axis=0))
    if len(rows) == 0 or len(columns) == 0:
        return image, mask
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.ascontiguousarray(image[part]), np.ascontiguousarray(mask[part])


def clean(photos, others):
    """Those that have a wound and look like none of the others, nor like an earlier one of their own."""
    seen = [thumbnail(image) for _, image, _ in others]
    kept = []
    for photo in photos:
        mine = thumbnail(photo[1])
        if photo[2].any() and max((float(mine @ it) for it in seen), default=0) < NEAR:
            kept.append(photo)
            seen.append(mine)
    return kept


def thumbnail(image):
    """48 x 48 pixels as a unit vector: the product of two is their correlation."""
    small = cv2.resize(image, (48, 48), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
    small -= small.mean()
    return small / (np.linalg.norm(small) + 1e-6)


def elsewhere(crops, photos):
    """The crops that show no part of any of the photos: too few points of theirs lie in one place of it."""
    finder, matcher = cv2.SIFT_create(), cv2.BFMatcher()

    def points(image):
        places, marks = finder.detectAndCompute(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), None)
        return np.float32([place.pt for place in places]), marks

    seen = [points(image) for _, image, _ in photos]
    return [crop for crop in crops if not shown(points(crop[1]), seen, matcher)]


def shown(crop, seen, matcher):
    """Whether points lie to each other as those of one of the photos do."""
    places, marks = crop
    for photo_places, photo_marks in seen if len(places) >= IN_PLACE else []:
        if len(photo_places) < IN_PLACE:
            continue
        pairs = matcher.knnMatch(marks, photo_marks, k=2)
        alike = [(best.queryIdx, best.trainIdx) for best, other in pairs if best.distance < 0.8 * other.distance]
        if len(alike) >= IN_PLACE:
            here, there = np.array(alike).T
            _, fits = cv2.estimateAffinePartial2D(places[here], photo_places[there], ransacReprojThreshold=3)
            if fits is not None and fits.sum() >= IN_PLACE:
                return True
    return False


def view(image, mask, size, rng):
    """A random look at a photo, height and width given: far or near, turned, in another light, by another camera."""
    matrix = frame(mask, size, rng)
    to = (size[1], size[0])
    # Shrinking by much needs averaging first, or fine texture becomes noise.
    if np.sqrt(abs(np.linalg.det(matrix[:, :2]))) < 0.6:
        image = cv2.blur(image, (2, 2))
    image = cv2.warpAffine(image, matrix, to, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    mask = cv2.warpAffine(mask, matrix, to, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return lit(image, rng), mask


def frame(mask, size, rng):
    """Where the look falls: half of them see about the whole photo, half a wound near by, as the second pass does."""
    high, wide = mask.shape
    height, width = size
    angle = rng.normal(0, 15) + rng.choice([0, 0, 0, 180])
    # A photo that lies is turned to a frame that stands, mostly.
    if (high > wide) != (height > width) and high != wide and height != width and rng.random() < 0.8:
        angle += 90
        fit = min(height / wide, width / high)
    else:
        fit = min(height / high, width / wide)
    at, scale = np.array([wide / 2, high / 2]), fit * np.exp(rng.uniform(np.log(0.75), np.log(1.35)))
    if rng.random() < 0.5:
        count, _, boxes, centres = cv2.connectedComponentsWithStats(mask)
        if count > 1 and rng.random() < 0.85:
            chosen = rng.integers(1, count)
            side = max(boxes[chosen, cv2.CC_STAT_WIDTH], boxes[chosen, cv2.CC_STAT_HEIGHT], 12)
            at, scale = centres[chosen], min(size) / side / np.exp(rng.uniform(np.log(1.3), np.log(5)))
        else:
            at, scale = rng.uniform(0, [wide, high]), fit * np.exp(rng.uniform(0, np.log(4)))
    scale = np.clip(scale, 0.4 * fit, 8 * fit)
    stretch = np.exp(rng.uniform(-0.12, 0.12))
    turn = np.deg2rad(angle)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * scale
    matrix = matrix @ np.diag([stretch * rng.choice([-1, 1]), 1 / stretch])
    centre = np.array([width, height]) * (0.5 + rng.uniform(-0.2, 0.2, 2))
    return np.column_stack([matrix, centre - matrix @ at])


def lit(image, rng):
    """The same picture in another light and by another camera."""
    height, width, _ = image.shape
    if rng.random() < 0.4:
        # Hue moves little: red is what a wound is known by.
        hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(np.float32)
        hsv[..., 0] = (hsv[..., 0] + rng.uniform(-6, 6)) % 180
        hsv[..., 1] *= np.exp(rng.uniform(-0.5, 0.4))
        image = cv2.cvtColor(np.clip(hsv, 0, [179, 255, 255]).astype(np.uint8), cv2.COLOR_HSV2RGB)
    it = image.astype(np.float32) / 255
    it = it ** np.exp(rng.uniform(-0.45, 0.45))
    it = (it - 0.5) * np.exp(rng.uniform(-0.35, 0.3)) + 0.5 + rng.uniform(-0.12, 0.12)
    # The colour of the lamp, and its fall-off across the picture.
    it *= np.exp(rng.uniform(-0.12, 0.12, 3)).astype(np.float32)
    if rng.random() < 0.5:
        corners = np.exp(rng.uniform(-0.4, 0.4, (2, 2))).astype(np.float32)
        it *= cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
    if rng.random() < 0.2:
        it = cv2.GaussianBlur(it, (0, 0), rng.uniform(0.4, 1.8))
    if rng.random() < 0.2:
        it = it + rng.normal(0, rng.uniform(0.005, 0.04), it.shape).astype(np.float32)
    image = (np.clip(it, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.25:
        _, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 90))])
        image = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    return image
