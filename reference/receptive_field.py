"""Receptive fields: two convolutions, and an n-by-n max-pool after them.

Rules: forwards r += (k - 1) * j, then j *= s; a pool's own stride never changes its own field. Source: Araujo, Norris and
Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill (2019).
"""

from sympy import Symbol, expand

from .cnn import Conv2d, receptive_field

N = Symbol("n", integer=True, positive=True)


def two_convolutions(kernel: int, first_stride: int = 1, growth: str = "k - 1") -> int:
    """Side of the receptive field of a pixel of layer 2 on the input: 9."""
    return {
        "k - 1": receptive_field([Conv2d(1, 1, kernel, first_stride), Conv2d(1, 1, kernel)]).size[0],
        "k": 1 + kernel + kernel * first_stride,
        "kernels added": kernel + kernel,
        "kernels multiplied": kernel * kernel,
        "last layer only": kernel,
    }[growth]


def fields_of_two_convolutions(two_convolutions: int, kernel: int) -> dict[str, int]:
    """Side of what one pixel of layer 2 sees: of its own layer, of layer 1, and of the input."""
    return {"layer 2": 1, "layer 1": kernel, "input": two_convolutions}


def after_pool(
    two_convolutions: int,
    kernel: int,
    first_stride: int = 1,
    second_stride: int = 1,
    growth: str = "k - 1",
    pool_growth: str = "n - 1",
    traced_to: str = "input",
) -> str:
    """Side of the receptive field of a pixel after the n-by-n pool, as a formula in n: n + 8, for every pool stride."""
    jump = receptive_field([Conv2d(1, 1, kernel, first_stride), Conv2d(1, 1, kernel, second_stride)]).stride[0]
    below = two_convolutions if traced_to == "input" else 1
    if pool_growth == "times n":
        return str(expand(below * N))
    added = N if growth in {"k", "kernels added"} or pool_growth == "n" else N - 1
    return str(expand(below + added * jump))
