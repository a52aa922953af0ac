import json

import pytest
from jupyter_client.session import DELIM, Session

from grader.kernels.endings import Breach
from grader.kernels.messages import Message, Signing

MANY = 300_000


def read(content: bytes) -> Message:
    session = Session(key=b"key")
    signed = [json.dumps(part).encode() for part in ({"msg_type": "stream"}, {}, {})] + [content]
    return Signing(session).read([b"", DELIM, session.sign(signed), *signed])


def test_brackets_in_texts_are_no_lists() -> None:
    texts = ["[" * MANY, '"\\', "{" * MANY, '\\"[']
    assert read(json.dumps({"texts": texts}).encode()).content == {"texts": texts}


@pytest.mark.parametrize("piece", [b"[],", b"{},", b'"\\"",[],', b'"]",[],', b'"\\\\",[],'])
def test_a_message_of_too_many_lists_is_cut(piece: bytes) -> None:
    assert read(b'{"x": [' + piece * MANY + b"0]}").cut


@pytest.mark.parametrize("end", [b"", b"\\"])
def test_a_text_without_end_is_looked_at_once_however_many_quotes_are_in_it(end: bytes) -> None:
    with pytest.raises(Breach):  # in days, if each quote in it were taken for a beginning
        read(b'"' + b'\\"[' * (4 * MANY) + end)
