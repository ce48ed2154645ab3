"""One run of the pipeline over the sample manual, shared by every test that looks at its outcome."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data_src" / "sample-manual"


def manualqa(workspace: Path, *arguments: str, check: bool = True, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run one command as a person would, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", arguments[0], "--workspace", str(workspace), *arguments[1:]],
        capture_output=True, text=True, check=check, cwd=ROOT, env=os.environ | options.pop("env", {}), **options,
    )  # fmt: skip


def listed(workspace: Path, *arguments: str) -> Iterator[dict[str, Any]]:
    """Rows of a listing."""
    for line in manualqa(workspace, *arguments, "--jsonl").stdout.splitlines():
        yield json.loads(line)


def hears_ctrl_c() -> None:
    """For a child's `preexec_fn`: a test run in the background hands down that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run_on_sample(folder: Path) -> Path:
    """A workspace in which the sample was read offline; scans are read in place."""
    workspace = folder / "sample-workspace"
    done = manualqa(workspace, "run", "--engine", "offline", "--source", str(SAMPLE), check=False)
    assert done.returncode == 0, done.stderr
    return workspace


def copy_of(workspace: Path, target: Path) -> Path:
    """A workspace of one's own to decide in."""
    shutil.copytree(workspace, target, dirs_exist_ok=True)
    return target
