"""Boxes that only a clue opens: scrypt makes each guess cost time and memory, AES-GCM keeps what is inside."""

import json
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from grader.checks.clues import Clue
from grader.selfcheck.keys.sealed import Cost

SALT_BYTES = 16
KEY_BYTES = 32
_ID_BYTES = 16
_NONCE_BYTES = 12
_MOST_THREADS = 4
_MOST_BYTES = 128 * 1024**2
"""Of memory for guesses at a time, beside what a student computes."""
_REMEMBERED = 4096
"""Guesses of one session: a student checks the same answers again and again."""


def fresh_salt() -> bytes:
    """Random bytes for one part, so that no work on one is of use for another."""
    return os.urandom(SALT_BYTES)


def fresh_key() -> bytes:
    """A random key."""
    return os.urandom(KEY_BYTES)


@lru_cache(_REMEMBERED)
def stretched(clue: Clue, salt: bytes, cost: Cost) -> tuple[bytes, bytes]:
    """The id of the entry that a clue opens, and its key.

    Args:
        clue: what is guessed.
        salt: of its part.
        cost: of this one guess.
    """
    secret = json.dumps([clue.item, clue.text]).encode()
    made = Scrypt(salt=salt, length=_ID_BYTES + KEY_BYTES, n=cost.n, r=cost.r, p=cost.p).derive(secret)
    return made[:_ID_BYTES], made[_ID_BYTES:]


def all_stretched(clues: Iterable[Clue], salt: bytes, cost: Cost) -> dict[Clue, tuple[bytes, bytes]]:
    """The same for many clues, several at a time."""
    each = list(dict.fromkeys(clues))
    with ThreadPoolExecutor(_threads(cost)) as pool:
        return dict(zip(each, pool.map(lambda clue: stretched(clue, salt, cost), each), strict=True))


def _threads(cost: Cost) -> int:
    """As many as there are processors for this process, but few: each takes its memory, of which a notebook may have little."""
    own = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(own, _MOST_THREADS, _MOST_BYTES // cost.memory))


def box(key: bytes, content: bytes) -> bytes:
    """JSON under a key: nonce and ciphertext, as long as the text is."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, None)


def padded(contents: Iterable[Any]) -> list[bytes]:
    """Contents as JSON texts of one length, so that the length of a box tells nothing."""
    texts = [json.dumps(content).encode() for content in contents]
    return [text.ljust(max(map(len, texts))) for text in texts]


def decoy(length: int) -> tuple[bytes, bytes]:
    """The id and the box of an entry that nothing opens.

    Args:
        length: of the boxes that it stands among.
    """
    return os.urandom(_ID_BYTES), os.urandom(length)


def unbox(key: bytes, boxed: bytes) -> Any:
    """What is in a box; None if it is damaged, or the key is another's."""
    try:
        return json.loads(AESGCM(key).decrypt(boxed[:_NONCE_BYTES], boxed[_NONCE_BYTES:], None))
    except (InvalidTag, ValueError):
        return None
