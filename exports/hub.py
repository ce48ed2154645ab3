"""One dataset repository on the Hugging Face Hub: what is there, and the few ways in which we change it.

The token comes from HF_TOKEN or the cached login at each use and is kept nowhere; no message ever holds it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exports.errors import HubConflictError, PublishError

KIND = "dataset"
MAIN = "main"
BATCH_FILES = 64
BATCH_BYTES = 128 * 1024 * 1024
SILENCE_SECONDS = 120.0  # the client itself would wait for ever
_PART = re.compile(r"\w(?:[\w.-]{0,94}\w)?", re.ASCII)
_TOKEN = re.compile(r"\bhf_\w{8,}|\bBearer \S+")
_LATER = "what was uploaded is kept: the same command goes on from there"
_LOG_IN = "log in with `hf auth login`, or set HF_TOKEN to a token that may write"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that is there: bytes, git's id of it, and its sha256 where it lies in the store for large files."""

    size: int
    git_oid: str
    sha256: str | None

    def holds(self, file: LocalFile) -> bool:
        """Whether it has the bytes of a file of ours."""
        if self.size != file.size:
            return False
        return self.sha256 == file.sha256 if self.sha256 else self.git_oid == file.git_oid()


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file to send: its bytes lie on the disk, or in `text` for what is made on the spot."""

    size: int
    sha256: str
    file: Path | None = None
    text: bytes = b""

    def git_oid(self) -> str:
        """The id that git gives to such bytes."""
        content = self.file.read_bytes() if self.file else self.text
        return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class RemoteState:
    """What the Hub says of a repository; `head` is the newest commit of main."""

    private: bool
    head: str


@dataclass(slots=True)
class HubRepository:
    """Talks to the Hub about one dataset repository. Every method raises PublishError with a hint."""

    name: str
    _additions: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where people look at it."""
        return f"{_endpoint()}/datasets/{self.name}"

    def has_token(self) -> bool:
        """Whether this machine has a token of the Hub."""
        with _client(self.name) as hub:
            return hub.get_token() is not None

    def look(self) -> RemoteState | None:
        """The repository as it is now; None where there is none, or none that this token may see."""
        with _client(self.name) as hub:
            try:
                found = hub.api.dataset_info(self.name, timeout=SILENCE_SECONDS)
            except hub.RepositoryNotFoundError:
                return None
            return RemoteState(found.private is not False, str(found.sha))

    def files(self, revision: str) -> dict[str, RemoteFile]:
        """Every file of a revision, by path."""
        with _client(self.name) as hub:
            tree = hub.api.list_repo_tree(self.name, recursive=True, revision=revision, repo_type=KIND)
            return {
                each.path: RemoteFile(each.size, each.blob_id, each.lfs.sha256 if each.lfs else None)
                for each in tree
                if isinstance(each, hub.RepoFile)
            }

    def read(self, path: str, revision: str) -> bytes:
        """The bytes of one small file."""
        with _client(self.name) as hub:
            return hub.read(self.name, path, revision)

    def tags(self) -> dict[str, str]:
        """Tag -> commit."""
        with _client(self.name) as hub:
            refs = hub.api.list_repo_refs(self.name, repo_type=KIND)
            return {tag.name: tag.target_commit for tag in refs.tags}

    def create(self, *, private: bool) -> None:
        """Make the repository; one that is there already stays as it is."""
        with _client(self.name) as hub:
            hub.api.create_repo(self.name, repo_type=KIND, private=private, exist_ok=True)

    def upload(self, files: dict[str, LocalFile], advance: Callable[[int, str], None]) -> None:
        """Send the bytes of large files ahead of the commit that names them; those already there are not sent.

        `advance` gets (number of files, last path) after each batch.
        """
        for batch in batches(files):
            with _client(self.name) as hub:
                made = {path: hub.CommitOperationAdd(path, file.file or file.text) for path, file in batch.items()}
                for path, operation in made.items():
                    operation.upload_info.sha256 = bytes.fromhex(files[path].sha256)
                hub.api.preupload_lfs_files(self.name, made.values(), repo_type=KIND, revision=MAIN, free_memory=False)
            self._additions |= made
            advance(len(batch), next(reversed(batch)))

    def commit(self, message: str, deleted: Iterable[str], parent: str) -> str:
        """Make all that was uploaded and `deleted` one commit on main; returns its id.

        Raises HubConflictError when main is no longer at `parent`.
        """
        with _client(self.name) as hub:
            operations = [*self._additions.values(), *(hub.CommitOperationDelete(path) for path in deleted)]
            self._additions = {}
            made = hub.api.create_commit(
                self.name, operations, commit_message=message, repo_type=KIND, revision=MAIN, parent_commit=parent
            )
            return str(made.oid)

    def tag(self, tag: str, revision: str) -> None:
        """Name a commit for ever; a tag that is there already stays where it is."""
        with _client(self.name) as hub:
            hub.api.create_tag(self.name, tag=tag, revision=revision, repo_type=KIND, exist_ok=True)

    def make_public(self) -> None:
        """Let everybody see it."""
        with _client(self.name) as hub:
            hub.api.update_repo_settings(self.name, private=False, repo_type=KIND)


