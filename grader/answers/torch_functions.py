"""What torch's functions do to a feature map, as far as sizes and receptive fields are concerned.

Functions go by the names that `grader.kernels.inside_flow` gives them. A function that is not listed is known to no rule
here, and what depends on it is told to be unclear rather than guessed.
"""

import re
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of steps. The first ones are layers, by the names that problem files use."""

    CONVOLUTION = "convolution"
    TRANSPOSED = "transposed_convolution"
    MAX_POOL = "max_pool"
    AVERAGE_POOL = "average_pool"
    LINEAR = "linear"
    BATCH_NORM = "batch_norm"
    DROPOUT = "dropout"
    ACTIVATION = "activation"
    CONCAT = "concat"
    ADD = "add"
    POINTWISE = "pointwise"
    """Each pixel for itself. Normalisation is taken as such, although its statistics see more."""
    WINDOW = "window"
    """Padding and slices, which move and thin out a map but compute nothing."""
    LAYOUT = "layout"
    """The same values in another shape or order."""
    MEAN = "mean"
    REDUCTION = "reduction"
    """Whole axes become one value, if the step says which."""
    MOVED = "moved"
    """Values taken from other places, in a way that no rule follows; nothing is multiplied with weights."""
    UNKNOWN = "unknown"


_FUNCTIONS = {
    Kind.BATCH_NORM: "batch_norm",
    Kind.LINEAR: "linear matmul rmatmul mm",
    Kind.CONCAT: "cat concat concatenate hstack",
    Kind.ADD: "add iadd radd",
    Kind.WINDOW: "pad getitem",
    Kind.MEAN: "mean",
    Kind.REDUCTION: "sum amax amin max min prod std var logsumexp",
    Kind.DROPOUT: "dropout dropout1d dropout2d dropout3d alpha_dropout feature_dropout feature_alpha_dropout",
    Kind.ACTIVATION: (
        "relu relu6 hardtanh gelu silu elu selu celu leaky_relu prelu rrelu sigmoid tanh hardswish hardsigmoid softplus "
        "mish logsigmoid softsign tanhshrink hardshrink softshrink threshold glu"
    ),
    Kind.POINTWISE: (
        "sub isub rsub mul imul rmul div idiv true_divide truediv itruediv rdiv pow ipow neg abs sqrt rsqrt exp log square "
        "reciprocal clamp clip clamp_min clamp_max minimum maximum where lerp addcmul addcdiv sign gt ge lt le eq ne "
        "zeros_like ones_like rand_like randn_like bernoulli to float double half type type_as contiguous clone detach "
        "data cpu layer_norm group_norm instance_norm local_response_norm rms_norm normalize channel_shuffle "
        "native_channel_shuffle chunk split tensor_split masked_fill nan_to_num softmax log_softmax softmin empty_like full_like "
        "new_zeros new_ones"
    ),
    Kind.LAYOUT: (
        "view view_as reshape reshape_as flatten ravel unflatten squeeze unsqueeze stack permute transpose swapaxes swapdims "
        "expand expand_as"
    ),
    Kind.MOVED: (
        "interpolate upsample pixel_shuffle pixel_unshuffle unfold fold grid_sample flip roll rot90 repeat repeat_interleave "
        "tile movedim moveaxis T mT H mH index_select gather take narrow select unbind diagonal argmax argmin topk sort "
        "cumsum lp_pool1d lp_pool2d fractional_max_pool2d max_unpool2d setitem vstack dstack embedding"
    ),
}
# Of the unknown ones, those that multiply by no weights: what they see is not told, but computation is.
WITHOUT_WEIGHTS = frozenset(
    {"interpolate", "upsample", "upsample_nearest", "upsample_bilinear", "roll", "flip", "repeat"}
)
_KINDS = {function: kind for kind, functions in _FUNCTIONS.items() for function in functions.split()}
_NUMBERED = (
    (re.compile(r"conv[123]d"), Kind.CONVOLUTION),
    (re.compile(r"conv_transpose[123]d"), Kind.TRANSPOSED),
    (re.compile(r"(adaptive_)?max_pool[123]d(_with_indices)?"), Kind.MAX_POOL),
    (re.compile(r"(adaptive_)?avg_pool[123]d"), Kind.AVERAGE_POOL),
)


def kind_of_function(function: str) -> Kind:
    """The kind of a function by its name."""
    return _KINDS.get(function) or next(
        (kind for pattern, kind in _NUMBERED if pattern.fullmatch(function)), Kind.UNKNOWN
    )
