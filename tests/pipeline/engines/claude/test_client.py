"""The line to the service: one HTTP request for each sending, raw bytes back, the key nowhere else."""

import logging
import threading
import time

import pytest

from pipeline.engines.claude import client as client_module
from pipeline.engines.claude.client import MessagesClient, NoKeyError, has_key
from pipeline.ledger import Lost, NotSent, Received
from tests.asking import a_request, answer
from tests.doubles.claude.misbehaviour import AFTER_BILLING, BEFORE_BILLING, CONTENTS, NAMES
from tests.doubles.claude.server import KEY, ClaudeDouble

LOST = {"drop", "drop_unbilled", "hang", "hang_unbilled", "cut_body", "drip"}


@pytest.fixture
def double(tmp_path, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ClaudeDouble(tmp_path / "bill.jsonl", answer, hang_seconds=30).running() as double:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", double.url)
        yield double


@pytest.fixture
def client(double):
    client = MessagesClient(20)
    yield client
    client.close()


def test_a_request_arrives_as_the_api_of_today_wants_it(double, client):
    outcome = client.send(a_request(3).body)
    assert isinstance(outcome, Received)
    assert (outcome.status, double.received, len(double.requests)) == (200, 1, 1)
    assert double.requests[0] == a_request(3).body
    assert double.bill.entries()[0]["hash"] == a_request(3).hash
    assert outcome.headers["request-id"] == double.bill.entries()[0]["request_id"]


@pytest.mark.parametrize("fault", sorted(set(NAMES) - {"hang", "hang_unbilled", "drip"}))
def test_every_fault_is_one_request_and_one_outcome(double, client, fault):
    double.misbehave(fault)
    outcome = client.send(a_request().body)
    assert double.fired == {fault: 1}
    assert double.received == 1
    assert len(double.bill.entries()) == (fault not in BEFORE_BILLING)
    assert isinstance(outcome, Lost if fault in LOST else Received)
    if fault in AFTER_BILLING or fault in CONTENTS:
        assert fault in LOST or outcome.status == 200


@pytest.mark.parametrize("fault", ["hang", "hang_unbilled", "drip"])
def test_a_reply_that_does_not_come_is_lost_after_the_time_out(double, monkeypatch, fault):
    monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.3)
    double.misbehave(fault)
    began = time.monotonic()
    assert isinstance(MessagesClient(0.5).send(a_request().body), Lost)
    assert time.monotonic() - began < 3
    assert (double.received, double.fired[fault]) == (1, 1)


def test_nobody_at_home_is_not_sent(monkeypatch, double):
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    outcome = MessagesClient(5).send(a_request().body)
    assert isinstance(outcome, NotSent)
    assert "no connection" in outcome.reason


def test_an_address_that_is_none_is_not_sent(monkeypatch, double):
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "ftp://127.0.0.1:9")
    assert isinstance(MessagesClient(5).send(a_request().body), NotSent)


def test_closing_ends_what_is_in_flight_and_refuses_the_rest(double, client):
    double.misbehave("hang")
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(client.send(a_request().body)))
    thread.start()
    while not double.fired["hang"]:
        time.sleep(0.01)
    began = time.monotonic()
    client.close()
    thread.join(5)
    assert time.monotonic() - began < 2
    assert isinstance(outcomes[0], Lost)
    assert isinstance(client.send(a_request(2).body), NotSent)
    assert double.received == 1


def test_a_large_answer_budget_needs_no_streaming(double, client):
    body = a_request().body | {"max_tokens": 60_000}
    assert client.send(body).status == 200


def test_many_threads_share_the_client(double, client):
    double.latency_seconds = 0.5
    threads = [threading.Thread(target=client.send, args=[a_request(n).body]) for n in range(16)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert double.most_in_flight >= 12
    assert time.monotonic() - began < 3
    assert len(double.bill.times()) == 16


# ---------------------------------------------------------------- the key


def test_without_a_key_nothing_begins():
    assert not has_key()
    with pytest.raises(NoKeyError, match="no key") as caught:
        MessagesClient(5)
    assert "ANTHROPIC_API_KEY" in caught.value.hint


@pytest.mark.parametrize("key", ["sk-secret-canary\n", " sk-secret-canary", "sk-secret\tcanary", "sk-secret-cänary"])
def test_a_key_that_no_header_can_carry_is_refused_unseen(monkeypatch, key):
    monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    with pytest.raises(NoKeyError) as caught:
        MessagesClient(5)
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_an_empty_key_is_no_key(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "")
    assert not has_key()


@pytest.mark.parametrize("fault", ["401_echo", "html_echo"])
def test_a_server_that_repeats_the_key_does_not_hand_it_on(double, client, fault):
    double.misbehave(fault)
    outcome = client.send(a_request().body)
    assert KEY not in f"{outcome.headers}"
    assert KEY.encode() not in outcome.body
    assert b"[key]" in outcome.body


def test_not_even_the_debug_log_knows_the_key(double, client, caplog):
    caplog.set_level(logging.DEBUG)
    for fault in ("401_echo", "cut_body", "500", "html_echo", None):
        double.misbehave(fault)
        client.send(a_request().body)
    assert "Request options" in caplog.text or "HTTP Request" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in repr(client)