def batches(files: dict[str, LocalFile]) -> Iterator[dict[str, LocalFile]]:
    """`files` in their order, a bounded number of files and bytes at a time."""
    batch: dict[str, LocalFile] = {}
    for path, file in files.items():
        if batch and (len(batch) == BATCH_FILES or sum(f.size for f in batch.values()) + file.size > BATCH_BYTES):
            yield batch
            batch = {}
        batch[path] = file
    if batch:
        yield batch


def check_name(name: str) -> str:
    """`name` if it is owner/name as the Hub takes it. Raises PublishError."""
    owner, slash, own = name.partition("/")
    sound = slash and all(_PART.fullmatch(part) for part in (owner, own)) and not own.endswith(".git")
    if not sound or "--" in name or ".." in name:
        raise PublishError(f"{name!r} is no repository of the Hub", "name it as owner/name, e.g. my-name/my-manual")
    return name


def _endpoint() -> str:
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")


class _Library:
    """The client library, brought in at the first use: it takes a while to load."""

    def __init__(self) -> None:
        elsewhere = bool(os.environ.get("HF_ENDPOINT"))
        if elsewhere:  # a mirror rarely has the newer storage protocol, and the client does not fall back
            os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
        import huggingface_hub as library
        from huggingface_hub import constants, errors, hf_api, utils

        if elsewhere and os.environ["HF_HUB_DISABLE_XET"] == "1":
            constants.HF_HUB_DISABLE_XET = True
        self._utils: Any = utils
        self._utils.disable_progress_bars()
        self._utils.logging.set_verbosity_error()  # what it logs of its own attempts names signed addresses
        self.api = library.HfApi(endpoint=_endpoint())
        self.get_token = library.get_token
        self.RepoFile = hf_api.RepoFile
        self.CommitOperationAdd, self.CommitOperationDelete = library.CommitOperationAdd, library.CommitOperationDelete
        self.RepositoryNotFoundError, self.HTTPError = errors.RepositoryNotFoundError, errors.HfHubHTTPError
        self._library = library

    def wait_no_longer(self) -> None:
        """Bound the silence that the client puts up with, which by itself is endless."""
        self._utils.get_session().timeout = SILENCE_SECONDS

    def read(self, name: str, path: str, revision: str) -> bytes:
        """One file's bytes, past the client's own cache."""
        address = self._library.hf_hub_url(name, path, repo_type=KIND, revision=revision, endpoint=_endpoint())
        answer = self._utils.http_backoff("GET", address, headers=self._utils.build_hf_headers())
        self._utils.hf_raise_for_status(answer)
        return bytes(answer.content)


@contextmanager
def _client(name: str) -> Iterator[_Library]:
    """The client; whatever goes wrong with it becomes a PublishError of one sentence and a hint."""
    hub = _Library()
    hub.wait_no_longer()
    try:
        yield hub
    except PublishError:
        raise
    except Exception as error:
        found = error.__cause__ if isinstance(error, RuntimeError) and error.__cause__ else error
        if isinstance(found, hub.HTTPError):
            raise _refused(name, found.response.status_code, str(found)) from None
        if isinstance(found, (OSError, ValueError)) or type(found).__module__.startswith(("httpx", "httpcore")):
            raise _failed(name, found) from None
        raise


_REFUSALS = {
    401: ("the Hub does not accept the token, or {name} cannot be seen with it", _LOG_IN),
    402: ("the Hub asks for payment before it takes {name}", "see the storage of your account on the Hub"),
    403: ("the token may not write to {name}", "take a token that may write there, or another repository"),
    404: ("the Hub finds no {name}", "see that the name is right and that your token may see it"),
    413: ("the Hub finds the release too large for {name}", "export resized images: output.image_mode: resize"),
    429: ("the Hub asks to go slower", f"wait some minutes; {_LATER}"),
}


def _refused(name: str, status: int, text: str) -> PublishError:
    if status in (409, 412):
        return HubConflictError(f"somebody else is changing {name}", f"try again; {_LATER}")
    if status in _REFUSALS:
        message, hint = _REFUSALS[status]
        return PublishError(message.format(name=name), hint)
    if status >= 500:
        return PublishError(f"the Hub is in trouble (it answered {status})", f"try again later; {_LATER}")
    return PublishError(f"the Hub refused {name}: {safe(text)}", "see that the name and the card are as the Hub asks")


def _failed(name: str, error: BaseException) -> PublishError:
    if "Invalid metadata" in str(error):
        return PublishError(f"the Hub refuses the card: {safe(error)}", "mend README.md on the Hub, then publish again")
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return PublishError(f"the Hub's answer about {name} makes no sense: {safe(error)}", f"try again; {_LATER}")
    return PublishError(f"the Hub cannot be reached: {safe(error)}", f"see that you are online; {_LATER}")


def safe(text: object) -> str:
    """The first lines of an error, on one line, with nothing in it that looks like a token."""
    shown = " ".join(str(text).split())
    return _TOKEN.sub("…", shown)[:300] or "no reason given"
