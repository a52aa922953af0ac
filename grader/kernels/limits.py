"""How much one notebook may take. Every limit is named, has a unit and a reason, and stands here."""

from pydantic import ConfigDict, PositiveFloat, PositiveInt

from grader.records import Record


class Limits(Record):
    """What one notebook may take of time and of the grader's memory."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    seconds_per_cell: PositiveFloat = 60.0
    """Wall clock. Answers take milliseconds to compute; a minute leaves room for a small training run."""
    seconds_per_notebook: PositiveFloat = 300.0
    """Wall clock over all cells, so that many slow cells cannot hold up a class."""
    seconds_of_grace: PositiveFloat = 5.0
    """How long an interrupted cell may take to stop and hand over its answers, before its kernel is killed."""
    seconds_to_start: PositiveFloat = 60.0
    """From launching a kernel until it takes code. Half a second, with torch two; a cold disk takes longer."""
    output_bytes_per_cell: PositiveInt = 4 * 1024**2
    """Kept of one cell's output, as JSON. A plot has about 100 KiB."""
    output_bytes_per_notebook: PositiveInt = 20 * 1024**2
    """Kept of all outputs together, so that the record of a class of 500 stays on one disk."""
    answer_bytes_per_message: PositiveInt = 2 * 1024**2
    """The largest hand-over of answers that is read; the capture code sends none that is larger."""
    answer_bytes_per_notebook: PositiveInt = 32 * 1024**2
    """Kept of all hand-overs together."""
    message_bytes: PositiveInt = 24 * 1024**2
    """The largest frame that is accepted from a kernel: above matplotlib's 20 MB for an animation, and safe to parse."""


MAX_TRACEBACK_CHARACTERS = 20_000
"""Of one failure. A readable traceback has 2 000; a RecursionError prints far more."""
MAX_MESSAGE_CHARACTERS = 1_000
"""Of the last line of a traceback, which reports repeat in tables."""
MAX_DEPTH = 40
"""Of a JSON value from a kernel. Eight levels of an answer's encoding are at most 24 of JSON."""
