import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import BadNotebook
from grader.notebooks import MAX_CELLS, MAX_FILE_BYTES, Cell, Notebook, clean_text, read_notebook
from tests.written_homework import png, text

CODE: dict[str, Any] = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": [], "execution_count": None}


def written(folder: Path, content: bytes | str | Any) -> Path:
    path = folder / "homework.ipynb"
    if isinstance(content, str):
        content = content.encode()
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def notebook(*cells: Any, **fields: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | fields


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        ("print('hello')", "not JSON"),
        (b"\x80\x81\xff", "not JSON"),
        ("[" * 300_000, "nested too deeply"),
        ('{"a":' * 300_000, "nested too deeply"),
        ('{"nbformat": 4, "cells": ' + "9" * 5000 + "}", "not JSON"),
        (b"x" * (MAX_FILE_BYTES + 1), "too large"),
        ([], "a list"),
        ("null", "null"),
        ("3.5", "a number"),
        ({"cells": []}, "nbformat is null"),
        (notebook(nbformat="4"), "nbformat is text"),
        (notebook(nbformat=True), "nbformat is true or false"),
        ({"nbformat": 3, "worksheets": []}, "too old"),
        ({"nbformat": 2}, "too old"),
        (notebook(nbformat=99), "newer than nbformat 4"),
        (notebook(cells={}), "an object, not a list"),
        (notebook(cells=None), "null, not a list"),
        (notebook(CODE, None), "cell 2 is null"),
        (notebook(CODE | {"source": 3}), "cell 1 has a number as its source"),
        (notebook(CODE | {"source": {}}), "cell 1 has an object as its source"),
        (notebook(CODE | {"source": ["x", 1]}), "cell 1 has a list as its source"),
        (notebook(*[CODE] * (MAX_CELLS + 1)), f"more than {MAX_CELLS}"),
        (notebook(metadata={"kernelspec": {"language": "R"}}), "notebook in r, not in Python"),
        (notebook(metadata={"language_info": {"name": "julia"}}), "notebook in julia"),
    ],
)
def test_what_is_no_notebook_is_refused_with_file_and_reason(tmp_path: Path, content: Any, reason: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(BadNotebook) as refused:
        read_notebook(path)
    message = str(refused.value)
    assert message.startswith(f"{path}: ")
    assert reason in message
    assert ";" in message  # the remedy follows


def test_an_old_notebook_is_to_be_saved_in_a_current_jupyter(tmp_path: Path) -> None:
    with pytest.raises(BadNotebook, match="open and save it in a current Jupyter"):
        read_notebook(written(tmp_path, {"nbformat": 3, "worksheets": []}))


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "missing", tmp_path / "pipe", Path("/dev/zero"), Path("nul\0")):
        with pytest.raises(BadNotebook):
            read_notebook(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path, encoding: str) -> None:
    text = json.dumps(notebook(CODE | {"source": "größe = 1"}), ensure_ascii=False)
    assert read_notebook(written(tmp_path, text.encode(encoding))).cells[0].source == "größe = 1"


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (CODE, Cell("code", "x = 1")),
        (CODE | {"source": ["x = 1\n", "y = 2"]}, Cell("code", "x = 1\ny = 2")),
        ({"cell_type": "code"}, Cell("code", "")),
        ({"cell_type": "markdown", "source": "# T"}, Cell("markdown", "# T")),
        ({"cell_type": "exec", "source": "x"}, Cell("raw", "x")),
        ({"cell_type": ["code"], "source": "x"}, Cell("raw", "x")),
        (CODE | {"source": "a\ud800b\0"}, Cell("code", "a\ufffdb\ufffd")),
        (CODE | {"id": "answer-3_b"}, Cell("code", "x = 1", "answer-3_b")),
        (CODE | {"metadata": {"id": "Qk3_fw"}}, Cell("code", "x = 1", "Qk3_fw")),
        (CODE | {"id": "own", "metadata": {"id": "colab"}}, Cell("code", "x = 1", "own")),
        (CODE | {"id": "../../x", "metadata": {"id": "colab"}}, Cell("code", "x = 1", "colab")),
        (CODE | {"id": "x" * 65}, Cell("code", "x = 1")),
        (CODE | {"id": 7, "metadata": []}, Cell("code", "x = 1")),
    ],
)
def test_a_cell_is_reduced_to_kind_source_and_safe_id(tmp_path: Path, cell: Any, read: Cell) -> None:
    assert read_notebook(written(tmp_path, notebook(cell))).cells == (read,)


@pytest.mark.parametrize(
    ("metadata", "homework"),
    [
        ({"grader": {"homework": "hw1"}}, "hw1"),
        ({"grader": {"homework": "x" * 65}}, None),
        ({"grader": {"homework": 1}}, None),
        ({"grader": []}, None),
        ([], None),
    ],
)
def test_the_homework_is_kept_if_it_is_a_short_text(tmp_path: Path, metadata: Any, homework: str | None) -> None:
    assert read_notebook(written(tmp_path, notebook(metadata=metadata))).homework == homework


