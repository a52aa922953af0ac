"""A class for any grader: every student imports torch, builds and runs a network, and computes the answers of one homework.

The students differ in the picture they run, and some typed a wrong number, so that each grader has to find each student's own points.
Only what a program can mark counts here; the written answers are in the notebooks, and stay text.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.sample_class.cnn_sizes import HOMEWORK, MAPS, MODEL, PARAMETERS
from scripts.sample_class.notebooks import Notebook, code, notebook

__all__ = ["HOMEWORK", "POINTS", "RIGHT", "Student", "own_computing", "students"]

POINTS = {
    "linear_parameters": 2,
    "convolution_parameters": 2,
    "convolution_outputs": 1,
    "alexnet_parameters": 4,
    "alexnet_feature_maps": 4,
    "training_memory": 3,
    "largest_batch": 3,
}
RIGHT = {
    "linear_parameters": "12289000",
    "convolution_parameters": "1200",
    "convolution_outputs": "(16, 60, 60)",
    "alexnet_parameters": PARAMETERS,
    "alexnet_feature_maps": MAPS,
    "training_memory": "600394976",
    "largest_batch": "2907",
}
"""By variable, as Python source; what a peer's test compares with."""

# The convolutions are built and run. The large linear layers are only counted, for to fill 60 million weights with random numbers
# takes half a second in any grader and says nothing about the grader.
_SETUP = """import math
import numpy as np
import torch
from torch import nn

layers = {{
    "conv1": nn.Conv2d(3, 64, 11, 4, 5, bias=False), "pool1": nn.MaxPool2d(2, 2),
    "conv2": nn.Conv2d(64, 192, 5, padding=2, bias=False), "pool2": nn.MaxPool2d(2, 2),
    "conv3": nn.Conv2d(192, 384, 3, padding=1, bias=False), "conv4": nn.Conv2d(384, 256, 3, padding=1, bias=False),
    "conv5": nn.Conv2d(256, 256, 3, padding=1, bias=False), "pool3": nn.MaxPool2d(2, 2),
}}
counts = {{name: sum(p.numel() for p in layer.parameters()) for name, layer in layers.items()}}
counts |= {{"fc1": (256 * 7 * 7 + 1) * 4096, "fc2": (4096 + 1) * 4096, "fc3": (4096 + 1) * 1000}}

torch.manual_seed({number})
shapes = {{}}
x = torch.rand(1, 3, 224, 224)
for name, layer in layers.items():
    x = layer(x)
    shapes[name] = tuple(x.shape[1:])
shapes |= {{"fc1": (4096,), "fc2": (4096,), "fc3": (1000,)}}
print(shapes)"""
_COMPUTED = {
    "linear_parameters": "64 * 64 * 3 * 1000 + 1000",
    "convolution_parameters": "nn.Conv2d(3, 16, 5, bias=False).weight.numel()",
    "convolution_outputs": "tuple(nn.Conv2d(3, 16, 5)(torch.zeros(3, 64, 64)).shape)",
    "alexnet_parameters": "{name: count for name, count in counts.items() if count}",
    "alexnet_feature_maps": "shapes",
    "training_memory": "4 * (sum(math.prod(s) for s in shapes.values()) + 2 * sum(alexnet_parameters.values()))",
    "largest_batch": "(8 * 10**9 - 8 * sum(alexnet_parameters.values())) // (4 * sum(math.prod(s) for s in shapes.values()))",
}
# Every so many students: a wrong number that stands alone, so that no grader has partial credit or follow-through to give.
_WRONG = {"linear_parameters": (5, "12345678"), "convolution_outputs": (3, "(16, 17, 18)")}


@dataclass(frozen=True)
class Student:
    """One of the class: a notebook of the released form, and the points that it earns in any grader."""

    name: str
    notebook: Notebook
    points: int


def students(count: int) -> Iterator[Student]:
    """So many students, the same ones every time."""
    for number in range(count):
        wrong = {name: answer for name, (every, answer) in _WRONG.items() if number % every == every - 1}
        sheet = notebook(HOMEWORK, MODEL | _COMPUTED | wrong)
        sheet["cells"].insert(1, code(_SETUP.format(number=number), "setup"))
        points = sum(POINTS.values()) - sum(POINTS[name] for name in wrong)
        yield Student(f"student{number:04}", sheet, points)


def own_computing(student: Student) -> float:
    """The seconds that a student's code takes by itself, once torch is imported: what no grader can save."""
    code_cells = [cell["source"] for cell in student.notebook["cells"] if cell["cell_type"] == "code"]
    program = (
        "from time import perf_counter; import numpy, torch; torch.set_num_threads(1); started = perf_counter()\n"
        + "\n".join(code_cells)
        + "\nprint(perf_counter() - started)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return float(done.stdout.splitlines()[-1])
