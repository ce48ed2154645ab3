"""Cut or killed at any request, a publication leaves main as it was or as it shall be, and goes on when asked."""

import copy
import math
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from huggingface_hub.utils import _http

from exports.errors import ExportError
from exports.publishing import PublishRequest, publish
from tests.doubles.hub.misbehaviour import CUT_AFTER, CUT_BEFORE, KILL_AFTER, KILL_BEFORE, Fault
from tests.doubles.hub.repository import Repository
from tests.doubles.hub.server import TOKEN, HubDouble
from tests.exports.shelf import a_scan, approved, fill, open_shelf

pytestmark = pytest.mark.faults
NAME = "me/torques"
STEPS = ("look", "create", "files", "read", "tags", "upload", "commit", "tag")
FOREIGN = {"notes.txt": b"mine", "README.md": b"---\nlicense: mit\n---\n# My cars\n"}


@dataclass
class Bench:
    """A Hub, two releases to publish one after the other, and what main holds before and after the second."""

    hub: HubDouble
    releases: tuple[Path, Path]
    work: Path
    begun: dict[bool, Repository] = field(default_factory=dict)

    def begin(self, *, older: bool) -> None:
        """A repository of somebody's, with the older release in it or without, and no fault."""
        self.hub.misbehave()
        if older not in self.begun:
            self.hub.make(NAME, FOREIGN)
            if older:
                self.send(0)
            self.begun[older] = self.hub.repositories[NAME]
        self.hub.repositories[NAME] = copy.deepcopy(self.begun[older])

    def send(self, release: int = 1) -> None:
        publish(PublishRequest(NAME, self.releases[release], self.work))

    @property
    def repository(self):
        return self.hub.repositories[NAME]

    def requests(self) -> int:
        return len(self.hub.requests())


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    home = tmp_path_factory.mktemp("bench")
    shelf = open_shelf(home)
    fill(shelf, 3, 3)
    older = shelf.export().path
    approved(shelf, a_scan(shelf, 7), 2)
    newer = shelf.export().path
    shelf.db.close()
    patch = pytest.MonkeyPatch()
    patch.setattr(_http.time, "sleep", lambda seconds: None)  # the client's pauses between its own attempts
    with HubDouble(home / "log.jsonl").running() as hub:
        yield Bench(hub, (older, newer), home / "work")
    patch.undo()


@pytest.fixture(autouse=True)
def logged_in(monkeypatch, bench):
    monkeypatch.setenv("HF_ENDPOINT", bench.hub.url)
    monkeypatch.setenv("HF_TOKEN", TOKEN)


def measured(bench, *, older):
    """(main before, main after, how many requests lie between) of a publication that nothing disturbs."""
    bench.begin(older=older)
    before, count = bench.repository.files(), bench.requests()
    bench.send()
    return before, bench.repository.files(), bench.requests() - count


def goes_on(bench, before, after, place, *, third=False):
    """Main is the one or the other now; a second run brings it to the end, a third has nothing to do."""
    now = bench.repository.files()
    assert now in (before, after), f"{place}: main is half"
    for tag in bench.repository.tags:
        assert bench.repository.files(tag) in (before, after), f"{place}: {tag} names something half"
    bench.hub.misbehave()
    bench.send()
    assert bench.repository.files() == after, place
    tags = dict(bench.repository.tags)
    commits = len(bench.repository.commits)
    assert bench.repository.branches["main"] in tags.values(), place
    if third:
        bench.send()
    assert (len(bench.repository.commits), bench.repository.tags) == (commits, tags), place
    return now == after


@pytest.mark.parametrize("older", [False, True], ids=["first release", "second release"])
@pytest.mark.parametrize("cut", [CUT_BEFORE, CUT_AFTER])
def test_cut_at_each_request_and_from_it_on(bench, older, cut):
    before, after, count = measured(bench, older=older)
    assert count >= 8
    switched = []
    for place in range(1, count + 1):
        bench.begin(older=older)
        bench.hub.misbehave(Fault(cut, at=place, times=math.inf))
        with pytest.raises(ExportError) as caught:
            bench.send()
        assert caught.value.hint
        switched.append(goes_on(bench, before, after, f"{cut} from request {place}", third=cut == CUT_AFTER))
    assert switched == sorted(switched), "once switched, main never goes back"
    assert not switched[0]
    print(f"publish cut at each of {count} requests: {switched.count(False)} old, {switched.count(True)} new, 0 half")


@pytest.mark.parametrize("status", ["403", "500"])
def test_refused_at_each_request(bench, status):
    before, after, count = measured(bench, older=True)
    for place in range(1, count + 1):
        bench.begin(older=True)
        bench.hub.misbehave(Fault(status, at=place, times=math.inf))
        with pytest.raises(ExportError):
            bench.send()
        goes_on(bench, before, after, f"{status} from request {place}")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("kill", [KILL_BEFORE, KILL_AFTER])
def test_killed_at_each_request(bench, kill):
    before, after, count = measured(bench, older=True)
    for place in range(1, count + 1):
        bench.begin(older=True)
        assert child(bench, lambda victim, at=place: bench.hub.misbehave(Fault(kill, at=at, victim=victim))) == 9
        goes_on(bench, before, after, f"{kill} at request {place}")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("step", STEPS)
def test_killed_between_the_steps(bench, step):
    before, after, _ = measured(bench, older=True)
    bench.begin(older=True)
    if step == "create":
        del bench.hub.repositories[NAME]
    assert child(bench, lambda victim: None, dies_at=step) == 9
    if step == "create":
        bench.begin(older=True)
    goes_on(bench, before, after, f"killed at {step}")


def child(bench, prepare, dies_at=None):
    """Publish in a process of its own that waits until `prepare` knows its number; the signal that ended it."""
    reading, writing = os.pipe()
    number = os.fork()
    if not number:
        os.read(reading, 1)
        try:
            _publish_and_die(bench, dies_at)
        finally:
            sys.stderr.flush()
            os._exit(0)
    prepare(number)
    os.write(writing, b".")
    os.close(writing)
    os.close(reading)
    return os.WTERMSIG(os.waitpid(number, 0)[1])


def _publish_and_die(bench, dies_at):
    if dies_at:
        from exports.hub import HubRepository

        setattr(HubRepository, dies_at, lambda *_, **__: os.kill(os.getpid(), 9))
    bench.send()
