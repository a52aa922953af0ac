"""Tensors between processes where there are no sockets to pass them through."""

import sys
from multiprocessing.reduction import ForkingPickler
from typing import Any


def send_by_value() -> None:
    """Have processes send tensors as values: torch would pass open files through a socket, which is refused here.

    Only where torch has been imported. A DataLoader with workers works so, a little slower.
    """
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        ForkingPickler.register(torch.Tensor, lambda tensor: (torch.from_numpy, (tensor.detach().numpy(),)))
