"""Publish a release: everything is uploaded first, then one commit switches main to it, then a tag names that commit.

So main always is the old state or the new one. What is there is read from the Hub each time: a second run after a cut
sends what is missing and no more, and the same release again changes nothing. Files that are not ours stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from exports import hub_card
from exports.card_history import REVIEWERS_NAMED, REVIEWERS_NUMBERED
from exports.errors import HubConflictError, NoReleaseError, PublishError
from exports.hub import MAIN, HubRepository, LocalFile, RemoteFile, RemoteState, check_name
from exports.hub_card import CardFacts, merged_card
from exports.staging import LIST, PublishedList, SoundRelease, own_files, sound_release, tables_of
from exports.unnamed import unnamed_files

ATTEMPTS = 3
NAMED = 5
NAMED_REVIEWERS = "manifest.json and the reports name the reviewers as they named themselves"
NO_LICENSE = "the licence is unknown: ask the owner of the scans before you share this"

Advance = Callable[[int, int, str], None]
"""(steps done, steps in all, what is being done); whatever it raises stops the publication, and main stays whole."""


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """What to publish (`release` None: there is none yet) and where to; `work` is a folder for tables in the making."""

    repository: str
    release: Path | None
    work: Path
    license: str = ""
    public: bool = False
    dry_run: bool = False
    names_reviewers: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is added, replaced or deleted, with its size in bytes; what is the same is `kept`."""

    path: str
    what: str
    size: int


@dataclass(frozen=True, slots=True)
class Published:
    """What was done, or would be done by a dry run; `changed` is False when all of it was there already."""

    url: str
    tag: str
    private: bool
    created: bool
    changed: bool
    changes: list[Change]
    warnings: list[str]

    def sent_bytes(self) -> int:
        """Bytes of the files that are added or replaced."""
        return sum(change.size for change in self.changes if change.what in ("add", "replace"))


@dataclass(frozen=True, slots=True)
class _Remote:
    """One moment of the repository."""

    head: str
    files: Mapping[str, RemoteFile]
    card: str
    ours: PublishedList | None


@dataclass(frozen=True, slots=True)
class _Difference:
    """What one commit has to do."""

    send: dict[str, LocalFile]
    delete: list[str]
    kept: list[str]

    def __bool__(self) -> bool:
        return bool(self.send or self.delete)


def publish(request: PublishRequest, advance: Advance | None = None) -> Published:
    """Bring a repository to a release. Raises ExportError; main is then as it was, and the same call goes on.

    A repository that is public is refused first of all unless the request says public.
    """
    hub = HubRepository(check_name(request.repository))
    state = hub.look()
    _refuse_exposure(request, state)
    if request.release is None:
        raise NoReleaseError("there is no release yet", "`manualqa export` makes one")
    if not request.dry_run and not hub.has_token():
        raise PublishError("this machine has no token of the Hub", "log in with `hf auth login`, or set HF_TOKEN")
    release = sound_release(request.release)
    return _Publication(request, hub, release, advance or (lambda done, total, label: None)).run(state)


def _refuse_exposure(request: PublishRequest, state: RemoteState | None) -> None:
    if request.public and not request.license:
        raise PublishError(
            "a dataset without a licence is not made public",
            "set output.license in config.yaml to the licence that the owner of the scans gives, or publish privately",
        )
    if state and not state.private and not request.public:
        raise PublishError(
            f"{request.repository} is public: everybody would see this release",
            "add --public if you want that, or name another repository",
        )


