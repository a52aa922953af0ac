"""The same networks as torch modules, and what torch says about them."""

import dataclasses
import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from reference.cnn import Layer, Network, Parallel


class _Parallel(nn.ModuleList):
    def __init__(self, paths: Sequence[nn.Module], merge: str) -> None:
        super().__init__(paths)
        self.merge = merge

    def forward(self, x: Tensor) -> Tensor:
        outputs = [path(x) for path in self]
        if self.merge == "concat":
            return torch.cat(outputs, dim=1)
        return torch.stack(outputs).sum(dim=0)  # unlike +, refuses to broadcast


def as_torch(network: Network) -> nn.Module:
    if isinstance(network, Layer) and dataclasses.is_dataclass(network):
        arguments = {f.name: getattr(network, f.name) for f in dataclasses.fields(network)}
        module: nn.Module = getattr(nn, type(network).__name__)(**arguments)
        return module
    if isinstance(network, Parallel):
        return _Parallel([as_torch(path) for path in network.paths], network.merge)
    assert isinstance(network, Mapping | Sequence)
    steps = network if isinstance(network, Mapping) else {str(i): step for i, step in enumerate(network)}
    return nn.Sequential(OrderedDict((name, as_torch(step)) for name, step in steps.items()))


class Measured(NamedTuple):
    name: str
    output_shape: tuple[int, ...]
    parameters: int
    macs: int


def measured(network: Network, input_shape: tuple[int, ...]) -> list[Measured]:
    """What runs, in the order in which torch runs it, without computing a value."""
    with torch.device("meta"):
        module = as_torch(network).eval()  # batch norm refuses to train on a single value
        image = torch.empty(1, *input_shape)
    rows: list[Measured] = []
    for name, part in module.named_modules():
        if not isinstance(part, nn.Sequential):
            part.register_forward_hook(lambda part, _, output, name=name: rows.append(_row(name, part, output)))
    module(image)
    return rows


def _row(name: str, module: nn.Module, output: Tensor) -> Measured:
    own = 0 if isinstance(module, _Parallel) else sum(p.numel() for p in module.parameters())
    shape = tuple(output.shape[1:])
    macs = 0
    if isinstance(module, nn.Conv2d):
        macs = module.weight.numel() * math.prod(shape[1:])
    if isinstance(module, nn.Linear):
        macs = module.weight.numel() * math.prod(shape[:-1])
    return Measured(name, shape, own, macs)


def seen_by(network: Network, input_shape: tuple[int, int, int], place: tuple[int, int]) -> list[tuple[int, int]]:
    """First and last input pixel along height and width that the output at `place` depends on, by autograd."""
    module = as_torch(network).double()
    _make_everything_count(module)
    image = torch.ones(1, *input_shape, dtype=torch.float64, requires_grad=True)
    module(image)[0, :, *place].sum().backward()
    assert image.grad is not None
    touched = image.grad[0].sum(dim=0) > 0
    spans = []
    for across in (1, 0):
        hit = torch.nonzero(touched.any(dim=across)).flatten().tolist()
        spans.append((hit[0], hit[-1]))
    return spans


def _make_everything_count(module: nn.Module) -> None:
    """Constant positive weights, and means in place of maxima, so that no gradient is zero by chance."""
    for name, child in module.named_children():
        if isinstance(child, nn.MaxPool2d):
            setattr(module, name, _Mean(child))
        elif isinstance(child, nn.BatchNorm2d):
            setattr(module, name, nn.Identity())
        else:
            _make_everything_count(child)
    for parameter in module.parameters(recurse=False):
        nn.init.constant_(parameter, 1 / parameter[0].numel())


class _Mean(nn.Module):
    """As AvgPool2d, and dilated."""

    def __init__(self, pool: nn.MaxPool2d) -> None:
        super().__init__()
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        kernel = self.pool.kernel_size
        height, width = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        channels = x.shape[1]
        weight = torch.full((channels, 1, height, width), 1 / (height * width), dtype=x.dtype)
        place = (self.pool.stride, self.pool.padding, self.pool.dilation)
        return nn.functional.conv2d(x, weight, None, *place, groups=channels)
