"""Sign what a browser brings back later: addresses of scans, tickets of the review line."""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from functools import lru_cache
from pathlib import Path

from app.workspace import workspace
from review_db.errors import ReviewDbError

KEY_BYTES = 32
SIGNATURE_DIGITS = 32


def signature(purpose: str, *parts: object) -> str:
    """Hexadecimal signature of some parts under this workspace's key; one made for another purpose differs."""
    message = "\n".join([purpose, *map(str, parts)]).encode()
    return hmac.new(_key(workspace().scan_key), message, hashlib.sha256).hexdigest()[:SIGNATURE_DIGITS]


def is_signature(given: str, purpose: str, *parts: object) -> bool:
    """Whether `given` is the signature of these parts; takes as long for a wrong one as for a right one."""
    return hmac.compare_digest(given.encode(), signature(purpose, *parts).encode())


@lru_cache(maxsize=4)
def _key(path: Path) -> bytes:
    """The signing key, made at first use; only its owner can read the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _key_of_another_process(path)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(os.urandom(KEY_BYTES))
    return path.read_bytes()


def _key_of_another_process(path: Path) -> bytes:
    for _ in range(50):
        if len(key := path.read_bytes()) >= KEY_BYTES:
            return key
        time.sleep(0.02)
    raise ReviewDbError(f"{path} is not a whole key", "delete this file and start again")
