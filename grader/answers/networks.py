"""A network as data: what a kernel says that it did to an input, step by step.

The JSON comes from a process in which student code ran. Every field is checked and bounded here, and steps may only point
back, so that what is worked out from them (`network_facts`, `receptive_fields`) always ends. A description can still be
forged, which gains no more than writing another network down.
"""

from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from grader.answers.torch_functions import Kind, kind_of_function
from grader.errors import Unreadable
from grader.records import JsonValue

STEPS = 5_000  # of one network; the capture code stops at less than half
SOURCES = 500  # tensors that go into one step; a dense block has 50
AXES = 8  # of one tensor
INPUT_AXES = 4  # of an example: its channels and three in space, along which torch can slide a window
LARGEST = 2**48  # a count of parameters: beyond what any computer holds
LARGEST_SIZE = 2**32  # of one axis of a tensor, in pixels or channels; an hour of sound has 2**28 samples
LARGEST_SHIFT = 10**6  # a kernel, a stride, a padding, a dilation, in pixels
NAME_LENGTH = 100  # characters
REASON_LENGTH = 300  # characters

Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
Size = Annotated[int, Field(strict=True, ge=0, le=LARGEST_SIZE)]
Positive = Annotated[int, Field(strict=True, ge=1, le=LARGEST_SHIFT)]
Shift = Annotated[int, Field(strict=True, ge=-LARGEST_SHIFT, le=LARGEST_SHIFT)]
Name = Annotated[str, Field(strict=True, max_length=NAME_LENGTH)]
Shape = Annotated[tuple[Size, ...], Field(max_length=AXES)]
Example = Annotated[tuple[Size, ...], Field(max_length=INPUT_AXES)]


class _Described(BaseModel):
    """A closed set of fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(_Described):
    """How a kernel slides over a map: one number per axis in space, in pixels."""

    kernel: Annotated[tuple[Positive, ...], Field(max_length=AXES)]
    stride: Annotated[tuple[Positive, ...], Field(max_length=AXES)]
    padding: Annotated[tuple[Shift, ...], Field(max_length=AXES)]
    """Before the first pixel; negative where pixels are cut off."""
    dilation: Annotated[tuple[Positive, ...], Field(max_length=AXES)]
    groups: Positive = 1

    @model_validator(mode="after")
    def _has_one_number_per_axis(self) -> "Window":
        if len({len(numbers) for numbers in (self.kernel, self.stride, self.padding, self.dilation)}) > 1:
            raise ValueError("as many kernels, strides, paddings and dilations")
        return self


class Step(_Described):
    """One call of a torch function."""

    function: Name
    of: Annotated[tuple[Size, ...], Field(min_length=1, max_length=SOURCES)]
    """The steps whose outputs go in, each once; 0 is the input of the network."""
    shape: Shape
    """Of the output, with the batch."""
    window: Window | None = None
    axes: Annotated[tuple[Size, ...], Field(max_length=AXES)] | None = None
    """Of a mean or the like: the axes taken away. Of a permutation: the order of the axes."""

    @cached_property
    def kind(self) -> Kind:
        """What sort of function it is."""
        return kind_of_function(self.function)


class Module(_Described):
    """A module with parameters of its own."""

    name: Name
    kind: Name
    """The name of its class."""
    parameters: Count


class Network(_Described):
    """What one forward of a network does."""

    input: Example
    """Of the example it was run on, without the batch."""
    modules: Annotated[tuple[Module, ...], Field(max_length=STEPS)]
    """Each parameter counts once, where it is met first; frozen ones count, buffers do not."""
    steps: Annotated[tuple[Step, ...], Field(max_length=STEPS)]
    """Step 1 comes first; step 0, the input, is not among them."""
    output: Size | None
    """The step whose output is the network's; None when it does not depend on the input as far as can be seen."""
    shape: Shape
    """Of the output, with the batch."""

    @model_validator(mode="after")
    def _points_back(self) -> "Network":
        if any(source >= number for number, step in enumerate(self.steps, start=1) for source in step.of):
            raise ValueError("a step that builds on a later one")
        if self.output is not None and (self.output > len(self.steps) or self.shape_of(self.output) != self.shape):
            raise ValueError("an output that no step has")
        return self

    def shape_of(self, step: int) -> tuple[int, ...]:
        """The shape of the output of a step, with the batch."""
        return self.steps[step - 1].shape if step else (1, *self.input)

    @cached_property
    def used(self) -> tuple[int, ...]:
        """The steps that the output depends on, in their order, without the input; Unreadable when they are unknown."""
        if self.output is None:
            raise Unreadable("the output could not be followed back to the input")
        needed = {self.output}
        for number in range(self.output, 0, -1):
            if number in needed:
                needed.update(self.steps[number - 1].of)
        return tuple(sorted(needed - {0}))

    @property
    def parameters(self) -> int:
        """The number of parameters."""
        return sum(module.parameters for module in self.modules)

    def __str__(self) -> str:
        """For reports, on one line."""
        return f"a network of {len(self.steps)} steps with {self.parameters:,} parameters".replace(",", " ")


class FailedNetwork(_Described):
    """A network that could not be described."""

    input: Example
    failure: Annotated[str, Field(strict=True, max_length=REASON_LENGTH)]
    """Why, in words of torch or of the capture code; hostile."""

    def __str__(self) -> str:
        """For reports, on one line."""
        shape = ", ".join(map(str, (1, *self.input)))
        return f"a network that fails on an input of shape ({shape}): {self.failure}"


def network_in(data: dict[str, JsonValue]) -> Network | FailedNetwork:
    """The network behind the fields of a tagged object; ValidationError when they make no sense."""
    fields = {name: value for name, value in data.items() if name != "t"}
    return (FailedNetwork if "failure" in fields else Network).model_validate(fields)


def as_data(network: Network) -> dict[str, JsonValue]:
    """The tagged object that a kernel would hand over for a network."""
    return {"t": "network", **network.model_dump(mode="json", exclude_unset=True)}
