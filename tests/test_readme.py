"""What the README shows is true: its help texts are the real ones and its tested commands run.

`python tests/test_readme.py` writes the present help texts into the README.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
HELP = re.compile(r"<!-- help: manualqa ?([\w-]*) -->\n(.*?)<!-- end of help -->", re.DOTALL)
TESTED = re.compile(r"<!-- tested -->\n```console\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#)([^)]+)\)")


def manualqa(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command line; help is wrapped at 110 columns on every terminal."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "110", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def with_present_help(readme: str) -> str:
    """The README with each help block as `manualqa … --help` prints it now."""

    def block(found: re.Match[str]) -> str:
        command = found.group(1)
        printed = manualqa(*([command] if command else []), "--help").stdout.rstrip()
        return f"<!-- help: manualqa{' ' + command if command else ''} -->\n```\n{printed}\n```\n<!-- end of help -->"

    return HELP.sub(block, readme)


def test_the_help_texts_are_the_real_ones():
    shown = README.read_text("utf-8")
    assert HELP.search(shown)
    # where a line breaks depends on the Python version
    assert shown.split() == with_present_help(shown).split(), "python tests/test_readme.py writes them anew"


def test_every_link_into_the_checkout_leads_somewhere():
    missing = [target for target in LINK.findall(README.read_text("utf-8")) if not (ROOT / target).exists()]
    assert not missing


def test_every_make_target_it_names_exists():
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    code = re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", README.read_text("utf-8"), re.MULTILINE)
    named = {first or second for first, second in code}
    assert {"review", "test"} <= named
    assert not named - targets


@pytest.mark.slow
def test_the_tested_commands_run(tmp_path: Path):
    scans = sorted((ROOT / "data_src/sample-manual").rglob("*.jpg"))[:2]
    (tmp_path / "data_src/21 - Clutch").mkdir(parents=True)
    for scan in scans:
        shutil.copy(scan, tmp_path / "data_src/21 - Clutch")
    lines = [line for block in TESTED.findall(README.read_text("utf-8")) for line in block.splitlines()]
    assert lines
    for line in lines:
        prompt, program, *arguments = shlex.split(line)
        assert (prompt, program) == ("$", "manualqa"), line
        done = manualqa(*arguments, MANUALQA_WORKSPACE=str(tmp_path))
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        assert done.stdout.strip(), f"{line} prints nothing"


if __name__ == "__main__":
    README.write_text(with_present_help(README.read_text("utf-8")), "utf-8")
