"""What people and the Hub see of a publication; the Hub is a strict double, the client the real one."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
import yaml

from exports.errors import NoReleaseError, PublishError
from exports.hub_card import BEGIN, END
from exports.publishing import PublishRequest, publish
from exports.staging import LIST
from exports.verify import verify
from tests.doubles.hub.misbehaviour import Fault
from tests.doubles.hub.server import READ_TOKEN, TOKEN, HubDouble
from tests.exports.shelf import a_scan, approved, fill, open_shelf
from tests.stored import a_page, a_pair, decide

NAME = "me/torques"
HOSTILE = '=Ann | <b>"Quince"</b>, *'


@pytest.fixture
def hub(tmp_path, monkeypatch):
    with HubDouble(tmp_path / "requests.jsonl").running() as double:
        monkeypatch.setenv("HF_ENDPOINT", double.url)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield double


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """An older and a newer release of one workspace: the newer lacks a page's image and has another's."""
    shelf = open_shelf(tmp_path_factory.mktemp("shelf"))
    pages = fill(shelf, 6, 5)
    sheet = a_page(shelf.db, "html-m3", source="M3.html", kind="html", image_sha256=None, image_path=None)
    pair = a_pair(shelf.db, sheet, "What is the weight of the car?", "1200 kg")
    decide(shelf.db, pair.pair_id, "approve", revision=1)
    older = shelf.export().path
    for pair in (f for f in shelf.db.conn.execute("SELECT pair_id FROM pairs WHERE page_id = ?", [pages[0].page_id])):
        decide(shelf.db, pair[0], "reject", revision=1, reason="trivial", redecide=True)
    approved(shelf, a_scan(shelf, 9), 4)
    newer = shelf.export(formats=("ms-swift", "parquet")).path
    shelf.db.close()
    return older, newer


@pytest.fixture
def send(tmp_path, releases):
    def published(release=0, **facts):
        request = PublishRequest(NAME, releases[release], tmp_path / "work")
        return publish(replace(request, **facts))

    return published


def card_of(repository, revision="main"):
    text = repository.files(revision)["README.md"].decode()
    return yaml.safe_load(text.split("---\n")[1]), text


def test_a_release_becomes_one_private_commit_with_a_tag(hub, send, releases):
    made = send(names_reviewers=True)
    repository = hub.repositories[NAME]
    assert (repository.private, made.private, made.created, made.changed) == (True, True, True, True)
    assert len(repository.commits) == 2
    assert repository.tags == {made.tag: repository.branches["main"]}
    files = repository.files()
    for name in ("vlm_train.jsonl", "vlm_val.jsonl", "manifest.json", "report.md"):
        assert files[name] == (releases[0] / name).read_bytes()
    assert {path for path in files if path.startswith("images/")} == {
        f"images/{file.name}" for file in (releases[0] / "images").iterdir()
    }
    assert made.url == f"{hub.url}/datasets/{NAME}"


def test_the_same_release_again_sends_nothing_and_makes_no_tables(hub, send, tmp_path):
    send()
    hub.log.unlink()
    made = send(work=tmp_path / "other")
    assert not made.changed
    assert not (tmp_path / "other").exists()
    assert {request["method"] for request in hub.requests()} == {"GET"}


def test_a_newer_release_takes_the_place_of_the_older_whose_tag_stays(hub, send, releases):
    older, newer = send(), send(1)
    repository = hub.repositories[NAME]
    assert set(repository.tags) == {older.tag, newer.tag}
    assert len(repository.commits) == 3
    images = {path for path in repository.files() if path.startswith("images/")}
    assert images == {f"images/{file.name}" for file in (releases[1] / "images").iterdir()}
    assert "formats/ms-swift/train.jsonl" in repository.files()
    assert "formats/ms-swift/train.jsonl" not in repository.files(older.tag)


def test_files_and_text_of_others_stay_and_metadata_is_joined(hub, send):
    head = "license: mit\ntags: [cars]\nmine: 1\nconfigs:\n- {config_name: extra, data_files: x.csv}"
    card = f"---\n{head}\n---\n" + "# My cars\n"
    repository = hub.make(NAME, {"README.md": card.encode(), "notes.txt": b"mine", "data/x.csv": b"a\n1\n"})
    for release in (0, 1, 1):
        send(release)
        head, text = card_of(repository)
        assert repository.files()["notes.txt"] == b"mine"
        assert repository.files()["data/x.csv"] == b"a\n1\n"
        assert (head["license"], head["mine"]) == ("mit", 1)
        assert head["tags"][0] == "cars"
        assert "manualqa" in head["tags"]
        assert [config["config_name"] for config in head["configs"]] == ["default", "extra"]
        assert text.count("# My cars") == text.count(BEGIN) == text.count(END) == 1


def test_what_people_write_around_our_part_of_the_card_stays_when_it_is_written_anew(hub, send):
    send()
    repository = hub.repositories[NAME]
    text = card_of(repository)[1].replace(BEGIN, f"Read me first.\n\n{BEGIN}") + "\nWrite to ana.\n"
    hub.make(NAME, {path: data for path, data in repository.files().items() if path != ".gitattributes"})
    repository = hub.repositories[NAME]
    tree = repository.at("main").tree
    tree["README.md"] = tree["README.md"]._replace(content=text.encode())
    made = send(1)
    assert made.changed
    assert "Read me first.\n" in card_of(repository)[1]
    assert card_of(repository)[1].endswith("Write to ana.\n")


def test_a_file_of_somebody_else_in_our_place_is_not_overwritten(hub, send):
    repository = hub.make(NAME, {"data/train-00000-of-00001.parquet": b"theirs", "manifest.json": b"{}"})
    with pytest.raises(PublishError, match=r"manifest\.json") as caught:
        send()
    assert "another repository" in caught.value.hint
    assert len(repository.commits) == 2


def test_a_public_repository_is_refused_before_anything_else_unless_asked_for(hub, send, monkeypatch):
    repository = hub.make(NAME, private=False)
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(PublishError, match="public") as caught:
        send()
    assert "--public" in caught.value.hint
    with pytest.raises(PublishError, match="is public"):
        publish(PublishRequest(NAME, None, hub.log.parent / "work"))
    assert len(repository.commits) == 1
    assert {request["method"] for request in hub.requests()} == {"GET"}


def test_public_needs_a_licence_and_then_opens_new_and_private_repositories(hub, send):
    with pytest.raises(PublishError, match="without a licence"):
        send(public=True)
    assert NAME not in hub.repositories
    send()
    assert send().warnings
    made = send(public=True, license="cc-by-4.0")
    assert not hub.repositories[NAME].private
    assert [warning for warning in made.warnings if "licence" in warning] == []
    assert made.warnings == []
    named = send(public=True, license="cc-by-4.0", names_reviewers=True)
    assert named.changed
    assert "name the reviewers" in named.warnings[0]
    send(public=True, license="cc-by-4.0")
    assert card_of(hub.repositories[NAME])[0]["license"] == "cc-by-4.0"
    assert not send(public=True, license="cc-by-4.0").changed
    send(repository="workshop/other", public=True, license="Owner's terms 2026")
    head, text = card_of(hub.repositories["workshop/other"])
    assert (head["license"], head["license_name"]) == ("other", "owner-s-terms-2026")
    assert "Owner's terms 2026" in text


def test_without_a_licence_the_card_says_unknown_and_people_are_warned(hub, send):
    made = send()
    assert card_of(hub.repositories[NAME])[0]["license"] == "unknown"
    assert "unknown" in made.warnings[0]


def test_a_dry_run_lists_files_and_sizes_and_changes_nothing(hub, send, releases):
    made = send(dry_run=True, names_reviewers=True)
    assert hub.repositories == {}
    sizes = {change.path: change.size for change in made.changes}
    assert sizes["manifest.json"] == (releases[0] / "manifest.json").stat().st_size
    assert {change.what for change in made.changes} == {"add"}
    send()
    again = send(1, dry_run=True)
    assert {change.what for change in again.changes} == {"add", "replace", "delete", "keep"}
    assert len(hub.repositories[NAME].commits) == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("401", times=9), "does not accept the token"),
        (Fault("403", where="POST .*commit"), "may not write"),
        (Fault("413", where="POST .*commit"), "too large"),
        (Fault("500", where="POST .*commit"), "in trouble"),
        (Fault("409", times=9, where="POST .*commit"), "somebody else"),
        (Fault("no_json", where="POST .*commit"), "makes no sense"),
        (Fault("cut_before", where="POST .*commit"), "cannot be reached"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_every_failure_is_a_sentence_with_a_hint_and_without_the_token(hub, send, fault, words):
    hub.misbehave(fault)
    with pytest.raises(PublishError, match=words) as caught:
        send()
    assert caught.value.hint
    assert TOKEN not in str(caught.value) + caught.value.hint
    hub.misbehave()
    assert send().changed


def test_a_commit_in_between_is_read_and_joined(hub, send):
    repository = hub.make(NAME)
    hub.misbehave(Fault("412", where="POST .*commit"))
    assert send().changed
    assert len(repository.commits) == 2


def test_a_token_that_only_reads_no_token_and_no_release_are_said_plainly(hub, send, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", READ_TOKEN)
    with pytest.raises(PublishError, match="may not write"):
        send()
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(PublishError, match="no token") as caught:
        send()
    assert "hf auth login" in caught.value.hint
    with pytest.raises(NoReleaseError, match="no release yet"):
        send() if False else publish(PublishRequest(NAME, None, hub.log.parent))


@pytest.mark.parametrize("name", ["torques", "a/b/c", "me/../x", "me/", "/x", "me/x--y", "me/a b", "me/x.git"])
def test_a_name_that_the_hub_would_not_take_is_refused_at_once(hub, send, name):
    with pytest.raises(PublishError, match="no repository of the Hub"):
        send(repository=name)
    assert hub.requests() == []


def test_an_altered_release_is_not_published(hub, tmp_path, releases):
    copy = tmp_path / "copy"
    shutil.copytree(releases[0], copy)
    (copy / "report.md").write_text("better")
    with pytest.raises(NoReleaseError, match=r"report\.md"):
        publish(PublishRequest(NAME, copy, tmp_path / "work"))
    assert hub.repositories == {}


def test_nothing_of_the_token_is_stored_or_shown(hub, send, tmp_path, capfd):
    send()
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    stored += b"".join(b"".join(commit.tree[p].content for p in commit.tree) for commit in all_commits(hub))
    out, err = capfd.readouterr()
    assert TOKEN.encode() not in stored
    assert TOKEN not in out + err


def all_commits(hub):
    return [commit for repository in hub.repositories.values() for commit in repository.commits.values()]


def test_the_list_on_the_hub_names_our_files_and_no_others(hub, send):
    hub.make(NAME, {"notes.txt": b"mine"})
    send()
    files = hub.repositories[NAME].files()
    listed = json.loads(files[LIST])["files"]
    assert set(files) - set(listed) == {".gitattributes", "README.md", "notes.txt", LIST}


def test_the_tables_of_a_release_go_out_once_and_the_older_second_set_is_taken_away(hub, send, releases):
    assert (releases[1] / "formats/parquet/train-00000-of-00001.parquet").is_file()
    send(1)
    files = hub.repositories[NAME].files()
    tables = {path for path in files if path.endswith(".parquet")}
    assert tables == {"data/train-00000-of-00001.parquet", "data/validation-00000-of-00001.parquet"}
    listed = json.loads(files[LIST])
    twice = "formats/parquet/train-00000-of-00001.parquet"
    listed["files"][twice] = "0" * 64
    tree = hub.repositories[NAME].at("main").tree
    tree[LIST] = tree[LIST]._replace(content=json.dumps(listed).encode())
    tree[twice] = tree["vlm_train.jsonl"]
    made = send(1)
    assert [change.path for change in made.changes if change.what == "delete"] == [twice]
    files = hub.repositories[NAME].files()
    assert twice not in files
    assert twice not in json.loads(files[LIST])["files"]
    assert not send(1).changed


def test_no_published_file_names_a_reviewer_unless_the_configuration_says_so(hub, tmp_path):
    shelf = open_shelf(tmp_path / "shelf")
    page = fill(shelf, 4, 3)[0]
    decide(shelf.db, f"{page.page_id}-q01", "edit", revision=1, answer="9 Nm", reviewer=HOSTILE, redecide=True)
    release = shelf.export(formats=("csv", "imagefolder", "parquet")).path
    shelf.db.close()
    request = PublishRequest(NAME, release, tmp_path / "work")
    publish(request)
    files = hub.repositories[NAME].files()
    entries = json.loads(files["manifest.json"])["pairs"]
    assert {entry["decision"]["reviewer"] for entry in entries} == {"reviewer 1", "reviewer 2"}
    names = re.compile(rb"Quince|=Ann|\bana\b")
    told = {path: names.findall(content) for path, content in files.items() if not path.endswith((".jpg", ".parquet"))}
    assert {path: found for path, found in told.items() if found} == {}
    for path in ("report.md", "report.html", "formats/csv/pairs.csv"):
        assert files[path].count(b"reviewer 1") == 1
    assert "none is named" in card_of(hub.repositories[NAME])[1]
    there = tmp_path / "there"
    for path, content in files.items():
        (there / path).parent.mkdir(parents=True, exist_ok=True)
        (there / path).write_bytes(content)
    altered = [path for path in verify(there) if not path.startswith(("formats/parquet/", "data/", ".gitattributes"))]
    assert set(altered) == {"README.md", LIST}
    publish(replace(request, names_reviewers=True))
    assert hub.repositories[NAME].files()["manifest.json"] == (release / "manifest.json").read_bytes()


LOADING = """
import io, json, sys
from datasets import load_dataset
found = {}
for revision in sys.argv[2:]:
    loaded = load_dataset(sys.argv[1], revision=revision)
    found[revision] = {
        split: [[row["qa_id"], row["image"] and [row["image"].size, row["image"].convert("L").getpixel((0, 0))],
                 row["messages"], row["question"], row["answer"]] for row in rows]
        for split, rows in loaded.items()
    }
