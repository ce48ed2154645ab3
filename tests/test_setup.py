"""Setting up on a machine that lacks something: one sentence says what, and one command mends it."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.browser import find_browser

ROOT = Path(__file__).resolve().parent.parent
NEW_BUT_BARE = """#!/bin/sh
case "$*" in
    *ensurepip*|*virtualenv*) exit 1 ;;
    --version) echo Python 3.12.1 ;;
esac
"""
TOO_OLD = """#!/bin/sh
[ "$1" = --version ] && echo Python 3.9.6 && exit 0
exit 1
"""

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What `make setup` looks at, without the code."""
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "EMBEDDINGS"))}
    environment["PATH"] = "/usr/bin:/bin"
    return subprocess.run(
        ["make", *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


@needs_make
def test_plain_make_lists_every_target_with_a_line(checkout):
    listed = set(re.findall(r"^  make ([a-z-]+) +\S", make(checkout).stdout, re.MULTILINE))
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)$", (checkout / "Makefile").read_text(), re.MULTILINE)
    assert listed == set(phony.group(1).replace("\\\n", " ").split())
    assert {"setup", "review", "test", "all", "regen-qa", "clean-all", "accept"} <= listed


@needs_make
def test_a_python_that_is_too_old_is_named_with_what_helps(checkout):
    done = make(checkout, "setup", f"PYTHON={script(checkout / 'old', TOO_OLD)}")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.6" in done.stderr
    assert "hint: Run `" in done.stderr


@needs_make
@pytest.mark.skipif(shutil.which("apt-get") is None, reason="the sentence for Debian")
def test_without_venv_the_one_command_that_helps_is_named(checkout):
    if any(Path(folder, "virtualenv").exists() for folder in ("/usr/bin", "/bin")):
        pytest.skip("virtualenv takes the place of venv here")
    done = make(checkout, "setup", f"PYTHON={script(checkout / 'bare', NEW_BUT_BARE)}")
    assert done.returncode != 0
    assert "apt-get install python3-venv" in done.stderr
    assert not (checkout / ".venv/.ready-app").exists()


@needs_make
def test_a_second_setup_does_nothing(checkout):
    (checkout / ".venv").mkdir()
    (checkout / ".venv/.ready-app").touch()
    done = make(checkout, "setup")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("start", ["setup", "run"])
def test_the_scripts_are_sound_shell(start):
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / start], check=False).returncode == 0


def test_every_dependency_is_pinned_to_a_version_it_allows():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / ".ci/constraints.txt").read_text("utf-8").splitlines()
    pins = {canonicalize_name(name): pin for name, _, pin in (line.partition("==") for line in lines) if pin}
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(requirement for extra in extras for requirement in extra)]
    for requirement in map(Requirement, wanted):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier


def test_a_stub_in_place_of_a_browser_is_passed_over(tmp_path, monkeypatch):
    stub = script(tmp_path / "chromium", "#!/bin/sh\necho install the real one >&2\nexit 1\n")
    real = script(tmp_path / "chrome", "#!/bin/sh\necho Chromium 1\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/nowhere")
    monkeypatch.setenv("MANUALQA_BROWSER", str(stub))
    find_browser.cache_clear()
    assert find_browser() == real
    find_browser.cache_clear()
