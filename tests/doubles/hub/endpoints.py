"""What each address of the Hub answers."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote

from tests.doubles.hub import rules
from tests.doubles.hub.repository import Blob, Repository, pointer
from tests.doubles.hub.wire import Refusal, Reply, as_json, ranged

if TYPE_CHECKING:
    from tests.doubles.hub.server import HubDouble

PREUPLOAD_FILES = 256
TREE_PAGE = 1000


class Request(NamedTuple):
    """One request; `user` is (name, may write), name empty for a token that nobody has, None without a token."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    user: tuple[str, bool] | None
    url: str

    @property
    def line(self) -> str:
        return f"{self.method} {unquote(self.path)}"

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Refusal(400, "the body is no JSON") from error


Endpoint = Callable[["HubDouble", Request, tuple[str, ...]], Reply]
_ROUTES: list[tuple[str, re.Pattern[str], Endpoint]] = []
REPO = r"([^/]+/[^/]+)"


def _at(method: str, path: str) -> Callable[[Endpoint], Endpoint]:
    def keep(endpoint: Endpoint) -> Endpoint:
        _ROUTES.append((method, re.compile(path), endpoint))
        return endpoint

    return keep


def route(hub: "HubDouble", request: Request) -> Reply:
    """Find the endpoint and let it answer; a token that nobody has is refused everywhere."""
    if request.user == ("", False):
        raise Refusal(401, "Invalid credentials in Authorization header")
    for method, pattern, endpoint in _ROUTES:
        found = pattern.fullmatch(request.path)
        if found and (request.method == method or (method == "GET" and request.method == "HEAD")):
            return endpoint(hub, request, tuple(unquote(each or "") for each in found.groups()))
    raise Refusal(404, f"no such endpoint: {request.line}")


def _readable(hub: "HubDouble", request: Request, name: str) -> Repository:
    found = hub.repositories.get(name)
    if found is None or (found.private and not _may_read(hub, request, found)):
        status, text = (404, "Repository not found") if request.user else (401, "Invalid username or password.")
        raise Refusal(status, text, "RepoNotFound")
    return found


def _may_read(hub: "HubDouble", request: Request, repository: Repository) -> bool:
    return bool(request.user) and repository.owner in _namespaces(hub, request)


def _namespaces(hub: "HubDouble", request: Request) -> tuple[str, ...]:
    user = request.user[0] if request.user else ""
    return (user, *hub.organizations.get(user, ()))


def _writable(hub: "HubDouble", request: Request, name: str) -> Repository:
    found = _readable(hub, request, name)
    if request.user is None:
        raise Refusal(401, "Invalid username or password.")
    if not request.user[1] or found.owner not in _namespaces(hub, request):
        raise Refusal(403, "Forbidden: you don't have the required permissions to perform this action")
    return found


@_at("GET", r"/api/whoami-v2")
def _whoami(hub: "HubDouble", request: Request, _: tuple[str, ...]) -> Reply:
    if not request.user:
        raise Refusal(401, "Invalid username or password.")
    orgs = [{"name": each, "type": "org"} for each in _namespaces(hub, request)[1:]]
    role = "write" if request.user[1] else "read"
    return as_json({"type": "user", "name": request.user[0], "orgs": orgs, "auth": {"accessToken": {"role": role}}})


@_at("POST", r"/api/repos/create")
def _create(hub: "HubDouble", request: Request, _: tuple[str, ...]) -> Reply:
    wish = request.json()
    if request.user is None:
        raise Refusal(401, "Invalid username or password.")
    owner = wish.get("organization") or request.user[0]
    if not rules.NAME.fullmatch(str(wish.get("name"))) or wish.get("type") != "dataset":
        raise Refusal(400, f"Invalid repository name or type: {wish}")
    if wish.get("visibility", "public") not in ("public", "private"):
        raise Refusal(400, f"Invalid visibility: {wish}")
    if not request.user[1] or owner not in _namespaces(hub, request):
        raise Refusal(403, f'You don\'t have the rights to create a dataset under the namespace "{owner}"')
    name = f"{owner}/{wish['name']}"
    url = f"{request.url}/datasets/{name}"
    if name in hub.repositories:
        return as_json({"error": "You already created this dataset repo", "url": url}, 409)
    made = Repository(name, wish.get("visibility") == "private")
    made.begin(request.user[0])
    hub.repositories[name] = made
    return as_json({"url": url, "name": name, "id": hashlib.sha1(name.encode()).hexdigest()[:24]})


