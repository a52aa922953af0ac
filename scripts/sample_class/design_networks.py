"""The networks of their own that students of hw6_design handed in: the source of the cell before the answer."""

INCEPTION = '''import torch
from torch import nn


def conv(inputs, outputs, kernel, stride=1):
    """Convolution, batch normalisation and ReLU; the padding keeps the size, up to the stride."""
    height, width = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    padding = (height // 2, width // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class Branches(nn.Module):
    """Branches that read the same map and are joined again."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], dim=1)


def pool(inputs, outputs):
    return nn.Sequential(nn.AvgPool2d(3, 1, 1), conv(inputs, outputs, 1))


def module_a(n):  # 64 channels at 32x32
    return Branches(
        pool(n, 16),
        conv(n, 16, 1),
        nn.Sequential(conv(n, 12, 1), conv(12, 16, 3)),
        nn.Sequential(conv(n, 12, 1), conv(12, 16, 3), conv(16, 16, 3)),
    )


def reduction_a(n):  # 64 + 64 + 32 = 160 channels at 16x16
    return Branches(
        nn.MaxPool2d(3, 2, 1),
        conv(n, 64, 3, stride=2),
        nn.Sequential(conv(n, 24, 1), conv(24, 28, 3), conv(28, 32, 3, stride=2)),
    )


def module_b(n):  # 160 channels at 16x16
    return Branches(
        pool(n, 24),
        conv(n, 56, 1),
        nn.Sequential(conv(n, 32, 1), conv(32, 36, (1, 7)), conv(36, 40, (7, 1))),
        nn.Sequential(conv(n, 32, 1), conv(32, 32, (7, 1)), conv(32, 36, (1, 7)), conv(36, 40, (7, 1))),
    )


def reduction_b(n):  # 160 + 32 + 48 = 240 channels at 8x8
    return Branches(
        nn.MaxPool2d(3, 2, 1),
        nn.Sequential(conv(n, 32, 1), conv(32, 32, 3, stride=2)),
        nn.Sequential(conv(n, 40, 1), conv(40, 40, (1, 7)), conv(40, 48, (7, 1)), conv(48, 48, 3, stride=2)),
    )


def module_c(n):  # 240 channels at 8x8
    return Branches(
        pool(n, 40),
        conv(n, 40, 1),
        nn.Sequential(conv(n, 60, 1), Branches(conv(60, 40, (1, 3)), conv(60, 40, (3, 1)))),
        nn.Sequential(
            conv(n, 60, 1), conv(60, 70, (1, 3)), conv(70, 80, (3, 1)),
            Branches(conv(80, 40, (3, 1)), conv(80, 40, (1, 3))),
        ),
    )


network = nn.Sequential(
    conv(3, 64, 3), module_a(64), module_a(64), reduction_a(64), module_b(160), module_b(160), reduction_b(160),
    module_c(240), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(240, 10),
)'''

# Residual blocks around branches; what is reported of it is measured with hooks and a gradient.
RESIDUAL = '''import copy

import torch
from torch import nn
from torch.nn import functional as F


class Join(nn.Module):
    def forward(self, *maps):
        return torch.cat(maps, dim=1)


class Block(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.one = nn.Conv2d(channels, width, 1)
        self.two = nn.Sequential(nn.Conv2d(channels, width, 1), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1))
        self.join, self.up, self.norm = Join(), nn.Conv2d(2 * width, channels, 1), nn.BatchNorm2d(channels)

    def forward(self, x):
        branches = self.join(F.relu(self.one(x)), F.relu(self.two(x)))
        return F.relu(self.norm(x + self.up(branches)))


class Shrink(nn.Module):
    def __init__(self, channels, more):
        super().__init__()
        self.conv, self.join = nn.Conv2d(channels, more, 3, stride=2, padding=1), Join()

    def forward(self, x):
        return self.join(F.avg_pool2d(x, 3, stride=2, padding=1), F.relu(self.conv(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 48, 3, padding=1)
        self.features = nn.Sequential(
            Block(48, 16), Block(48, 16), Shrink(48, 48), Block(96, 32), Block(96, 32), Block(96, 32), Shrink(96, 96),
            Block(192, 64), Block(192, 64),
        )
        self.classes = nn.Linear(192, 10)

    def maps(self, x):
        return self.features(F.relu(self.stem(x)))

    def forward(self, x):
        return self.classes(self.maps(x).mean(dim=(2, 3)))


net = Net().eval()
sizes, macs = {}, {}


def measure(module, inputs, output):
    sizes[module] = output.numel()
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        macs[module] = module.weight.numel() * output.numel() // output.shape[1]


for module in net.modules():
    module.register_forward_hook(measure)
net(torch.randn(1, 3, 32, 32))
largest, total = max(sizes.values()), sum(macs.values())


def field(net, side=96):
    """Rows of a large image on which one pixel of the last map depends, when all weights are positive."""
    net = copy.deepcopy(net).double()
    for parameter in net.parameters():
        nn.init.constant_(parameter, 1 / max(1, parameter[0].numel()))
    image = torch.ones(1, 3, side, side, dtype=torch.float64, requires_grad=True)
    maps = net.maps(image)
    maps[0, :, side // 8, side // 8].sum().backward()
    return int((image.grad[0].sum(dim=(0, 2)) > 0).sum())'''

# Thin, as batch normalisation and biases have to be a noticeable part of the parameters.
THIN = """import torch
import torch.nn as nn


class Inception(nn.Module):
    def __init__(self, inputs, n):
        super().__init__()
        self.a = nn.Conv2d(inputs, n, 1)
        self.b = nn.Conv2d(inputs, n, 3, padding=1)
        self.c = nn.Conv2d(inputs, n, 5, padding=2)
        self.norm = nn.BatchNorm2d(3 * n)

    def forward(self, x):
        x = torch.cat([self.a(x), self.b(x), self.c(x)], 1)
        return torch.relu(self.norm(x))


net = nn.Sequential(
    nn.Conv2d(3, 12, 3, padding=1), nn.ReLU(),
    Inception(12, 4), Inception(12, 4), nn.MaxPool2d(2),
    Inception(12, 6), Inception(18, 6), nn.MaxPool2d(2),
    Inception(18, 8), Inception(24, 8),
    nn.AvgPool2d(8), nn.Flatten(), nn.Linear(24, 10),
)"""

# Shrinks once too often and joins nothing.
PLAIN = """from torch import nn

layers, channels = [], 3
for filters in (64, 128, 256):
    layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    channels = filters
layers += [nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10)]"""

# The 3x3 branch has no padding, so that the branches do not agree.
UNPADDED = """import torch
from torch import nn


class Module(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.small = nn.Conv2d(inputs, outputs // 2, 1)
        self.large = nn.Conv2d(inputs, outputs // 2, 3)

    def forward(self, x):
        return torch.relu(torch.cat([self.small(x), self.large(x)], dim=1))


model = nn.Sequential(
    nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), Module(32, 64), nn.MaxPool2d(2), Module(64, 128), nn.MaxPool2d(2),
    Module(128, 256), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10),
)"""
