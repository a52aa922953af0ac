from collections.abc import Callable
from io import StringIO
from types import SimpleNamespace

import pytest

from grader.kernels.inside_prints import cap_prints


def test_each_cell_prints_up_to_the_cap_also_when_cells_are_nested(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream(StringIO):  # unlike its base, it lets its methods be replaced
        pass

    hooks: dict[str, list[Callable[[], None]]] = {"pre_run_cell": [], "post_run_cell": []}
    out = Stream()
    monkeypatch.setattr("sys.stdout", out)
    cap_prints(SimpleNamespace(events=SimpleNamespace(register=lambda name, hook: hooks[name].append(hook))), 5)
    begin, end = hooks["pre_run_cell"][0], hooks["post_run_cell"][0]

    begin()
    out.write("abc")
    begin()
    out.write("inner")  # has what the outer cell has left
    end()
    out.write("outer")
    end()
    begin()
    out.write("next cell")
    out.write("more")
    end()
    out.write(" free")
    note = "\n[grader: output cut here, 5 characters are kept per cell]\n"
    assert out.getvalue() == f"abcin{note}next {note} free"
