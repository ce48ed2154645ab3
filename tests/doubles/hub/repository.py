"""A dataset repository in memory: commits that never change, branches, tags, large files by their hash."""

import fnmatch
import hashlib
import itertools
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.doubles.hub.wire import Refusal

GIT_ATTRIBUTES = "".join(
    f"*.{suffix} filter=lfs diff=lfs merge=lfs -text\n"
    for suffix in ("7z", "arrow", "bin", "gz", "parquet", "zip", "zst", "jpg", "jpeg", "png", "tif", "tiff", "webp")
).encode()
LARGE_BYTES = 10 * 1024 * 1024
FIRST_COMMIT = itertools.count(1)


class Blob(NamedTuple):
    """A file of a commit; `sha256` is set for a large file, whose bytes lie in the large file store."""

    content: bytes
    sha256: str | None = None

    @property
    def oid(self) -> str:
        """The id that git gives it: of a large file's pointer, else of its bytes."""
        return git_hash(pointer(self.sha256, len(self.content)) if self.sha256 else self.content)


class Commit(NamedTuple):
    """One state of all files."""

    oid: str
    parent: str | None
    title: str
    author: str
    tree: dict[str, Blob]


def git_hash(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def pointer(sha256: str, size: int) -> bytes:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


@dataclass
class Repository:
    """One dataset repository; every change of `branches` is one whole commit."""

    name: str
    private: bool
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        return self.name.partition("/")[0]

    def begin(self, author: str) -> None:
        """The first commit, which the Hub makes by itself."""
        self.branches["main"] = self.add_commit(
            None, "initial commit", author, {".gitattributes": Blob(GIT_ATTRIBUTES)}
        )

    def add_commit(self, parent: str | None, title: str, author: str, tree: dict[str, Blob]) -> str:
        oid = hashlib.sha1(f"{self.name} {parent} {title} {next(FIRST_COMMIT)}".encode()).hexdigest()
        self.commits[oid] = Commit(oid, parent, title, author, dict(tree))
        return oid

    def at(self, revision: str) -> Commit:
        """The commit that a branch, tag, full or short commit id names."""
        found = self.branches.get(revision) or self.tags.get(revision)
        if found is None and len(revision) >= 7:
            found = next((oid for oid in self.commits if oid.startswith(revision)), None)
        if found is None:
            raise Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return self.commits[found]

    def files(self, revision: str = "main") -> dict[str, bytes]:
        """Path -> bytes; what a clone of the repository holds."""
        return {path: blob.content for path, blob in self.at(revision).tree.items()}

    def wants_large(self, path: str, size: int, sample: bytes) -> bool:
        """Whether a file has to be uploaded to the large file store: by .gitattributes, by size, or as binary."""
        attributes = self.at("main").tree.get(".gitattributes", Blob(b"")).content.decode()
        patterns = [line.split()[0] for line in attributes.splitlines() if "filter=lfs" in line]
        name = path.rpartition("/")[2]
        return any(fnmatch.fnmatch(name, each) for each in patterns) or size > LARGE_BYTES or b"\0" in sample