@_at("GET", rf"/api/datasets/{REPO}(?:/revision/(.+))?")
def _info(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    repository = _readable(hub, request, found[0])
    commit = repository.at(found[1] or "main")
    return as_json({
        "_id": hashlib.sha1(repository.name.encode()).hexdigest()[:24], "id": repository.name,
        "author": repository.owner, "sha": commit.oid, "private": repository.private, "gated": False,
        "disabled": False, "tags": [], "downloads": 0, "likes": 0, "lastModified": "2026-01-01T00:00:00.000Z",
        "siblings": [{"rfilename": path} for path in sorted(commit.tree)],
    })  # fmt: skip


@_at("PUT", rf"/api/datasets/{REPO}/settings")
def _settings(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    repository = _writable(hub, request, found[0])
    if request.json().get("visibility") not in ("public", "private"):
        raise Refusal(400, "unknown setting")
    repository.private = request.json()["visibility"] == "private"
    return as_json({"private": repository.private})


@_at("GET", rf"/api/datasets/{REPO}/refs")
def _refs(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    repository = _readable(hub, request, found[0])

    def listed(refs: dict[str, str], kind: str) -> list[dict[str, str]]:
        return [{"name": n, "ref": f"refs/{kind}/{n}", "targetCommit": oid} for n, oid in refs.items()]

    return as_json({
        "branches": listed(repository.branches, "heads"), "tags": listed(repository.tags, "tags"), "converts": [],
    })  # fmt: skip


@_at("GET", rf"/api/datasets/{REPO}/tree/([^/]+)(?:/(.*))?")
def _tree(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    name, revision, folder = found
    tree = _readable(hub, request, name).at(revision).tree
    below = {path: blob for path, blob in tree.items() if not folder or path.startswith(f"{folder}/")}
    if folder and not below:
        raise Refusal(404, f"{folder} does not exist on {revision}", "EntryNotFound")
    entries = _entries(below, folder, recursive=request.query.get("recursive", "").lower() in ("true", "1"))
    start = int(request.query.get("cursor", 0))
    link = {}
    if start + TREE_PAGE < len(entries):
        query = "&".join(f"{key}={quote(value)}" for key, value in request.query.items() if key != "cursor")
        link = {"link": f'<{request.url}{request.path}?{query}&cursor={start + TREE_PAGE}>; rel="next"'}
    return as_json(entries[start : start + TREE_PAGE], headers=link)


def _entries(tree: dict[str, Blob], folder: str, *, recursive: bool) -> list[dict[str, Any]]:
    opening = f"{folder}/" if folder else ""
    folders: set[str] = set()
    files = []
    for path, blob in sorted(tree.items()):
        parts = path.removeprefix(opening).split("/")[:-1]
        above = [opening + "/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        folders |= set(above if recursive else above[:1])
        if recursive or not parts:
            files.append(entry(path, blob))
    made = [{"type": "directory", "oid": hashlib.sha1(f.encode()).hexdigest(), "size": 0, "path": f} for f in folders]
    return sorted([*made, *files], key=lambda each: str(each["path"]))


def entry(path: str, blob: Blob) -> dict[str, Any]:
    """A file as the Hub lists it."""
    shown: dict[str, Any] = {"type": "file", "oid": blob.oid, "size": len(blob.content), "path": path}
    if blob.sha256:
        size = len(blob.content)
        shown["lfs"] = {"oid": blob.sha256, "size": size, "pointerSize": len(pointer(blob.sha256, size))}
    return shown


@_at("POST", rf"/api/datasets/{REPO}/paths-info/(.+)")
def _paths(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    tree = _readable(hub, request, found[0]).at(found[1]).tree
    return as_json([entry(path, tree[path]) for path in request.json().get("paths", []) if path in tree])


@_at("POST", r"/api/validate-yaml")
def _validate(hub: "HubDouble", request: Request, _: tuple[str, ...]) -> Reply:
    errors = [{"message": each} for each in rules.card_errors(str(request.json().get("content")))]
    return as_json({"errors": errors, "warnings": []}, 400 if errors else 200)


@_at("POST", rf"/api/datasets/{REPO}/preupload/(.+)")
def _preupload(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    repository = _writable(hub, request, found[0])
    tree, files = repository.at(found[1]).tree, request.json().get("files")
    if not isinstance(files, list) or not 0 < len(files) <= PREUPLOAD_FILES:
        raise Refusal(400, f"1 to {PREUPLOAD_FILES} files at a time")
    return as_json({"files": [_mode(repository, tree, each) for each in files]})


def _mode(repository: Repository, tree: dict[str, Blob], file: dict[str, Any]) -> dict[str, Any]:
    path = rules.check_path(file.get("path"))
    large = repository.wants_large(path, int(file["size"]), base64.b64decode(file["sample"]))
    there = tree.get(path)
    oid = there.oid if there and not there.sha256 else None
    return {"path": path, "uploadMode": "lfs" if large else "regular", "shouldIgnore": False, "oid": oid}


@_at("POST", rf"/datasets/{REPO}\.git/info/lfs/objects/batch")
def _batch(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    repository, wish = _writable(hub, request, found[0]), request.json()
    if wish.get("operation") != "upload" or wish.get("hash_algo") != "sha256":
        raise Refusal(400, "only uploads by sha256")
    return as_json({"transfer": "basic", "objects": [_actions(repository, request.url, o) for o in wish["objects"]]})


def _actions(repository: Repository, url: str, wanted: dict[str, Any]) -> dict[str, Any]:
    oid, size = str(wanted["oid"]), int(wanted["size"])
    if not re.fullmatch(r"[0-9a-f]{64}", oid):
        return {"oid": oid, "size": size, "error": {"code": 422, "message": "no sha256"}}
    if oid in repository.large:
        return {"oid": oid, "size": size}
    upload = {"href": f"{url}/store/{repository.name}/{oid}?size={size}"}
    verify = {"href": f"{url}/datasets/{repository.name}.git/info/lfs/objects/verify"}
    return {"oid": oid, "size": size, "actions": {"upload": upload, "verify": verify}}


@_at("PUT", rf"/store/{REPO}/([0-9a-f]{{64}})")
def _store(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    if "authorization" in request.headers:
        raise Refusal(400, "Only one auth mechanism allowed")
    if hashlib.sha256(request.body).hexdigest() != found[1] or len(request.body) != int(request.query["size"]):
        raise Refusal(400, "the bytes are not those that were announced")
    hub.repositories[found[0]].large[found[1]] = request.body
    return Reply(200, b"", {"etag": f'"{found[1][:32]}"'})


@_at("POST", rf"/datasets/{REPO}\.git/info/lfs/objects/verify")
def _verify(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    repository, wish = _writable(hub, request, found[0]), request.json()
    if len(repository.large.get(wish.get("oid"), b"")) != wish.get("size"):
        raise Refusal(404, "no such object")
    return as_json({})


@_at("POST", rf"/api/datasets/{REPO}/commit/(.+)")
def _commit(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    repository, branch = _writable(hub, request, found[0]), found[1]
    if request.headers.get("content-type") != "application/x-ndjson":
        raise Refusal(400, "a commit is application/x-ndjson")
    if branch not in repository.branches:
        raise Refusal(404, f"Invalid rev id: {branch}", "RevisionNotFound")
    items = rules.commit_items(request.body)
    head, now = items[0]["value"], repository.branches[branch]
    if head.get("parentCommit") not in (None, now):
        raise Refusal(412, "A commit has happened since. Please refresh and try again.")
    tree = rules.apply_commit(repository, repository.commits[now].tree, items)
    oid = repository.add_commit(now, head["summary"], (request.user or ("", False))[0], tree)
    repository.branches[branch] = oid
    url = f"{request.url}/datasets/{repository.name}/commit/{oid}"
    return as_json({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})


@_at("POST", rf"/api/datasets/{REPO}/tag/(.+)")
def _tag(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    repository, tag = _writable(hub, request, found[0]), str(request.json().get("tag"))
    commit = repository.at(found[1])
    if not rules.TAG.fullmatch(tag):
        raise Refusal(400, f"Invalid tag name: {tag}")
    if tag in repository.tags:
        raise Refusal(409, f"Tag reference {tag} exists already")
    repository.tags[tag] = commit.oid
    return as_json({})


@_at("DELETE", rf"/api/datasets/{REPO}/tag/(.+)")
def _untag(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    if _writable(hub, request, found[0]).tags.pop(found[1], None) is None:
        raise Refusal(404, "no such tag", "RevisionNotFound")
    return as_json({})


@_at("GET", rf"/datasets/{REPO}/resolve/([^/]+)/(.+)")
def _resolve(hub: "HubDouble", request: Request, found: tuple[str, ...]) -> Reply:
    name, revision, path = found
    commit = _readable(hub, request, name).at(revision)
    blob = commit.tree.get(path)
    if blob is None:
        raise Refusal(404, f"{path} does not exist", "EntryNotFound")
    headers = {"x-repo-commit": commit.oid, "etag": f'"{blob.sha256 or blob.oid}"', "accept-ranges": "bytes"}
    if blob.sha256:
        headers |= {"x-linked-etag": f'"{blob.sha256}"', "x-linked-size": str(len(blob.content))}
    return ranged(blob.content, request.headers.get("range"), headers | {"content-type": "application/octet-stream"})
