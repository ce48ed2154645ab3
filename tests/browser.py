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
DRIVER_LIBRARY = "libatomic1"
DRIVER_HELP = f"Playwright does not start: `apt-get install {DRIVER_LIBRARY}` brings the library it needs."
BROWSER_HELP = "No Chromium for the browser tests: install Chrome or Chromium, or name one in MANUALQA_BROWSER."


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


def driver_starts() -> bool:
    """Whether the program starts that Playwright brings along; a very small system lacks a library for it."""
    asked = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(asked, capture_output=True, timeout=120, check=False).returncode == 0


def _installed(*commands: list[str]) -> None:
    for command in commands:
        print(" ".join(command), file=sys.stderr, flush=True)
        subprocess.run(command, check=False, stdout=sys.stderr)
    find_browser.cache_clear()


def _apt_install(package: str) -> None:
    """Only where the system has apt and this user may use it."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        _installed(["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "--yes", package])


def main() -> int:
    """Print the browser's path; else install what is missing, or say it in one sentence with exit code 1."""
    if not driver_starts():
        _apt_install(DRIVER_LIBRARY)
    if not driver_starts():
        print(DRIVER_HELP, file=sys.stderr)
        return 1
    if not find_browser():
        _installed([sys.executable, "-m", "playwright", "install", "chromium"])
    if not find_browser():
        _apt_install("chromium")
    found = find_browser()
    print(found if found else BROWSER_HELP, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
