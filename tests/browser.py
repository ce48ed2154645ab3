"""Finds a Chromium or Chrome for the browser tests; started by itself, it also installs one where it can."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC_APPLICATIONS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
PLAYWRIGHT_FOLDERS = (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright")
PLAYWRIGHT_BUILDS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium_headless_shell-*/chrome-*/*headless*shell",
)
LAUNCH_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HELP = "No Chromium for the browser tests: install Chrome or Chromium, or name one in MANUALQA_BROWSER."


def launch_arguments() -> list[str]:
    """Switches that keep a test browser quiet; root cannot have Chromium's sandbox."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*LAUNCH_ARGUMENTS, *(["--no-sandbox"] if as_root else [])]


@functools.cache
def find_browser() -> Path | None:
    """The first browser that starts, the one named in MANUALQA_BROWSER before all, or None."""
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[Path]:
    named = os.environ.get("MANUALQA_BROWSER")
    if named:
        yield Path(named)
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    for applications in (Path("/Applications"), Path.home() / "Applications"):
        yield from (applications / name for name in MAC_APPLICATIONS)
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    for folder in (Path(own),) if own else PLAYWRIGHT_FOLDERS:
        for build in PLAYWRIGHT_BUILDS:
            yield from sorted(folder.glob(build), reverse=True)


def _starts(path: Path) -> bool:
    """Some distributions ship a stub under the browser's name that only says where to get the real one."""
    if not (path.is_file() and os.access(path, os.X_OK)):
        return False
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _install() -> Path | None:
    """Playwright's own build, else the system's package where this user may install it."""
    for command in (
        [sys.executable, "-m", "playwright", "install", "chromium"],
        ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"],
    ):
        if command[0] == "apt-get" and not (shutil.which("apt-get") and os.geteuid() == 0):
            continue
        print("Looking for a browser:", " ".join(map(str, command)), file=sys.stderr, flush=True)
        subprocess.run(command, check=False, stdout=sys.stderr)
        find_browser.cache_clear()
        if found := find_browser():
            return found
    return None


def main() -> int:
    """Print the browser's path, or one sentence with exit code 1 where none could be found or installed."""
    found = find_browser() or _install()
    print(found if found else HELP, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
