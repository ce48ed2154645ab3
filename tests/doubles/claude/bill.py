"""What the double charges: the truth about money, kept apart from everything that the product writes."""

import json
import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any


class Bill:
    """Every charged request, appended and synced to a file of the double's own."""

    def __init__(self, path: Path) -> None:
        self._file, self._lock = path.open("a+b"), threading.Lock()
        self.path = path

    def charge(self, entry: dict[str, Any]) -> None:
        """Write one line and make sure that it is on the disk before the reply leaves."""
        with self._lock:
            self._file.write(json.dumps(entry).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def entries(self) -> list[dict[str, Any]]:
        """All that was ever charged."""
        return [json.loads(line) for line in self.path.read_bytes().splitlines()]

    def times(self) -> Counter[str]:
        """How often each request, known by its hash, was charged."""
        return Counter(entry["hash"] for entry in self.entries())
