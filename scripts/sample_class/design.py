"""The sheets of hw6_design."""

from scripts.sample_class.notebooks import Notebook, code, notebook

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


def sheets() -> dict[str, Notebook]:
    """Every notebook of the class, by student."""
    return {student: notebook(HOMEWORK, MODEL | answers) for student, answers in TYPED.items()} | {"bruno": bruno()}


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
    nb = notebook(HOMEWORK, MODEL | answers)
    nb["cells"].insert(1, code(setup, "tools"))
    return nb
