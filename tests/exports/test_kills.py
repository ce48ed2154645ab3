"""Killed or refused at any step, an export leaves the old state or the new one, and the next one tidies up."""

import errno
import io
import itertools
import os
import resource
import signal
import sys

import pytest

from exports.errors import ExportError
from exports.formats import chosen_formats
from exports.options import Options
from exports.verify import verify
from exports.writer import remove_unfinished
from tests.exports.shelf import a_scan, approved, contents, fill, open_shelf

pytestmark = pytest.mark.faults
STEPS = ("fsync", "rename", "replace", "mkdir", "link", "symlink", "unlink", "rmdir")
KILLS_IN_ALL_FORMATS, LAST_STEPS = 40, 8
BROKEN = 99  # exit code of a child that ended with a traceback


class Steps:
    """Counts what an export asks of the disk, and does `at_step` when step number `at` begins."""

    def __init__(self, at=0, at_step=None):
        self.count, self._at, self._at_step = 0, at, at_step

    def taken(self):
        self.count += 1
        if self.count == self._at:
            self._at_step()

    def watch(self, patch):
        for name in STEPS:
            patch(os, name, self._counted(getattr(os, name)))
        patch(io, "open", self._opening(io.open))

    def _counted(self, function):
        def counted(*arguments, **options):
            self.taken()
            return function(*arguments, **options)

        return counted

    def _opening(self, function):
        def opening(file, mode="r", *rest, **options):
            if mode != "xb":
                return function(file, mode, *rest, **options)
            self.taken()
            return WatchedFile(function(file, mode, *rest, **options), self)

        return opening


class WatchedFile:
    """A file for writing in which every piece is a step, and on the disk before the next."""

    def __init__(self, file, steps):
        self._file, self._steps = file, steps

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, piece):
        self._file.flush()
        self._steps.taken()
        return self._file.write(piece)


@pytest.fixture
def shelf(tmp_path):
    """Six pages, one release already made, then one more page."""
    opened = open_shelf(tmp_path)
    fill(opened, 6, 3)
    opened.export()
    approved(opened, a_scan(opened, 7), 3)
    opened.db.close()
    return opened


