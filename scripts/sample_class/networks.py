"""The sheets of hw5_networks."""

from scripts.sample_class.networks_answers import COMPUTED, DROP_SUTSKEVER, MODEL, TYPED, WRITTEN
from scripts.sample_class.notebooks import Notebook, cell_of, code, notebook
from scripts.sample_class.pictures import hand_drawing

HOMEWORK = "hw5_networks"

SETUP = """import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from torch import nn


def count(*modules):
    return sum(p.numel() for m in modules for p in m.parameters())


def inception(inputs, ones, narrow3, threes, narrow5, fives, pooled):
    return count(nn.Conv2d(inputs, ones, 1), nn.Conv2d(inputs, narrow3, 1), nn.Conv2d(narrow3, threes, 3),
        nn.Conv2d(inputs, narrow5, 1), nn.Conv2d(narrow5, fives, 5), nn.Conv2d(inputs, pooled, 1))


def ravine(w):
    return 0.5 * (w[0] ** 2 + 10 * w[1] ** 2)


def walk(make, loss=ravine, start=(10.0, 1.0), drop_after=None):
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make(w)
    points = [w.detach().clone()]
    for step in range(5):
        if step == drop_after:
            for group in optimizer.param_groups:
                group["lr"] *= 0.1
        optimizer.zero_grad()
        loss(w).backward()
        optimizer.step()
        points.append(w.detach().clone())
    return torch.stack(points)"""

DRAWING = """for y, (width, name) in enumerate([(9, "input"), (5, "layer 1"), (1, "layer 2")]):
    plt.plot([-width / 2, width / 2], [y, y], marker="|", label=f"{name}: {width} pixels")
plt.legend()
plt.show()"""


def sheets() -> dict[str, Notebook]:
    """Every notebook of the class, by student."""
    typed = {student: notebook(HOMEWORK, COMPUTED | answers) for student, answers in TYPED.items()}
    made = {make.__name__: make() for make in (adaeze, bruno, chen, dalia, lena, mateo, otto)}
    return typed | made


def adaeze() -> Notebook:
    """A model answer, with the extra parts, every written answer and a figure."""
    return notebook(HOMEWORK, MODEL | {"field_drawing": f"import matplotlib.pyplot as plt\n\n{DRAWING}"})


def bruno() -> Notebook:
    """Everything computed with torch and numpy rather than typed."""
    answers = {
        "inception_reduced": "inception(192, 64, 96, 128, 16, 32, 32)",
        "inception_naive": "np.int64(count(nn.Conv2d(192, 64, 1), nn.Conv2d(192, 128, 3), nn.Conv2d(192, 32, 5), "
        "nn.Conv2d(192, 32, 1)))",
        "inception_ratio": "np.float32(inception_naive / inception_reduced)",
        "largest_branch": "max({'1x1': 12352, '3x3': 129248, '5x5': 15920, 'pool': 6176}.items(), key=lambda b: b[1])[0]",
        "two_convolutions": "np.array(9)",
        "after_pool": "'n + ' + str(4 + 4)",
        "field_drawing": DRAWING,
        "descent_path": "walk(lambda w: torch.optim.SGD([w], lr=0.05))",
        "momentum_path": "walk(lambda w: torch.optim.SGD([w], lr=0.05, momentum=0.9))",
        "drop_path": "walk(lambda w: torch.optim.SGD([w], lr=0.05, momentum=0.9), drop_after=2)",
        "adam_path": "walk(lambda w: torch.optim.Adam([w], lr=0.5)).numpy()",
        "saddle_path": "walk(lambda w: torch.optim.SGD([w], lr=0.05, momentum=0.9),\n"
        "    loss=lambda w: w[0] ** 2 - w[1] ** 2, start=(1.0, 0.1))",
        "saddle_steps": "pd.DataFrame({'steps': [38, 19]}, index=['plain', 'momentum'])",
        "ridge_escape": "np.bool_(False)",
    }
    nb = notebook(HOMEWORK, COMPUTED | WRITTEN | answers)
    nb["cells"].insert(1, code(SETUP, "tools"))
    return nb


def chen() -> Notebook:
    """The answers of the homework document that the course began with, right and wrong."""
    answers = dict.fromkeys(COMPUTED, "...") | {
        "inception_reduced": "(1*1*192 + 1)*64 + (1*1*192 + 1)*96 + (3*3*96 + 1)*128 + (1*1*192 + 1)*16 "
        "+ (5*5*16 + 1)*32 + (1*1*192 + 1)*32",
        "inception_naive": "(1*1*192 + 1)*64 + (3*3*192 + 1)*128 + (5*5*192 + 1)*32 + (1*1*192 + 1)*32",
        "inception_comparison": "Without reductions there are many more parameters than with them.",
        "two_convolutions": '"9x9"',
        "after_pool": '"[2n+7] x [2n+7]"',
        "saddle_help": "Steps follow a velocity, which is a running mean of the gradients so far. It takes the point over the "
        "saddle.",
        "other_difficulty": "Zig-zag: with only the gradient of here and now the path goes to and fro, and the running mean "
        "makes it smoother.",
        "both_orders": "Both kinds of momentum smooth the path, so the polyline becomes a curve without sharp turns.",
    }
    return notebook(HOMEWORK, answers)


def dalia() -> Notebook:
    """Other accepted conventions throughout, rounded numbers, text, and a drawing by hand."""
    answers = {
        "inception_reduced": '"160K"',
        "inception_naive": '"384K"',
        "googlenet_parameters": """{
    "conv1": 9408, "conv2": 114688, "inception (3a)": 163328, "inception (3b)": 388096, "inception (4a)": 375552,
    "inception (4b)": 448512, "inception (4c)": 509440, "inception (4d)": 604672, "inception (4e)": 867328,
    "inception (5a)": 1042432, "inception (5b)": 1442816, "linear": 1024000,
}""",
        "misprinted_rows": '"conv1, 4a, 4c, 4d, 4e, 5a and 5b"',
        "two_convolutions": '"9x9"',
        "after_pool": '"r = 8 + n"',
        "drop_path": DROP_SUTSKEVER,
        "ridge_escape": '"no"',
    }
    nb = notebook(HOMEWORK, COMPUTED | WRITTEN | answers)
    cell = cell_of(nb, "field_drawing")
    cell.clear()
    cell |= {
        "cell_type": "markdown",
        "id": "answer-field_drawing",
        "metadata": {},
        "source": "<!-- Answer: field_drawing -->\n\n![drawing](attachment:drawing.png)",
        "attachments": {"drawing.png": {"image/png": hand_drawing()}},
    }
    return nb


def lena() -> Notebook:
    """An endless loop in one cell, and right answers around it."""
    nb = notebook(HOMEWORK, COMPUTED)
    cell_of(nb, "two_convolutions")["source"] = (
        "# Answer: two_convolutions\nsize = 1\nwhile size != 9:\n    size += 5  # jumps over it\ntwo_convolutions = size"
    )
    return nb


def mateo() -> Notebook:
    """Saved by Colab: nbformat 4.0, no cell ids, its own metadata, packages installed on the way."""
    nb = notebook(HOMEWORK, COMPUTED | WRITTEN)
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


def otto() -> Notebook:
    """Another homework, handed in here."""
    return notebook("hw5_cnn_sizes", {"linear_parameters": "12289000"})
