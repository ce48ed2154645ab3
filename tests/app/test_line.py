"""The review screen's own websocket: who is let in, and that it answers as the component does."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app import guards, identity
from app.review import line
from review_db import backups, listings
from review_db.connection import open_review_db
from tests.app.seeded import Seeded, seeded_workspace


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seeded]:
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    made = seeded_workspace(tmp_path, page_count=2)
    yield made
    made.db.close()


@pytest.fixture
def client() -> TestClient:
    app = Starlette(
        routes=[WebSocketRoute(line.PATH, line.line)],
        middleware=[Middleware(guards.HostAllowList, hosts=[])],
    )
    return TestClient(app, base_url="http://localhost:8501")


def is_let_in(client: TestClient, ticket: str, **headers: str) -> bool:
    try:
        with client.websocket_connect(line.PATH, headers={"host": "localhost:8501", **headers}) as socket:
            socket.send_text(ticket)
            socket.send_text("{}")
            return "n" in json.loads(socket.receive_text())
    except WebSocketDisconnect:
        return False


def test_the_line_stores_a_decision_before_it_confirms_it_and_knows_it_again(seeded, client):
    pair = seeded.pair_ids[0]
    entry = {"uid": "u1", "at": 1, "pair": pair, "rev": 1, "verdict": "approve"}
    envelope = {"n": 1, "tab": "t", "reviewer": "ana", "outbox": [entry], "more": True}
    with client.websocket_connect(line.PATH, headers={"host": "localhost:8501"}) as socket:
        socket.send_text(line.ticket(None))
        socket.send_text(json.dumps(envelope))
        reply = json.loads(socket.receive_text())
        assert [(event["pair_id"], event["reviewer"]) for event in listings.events(seeded.db)] == [(pair, "ana")]
        socket.send_text(json.dumps(envelope | {"n": 2}))
        again = json.loads(socket.receive_text())
    assert (reply["n"], reply["tab"], again["n"]) == (1, "t", 2)
    assert [(result["uid"], result["ok"], result["again"]) for result in reply["results"]] == [("u1", True, False)]
    assert again["results"][0]["again"]
    assert pair not in reply["queue"]
    assert reply["queue"]


def test_only_a_ticket_of_this_workspace_that_is_still_valid_opens_the_line(seeded, client, monkeypatch):
    good = line.ticket(None)
    until, signed, _ = good.split(".")
    assert is_let_in(client, good)
    refused = [
        "",
        "x",
        f"{until}.{signed}.eve",
        f"{int(until) + 9}.{signed}.",
        f"{until}.{'0' * 32}.",
        f"{until}..",
        "²..",
        "é.é.é",
    ]
    assert [ticket for ticket in refused if is_let_in(client, ticket)] == []
    later = time.time() + line.TICKET_SECONDS + 1
    monkeypatch.setattr(line.time, "time", lambda: later)
    assert not is_let_in(client, good)


def test_a_foreign_page_cannot_open_the_line_even_with_a_ticket(seeded, client):
    assert is_let_in(client, line.ticket(None), origin="http://localhost:8501")
    assert not is_let_in(client, line.ticket(None), host="evil.example")
    assert not is_let_in(client, line.ticket(None), origin="http://evil.example")
    assert not is_let_in(client, line.ticket(None), origin="null")


def test_who_is_logged_in_decides_under_that_name_whatever_the_envelope_says(seeded, client, monkeypatch):
    monkeypatch.setattr(identity, "login_configured", lambda: True)
    assert not is_let_in(client, line.ticket(None))
    entry = {"uid": "u1", "at": 1, "pair": seeded.pair_ids[0], "rev": 1, "verdict": "approve"}
    with client.websocket_connect(line.PATH, headers={"host": "localhost:8501"}) as socket:
        socket.send_text(line.ticket("ana.b@works.example"))
        socket.send_text(json.dumps({"n": 1, "tab": "t", "reviewer": "ben", "outbox": [entry]}))
        assert json.loads(socket.receive_text())["results"][0]["ok"]
    assert [event["reviewer"] for event in listings.events(seeded.db)] == ["ana.b@works.example"]


@pytest.mark.parametrize("said", ["", "[1]", "{", "[" * 100_000, '{"n": 5, "outbox": 7}', '{"outbox": [null, {}]}'])
def test_what_is_no_envelope_gets_an_empty_answer_and_the_line_stays(seeded, client, said):
    with client.websocket_connect(line.PATH, headers={"host": "localhost:8501"}) as socket:
        socket.send_text(line.ticket(None))
        for _ in range(2):
            socket.send_text(said)
            assert json.loads(socket.receive_text())["results"] == []


def test_an_open_line_goes_on_with_a_database_that_was_restored_under_it(seeded, client):
    def entry(uid: str, pair: str) -> str:
        decision = {"uid": uid, "at": 1, "pair": pair, "rev": 1, "verdict": "approve"}
        return json.dumps({"n": 1, "tab": "t", "reviewer": "ana", "outbox": [decision]})

    file = seeded.root / "review_db" / "review.sqlite"
    copy = backups.backup(seeded.db, seeded.root / "backups", "test")
    with client.websocket_connect(line.PATH, headers={"host": "localhost:8501"}) as socket:
        socket.send_text(line.ticket(None))
        for _ in range(line.AT_ONCE):
            socket.send_text(entry("before", seeded.pair_ids[0]))
            socket.receive_text()
        backups.restore(copy, file)
        socket.send_text(entry("after", seeded.pair_ids[1]))
        assert json.loads(socket.receive_text())["results"][0]["ok"]
    restored = open_review_db(file)
    assert [event["decision_id"] for event in listings.events(restored)] == ["after"]
    restored.close()