stream = load_dataset(sys.argv[1], revision=sys.argv[2], split="train", streaming=True)
found["stream"] = sum(row["image"] is not None for row in stream)
print(json.dumps(found))
"""


@pytest.mark.slow
def test_load_dataset_gives_back_every_pair_with_its_image_from_main_and_from_each_tag(hub, send, releases, tmp_path):
    tags = [send(0).tag, send(1).tag]
    environment = {
        "HF_HOME": str(tmp_path / "home"),
        "HF_ENDPOINT": hub.url,
        "HF_TOKEN": TOKEN,
        "PATH": "/usr/bin:/bin",
    }
    environment |= {"HF_HUB_DISABLE_XET": "1", "HOME": str(tmp_path), "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    answer = subprocess.run(
        [sys.executable, "-c", LOADING, NAME, *tags, "main"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert found["main"] == found[tags[1]] != found[tags[0]]
    for tag, release in zip(tags, releases, strict=True):
        for split, file in (("train", "vlm_train.jsonl"), ("validation", "vlm_val.jsonl")):
            expected = [json.loads(line) for line in (release / file).read_text("utf-8").splitlines()]
            rows = found[tag][split]
            assert [row[0] for row in rows] == [record["metadata"]["qa_id"] for record in expected]
            assert [row[2] for row in rows] == [record["conversations"] for record in expected]
            assert [row[1] is None for row in rows] == [record["image"] is None for record in expected]
            assert all(row[1] is None or row[1][0] == [240, 160] for row in rows)
    assert sum(row[1] is None for split in found[tags[0]].values() for row in split) == 1
    assert found["stream"] >= 20
