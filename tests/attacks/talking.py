"""Attacks on the grader over the messages between it and a kernel: forged, malformed, too large, too many, or missing."""

from textwrap import dedent
from typing import Any

from tests.attacks.attack import (
    AFTER,
    BLANK,
    BYTES,
    CORRECT,
    DIED,
    FINE,
    INCORRECT,
    MESSAGES,
    PROTOCOL,
    TIME,
    UNREADABLE,
    Attack,
    attack,
)

_ANYTHING = (CORRECT, INCORRECT, BLANK, UNREADABLE, "did-not-run")
_BROKEN = (PROTOCOL, TIME, DIED, BYTES)
_WIRE = """
kernel = get_ipython().kernel
session, out = kernel.session, kernel.iopub_socket
cell = kernel.get_parent()

def sent(kind, content, parent=cell, header=None, key=True, metadata=b"{}"):
    parts = [session.pack(header or session.msg_header(kind)), session.pack(parent["header"]), metadata, content]
    out.send_multipart([b"x", b"<IDS|MSG>", session.sign(parts) if key else b"0" * 64, *parts])

def status(state, parent=cell):
    session.send(out, "status", {"execution_state": state}, parent=parent, ident=b"x")
"""


def _talk(number: int, name: str, what: str, cell: str, *fates: str, **more: Any) -> Attack:
    return attack(number, name, what, f"{_WIRE}\n{dedent(cell).strip()}\n", *fates, **more)


