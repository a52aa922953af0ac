"""The sheets of hw5_cnn_sizes."""

from scripts.sample_class.notebooks import Notebook, cell_of, code, notebook

HOMEWORK = "hw5_cnn_sizes"

PARAMETERS = """{
    "conv1": 23232, "conv2": 307200, "conv3": 663552, "conv4": 884736, "conv5": 589824,
    "fc1": 51384320, "fc2": 16781312, "fc3": 4097000,
}"""
MAPS = """{
    "conv1": (64, 56, 56), "pool1": (64, 28, 28), "conv2": (192, 28, 28), "pool2": (192, 14, 14),
    "conv3": (384, 14, 14), "conv4": (256, 14, 14), "conv5": (256, 14, 14), "pool3": (256, 7, 7),
    "fc1": (4096,), "fc2": (4096,), "fc3": (1000,),
}"""
COMPUTED: dict[str, str] = {
    "linear_parameters": "12289000",
    "convolution_parameters": "1200",
    "convolution_outputs": "(16, 60, 60)",
    "alexnet_parameters": PARAMETERS,
    "alexnet_feature_maps": MAPS,
    "training_memory": "600394976",
    "largest_batch": "2907",
}
WRITTEN: dict[str, str] = {
    "activation_property": "It must not be linear, or all layers together are one linear map. And it needs a derivative almost "
    "everywhere that is not always zero, so that gradients reach the layers below.",
    "why_batch_norm": "It keeps activations at one scale, so that training is stable at larger learning rates.",
    "why_augmentation": "The network overfits less, since it sees more varied examples.",
    "why_momentum": "It damps the zig-zag across a ravine and speeds up along it.",
    "why_dropout": "It makes units less dependent on each other, which is a way to overfit less.",
    "backward_scalar": "The derivative of a vector is a Jacobian, one gradient for every element. Autograd only works out "
    "products of a vector with it, so it has to be told the vector.",
    "minibatch_reasons": "1. The gradient over all images takes too much time and memory for a single step.\n"
    "2. The noise of small batches helps to get away from saddle points.",
    "can_linear_do_it": "In principle yes: a convolution is a linear map, with a matrix of mostly zeros in which the kernel "
    "repeats. But this layer has only 1000 outputs, and the convolution has 16 x 60 x 60 = 57,600, so this one cannot.",
}
MODEL = COMPUTED | WRITTEN

# Answers that differ from the model's. Whoever is in COMPUTED_ONLY left the written parts alone.
COMPUTED_ONLY = {"goran", "hana", "nadia", "quinn"}
TYPED: dict[str, dict[str, str]] = {
    "adaeze": {},
    "dalia": {
        "linear_parameters": '"12,289,000"',
        "convolution_parameters": '"1.2K"',
        "convolution_outputs": '"16x60x60"',
        "alexnet_feature_maps": """{
    "conv1": (56, 56, 64), "pool1": (28, 28, 64), "conv2": (28, 28, 192), "pool2": (14, 14, 192),
    "conv3": (14, 14, 384), "conv4": (14, 14, 256), "conv5": (14, 14, 256), "pool3": (7, 7, 256),
    "fc1": 4096, "fc2": 4096, "fc3": 1000,
}""",
        "training_memory": '"572.58 MiB"',
        "largest_batch": "3139",
        "can_linear_do_it": "No. It has 1000 outputs, far too few.\n\n*(With 57,600 outputs it could, convolution is linear.)*",
    },
    "farah": {
        "linear_parameters": "64 * 64 * 3 * 1000",
        "convolution_parameters": "16 * (5 * 5 * 3 + 1)",
        "alexnet_parameters": """{
    "conv1": 23296, "conv2": 307392, "conv3": 663936, "conv4": 884992, "conv5": 590080,
    "fc1": 51384320, "fc2": 16781312, "fc3": 4097000,
}""",
        "training_memory": "600404192",
        "largest_batch": "8 * 10**9 // 600404192",
    },
    "goran": {
        "linear_parameters": "12288001",
        "convolution_parameters": "16 * 64 * 64",
        "convolution_outputs": "(16, 64, 64)",
        "alexnet_feature_maps": """{
    "conv1": (64, 54, 54), "pool1": (64, 27, 27), "conv2": (192, 23, 23), "pool2": (192, 11, 11),
    "conv3": (384, 9, 9), "conv4": (256, 7, 7), "conv5": (256, 5, 5), "pool3": (256, 2, 2),
    "fc1": (4096,), "fc2": (4096,), "fc3": (1000,),
}""",
        "training_memory": "1200789952",
        "largest_batch": "(8 * 10**9 - 8 * 74731176) // (1200789952 - 8 * 74731176)",
    },
    "hana": {
        "linear_parameters": "1228900",
        "training_memory": "602000000",
        "largest_batch": "(8 * 10**9 - 8 * 74731176) // (602000000 - 8 * 74731176)",
    },
    "nadia": {
        "convolution_parameters": "75",
        "alexnet_parameters": PARAMETERS.replace("51384320", "51380224")
        .replace("16781312", "16777216")
        .replace("4097000", "4096000"),
        "training_memory": '"301.47 MB"',
        "largest_batch": "3025",
    },
    "quinn": {
        "convolution_parameters": '"12,34,567"',
        "convolution_outputs": "(60, 16, 60)",
        "alexnet_parameters": PARAMETERS.replace("51384320", "51380224"),
        "alexnet_feature_maps": """{
    "conv1": "64x57x57", "pool1": "64x29x29", "conv2": "192x29x29", "pool2": "192x15x15",
    "conv3": "384x15x15", "conv4": "256x15x15", "conv5": "256x15x15", "pool3": "256x8x8",
    "fc1": "4096", "fc2": "4096", "fc3": "1000",
}""",
        "training_memory": "600.394976",
        "largest_batch": "2908",
    },
}


