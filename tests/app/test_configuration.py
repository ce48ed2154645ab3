"""The shipped configuration is in force from any folder, and the app refuses to start without it."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import configuration, guards
from tests.app.server import free_port, running_app

ROOT = configuration.ROOT
VALUES = {
    "server.address": "127.0.0.1",
    "server.runOnSave": False,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "type",
    "client.showErrorLinks": False,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
}


def in_force(name):
    return dict(configuration._options(_shipped()))[name]


def _shipped():
    import tomllib

    return tomllib.loads(configuration.CONFIG_FILE.read_text(encoding="utf-8"))


def test_the_shipped_file_holds_the_values_that_safety_and_speed_rest_on():
    assert {name: in_force(name) for name in VALUES} == VALUES


def test_the_link_beside_the_app_leads_to_the_shipped_file():
    assert (ROOT / "app" / ".streamlit" / "config.toml").resolve() == configuration.CONFIG_FILE.resolve()


def test_a_value_that_is_not_in_force_is_named_with_what_to_do():
    with pytest.raises(configuration.ConfigurationError, match=r"browser\.gatherUsageStats") as caught:
        configuration.check(
            lambda name: True if name == "browser.gatherUsageStats" else in_force(name),
            login_configured=False,
        )
    assert "link" in caught.value.hint


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "::", None])
def test_another_address_than_this_machines_needs_a_login(address):
    def read(name):
        return address if name == "server.address" else in_force(name)

    with pytest.raises(configuration.ConfigurationError, match="anyone"):
        configuration.check(read, login_configured=False)
    configuration.check(read, login_configured=True)


def test_port_and_look_may_differ():
    changed = {"server.port": 9999, "server.headless": False, "theme.light.primaryColor": "#000000"}
    configuration.check(lambda name: changed.get(name) or in_force(name), login_configured=False)


def test_the_policy_allows_the_installed_inline_script_and_no_other_origin():
    import streamlit

    policy = guards.content_security_policy(Path(streamlit.__file__).parent / "static" / "index.html")
    assert "'sha256-" in policy
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy


@pytest.mark.slow
def test_it_holds_when_started_from_another_folder(tmp_path):
    with running_app(tmp_path, folder=tmp_path) as address:
        answer = urllib.request.urlopen(f"{address}/_stcore/health")
        assert answer.read() == b"ok"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        config = json.load(urllib.request.urlopen(f"{address}/_stcore/host-config"))
        assert (config["allowedOrigins"], config["blockErrorDialogs"]) == ([], True)


@pytest.mark.slow
def test_a_foreign_host_name_is_refused_and_another_interface_does_not_answer(tmp_path):
    with running_app(tmp_path) as address:
        request = urllib.request.Request(address, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        assert caught.value.code == 403
        port = int(address.rsplit(":", 1)[1])
        with contextlib.closing(socket.socket()) as probe:
            probe.settimeout(0.5)
            assert probe.connect_ex(("127.0.0.2", port)) != 0


@pytest.fixture
def copy_with_broken_link(tmp_path: Path) -> Iterator[Path]:
    """A checkout whose link became a text file, as Git on Windows makes it."""
    for name in ("app", "review_db", "pipeline", "exports"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.sqlite*", "cache", "releases"))
    shutil.copy(configuration.CONFIG_FILE, tmp_path)
    link = tmp_path / "app" / ".streamlit" / "config.toml"
    link.unlink()
    link.write_text("../../streamlit_config.toml", encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_broken_link_stops_the_start_with_one_sentence_and_a_hint(copy_with_broken_link):
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app/main.py",
        "--server.port",
        str(free_port()),
        "--server.headless",
        "true",
    ]
    environment = os.environ | {"MANUALQA_WORKSPACE": str(copy_with_broken_link / "w")}
    started = time.monotonic()
    ended = subprocess.run(
        command,
        cwd=copy_with_broken_link,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "is not in force" in ended.stderr
    assert "hint: app/.streamlit/config.toml must be a link" in ended.stderr
    assert "Traceback" not in ended.stderr.split("error: ")[1]
    assert time.monotonic() - started < 30
