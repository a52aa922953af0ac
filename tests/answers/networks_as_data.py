"""Networks as they arrive from a kernel, without one."""

import json

from torch import nn

from grader.answers.decoding import decode
from grader.answers.networks import Network
from grader.kernels.inside_flow import Flow
from grader.kernels.inside_model import Describer


def network_of(model: nn.Module, shape: tuple[int, ...]) -> Network:
    """What is read of what is said of a network."""
    network = decode(json.loads(json.dumps(Describer(shape, Flow)(model))))
    assert isinstance(network, Network), network
    return network
