"""Who is alive: a process that works, one that is paused, one that was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.owners import Owner

ROOT = Path(__file__).resolve().parents[2]
OTHER = """
import sys
from pathlib import Path
from pipeline.owners import Owner
owner = Owner(Path(sys.argv[1]))
print(owner.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process and the name it goes by."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(tmp_path / "owners")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    process.name = process.stdout.readline().strip()
    yield process
    process.kill()
    process.communicate()


def test_a_process_is_alive_until_it_is_killed(tmp_path, other):
    me = Owner(tmp_path / "owners")
    assert me.is_alive(other.name)
    other.kill()
    other.wait()
    assert not me.is_alive(other.name)


def test_a_paused_process_is_alive(tmp_path, other):
    me = Owner(tmp_path / "owners")
    os.kill(other.pid, signal.SIGSTOP)
    assert me.is_alive(other.name)
    os.kill(other.pid, signal.SIGCONT)


def test_one_that_left_is_gone_and_one_that_never_was_is_not_alive(tmp_path):
    me, friend = Owner(tmp_path), Owner(tmp_path)
    assert me.is_alive(friend.name)
    assert me.is_alive(me.name)
    friend.leave()
    assert not me.is_alive(friend.name)
    assert not me.is_alive("12-nobody")


def test_no_two_owners_share_a_name_even_in_one_process(tmp_path):
    owners = [Owner(tmp_path) for _ in range(20)]
    assert len({owner.name for owner in owners}) == 20
    assert all(owners[0].is_alive(owner.name) for owner in owners)


def test_asking_leaves_no_file_of_the_dead_behind(tmp_path, other):
    other.kill()
    other.wait()
    me = Owner(tmp_path / "owners")
    assert [file.name for file in (tmp_path / "owners").iterdir()] == [me.name]
    me.leave()
    assert not list((tmp_path / "owners").iterdir())


def test_asking_does_not_disturb_the_owner_or_others_who_ask(tmp_path):
    owners = [Owner(tmp_path) for _ in range(3)]
    for _ in range(50):
        assert owners[1].is_alive(owners[0].name)
        assert owners[2].is_alive(owners[0].name)


def test_a_folder_that_cannot_hold_it_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PipelineError, match="cannot lock a file"):
        Owner(tmp_path / "file" / "owners")
