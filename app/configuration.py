"""Check at start that streamlit_config.toml is in force, and that the server is this machine's alone.

Streamlit ignores a configuration that it does not find (a link checked out as text, a moved folder) and starts on
defaults that listen on every interface and report usage. So the app compares and refuses to start instead.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from app.workspace import ROOT

CONFIG_FILE = ROOT / "streamlit_config.toml"
FREE_TO_CHANGE = frozenset({"server.port", "server.maxUploadSize", "server.headless"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigurationError(Exception):
    """The app must not start like this; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def check(read_option: Callable[[str], Any], *, login_configured: bool, config_file: Path = CONFIG_FILE) -> None:
    """Raise ConfigurationError unless every safety setting of the file is in force and the address is safe.

    `read_option` is Streamlit's get_option. Look (theme) and port may differ from the file.
    """
    wanted = dict(_options(tomllib.loads(config_file.read_text(encoding="utf-8"))))
    for name, value in wanted.items():
        if name.startswith("theme.") or name in FREE_TO_CHANGE or name == "server.address":
            continue
        if (actual := read_option(name)) != value:
            raise ConfigurationError(
                f"the setting {name} is {actual!r} instead of {value!r}: {config_file.name} is not in force",
                "app/.streamlit/config.toml must be a link to ../../streamlit_config.toml; restore it with "
                "`git checkout app/.streamlit` (on Windows: copy streamlit_config.toml there), and start with "
                "`streamlit run app/main.py`",
            )
    _check_address(read_option("server.address"), login_configured)


def _check_address(address: str | None, login_configured: bool) -> None:
    if address in LOOPBACK or login_configured:
        return
    raise ConfigurationError(
        f"the server would listen on {address or 'every network interface'}, where anyone could decide and read scans",
        "keep server.address at 127.0.0.1, or configure a login ([auth] in app/.streamlit/secrets.toml)",
    )


def _options(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _options(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def refuse_to_start(error: ConfigurationError) -> None:
    """Say in two lines why the app does not start, and end the process with exit code 1."""
    sys.stderr.write(f"error: {error}\nhint: {error.hint}\n")
    raise SystemExit(1)
