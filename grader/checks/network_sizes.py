"""The layers of a network as bars: the parameters of its modules, and the values in its feature maps."""

from collections import Counter
from collections.abc import Sequence
from math import prod

from grader.answers.networks import Module, Network
from grader.answers.torch_functions import Kind
from grader.errors import Unreadable
from grader.records import Size, Sizes

# Of one picture. A deep network has hundreds of layers, of which nobody would read the names.
MOST_BARS = 24
_WITH_MAPS = (Kind.CONVOLUTION, Kind.TRANSPOSED, Kind.MAX_POOL, Kind.AVERAGE_POOL, Kind.LINEAR, Kind.CONCAT)


def network_sizes(network: Network) -> tuple[Sizes, ...]:
    """Parameters and feature maps of a network, for one example, without what is right: many networks are.

    Modules below one name are taken together where there are too many, and the largest are left where that is not enough.
    """
    drawn = {"parameters": _parameters(network.modules), "values of feature maps": _feature_maps(network)}
    return tuple(
        Sizes(form="bars", unit=unit, layers=_largest(layers)) for unit, layers in drawn.items() if len(layers)
    )


def _parameters(modules: Sequence[Module]) -> list[Size]:
    """By module, or by the first steps of their names: "features.0" for "features.0.conv.weight"."""
    paths = [tuple((module.name or module.kind).split(".")) for module in modules]
    depth = next(
        (
            depth
            for depth in range(max(map(len, paths), default=0), 1, -1)
            if len(_beginnings(paths, depth)) <= MOST_BARS
        ),
        1,
    )
    totals = dict.fromkeys(_beginnings(paths, depth), 0)
    for path, module in zip(paths, modules, strict=True):
        totals[path[:depth]] += module.parameters
    return [Size(name=".".join(path), given=float(total)) for path, total in totals.items()]


def _beginnings(paths: Sequence[tuple[str, ...]], depth: int) -> dict[tuple[str, ...], None]:
    """Without repetition, in their order."""
    return dict.fromkeys(path[:depth] for path in paths)


def _feature_maps(network: Network) -> list[Size]:
    """What convolutions, pools, linear layers and concatenations put out, without the batch, numbered by kind."""
    try:
        used = [network.steps[number - 1] for number in network.used]
    except Unreadable:
        return []
    found: Counter[str] = Counter()
    maps = []
    for step in used:
        if step.kind in _WITH_MAPS and not (step.kind is Kind.CONCAT and len(step.of) == 1):
            found[step.kind] += 1
            name = f"{step.kind.replace('_', ' ')} {found[step.kind]}"
            maps.append(Size(name=name, given=float(prod(step.shape[1:]))))
    return maps


def _largest(layers: Sequence[Size]) -> tuple[Size, ...]:
    """As many as are drawn, in their order, and how many are not."""
    if len(layers) <= MOST_BARS:
        return tuple(layers)
    kept = sorted(range(len(layers)), key=lambda number: layers[number].given or 0, reverse=True)[: MOST_BARS - 1]
    rest = Size(name=f"{len(layers) - len(kept)} smaller ones", given=None)
    return (*(layers[number] for number in sorted(kept)), rest)