def test_a_python_notebook_with_a_strange_kernel_is_accepted(tmp_path: Path) -> None:
    strange = {"kernelspec": {"name": "bash", "language": "R"}, "language_info": {"name": "python"}}
    for metadata in (strange, {"kernelspec": {"name": "ir", "language": "my env"}}):
        assert read_notebook(written(tmp_path, notebook(CODE, metadata=metadata))).cells


def test_what_could_steer_the_run_is_dropped(tmp_path: Path) -> None:
    steering = CODE | {"id": "x", "metadata": {"tags": ["skip-execution"]}, "outputs": [{"output_type": "stream"}]}
    node = read_notebook(written(tmp_path, notebook(steering, CODE | {"id": "x"}))).as_node()
    nbformat.validate(node)
    assert [cell.id for cell in node.cells] == ["cell-0", "cell-1"]
    assert all(cell.outputs == [] and cell.metadata == {} for cell in node.cells)
    assert node.metadata == {"language_info": {"name": "python"}}


def test_any_kinds_of_cells_make_a_valid_notebook() -> None:
    cells = (Cell("code", "1"), Cell("markdown", "m"), Cell("raw", "r"))
    node = Notebook(cells).as_node()
    nbformat.validate(node)
    assert (node.nbformat, node.nbformat_minor) == (4, 5)
    assert [cell.cell_type for cell in node.cells] == ["code", "markdown", "raw"]


def test_pictures_are_read_only_where_they_are_wanted_and_never_run(tmp_path: Path) -> None:
    inside = f"See ![x](data:image/png;base64,{text(png(40, 40))})"
    words = {"cell_type": "markdown", "source": inside, "attachments": {"a.png": {"image/png": text(png())}}}
    path = written(tmp_path, notebook(words, CODE | {"attachments": words["attachments"]}))
    without, full = read_notebook(path), read_notebook(path, pictures=True)
    assert [len(cell.attached.pictures) for cell in without.cells] == [0, 0]
    assert [len(cell.attached.pictures) for cell in full.cells] == [2, 0]
    assert [cell.source for cell in full.cells] == [cell.source for cell in without.cells]
    assert full.cells[0].source == "See ![x](attachment:picture)"
    assert full.as_node() == without.as_node()
    assert "iVBOR" not in json.dumps(full.as_node())


def test_data_of_pictures_in_code_is_code(tmp_path: Path) -> None:
    source = f'x = "data:image/png;base64,{text(png(40, 40))}"'
    assert read_notebook(written(tmp_path, notebook(CODE | {"source": source}))).cells[0].source == source


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["nbformat", "cells", "metadata", "source", "id", "cell_type", "kernelspec", "attachments", "image/png"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)
in_one_folder = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@in_one_folder
@given(root=JSON, cells=JSON)
def test_any_json_is_a_notebook_or_refused(tmp_path: Path, root: Any, cells: Any) -> None:
    for content in (root, notebook(cells), notebook(cells=cells), notebook(metadata=cells)):
        with suppress(BadNotebook):
            nbformat.validate(read_notebook(written(tmp_path, json.dumps(content)), pictures=True).as_node())


@in_one_folder
@given(content=st.binary(max_size=60))
def test_any_bytes_are_a_notebook_or_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadNotebook):
        read_notebook(written(tmp_path, content))


# What json.dumps would not write, yet json.loads may read.
ODD_JSON = st.sampled_from(
    [
        "NaN",
        "-Infinity",
        "1e999",
        "9" * 4000,
        "9" * 5000,
        '"\\ud800"',
        '"\\u0000"',
        '"\\u202e../x"',
        '{"a": 1, "a": []}',
        "",
        "]",
    ]
) | st.sampled_from([10, 500, 900, 990, 1000, 5000]).flatmap(
    lambda depth: st.sampled_from(["[" * depth + "]" * depth, '{"id":' * depth + "1" + "}" * depth])
)
TEMPLATE = (
    '{"nbformat": 3, "nbformat": 4, "metadata": %s, "cells": [{"cell_type": "markdown", "source": "x", "source": %s, '
    '"id": %s, "metadata": {"id": %s}, "attachments": {"a.png": %s}}], "more": %s}'
)


@in_one_folder
@given(
    values=st.lists(ODD_JSON | JSON.map(json.dumps), min_size=6, max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"]),
)
def test_what_json_hardly_allows_is_read_or_refused(tmp_path: Path, values: list[str], encoding: str) -> None:
    content = (TEMPLATE % tuple(values)).encode(encoding)
    with suppress(BadNotebook):
        nbformat.validate(read_notebook(written(tmp_path, content), pictures=True).as_node())


@in_one_folder
@given(st.data())
def test_a_damaged_notebook_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    sound = bytearray(json.dumps(notebook(CODE, {"cell_type": "markdown", "source": ["# T"]})).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(sound)))
        sound[start : start + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    with suppress(BadNotebook):
        nbformat.validate(read_notebook(written(tmp_path, bytes(sound))).as_node())


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_text_can_be_encoded_and_is_clean_already(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned
    if "\0" not in text and not any(0xD800 <= ord(character) < 0xE000 for character in text):
        assert cleaned == text