TALKING = (
    _talk(
        33, "forges_later_replies", "replies to the next cell, written before it runs",
        """
        from IPython import get_ipython
        send = session.send
        def forged(stream, kind, content=None, *more, **others):
            if kind == "execute_reply":
                content = {"status": "ok", "execution_count": 99, "payload": [], "user_expressions": {}}
            return send(stream, kind, content, *more, **others)
        session.send = forged
        """,
        FINE,
    ),
    _talk(
        33, "forges_answers", "answers handed over before and after the cell that gives them",
        """
        for variable, value in (("claim", "7"), ("after", "85"), ("nonsense", "1")):
            data = {"application/vnd.homework-answers.v1+json": {"values": {variable: {"t": "int", "v": value}}}}
            session.send(out, "display_data", {"data": data, "metadata": {}}, parent=cell, ident=b"x")
        points = {"application/vnd.homework-grade.v1+json": {"points": 1000}}
        session.send(out, "display_data", {"data": points, "metadata": {}}, parent=cell, ident=b"x")
        """,
        FINE, claim=_ANYTHING,
    ),
    _talk(34, "early_idle", "says that it is done before it prints", "status('idle')\nprint('late')\nstatus('busy')", FINE, PROTOCOL, after=_ANYTHING),
    _talk(
        34, "no_idle", "never says that it is done",
        "type(kernel)._publish_status = lambda *_, **__: None\nprint('lost')", PROTOCOL, TIME,
    ),
    _talk(
        34, "no_reply", "never replies",
        """
        send = session.send
        session.send = lambda stream, kind, *more, **others: None if kind == "execute_reply" else send(stream, kind, *more, **others)
        """,
        PROTOCOL, TIME,
    ),
    _talk(34, "twice_idle", "says a thousand times that it is done", "for _ in range(1000):\n    status('idle')", PROTOCOL),
    _talk(35, "bad_signature", "messages that are signed wrongly", "sent('stream', b'{}', key=False)", PROTOCOL),
    _talk(
        35, "forgets_its_key", "signs with another key from here on", "session.key = b'another'", PROTOCOL,
    ),
    _talk(
        35, "garbage_frames", "frames that are no message",
        """
        for frames in ([b""], [b"x"], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"0", b"{}"], [b"\\xff" * 100] * 20, [b"x"] * 1000):
            out.send_multipart(frames)
        """,
        PROTOCOL,
    ),
    _talk(
        35, "wrong_types", "messages whose fields have other types than they should",
        """
        for content in (b"[]", b"null", b"7", b'"text"', b'{"name": 1, "text": []}', b'{"name": "stdout", "text": {}}', b"{}"):
            for kind in ("stream", "display_data", "execute_result", "error", "status", "clear_output", "comm_open"):
                sent(kind, content)
        sent("display_data", b'{"data": {"text/plain": {"a": 1}, "image/png": 3, "text/html": null}, "metadata": 1}')
        sent("error", b'{"ename": [], "evalue": {}, "traceback": "text"}')
        sent("error", b'{"ename": "x", "evalue": "y", "traceback": [1, null, {}]}')
        """,
        PROTOCOL,
    ),
    _talk(
        35, "wrong_headers", "messages with strange headers",
        """
        header = session.msg_header("stream")
        text = b'{"name": "stdout", "text": "x"}'
        for name in list(header):
            sent("stream", text, header={key: value for key, value in header.items() if key != name})
            sent("stream", text, header={**header, name: {"a": []}})
        sent("../../x", text)
        sent("stream", text, header={**header, "msg_id": "../../x", "date": "never"})
        sent("stream", text, parent={"header": {}})
        sent("stream", text, parent={"header": []})
        sent("stream", text, metadata=b"[]")
        """,
        PROTOCOL,
    ),
    _talk(
        36, "deep_json", "a message nested a hundred thousand levels deep",
        "sent('display_data', b'[' * 100_000 + b']' * 100_000)", PROTOCOL,
    ),
    _talk(
        36,
        "endless_text",
        "a text without an end, with a million quotes in it",
        """sent("stream", b'"' + b'\\\\"[' * 1_200_000)""",
        FINE,
        PROTOCOL,
    ),
    _talk(
        36, "deep_json_in_data", "data nested a thousand levels deep",
        """
        deep = b'{"a":' * 900 + b"1" + b"}" * 900
        sent("display_data", b'{"data": {"text/plain": ' + deep + b'}, "metadata": {}}')
        answers = b'{"application/vnd.homework-answers.v1+json": {"values": {"claim": ' + deep + b"}}}"
        sent("display_data", b'{"data": ' + answers + b', "metadata": {}}')
        """,
        FINE, claim=_ANYTHING,
    ),
    _talk(
        36, "odd_numbers", "numbers of five thousand digits, infinities, and what is no number",
        """
        sent("display_data", b'{"data": {"text/plain": ' + b"9" * 5000 + b'}, "metadata": {}}')
        for value in (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 4000):
            answers = b'{"application/vnd.homework-answers.v1+json": {"values": {"claim": {"t": "int", "v": ' + value + b"}}}}"
            sent("display_data", b'{"data": ' + answers + b', "metadata": {}}')
        """,
        PROTOCOL, claim=_ANYTHING,
    ),
    _talk(
        36, "odd_text", "half characters, zeros, text that runs backwards, commands for terminals",
        """
        for text in (b"\\\\ud800", b"\\\\u0000", b"\\\\u202e", b"\\\\u001b[2J\\\\u001b]0;title\\\\u0007", b"\\\\udfff\\\\ud800" * 1000):
            sent("stream", b'{"name": "stdout", "text": "' + text + b'"}')
            sent("error", b'{"ename": "' + text + b'", "evalue": "' + text + b'", "traceback": ["' + text + b'"]}')
            sent("display_data", b'{"data": {"text/html": "' + text + b'"}, "metadata": {}}')
        sent("stream", b'{"name": "stdout", "text": "\\xff\\xfe"}')
        """,
        FINE,
    ),
    _talk(37, "huge_frame", "a message of 100 MB", "sent('stream', b'x' * 10**8)", BYTES, TIME, loud=True),
    _talk(
        37, "many_large_frames", "a hundred messages of 20 MB",
        """
        filled = b'{"name": "stdout", "text": "' + b"x" * (20 * 2**20) + b'"}'
        for _ in range(100):
            sent("stream", filled)
        """,
        BYTES, TIME, MESSAGES, "error MemoryError", "died memory_bytes", loud=True,
    ),
    _talk(
        37, "half_a_frame", "the beginning of a message of 2^62 bytes, on every socket that it has",
        """
        for name in os.listdir("/proc/self/fd"):
            try:
                with socket.socket(fileno=os.dup(int(name))) as sock:
                    if sock.family == socket.AF_UNIX and sock.type == socket.SOCK_STREAM:
                        sock.send(b"\\x02" + (2**62).to_bytes(8, "big") + b"x" * 100)
            except OSError:
                pass
        """,
        PROTOCOL, TIME,
    ),
    _talk(
        39, "rewrites_output", "what an earlier cell has shown, changed or cleared",
        """
        from IPython.display import clear_output, update_display
        update_display("rewritten", display_id="shown")
        clear_output()
        for channel in ("update_display_data", "clear_output"):
            session.send(out, channel, {"data": {"text/plain": "rewritten"}, "transient": {"display_id": "shown"}, "wait": False})
        """,
        FINE, around=("before = 51\nfrom IPython.display import display\nshown = display('as it was', display_id='shown')", AFTER),
    ),
    _talk(
        39, "opens_comms", "widgets and channels of their own",
        """
        for kind in ("comm_open", "comm_msg", "comm_close"):
            content = {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {"_model_name": "x"}, "method": "update"}}
            session.send(out, kind, content, parent=cell, ident=b"x")
        """,
        FINE,
    ),
    attack(
        41, "breaks_json", "json.loads replaced", "import json\njson.loads = lambda *_, **__: {}\njson.dumps = lambda *_, **__: '{}'",
        FINE, *_BROKEN,
    ),
    attack(
        41, "breaks_builtins", "len, isinstance and type replaced",
        "import builtins\nbuiltins.len = lambda _: 3\nbuiltins.isinstance = lambda *_: True\nbuiltins.type = lambda *_: int",
        FINE, *_BROKEN,
    ),
    attack(
        41, "breaks_modules", "every module replaced, and imports with them",
        """
        import builtins
        for name in list(sys.modules):
            if name.split(".")[0] in ("json", "zmq", "IPython", "ipykernel", "base64", "math", "decimal"):
                sys.modules[name] = None
        builtins.__import__ = lambda *_, **__: None
        """,
        FINE, *_BROKEN,
    ),
    attack(
        42, "replaces_run_cell", "what runs cells replaced",
        """
        shell = get_ipython()
        shell.run_cell = lambda *_, **__: None
        shell.run_cell_async = None
        shell.displayhook = shell.display_formatter = None
        shell.kernel.do_execute = lambda *_, **__: {"status": "ok"}
        """,
        FINE, *_BROKEN, "error TypeError", "error AttributeError", after=_ANYTHING,
    ),
    attack(
        42, "replaces_capture", "the code that hands over answers found and changed to hand over right ones",
        """
        for hook in get_ipython().events.callbacks["post_run_cell"]:
            owner = getattr(hook, "__self__", None)
            if hasattr(owner, "changed"):
                owner.changed = lambda *_: {"claim": {"t": "int", "v": "7"}, "points": {"t": "int", "v": "1000"}}
        """,
        FINE, claim=_ANYTHING, after=_ANYTHING,
    ),
    attack(
        43, "repr_raises", "a result whose text cannot be had",
        "class Raises:\n    def __repr__(self):\n        raise BaseException('no text')\nRaises()", FINE, DIED, "error BaseException",
    ),
    attack(
        43, "repr_loops", "a result whose text takes for ever",
        "class Loops:\n    def __repr__(self):\n        while True:\n            pass\nLoops()", TIME,
    ),
    attack(
        43, "repr_is_no_text", "a result whose texts are no text",
        """
        class Odd:
            def __repr__(self):
                return 7
            def _repr_mimebundle_(self, **_):
                return {"text/plain": 7, 8: "x", "image/png": [], "text/html": {"a": object()}}
        Odd()
        """,
        FINE, *_BROKEN, "error TypeError", "error ValueError",
    ),
)  # fmt: skip
"""Rows 33 to 43."""
