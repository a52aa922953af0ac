"""The sheets of hw6_design."""

from scripts.sample_class.design_networks import INCEPTION, PLAIN, RESIDUAL, THIN, UNPADDED
from scripts.sample_class.notebooks import Notebook, cell_of, code, notebook

HOMEWORK = "hw6_design"

STAGES = '{"conv1": 7, "max pool": 11, "stage 2": 35, "stage 3": 99, "stage 4": 291, "stage 5": 483}'
STAGES_TORCHVISION = '{"conv1": 7, "max pool": 11, "stage 2": 35, "stage 3": 91, "stage 4": 267, "stage 5": 427}'
MODEL: dict[str, str] = {
    "read_receptive_fields": "True",
    "read_residual_networks": "True",
    "read_momentum": "True",
    "read_inception": "True",
    "resnet50_stages": STAGES,
    "resnet50": "483",
    "feature_memory": "1 / 2",
    "filter_memory": "1 / 4",
    "compute_ratio": "1 / 4",
    "first_layer_weights": '{"full": 864, "half": 432}',
    "accuracies": '{"full": 91.6, "half": 90.1}',
    "epoch_seconds": '{"full": 41, "half": 24.5}',
}

# Answers that differ from the model's, as Python source.
TYPED: dict[str, dict[str, str]] = {
    "adaeze": {},
    # The answers of the homework document that the course began with, right and wrong.
    "chen": {
        "resnet50_stages": "...",
        "resnet50": "(((1 + 2*3 + 2*6 + 2*4 + 2*3)*2 + 2)*2 + 6)",
        "filter_memory": '"1/2"',
        "first_layer_weights": "...",
        "accuracies": '{"full": "91.03 %", "half": "89.31 %"}',
        "epoch_seconds": '{"full": "59 s", "half": "36 s"}',
    },
    "dalia": {
        "read_momentum": '"yes"',
        "resnet50_stages": STAGES_TORCHVISION,
        "resnet50": '"427x427"',
        "feature_memory": '"50 %"',
        "filter_memory": '"25.1 %"',
        "compute_ratio": "0.2535",
        "first_layer_weights": "[864, 432]",
        "accuracies": '{"full": 0.912, "half": 0.897}',
    },
    "emil": {
        "resnet50": "427",
        "filter_memory": '"3/4"',
        "compute_ratio": '"3/4"',
        "first_layer_weights": '{"full": 864, "half": 216}',
    },
    "farah": {
        "resnet50_stages": '{"conv1": 7, "max pool": 11, "stage 2": 35, "stage 3": 67, "stage 4": 115, "stage 5": 139}',
        "resnet50": "139",
        "feature_memory": "2",
        "filter_memory": "4",
        "compute_ratio": "4",
        "accuracies": '{"full": 90.2, "half": 92.4}',
    },
    "goran": {
        "resnet50_stages": "[7, 11, 23, 55, 151, 247]",
        "resnet50": "247",
        "feature_memory": '"1/4"',
        "epoch_seconds": '{"full": 2000, "half": 1100}',
    },
    "ines": dict.fromkeys(MODEL, "...")
    | {"read_receptive_fields": "True", "read_inception": "False", "resnet50": "2000"},
    "nadia": {
        "resnet50_stages": '{"conv1": 8, "max pool": 14, "stage 2": 38, "stage 3": 106, "stage 4": 306, "stage 5": 514}',
        "resnet50": "514",
        "compute_ratio": '"about a quarter"',
        "first_layer_weights": '{"full": 896, "half": 448}',
    },
    "quinn": {
        "resnet50_stages": "...",
        "resnet50": "675",
        "first_layer_weights": '{"full": 288, "half": 144}',
        "epoch_seconds": '"about a minute"',
    },
}

