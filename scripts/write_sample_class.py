"""Writes submissions/: a class of made-up students, each with an answer sheet that shows something.

Every notebook starts from the one that `grader release hw5` gives, with its answer cells filled in as a student would. What
is expected of each stands in submissions/expected.toml, written by hand. Run this again after a statement has changed:

    python scripts/write_sample_class.py
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader import load_course
from grader.release import release

ROOT = Path(__file__).resolve().parent.parent
CLASS = ROOT / "submissions"

PARAMETERS = """{
    "conv1": 23232, "conv2": 307200, "conv3": 663552, "conv4": 884736, "conv5": 589824,
    "fc1": 51384320, "fc2": 16781312, "fc3": 4097000,
}"""
MAPS = """{
    "conv1": (64, 56, 56), "pool1": (64, 28, 28), "conv2": (192, 28, 28), "pool2": (192, 14, 14),
    "conv3": (384, 14, 14), "conv4": (256, 14, 14), "conv5": (256, 14, 14), "pool3": (256, 7, 7),
    "fc1": (4096,), "fc2": (4096,), "fc3": (1000,),
}"""
STAGES = '{"conv1": 7, "max pool": 11, "stage 2": 35, "stage 3": 99, "stage 4": 291, "stage 5": 483}'
STAGES_TORCHVISION = '{"conv1": 7, "max pool": 11, "stage 2": 35, "stage 3": 91, "stage 4": 267, "stage 5": 427}'
DESCENT = "[(10, 1), (9.5, 0.5), (9.025, 0.25), (8.57375, 0.125), (8.1450625, 0.0625), (7.73780937, 0.03125)]"
MOMENTUM = "[(10, 1), (9.5, 0.5), (8.575, -0.2), (7.31375, -0.73), (5.8129375, -0.842), (4.17155937, -0.5218)]"
DROP = "[(10, 1), (9.5, 0.5), (8.575, -0.2), (8.448875, -0.253), (8.29311813, -0.28805), (8.11147135, -0.3051925)]"
DROP_SUTSKEVER = "[(10, 1), (9.5, 0.5), (8.575, -0.2), (7.699625, -0.82), (6.87328938, -1.337), (6.09522088, -1.73545)]"
ADAM = "[(10, 1), (9.5, 0.5), (9.0008, 0.0339), (8.5031, -0.3359), (8.0075, -0.5423), (7.5148, -0.5855)]"

MODEL: dict[str, str] = {
    "alexnet_parameters": PARAMETERS,
    "alexnet_feature_maps": MAPS,
    "training_memory": "600394976",
    "largest_batch": "2907",
    "inception_reduced": "163696",
    "inception_naive": "393472",
    "inception_ratio": "2.40",
    "largest_branch": '"3x3"',
    "two_convolutions": "9",
    "after_pool": '"n + 8"',
    "resnet50_stages": STAGES,
    "resnet50": "483",
    "descent_path": DESCENT,
    "momentum_path": MOMENTUM,
    "drop_path": DROP,
    "adam_path": ADAM,
    "saddle_steps": '{"plain": 38, "momentum": 19}',
    "ridge_escape": "False",
}

# Answers that differ from the model's, as Python source.
TYPED: dict[str, dict[str, str]] = {
    "adaeze": {},
    "dalia": {
        "training_memory": '"572.58 MiB"',
        "largest_batch": "3139",
        "inception_reduced": '"160K"',
        "inception_naive": '"384K"',
        "two_convolutions": '"9x9"',
        "after_pool": '"r = 8 + n"',
        "resnet50_stages": STAGES_TORCHVISION,
        "resnet50": "427",
        "drop_path": DROP_SUTSKEVER,
        "ridge_escape": '"no"',
    },
    "emil": {
        "resnet50": "427",
        "drop_path": DROP_SUTSKEVER,
        "training_memory": '"0.6 GB"',
        "inception_reduced": '"163 696"',
        "largest_branch": '"3X3"',
    },
    "farah": {
        "alexnet_parameters": """{
    "conv1": 23296, "conv2": 307392, "conv3": 663936, "conv4": 884992, "conv5": 590080,
    "fc1": 51384320, "fc2": 16781312, "fc3": 4097000,
}""",
        "training_memory": "600404192",
        "inception_reduced": "163328",
        "inception_naive": "393216",
        "inception_ratio": "2.4075",
        "two_convolutions": "11",
        "after_pool": '"n + 11"',
        "resnet50_stages": '{"conv1": 7, "max pool": 11, "stage 2": 35, "stage 3": 67, "stage 4": 115, "stage 5": 139}',
        "resnet50": "139",
        "momentum_path": "[(10, 1), (9.95, 0.95), (9.85525, 0.8575), (9.720699, 0.731375), "
        "(9.550999, 0.581294), (9.350514, 0.417156)]",
        "drop_path": "[(10, 1), (9.95, 0.95), (9.85525, 0.8575), (9.841795, 0.844887), "
        "(9.824764, 0.829312), (9.804525, 0.811147)]",
        "adam_path": "[(10, 1), (8.41886, -0.58114), (6.31133, -1.0172), (3.91471, -0.26723), (1.41914, 0.66867), "
        "(-0.96684, 0.82074)]",
        "saddle_steps": '{"plain": 38, "momentum": 72}',
        "ridge_escape": "True",
    },
    "goran": {
        "alexnet_feature_maps": """{
    "conv1": (64, 54, 54), "pool1": (64, 27, 27), "conv2": (192, 23, 23), "pool2": (192, 11, 11),
    "conv3": (384, 9, 9), "conv4": (256, 7, 7), "conv5": (256, 5, 5), "pool3": (256, 2, 2),
    "fc1": (4096,), "fc2": (4096,), "fc3": (1000,),
}""",
        "largest_batch": "13",
        "inception_reduced": "157520",
        "inception_naive": "387296",
        "inception_ratio": "0.416",
        "largest_branch": '"5x5"',
        "two_convolutions": "10",
        "after_pool": '"2n + 7"',
        "resnet50_stages": "[7, 11, 23, 55, 151, 247]",
        "resnet50": "247",
        "descent_path": "[(10.5, 1.5), (11.025, 2.25), (11.57625, 3.375), (12.1550625, 5.0625), (12.76281563, 7.59375)]",
        "momentum_path": "[(9.05, 0.05), (7.78525, -0.4025), (6.314626, -0.404875), (4.741512, -0.203506), (3.159423, -0.011137)]",
    },
    "hana": {
        "training_memory": "602000000",
        "largest_batch": "(8 * 10**9 - 8 * 74731176) // (602000000 - 8 * 74731176)",
        "inception_naive": "393000",
        "inception_ratio": "393000 / 163696",
        "two_convolutions": "10",
        "after_pool": '"n + 9"',
        "momentum_path": "[(10, 1), (9.5, 0.5), (8.575, -0.2), (7.41375, -0.73), (6.0, -0.842), (4.427, -0.5218)]",
    },
    "ines": {name: "..." for name in MODEL if name not in {"largest_batch", "two_convolutions", "ridge_escape"}},
    "jonas": {
        "training_memory": '"1,5 GB"',
        "largest_batch": '"9**9**9"',
        "inception_reduced": '"12,34,567"',
        "inception_naive": "[393472, 163696]",
        "inception_ratio": '"about two and a half"',
        "largest_branch": '"the big one"',
        "two_convolutions": "9.5",
        "after_pool": '"n + m + 8"',
        "resnet50_stages": PARAMETERS.split("\n")[1].join("{}").replace("conv2", "max pool"),
        "momentum_path": '"see my drawing"',
        "ridge_escape": '"maybe"',
    },
    "nadia": {
        "training_memory": "301470272",
        "largest_batch": "3025",
        "inception_reduced": "216064",
        "inception_naive": "163696",
        "after_pool": '"9n"',
        "resnet50_stages": '{"conv1": 8, "max pool": 14, "stage 2": 38, "stage 3": 106, "stage 4": 306, "stage 5": 514}',
        "resnet50": "514",
        "momentum_path": "[(10, 1), (10, 1), (9.5, 0.5), (8.55, -0.45), (7.22, -1.555), (5.5955, -2.3245)]",
        "drop_path": "[(10, 1), (9.5, 0.5), (8.575, -0.2), (8.448875, -0.253)]",
        "adam_path": "[[10, 9.5, 9.0008, 8.5031, 8.0075, 7.5148], [1, 0.5, 0.0339, -0.3359, -0.5423, -0.5855]]",
        "saddle_steps": '{"plain": 38}',
    },
    "quinn": {
        "alexnet_feature_maps": """{
    "conv1": "64x57x57", "pool1": "64x29x29", "conv2": "192x29x29", "pool2": "192x15x15",
    "conv3": "384x15x15", "conv4": "256x15x15", "conv5": "256x15x15", "pool3": "256x8x8",
    "fc1": "4096", "fc2": "4096", "fc3": "1000",
}""",
        "alexnet_parameters": PARAMETERS.replace("51384320", "51380224"),
        "training_memory": "600.394976",
        "largest_batch": "2908",
        "inception_reduced": "415088",
        "inception_naive": "393472",
        "two_convolutions": "5",
        "after_pool": '"n + 4"',
        "resnet50_stages": "...",
        "resnet50": "675",
        "momentum_path": "[(9.975, 0.975), (9.9275625, 0.928125), (9.86005, 0.862734), (9.774638, 0.782314), (9.673331, 0.690379)]",
        "saddle_steps": '{"plain": 19, "momentum": 38}',
    },
    "rosa": {
        "alexnet_parameters": PARAMETERS.replace("51384320", "51380224")
        .replace("16781312", "16777216")
        .replace("4097000", "4096000"),
        "training_memory": "602940544",
        "largest_batch": "1453",
        "inception_reduced": "155504",
        "inception_naive": '"393K"',
        "after_pool": '"n + 9"',
        "resnet50": "2000",
        "momentum_path": "[(9.5, 0.5), (8.5975, 0.025), (7.3959875, -0.20125), (5.998895, -0.202437), (4.504436, -0.101753)]",
    },
}


def notebook(answers: Mapping[str, str]) -> dict[str, Any]:
    """The released notebook with its answer cells filled in."""
    nb: dict[str, Any] = json.loads(json.dumps(release(load_course(ROOT).homework("hw5"))))
    for cell in nb["cells"]:
        variable = cell["id"].removeprefix("answer-")
        if variable in answers:
            cell["source"] = f"# Answer: {variable}\n{variable} = {answers[variable]}"
    return nb


def cell_of(nb: dict[str, Any], variable: str) -> dict[str, Any]:
    """The answer cell of a variable."""
    found: dict[str, Any] = next(cell for cell in nb["cells"] if cell.get("id") == f"answer-{variable}")
    return found


def code(source: str, cell_id: str) -> dict[str, Any]:
    """A code cell of the student's own."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def bruno() -> dict[str, Any]:
    """Everything computed with torch and numpy rather than typed."""
    nb = notebook(
        {
            "alexnet_parameters": "{name: sum(p.numel() for p in layer.parameters()) for name, layer in layers.items()\n"
            "    if not name.startswith('pool')}",
            "alexnet_feature_maps": "shapes",
            "training_memory": "4 * (sum(math.prod(s) for s in shapes.values()) + 2 * sum(alexnet_parameters.values()))",
            "largest_batch": "(8 * 10**9 - 8 * sum(alexnet_parameters.values())) "
            "// torch.tensor([4 * math.prod(s) for s in shapes.values()]).sum()",
            "inception_reduced": "count(nn.Conv2d(192, 64, 1), nn.Conv2d(192, 96, 1), nn.Conv2d(96, 128, 3), "
            "nn.Conv2d(192, 16, 1),\n    nn.Conv2d(16, 32, 5), nn.Conv2d(192, 32, 1))",
            "inception_naive": "np.int64(count(nn.Conv2d(192, 64, 1), nn.Conv2d(192, 128, 3), nn.Conv2d(192, 32, 5), "
            "nn.Conv2d(192, 32, 1)))",
            "inception_ratio": "np.float32(inception_naive / inception_reduced)",
            "largest_branch": "max({'1x1': 12352, '3x3': 129248, '5x5': 15920, 'pool': 6176}.items(), key=lambda b: b[1])[0]",
            "two_convolutions": "np.array(9)",
            "after_pool": "'n + ' + str(4 + 4)",
            "resnet50_stages": "pd.Series([7, 11, 35, 99, 291, 483],\n"
            "    index=['conv1', 'max pool', 'stage 2', 'stage 3', 'stage 4', 'stage 5'])",
            "resnet50": "int(resnet50_stages.iloc[-1])",
            "descent_path": "walk(lambda w: torch.optim.SGD([w], lr=0.05))",
            "momentum_path": "walk(lambda w: torch.optim.SGD([w], lr=0.05, momentum=0.9))",
            "drop_path": "walk(lambda w: torch.optim.SGD([w], lr=0.05, momentum=0.9), drop_after=2)",
            "adam_path": "walk(lambda w: torch.optim.Adam([w], lr=0.5)).numpy()",
            "saddle_steps": "pd.DataFrame({'steps': [38, 19]}, index=['plain', 'momentum'])",
            "ridge_escape": "np.bool_(False)",
        }
    )
    setup = """import math
import numpy as np
import pandas as pd
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
    shapes[name] = x.shape[1:]


def count(*modules):
    return sum(p.numel() for m in modules for p in m.parameters())


def walk(make, drop_after=None):
    w = torch.tensor([10.0, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = make(w)
    points = [w.detach().clone()]
    for step in range(5):
        if step == drop_after:
            for group in optimizer.param_groups:
                group["lr"] *= 0.1
        optimizer.zero_grad()
        (0.5 * (w[0] ** 2 + 10 * w[1] ** 2)).backward()
        optimizer.step()
        points.append(w.detach().clone())
    return torch.stack(points)"""
    nb["cells"].insert(1, code(setup, "tools"))
    return nb