@dataclass(slots=True)
class _Publication:
    """One run of `publish`."""

    request: PublishRequest
    hub: HubRepository
    release: SoundRelease
    advance: Advance

    def run(self, state: RemoteState | None) -> Published:
        created = state is None
        if created and not self.request.dry_run:
            self.hub.create(private=not self.request.public)
            state = self.hub.look()
        for _ in range(ATTEMPTS):
            try:
                return self._attempt(state, created=created)
            except HubConflictError as error:  # read again what is there now, and join it
                conflict, state = error, self.hub.look()
        raise conflict

    def _attempt(self, state: RemoteState | None, *, created: bool) -> Published:
        remote = self._read(state.head) if state else _Remote("", {}, "", None)
        tags = self.hub.tags() if state else {}
        wanted = self._wanted(remote)
        todo = _difference(wanted, remote, self.request.repository)
        opens = bool(state and state.private and self.request.public)
        done = Published(
            self.hub.url,
            self.release.tag,
            not self.request.public,
            created,
            bool(todo) or self.release.tag not in tags or opens,
            _changes(todo, remote),
            self._warnings(),
        )
        if not self.request.dry_run:
            self._send(todo, remote, wanted, tagged=self.release.tag in tags)
            if opens:
                self.hub.make_public()
        return done

    def _warnings(self) -> list[str]:
        return [
            *([] if self.request.license else [NO_LICENSE]),
            *([NAMED_REVIEWERS] if self.request.public and self.request.names_reviewers else []),
        ]

    def _read(self, head: str) -> _Remote:
        files = self.hub.files(head)
        ours = PublishedList.read(self.hub.read(LIST, head)) if LIST in files else None
        raw = self.hub.read(hub_card.NAME, head) if hub_card.NAME in files else b""
        return _Remote(head, files, raw.decode("utf-8", "replace"), ours)

    def _wanted(self, remote: _Remote) -> dict[str, LocalFile | None]:
        """Every file that the repository shall hold of us; None for one that is there as it shall be."""
        files: dict[str, LocalFile | None] = dict(own_files(self.release))
        if not self.request.names_reviewers:
            unnamed = unnamed_files(self.release.folder, self.release.manifest)
            files |= {path: _text(content) for path, content in unnamed.items()}
        there = remote.ours
        if there and there.release == self.release.sha256 and _has_tables(there, remote):
            listed = replace(there, files=_hashes(files) | there.tables())
            files |= dict.fromkeys(there.tables())
        else:
            tables, splits = tables_of(self.release, self.request.work)
            files |= tables
            size = sum(file.size for file in tables.values())
            listed = PublishedList(self.release.sha256, _hashes(files), splits, size)
        files[LIST] = _text(listed.text())
        files[hub_card.NAME] = _text(self._card(remote.card, listed).encode())
        return files

    def _card(self, there: str, listed: PublishedList) -> str:
        facts = CardFacts(
            self.request.repository,
            self.release.tag,
            self.request.license,
            listed.splits,
            listed.data_bytes,
            self.release.with_status,
        )
        ours = self.release.card
        return merged_card(
            there, ours if self.request.names_reviewers else ours.replace(REVIEWERS_NAMED, REVIEWERS_NUMBERED), facts
        )

    def _send(
        self, todo: _Difference, remote: _Remote, wanted: Mapping[str, LocalFile | None], *, tagged: bool
    ) -> None:
        steps, sent = len(todo.send) + 2, 0

        def uploaded(count: int, path: str) -> None:
            nonlocal sent
            sent += count
            self.advance(sent, steps, path)

        head = remote.head
        if todo:
            self.hub.upload(todo.send, uploaded)
            head = self.hub.commit(f"Release {self.release.tag}", todo.delete, head)
            self._refuse_missing(wanted, self.hub.files(head))
        self.advance(steps - 1, steps, MAIN)
        if not tagged:
            self.hub.tag(self.release.tag, head)
        self.advance(steps, steps, self.release.tag)

    def _refuse_missing(self, wanted: Mapping[str, LocalFile | None], there: Mapping[str, RemoteFile]) -> None:
        """Raise PublishError when the Hub took a commit and yet left files out, as a .gitignore makes it do."""
        lost = [path for path, file in wanted.items() if path not in there or (file and not there[path].holds(file))]
        if lost:
            raise PublishError(
                f"the Hub left out {', '.join(lost[:NAMED])} of {self.request.repository}",
                "see whether a .gitignore there names them; no tag was set",
            )


def _hashes(files: Mapping[str, LocalFile | None]) -> dict[str, str]:
    return {path: file.sha256 for path, file in files.items() if file}


def _text(content: bytes) -> LocalFile:
    return LocalFile(len(content), hashlib.sha256(content).hexdigest(), text=content)


def _has_tables(listed: PublishedList, remote: _Remote) -> bool:
    """Whether every table of the list is there with the right bytes: then none has to be made again to compare."""
    tables = listed.tables()
    there = {path: remote.files[path].sha256 for path in tables if path in remote.files}
    return bool(tables) and there == tables


def _difference(wanted: Mapping[str, LocalFile | None], remote: _Remote, name: str) -> _Difference:
    """Compare by bytes. Raises PublishError for a file of somebody else in the place of one of ours."""
    differs = {
        path: file
        for path, file in wanted.items()
        if file and not (path in remote.files and remote.files[path].holds(file))
    }
    ours = {*(remote.ours.files if remote.ours else ()), LIST, hub_card.NAME}
    foreign = sorted(path for path in differs if path in remote.files and path not in ours)
    if foreign:
        raise PublishError(
            f"{name} holds files of somebody else where ours would go: {', '.join(foreign[:NAMED])}",
            "name another repository, or move those files on the Hub",
        )
    gone = sorted(path for path in ours - wanted.keys() if path in remote.files)
    return _Difference(differs, gone, sorted(wanted.keys() - differs.keys()))


def _changes(todo: _Difference, remote: _Remote) -> list[Change]:
    sent = [
        Change(path, "replace" if path in remote.files else "add", file.size)
        for path, file in sorted(todo.send.items())
    ]
    return [
        *sent,
        *(Change(path, "delete", remote.files[path].size) for path in todo.delete),
        *(Change(path, "keep", remote.files[path].size) for path in todo.kept if path in remote.files),
    ]