# The network of one's own and what was said about it; who is not named left it blank.
DESIGNED: dict[str, dict[str, str]] = {
    "adaeze": {
        "cifar_design": "network",
        "design_field": "95",
        "design_largest_map": "64 * 32 * 32",
        "design_parameters": '"389K"',
        "design_macs": "92499808",
        "design_reasons": "The network comes down twice, after the modules A and after the modules B. A tail like that of "
        "Inception-v4 would leave 4x4 pixels of a 32x32 image, so here a single 3x3 convolution stands at the start.\n\n"
        "Most of the filter memory is in the last modules, where the channels are many: 112,020 parameters in C, against "
        "9,552 in an A. Most of the computation is in the larger maps: each B takes 17 million multiply-adds, reduction A 19 million.\n\n"
        "I would repeat B. It is the level where filters of 7 pixels still fit, and it costs less memory than C.",
    },
    "bruno": {
        "cifar_design": "net",
        "design_field": "field(net)",
        "design_largest_map": "largest",
        "design_parameters": "sum(p.numel() for p in net.parameters())",
        "design_macs": "total",
        "design_reasons": "It shrinks where the blocks of one width end, to 16x16 and 8x8, and the channels double there, so that "
        "every block takes about the same computation. Half of the weights are in the two blocks with 192 channels. Deeper at "
        "16x16 would be best: a block more there adds little memory.",
    },
    # Numbers with a mistake each, about a network that is right.
    "farah": {
        "cifar_design": "net",
        "design_field": '"62x62"',
        "design_largest_map": "12 * 32 * 32 * 4",
        "design_parameters": "21984",
        "design_macs": '"12.28M"',
        "design_reasons": "Pooling halves the image twice. The last modules have most weights, the first ones most computation, as "
        "their maps are large.",
    },
    "goran": {
        "cifar_design": "nn.Sequential(*layers)",
        "design_field": "38",
        "design_largest_map": "65536",
        "design_parameters": '"963K"',
        "design_macs": '"49M"',
        "design_reasons": "After each convolution there is a pool, so it gets small quickly and is fast.",
    },
    # A design on paper.
    "nadia": {
        "design_field": "63",
        "design_largest_map": "32768",
        "design_parameters": "250000",
        "design_macs": '"40 million"',
        "design_reasons": "A 3x3 convolution, two modules, pool, three modules, pool, two modules. Filters need most memory at the end. "
        "I would repeat the modules in the middle.",
    },
    "quinn": {
        "cifar_design": "model",
        "design_field": "20",
        "design_largest_map": "65536",
        "design_parameters": "218954",
        "design_macs": "32344576",
    },
}
NETWORKS = {"adaeze": INCEPTION, "bruno": RESIDUAL, "farah": THIN, "goran": PLAIN, "quinn": UNPADDED}


def sheets() -> dict[str, Notebook]:
    """Every notebook of the class, by student."""
    typed = {student: sheet(student, answers) for student, answers in TYPED.items()}
    return typed | {"bruno": bruno()}


def sheet(student: str, answers: dict[str, str]) -> Notebook:
    """What a student typed; a network of their own stands in a cell before the one that asks for it."""
    nb = notebook(HOMEWORK, MODEL | answers | DESIGNED.get(student, {}))
    if student in NETWORKS:
        asked = nb["cells"].index(cell_of(nb, "cifar_design"))
        nb["cells"].insert(asked, code(NETWORKS[student], "network"))
    return nb


def bruno() -> Notebook:
    """Everything computed rather than typed."""
    answers = {
        "resnet50_stages": "dict(zip(['conv1', 'max pool', 'stage 2', 'stage 3', 'stage 4', 'stage 5'], fields))",
        "resnet50": "fields[-1]",
        "feature_memory": "Fraction(32, 64)",
        "filter_memory": "weights(32) / weights(64)",
        "compute_ratio": "np.float32(weights(32) * 28 * 28 / (weights(64) * 28 * 28))",
        "first_layer_weights": "{'full': weights(32, 3), 'half': weights(16, 3)}",
        "accuracies": "np.array([91.2, 89.9])",
        "epoch_seconds": "pd.DataFrame({'seconds': [38.0, 21.0]}, index=['full', 'half'])",
    }
    setup = """from fractions import Fraction
import numpy as np
import pandas as pd


def weights(channels, inputs=None):
    return (inputs or channels) * channels * 3 * 3


fields, r, j = [], 1, 1
for blocks, layers in [(1, [(7, 2)]), (1, [(3, 2)]), (3, None), (4, None), (6, None), (3, None)]:
    for block in range(blocks):
        first = 2 if layers is None and block == 0 and len(fields) > 2 else 1
        for k, s in layers or [(1, first), (3, 1), (1, 1)]:
            r, j = r + (k - 1) * j, j * s
    fields.append(r)"""
    nb = sheet("bruno", answers)
    nb["cells"].insert(1, code(setup, "tools"))
    return nb