def chen() -> dict[str, Any]:
    """The answers of the homework documents that the course began with, right and wrong."""
    answers = dict.fromkeys(MODEL, "...") | {
        "inception_reduced": "(1*1*192 + 1)*64 + (1*1*192 + 1)*96 + (3*3*96 + 1)*128 + (1*1*192 + 1)*16 "
        "+ (5*5*16 + 1)*32 + (1*1*192 + 1)*32",
        "inception_naive": "(1*1*192 + 1)*64 + (3*3*192 + 1)*128 + (5*5*192 + 1)*32 + (1*1*192 + 1)*32",
        "two_convolutions": '"9x9"',
        "after_pool": '"[2n+7] x [2n+7]"',
        "resnet50": "(((1 + 2*3 + 2*6 + 2*4 + 2*3)*2 + 2)*2 + 6)",
    }
    return notebook(answers)


def kaito() -> dict[str, Any]:
    """An error in the middle, and a later cell that needs what it did not make."""
    nb = notebook(MODEL)
    cell_of(nb, "training_memory")["source"] = (
        "# Answer: training_memory\nvalues = sum(size for size in map_sizes)\ntraining_memory = 4 * (values + 2 * 74731176)"
    )
    cell_of(nb, "largest_batch")["source"] = (
        "# Answer: largest_batch\nlargest_batch = (8 * 10**9 - 8 * 74731176) // (training_memory - 8 * 74731176)"
    )
    # The name is used again at the end of the notebook; the answer is what stood in its own cell.
    nb["cells"].append(code("resnet50 = 'a model'\nlargest_branch = None", "later"))
    return nb


