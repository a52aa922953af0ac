"""How much one notebook may take. Every limit is named, has a unit and a reason, and stands here."""

from pydantic import Field, PositiveFloat, PositiveInt

from grader.records import Record


class Limits(Record):
    """What one notebook may take of time, of the machine and of the grader's memory."""

    seconds_per_cell: PositiveFloat = 60.0
    """Wall clock. Answers take milliseconds to compute; a minute leaves room for a small training run."""
    seconds_per_notebook: PositiveFloat = 300.0
    """Wall clock over all cells, so that many slow cells cannot hold up a class."""
    seconds_of_grace: PositiveFloat = 5.0
    """How long an interrupted cell may take to stop and hand over its answers, before its kernel is killed."""
    seconds_to_start: PositiveFloat = 60.0
    """From launching a kernel until it takes code. Half a second, with torch two; a cold disk takes longer."""
    memory_bytes: int = Field(default=2 * 1024**3, ge=256 * 1024**2)
    """Private memory of all processes of a kernel together. A small network trains in 150 MiB; four kernels fit into 8 GiB."""
    processes: int = Field(default=128, ge=32)
    """Processes and threads at a time. An idle kernel has 8 threads; a DataLoader with four workers adds thirty."""
    seconds_of_cpu: PositiveInt = 600
    """Processor time of each process, which systems count in whole seconds: two cores for the whole time of a notebook, so that only a runaway meets it."""
    disk_bytes: int = Field(default=256 * 1024**2, ge=1024**2)
    """Of all files that a kernel writes. A saved network of this course has less than 100 MiB."""
    files: int = Field(default=20_000, ge=100)
    """Files and folders that a kernel makes. Libraries keep some hundred in their caches."""
    open_files: int = Field(default=256, ge=100)
    """Open at a time in one process. A kernel holds about 50."""
    messages_per_cell: PositiveInt = 20_000
    """A cell that sends more ends its kernel. A progress bar over an hour sends 36 000, over the time of a cell 600."""
    bytes_received_per_cell: PositiveInt = 256 * 1024**2
    """A cell that sends more ends its kernel: many times what is kept, so that an honest cell only has its output cut."""
    output_bytes_per_cell: PositiveInt = 4 * 1024**2
    """Kept of one cell's output, as JSON. A plot has about 100 KiB."""
    output_bytes_per_notebook: PositiveInt = 20 * 1024**2
    """Kept of all outputs together, so that the record of a class of 500 stays on one disk."""
    answer_bytes_per_message: PositiveInt = 2 * 1024**2
    """The largest hand-over of answers that is read; the capture code sends none that is larger."""
    answer_bytes_per_notebook: PositiveInt = 32 * 1024**2
    """Kept of all hand-overs together."""

    def exceeded(self, name: str) -> str:
        """What a cell did that met one of the limits, in words that follow "cell 3"."""
        size = getattr(self, name, None)
        if size is None:
            return f"met a limit ({name})"
        doing = _EXCEEDED.get(name, "used too much: more than {}")
        return f"{doing.format(_bytes(size) if 'bytes' in name else f'{size:,}')} (limit {name})"


_EXCEEDED = {
    "memory_bytes": "used more than {} of memory",
    "processes": "started more than {} processes and threads",
    "seconds_of_cpu": "used more than {} s of processor time",
    "disk_bytes": "wrote more than {} to files",
    "files": "made more than {} files",
    "open_files": "opened more than {} files at a time",
    "messages_per_cell": "sent more than {} messages",
    "bytes_received_per_cell": "sent more than {}",
}


def _bytes(size: int) -> str:
    for unit, power in (("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if size >= 1 << power:
            return f"{size / (1 << power):.4g} {unit}"
    return f"{size} bytes"


MAX_TRACEBACK_CHARACTERS = 20_000
"""Of one failure. A readable traceback has 2 000; a RecursionError prints far more."""
MAX_MESSAGE_CHARACTERS = 1_000
"""Of the last line of a traceback, which reports repeat in tables."""
MAX_DEPTH = 40
"""Of a JSON value from a kernel. Eight levels of an answer's encoding are at most 24 of JSON."""