def sheets() -> dict[str, Notebook]:
    """Every notebook of the class, by student."""
    typed = {
        student: notebook(HOMEWORK, (COMPUTED if student in COMPUTED_ONLY else MODEL) | answers)
        for student, answers in TYPED.items()
    }
    return typed | {"bruno": bruno(), "kaito": kaito()}


def bruno() -> Notebook:
    """Everything computed with torch and numpy rather than typed, and a written answer in a code cell."""
    answers = {
        "linear_parameters": "sum(p.numel() for p in nn.Linear(64 * 64 * 3, 1000).parameters())",
        "convolution_parameters": "np.int64(nn.Conv2d(3, 16, 5, bias=False).weight.numel())",
        "convolution_outputs": "nn.Conv2d(3, 16, 5)(torch.zeros(3, 64, 64)).shape",
        "alexnet_parameters": "{name: sum(p.numel() for p in layer.parameters()) for name, layer in layers.items()\n"
        "    if not name.startswith('pool')}",
        "alexnet_feature_maps": "shapes",
        "training_memory": "4 * (sum(math.prod(s) for s in shapes.values()) + 2 * sum(alexnet_parameters.values()))",
        "largest_batch": "(8 * 10**9 - 8 * sum(alexnet_parameters.values())) "
        "// torch.tensor([4 * math.prod(s) for s in shapes.values()]).sum()",
    }
    setup = """import math
import numpy as np
import torch
from torch import nn

layers = {
    "conv1": nn.Conv2d(3, 64, 11, 4, 5, bias=False), "pool1": nn.MaxPool2d(2, 2),
    "conv2": nn.Conv2d(64, 192, 5, padding=2, bias=False), "pool2": nn.MaxPool2d(2, 2),
    "conv3": nn.Conv2d(192, 384, 3, padding=1, bias=False), "conv4": nn.Conv2d(384, 256, 3, padding=1, bias=False),
    "conv5": nn.Conv2d(256, 256, 3, padding=1, bias=False), "pool3": nn.MaxPool2d(2, 2),
    "fc1": nn.Linear(256 * 7 * 7, 4096), "fc2": nn.Linear(4096, 4096), "fc3": nn.Linear(4096, 1000),
}

shapes = {}
x = torch.zeros(1, 3, 224, 224)
for name, layer in layers.items():
    x = layer(x.flatten(1) if name == "fc1" else x)
    shapes[name] = x.shape[1:]"""
    nb = notebook(HOMEWORK, MODEL | answers)
    nb["cells"].insert(1, code(setup, "tools"))
    written = f'# Answer: can_linear_do_it\ncan_linear_do_it = """{WRITTEN["can_linear_do_it"]}"""'
    nb["cells"] = [
        code(written, "answer-can_linear_do_it") if cell["id"] == "answer-can_linear_do_it" else cell
        for cell in nb["cells"]
    ]
    return nb


def kaito() -> Notebook:
    """A kernel that is ended on purpose, an error in the middle, and a later cell that needs what it did not make."""
    nb = notebook(HOMEWORK, MODEL)
    # As is usual on Colab after an installation.
    restart = "!pip install -q torchinfo\nimport os\nos.kill(os.getpid(), 9)"
    nb["cells"].insert(nb["cells"].index(cell_of(nb, "training_memory")), code(restart, "restart"))
    cell_of(nb, "training_memory")["source"] = (
        "# Answer: training_memory\nvalues = sum(size for size in map_sizes)\ntraining_memory = 4 * (values + 2 * 74731176)"
    )
    cell_of(nb, "largest_batch")["source"] = (
        "# Answer: largest_batch\nlargest_batch = (8 * 10**9 - 8 * 74731176) // (training_memory - 8 * 74731176)"
    )
    # The name is used again at the end of the notebook; the answer is what stood in its own cell.
    nb["cells"].append(code("convolution_outputs = 'a model'\nlinear_parameters = None", "later"))
    return nb