def lena() -> dict[str, Any]:
    """An endless loop in one cell, and right answers around it."""
    nb = notebook(MODEL)
    cell_of(nb, "resnet50")["source"] = (
        "# Answer: resnet50\nsize = 1\nwhile size != 483:\n    size = 2 * size + 1  # jumps over it\nresnet50 = size"
    )
    return nb


def mateo() -> dict[str, Any]:
    """Saved by Colab: nbformat 4.0, no cell ids, its own metadata, packages installed on the way."""
    nb = notebook(MODEL)
    for cell in nb["cells"]:
        cell["metadata"] = {"id": cell.pop("id")[:12]} | (
            {"colab": {"base_uri": "x"}} if cell["cell_type"] == "code" else {}
        )
        cell["source"] = cell["source"].splitlines(keepends=True)
    mount = (
        "from google.colab import drive\ndrive.mount('/content/drive')\n!pip install torchinfo\n%pip install -q einops"
    )
    start = code(mount, "")
    del start["id"]
    nb["cells"].insert(1, start)
    nb["nbformat_minor"] = 0
    nb["metadata"] = {
        "colab": {"name": "hw5.ipynb", "provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
    }
    return nb


def otto() -> dict[str, Any]:
    """Another homework, handed in here."""
    nb: dict[str, Any] = json.loads(json.dumps(release(load_course(ROOT).homework("hw4_warmup"))))
    cell_of(nb, "linear_parameters")["source"] = "# Answer: linear_parameters\nlinear_parameters = 12289000"
    return nb


def main() -> None:
    """Write every file of the class."""
    sheets = {student: notebook(MODEL | answers) for student, answers in TYPED.items()}
    sheets |= {make.__name__: make() for make in (bruno, chen, kaito, lena, mateo, otto)}
    for student, nb in sheets.items():
        (CLASS / f"{student}.ipynb").write_text(json.dumps(nb, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    # What a browser saves when it is asked for a notebook behind a login.
    page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in to see hw5.ipynb</body></html>\n"
    (CLASS / "petra.ipynb").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
