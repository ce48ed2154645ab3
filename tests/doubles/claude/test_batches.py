"""The double's batches: what the real service refuses is refused, and the SDK's own client understands the rest."""

import anthropic
import pytest

from tests.asking import a_request, answer
from tests.doubles.claude.server import KEY, ClaudeDouble


@pytest.fixture
def double(tmp_path):
    with ClaudeDouble(tmp_path / "bill.jsonl", answer).running() as double:
        yield double


@pytest.fixture
def sdk(double, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with anthropic.Anthropic(api_key=KEY, base_url=double.url, max_retries=0) as client:
        yield client.messages.batches


def requests(*names):
    return [{"custom_id": name, "params": dict(a_request(number).body)} for number, name in enumerate(names)]


@pytest.mark.parametrize("names", [["a", "a"], ["with space"], ["x" * 65], [""], []])
def test_names_must_be_there_unique_and_plain(sdk, names):
    with pytest.raises(anthropic.BadRequestError):
        sdk.create(requests=requests(*names))


def test_a_batch_ends_and_tells_every_request_in_some_order(double, sdk):
    double.batches.treat(["expired", None, "overloaded", None])
    names = [f"r{number}" for number in range(30)]
    batch = sdk.create(requests=requests(*names))
    ended = sdk.retrieve(batch.id)
    assert (ended.processing_status, ended.request_counts.succeeded) == ("ended", 28)
    told = list(sdk.results(batch.id))
    assert sorted(each.custom_id for each in told) == sorted(names)
    assert [each.custom_id for each in told] != names
    assert {each.result.type for each in told} == {"succeeded", "expired", "errored"}
    assert len(double.bill.entries()) == 28


def test_bodies_are_looked_at_only_in_the_end(sdk):
    wrong = [{"custom_id": "a", "params": {"model": "claude-2", "max_tokens": 5, "messages": []}}]
    batch = sdk.create(requests=wrong)
    sdk.retrieve(batch.id)
    (told,) = sdk.results(batch.id)
    assert (told.result.type, told.result.error.error.type) == ("errored", "not_found_error")


def test_the_newest_batches_come_first_a_page_at_a_time(sdk):
    made = [sdk.create(requests=requests("a")).id for _ in range(5)]
    assert [batch.id for batch in sdk.list(limit=2)] == list(reversed(made))


def test_a_batch_that_is_canceled_bills_what_it_had_answered(double, sdk):
    double.batches.seconds = 60
    batch = sdk.create(requests=requests(*"abcdef"))
    assert sdk.retrieve(batch.id).processing_status == "in_progress"
    sdk.cancel(batch.id)
    assert sdk.retrieve(batch.id).request_counts.canceled == 3
    assert len(double.bill.entries()) == 3


def test_a_batch_that_is_not_there_and_a_wrong_key_are_refused(double, sdk):
    with pytest.raises(anthropic.NotFoundError):
        sdk.retrieve("msgbatch_nobody")
    stranger = anthropic.Anthropic(api_key="wrong", base_url=double.url, max_retries=0)
    with stranger, pytest.raises(anthropic.AuthenticationError):
        stranger.messages.batches.list()
