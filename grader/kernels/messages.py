"""A kernel's messages as claims: a kind, the request that it answers, and a content whose fields may be anything.

Every way in which a message can be wrong ends in `Breach`. What would take many times its size in memory is not parsed.
"""

import json
import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from jupyter_client.session import DELIM, Session

from grader.kernels.endings import Breach
from grader.kernels.wire import Parts

_MAX_CONTAINERS = 250_000
"""Lists and objects in a message. Three bytes of empty ones take 72 in memory; the largest hand-over of answers has 100 000."""
_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.?)*+"?', re.DOTALL)
"""A text that does not end matches as well: else each quote in it would be looked at up to the end, for days."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    kind: str
    parent: str
    """The id of the request that it belongs to; "" if it says none."""
    content: dict[str, Any]
    cut: bool = False
    """Whether the content was too large to be read, and is empty instead."""


class Signing:
    """Writes and reads messages of one kernel.

    Args:
        session: of the kernel's manager; its key is known to the kernel as well.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def request(self, kind: str, content: dict[str, Any]) -> tuple[str, list[bytes]]:
        """The id and the frames of a request; the id cannot be foreseen, so that no reply can be sent in advance."""
        message = self._session.msg(kind, content)
        message["header"] |= {"msg_id": token_hex(16), "username": ""}  # whose grader this is concerns no kernel
        return message["header"]["msg_id"], self._session.serialize(message)

    def read(self, parts: Parts) -> Message:
        """The message in some frames.

        Raises:
            Breach: there is none, or it is not signed with the kernel's key.
        """
        try:
            return self._read(parts)
        except Breach:
            raise
        except (ValueError, RecursionError, LookupError, TypeError) as error:
            raise Breach(f"sent what cannot be read ({type(error).__name__})") from error

    def _read(self, parts: Parts) -> Message:
        signature, *signed = parts[parts.index(DELIM) + 1 :][:5]
        header, parent, _, content = signed
        whole = [part for part in signed if part is not None]
        if len(whole) == len(signed) and self._session.sign(whole) != signature:
            raise Breach("sent a message that is not signed with its key")
        cut = content is None or _has_too_many_containers(content)
        return Message(
            kind=_text(_object(header)["msg_type"]),
            parent=_text(_object(parent).get("msg_id", "")),
            content={} if cut else _object(content),
            cut=cut,
        )


def _object(part: bytes | None) -> dict[str, Any]:
    if part is None:
        raise Breach("sent a message with too long a header")
    value = json.loads(part.decode("utf-8", "replace"))  # Jupyter sends bytes that are no text as they are
    if not isinstance(value, dict):
        raise Breach("sent a message that is no object")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Breach("sent a message whose header has no text where it should")
    return value


def _has_too_many_containers(part: bytes) -> bool:
    if part.count(b"[") + part.count(b"{") <= _MAX_CONTAINERS:
        return False
    plain = _TEXTS.sub(b"", part)
    return plain.count(b"[") + plain.count(b"{") > _MAX_CONTAINERS