def in_a_child(home, act):
    """Run `act(shelf)` in a process of its own and return its exit status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    status = BROKEN
    try:
        act(open_shelf(home))
        status = 0
    except ExportError:
        status = 1
    finally:
        sys.stderr.flush()
        os._exit(status)


def killed_at(step, **facts):
    def act(shelf):
        Steps(step, lambda: os.kill(os.getpid(), signal.SIGKILL)).watch(setattr)
        shelf.export(**facts)

    return act


def state_of(home):
    """Names of the complete releases and what `latest` points to; fails on anything half."""
    releases = home / "exports" / "releases"
    complete = sorted(path.name for path in releases.iterdir() if not path.name.startswith("."))
    for name in complete:
        assert verify(releases / name) == [], name
    latest = (home / "exports" / "latest").resolve()
    assert verify(latest) == []
    return complete, latest.name


def leftovers(shelf):
    return [path.name for path in shelf.releases.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("leftovers_stay", [False, True])
def test_a_kill_at_every_step_leaves_the_old_or_the_new_release(shelf, leftovers_stay):
    old = contents(shelf.releases / "release-0001")
    outcomes = []
    for step in itertools.count(1):
        before, pointed = state_of(shelf.home)
        status = in_a_child(shelf.home, killed_at(step))
        after, points = state_of(shelf.home)
        assert set(before) <= set(after)
        if not os.WIFSIGNALED(status):
            break
        outcomes.append("old" if len(after) == len(before) else "complete" if points == pointed else "new")
        if not leftovers_stay:
            remove_unfinished(shelf.releases)
    assert os.waitstatus_to_exitcode(status) == 0
    assert len(outcomes) >= 90
    assert set(outcomes) >= {"old", "complete"} | (set() if leftovers_stay else {"new"})
    assert points == after[-1]
    assert leftovers(shelf) == []
    assert contents(shelf.releases / "release-0001") == old
    newer = [contents(shelf.releases / name) for name in after[1:]]
    assert all(one == newer[0] for one in newer)
    counts = ", ".join(f"{outcomes.count(name)} {name}" for name in ("old", "complete", "new"))
    print(f"{len(outcomes)} kills: {counts}, 0 torn")


def test_a_kill_anywhere_in_an_export_of_all_formats_leaves_the_old_or_the_new_release(shelf):
    import datasets  # noqa: F401 - once, before the forks, or each of them would spend seconds on it

    everything = {"formats": chosen_formats("all"), "options": Options(image_size=100, crops=True, evidence=True)}
    reopened, counted = open_shelf(shelf.home), Steps()
    reopened.export(**everything)  # from now on the cache holds the shrunk images, and every export takes as many steps
    with pytest.MonkeyPatch.context() as patch:
        counted.watch(patch.setattr)
        whole = contents(reopened.export(**everything).path)
    reopened.db.close()
    assert counted.count > 150
    outcomes = []
    spread = range(1, counted.count, counted.count // KILLS_IN_ALL_FORMATS)
    for step in sorted({*spread, *range(counted.count - LAST_STEPS, counted.count + 1)}):
        remove_unfinished(shelf.releases)
        before, pointed = state_of(shelf.home)
        status = in_a_child(shelf.home, killed_at(step, **everything))
        after, points = state_of(shelf.home)
        assert os.WIFSIGNALED(status)
        assert set(before) <= set(after)
        assert pointed == points or points == after[-1]
        outcomes.append(len(after) > len(before))
    assert len(outcomes) >= KILLS_IN_ALL_FORMATS
    assert set(outcomes) == {False, True}
    assert in_a_child(shelf.home, lambda again: again.export(**everything)) == 0
    complete, _ = state_of(shelf.home)
    assert leftovers(shelf) == []
    assert all(contents(shelf.releases / name) == whole for name in complete[1:])
    print(f"{len(outcomes)} kills in {counted.count} steps with all formats: {sum(outcomes)} complete, 0 torn")


def test_the_sweep_would_notice_an_export_that_writes_in_place(shelf):
    def act(shelf):
        from exports import writer

        writer.UNFINISHED = ""  # the folder's name then is its final one but for the dot, which we take away too
        patched = writer.Path.with_name
        writer.Path.with_name = lambda path, name: patched(path, name.removeprefix(".") or name)
        killed_at(30)(shelf)

    assert os.WIFSIGNALED(in_a_child(shelf.home, act))
    with pytest.raises(AssertionError):
        state_of(shelf.home)


def was_told(shelf, reason):
    """Export; whether it was refused, for this reason and with a hint."""
    try:
        shelf.export()
    except ExportError as error:
        return reason in str(error) and bool(error.hint)
    return False


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_an_error_at_every_step_is_a_sentence_and_leaves_no_trace(shelf, number):
    def fail():
        raise OSError(number, os.strerror(number))

    reopened, told = open_shelf(shelf.home), 0
    for step in itertools.count(1):
        steps = Steps(step, fail)
        with pytest.MonkeyPatch.context() as patch:
            steps.watch(patch.setattr)
            told += was_told(reopened, os.strerror(number))
        state_of(shelf.home)
        assert leftovers(shelf) == []
        if steps.count < step:
            break
    reopened.db.close()
    assert told >= 30


def test_a_file_too_large_for_the_system_stops_the_export_and_leaves_no_trace(shelf):
    larger = open_shelf(shelf.home)
    page = a_scan(larger, 8)
    with (larger.scans / page.source).open("ab") as scan:
        scan.write(bytes(3_000_000))
    approved(larger, a_scan(larger, 8), 2)
    larger.db.close()

    def act(shelf):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
        with pytest.raises(ExportError, match="File too large"):
            shelf.export()

    before = state_of(shelf.home)
    assert in_a_child(shelf.home, act) == 0
    assert state_of(shelf.home) == before
    assert sorted(path.name for path in shelf.releases.iterdir()) == before[0]


def test_exports_at_the_same_time_each_make_a_whole_release_of_the_same_splits(shelf):
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            status = BROKEN
            try:
                open_shelf(shelf.home).export()
                status = 0
            except ExportError:
                status = 1
            finally:
                os._exit(status)
        children.append(child)
    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert set(ended) <= {0, 1}
    complete, _ = state_of(shelf.home)
    assert len(complete) == 1 + ended.count(0) > 1
    assert leftovers(shelf) == []
    newer = [contents(shelf.releases / name) for name in complete[1:]]
    assert all(one == newer[0] for one in newer)
