"""What the Hub refuses: names, paths, commits and cards that are not as it wants them."""

import base64
import binascii
import hashlib
import json
import re
from typing import Any

import yaml

from tests.doubles.hub.repository import LARGE_BYTES, Blob, Repository
from tests.doubles.hub.wire import Refusal

NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9](?:[\w.-]{0,94}[A-Za-z0-9_])?")
TAG = re.compile(r"(?!.*(\.\.|//|@\{))[\w][\w./-]{0,199}(?<![./])")
LICENSES = {
    "apache-2.0", "mit", "bsd-3-clause", "cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0",
    "cc-by-nc-nd-4.0", "cc-by-nd-4.0", "odc-by", "odbl", "pddl", "cdla-permissive-2.0", "unlicense", "unknown", "other",
}  # fmt: skip
SIZES = {"n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M"}
TASKS = {
    "visual-question-answering", "image-text-to-text", "document-question-answering", "question-answering",
    "image-to-text", "text-generation",
}  # fmt: skip
HEAD = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?(\n|\Z)", re.DOTALL)
Items = list[dict[str, Any]]


def check_path(path: object) -> str:
    """A path inside the repository."""
    if not isinstance(path, str) or not path or path.startswith("/") or "\\" in path:
        raise Refusal(400, f"Invalid path: {path!r}")
    if any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise Refusal(400, f"Invalid path: {path!r}")
    return path


def card_errors(text: str) -> list[str]:
    """What the Hub has against the metadata of a README."""
    found = HEAD.match(text)
    if not found:
        return []
    try:
        head = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        return [f"YAML: {error}"]
    if not isinstance(head, dict):
        return ["metadata is no mapping"]
    return [
        *_unknown("license", head.get("license"), LICENSES),
        *_unknown("size_categories", head.get("size_categories"), SIZES),
        *_unknown("task_categories", head.get("task_categories"), TASKS),
        *_language(head.get("language")),
        *_configs(head.get("configs", [])),
    ]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _unknown(key: str, value: Any, known: set[str]) -> list[str]:
    return [f'"{key}" must be one of the known values, not {each!r}' for each in _listed(value) if each not in known]


def _language(value: Any) -> list[str]:
    wrong = [each for each in _listed(value) if not (isinstance(each, str) and re.fullmatch(r"[a-z]{2,3}", each))]
    return [f'"language" must be an ISO 639 code, not {each!r}' for each in wrong]


def _configs(configs: Any) -> list[str]:
    if not isinstance(configs, list):
        return ['"configs" must be a list']
    return [f'"configs" must name "config_name" and "data_files": {each!r}' for each in configs if not _is_config(each)]


def _is_config(config: Any) -> bool:
    files = config.get("data_files") if isinstance(config, dict) else None
    return (
        bool(files)
        and isinstance(config.get("config_name"), str)
        and (isinstance(files, str) or all(isinstance(each, str) or {"split", "path"} <= set(each) for each in files))
    )


def commit_items(body: bytes) -> Items:
    """The lines of a commit, the head first."""
    try:
        items = [json.loads(line) for line in body.splitlines() if line]
    except ValueError as error:
        raise Refusal(400, f"commit is no NDJSON: {error}") from error
    if not items or items[0].get("key") != "header" or not items[0]["value"].get("summary"):
        raise Refusal(400, "the first line of a commit is a header with a summary")
    if len(items) == 1:
        raise Refusal(400, "an empty commit")
    return items


def apply_commit(repository: Repository, tree: dict[str, Blob], items: Items) -> dict[str, Blob]:
    """The tree after the lines of a commit; any line that is wrong refuses all of them."""
    made = dict(tree)
    for item in items[1:]:
        key, value = item["key"], item["value"]
        path = check_path(value.get("path"))
        if key == "file":
            made[path] = _small_file(repository, path, value)
        elif key == "lfsFile":
            made[path] = _large_file(repository, value)
        elif key == "deletedFile":
            if made.pop(path, None) is None:
                raise Refusal(404, "A file with this name doesn't exist", "EntryNotFound")
        elif key == "deletedFolder":
            made = {each: blob for each, blob in made.items() if not each.startswith(path.rstrip("/") + "/")}
        else:
            raise Refusal(400, f"unknown line of a commit: {key}")
    _refuse_clashes(made)
    return made


def _small_file(repository: Repository, path: str, value: dict[str, Any]) -> Blob:
    try:
        content = base64.b64decode(value["content"], validate=True)
    except (KeyError, binascii.Error) as error:
        raise Refusal(400, f"{path} is no base64") from error
    if value.get("encoding") != "base64" or len(content) > LARGE_BYTES:
        raise Refusal(400, f"{path} is too large for a commit, or not marked as base64")
    if content and repository.wants_large(path, len(content), content[:512]):
        raise Refusal(400, f"Your push was rejected because it contains binary files: {path}")
    if path == "README.md" and (errors := card_errors(content.decode())):
        raise Refusal(400, f"Invalid metadata in README.md: {errors}")
    return Blob(content)


def _large_file(repository: Repository, value: dict[str, Any]) -> Blob:
    content = repository.large.get(str(value.get("oid")))
    if value.get("algo") != "sha256" or content is None:
        raise Refusal(400, f"{value.get('path')}: the large file {value.get('oid')} was never uploaded")
    if value.get("size", len(content)) != len(content):
        raise Refusal(400, f"{value.get('path')}: the size is wrong")
    return Blob(content, hashlib.sha256(content).hexdigest())


def _refuse_clashes(tree: dict[str, Blob]) -> None:
    for path in tree:
        parts = path.split("/")
        if any("/".join(parts[:depth]) in tree for depth in range(1, len(parts))):
            raise Refusal(400, f"{path}: a file stands where a folder is needed")
