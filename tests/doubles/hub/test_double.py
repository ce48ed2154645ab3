"""The double refuses what the Hub refuses: otherwise the tests that rest on it would prove nothing."""

import hashlib

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    BadRequestError,
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.doubles.hub.misbehaviour import Fault
from tests.doubles.hub.server import READ_TOKEN, TOKEN, HubDouble

DATA = {"repo_type": "dataset"}


@pytest.fixture
def hub(tmp_path):
    with HubDouble(tmp_path / "log.jsonl").running() as double:
        yield double


@pytest.fixture
def api(hub):
    return HfApi(endpoint=hub.url, token=TOKEN)


def commit(api, name="me/x", message="m", parent=None, **files):
    operations = [CommitOperationAdd(path.replace("__", "."), content) for path, content in files.items()]
    return api.create_commit(name, operations, commit_message=message, parent_commit=parent, **DATA)


def test_repositories_are_made_once_by_those_who_may_and_seen_by_those_who_may(hub, api):
    api.create_repo("me/x", private=True, **DATA)
    with pytest.raises(HfHubHTTPError, match="409"):
        api.create_repo("me/x", **DATA)
    with pytest.raises(HfHubHTTPError, match="403"):
        api.create_repo("you/x", **DATA)
    with pytest.raises(HfHubHTTPError, match="403"):
        HfApi(endpoint=hub.url, token=READ_TOKEN).create_repo("me/y", **DATA)
    with pytest.raises(RepositoryNotFoundError):
        HfApi(endpoint=hub.url, token=False).dataset_info("me/x")
    with pytest.raises(HfHubHTTPError, match="401"):
        HfApi(endpoint=hub.url, token="hf_wrongwrongwrong").dataset_info("me/x")
    assert HfApi(endpoint=hub.url, token=READ_TOKEN).dataset_info("me/x").private
    assert api.whoami()["name"] == "me"


def test_commits_are_whole_and_know_their_parent(hub, api):
    api.create_repo("me/x", **DATA)
    first = commit(api, a__txt=b"one", picture__png=b"\x89PNG\0" * 10)
    assert hub.repositories["me/x"].files()["picture.png"] == b"\x89PNG\0" * 10
    second = commit(api, parent=first.oid, a__txt=b"two")
    with pytest.raises(HfHubHTTPError, match="412"):
        commit(api, parent=first.oid, a__txt=b"three")
    with pytest.raises(EntryNotFoundError):
        api.create_commit("me/x", [CommitOperationDelete("b.txt")], commit_message="m", **DATA)
    assert hub.repositories["me/x"].branches["main"] == second.oid
    listed = {each.path: each for each in api.list_repo_tree("me/x", recursive=True, **DATA)}
    assert listed["picture.png"].lfs.sha256 == hashlib.sha256(b"\x89PNG\0" * 10).hexdigest()


def test_tags_stay_and_name_commits(hub, api):
    api.create_repo("me/x", **DATA)
    api.create_tag("me/x", tag="v1", **DATA)
    with pytest.raises(HfHubHTTPError, match="409"):
        api.create_tag("me/x", tag="v1", **DATA)
    with pytest.raises(RevisionNotFoundError):
        api.create_tag("me/x", tag="v2", revision="nowhere", **DATA)
    with pytest.raises(HfHubHTTPError, match="Invalid tag"):
        api.create_tag("me/x", tag="a b", **DATA)
    assert [tag.name for tag in api.list_repo_refs("me/x", **DATA).tags] == ["v1"]


def test_a_card_that_the_hub_would_refuse_is_refused(hub, api):
    api.create_repo("me/x", **DATA)
    for head in ("license: mine", "size_categories: many", "configs: x", "language: English", "a: [", "- a"):
        with pytest.raises((ValueError, BadRequestError)):
            commit(api, README__md=f"---\n{head}\n---\n".encode())
    assert "README.md" not in hub.repositories["me/x"].files()


def test_bytes_that_were_not_announced_or_not_uploaded_are_refused(hub, api):
    from huggingface_hub.utils import get_session

    api.create_repo("me/x", **DATA)
    address = f"{hub.url}/store/me/x/{'0' * 64}?size=3"
    assert get_session().put(address, content=b"abc").status_code == 400
    lines = b'{"key":"header","value":{"summary":"m"}}\n'
    lines += b'{"key":"lfsFile","value":{"path":"a.jpg","algo":"sha256","oid":"%s","size":3}}\n' % (b"0" * 64)
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/x-ndjson"}
    answer = get_session().post(f"{hub.url}/api/datasets/me/x/commit/main", content=lines, headers=headers)
    assert answer.status_code == 400
    assert "never uploaded" in answer.text


def test_a_fault_strikes_where_and_when_it_is_asked_to_and_the_log_says_so(hub, api):
    api.create_repo("me/x", **DATA)
    hub.misbehave(Fault("500", at=2, where="GET .*refs"))
    api.list_repo_refs("me/x", **DATA)
    with pytest.raises(HfHubHTTPError, match="500"):
        api.list_repo_refs("me/x", **DATA)
    api.list_repo_refs("me/x", **DATA)
    assert [entry["fault"] for entry in hub.requests()] == [None, None, "500", None]


def test_long_listings_come_in_pages_and_files_in_ranges(hub, api):
    from huggingface_hub.utils import get_session

    hub.make("me/x", {f"{number:04d}.txt": b"0123456789" for number in range(1500)}, private=False)
    assert len(list(api.list_repo_tree("me/x", **DATA))) == 1501
    address = f"{hub.url}/datasets/me/x/resolve/main/0001.txt"
    answer = get_session().get(address, headers={"range": "bytes=2-4"})
    assert (answer.status_code, answer.content) == (206, b"234")
    assert get_session().get(address, headers={"range": "bytes=99-"}).status_code == 416
    assert get_session().head(f"{hub.url}/datasets/me/x/resolve/main/no").headers["x-error-code"] == "EntryNotFound"
