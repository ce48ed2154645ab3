"""What a batch is put together of, and how its results are told apart, whatever lines come."""

import json

import pytest

from pipeline.batches.part import ROOM_FOR_THE_NAME, Limits, Part, as_request, call_named, custom_id
from pipeline.batches.results import fetch
from pipeline.batches.service import listed, standing_of
from review_db import batches, calls
from tests.asking import a_request

HASHES = {7: "a" * 64, 8: "b" * 64}


def test_a_part_is_the_body_that_the_service_takes(tmp_path):
    part = Part(1, tmp_path, Limits())
    for call_id, request_hash in HASHES.items():
        part.add(as_request(custom_id(call_id, request_hash), json.dumps(dict(a_request(call_id).body)).encode()))
    part.finish()
    part.file.seek(0)
    raw = part.file.read()
    assert len(raw) == part.size
    requests = json.loads(raw)["requests"]
    assert [call_named(request["custom_id"], HASHES) for request in requests] == [7, 8]
    assert [request["params"] for request in requests] == [dict(a_request(number).body) for number in HASHES]


def test_a_part_is_full_at_either_limit_and_never_passes_the_bytes(tmp_path):
    request = as_request(custom_id(7, HASHES[7]), b'"' + b"x" * 500 + b'"')
    part = Part(1, tmp_path, Limits(most_bytes=2_000))
    while part.has_room(len(request)):
        part.add(request)
    part.finish()
    assert 1_000 < part.size <= 2_000
    assert part.count == 3
    few = Part(2, tmp_path, Limits(most_requests=2))
    few.add(request)
    few.add(request)
    assert not few.has_room(1)
    assert len(as_request(custom_id(10**12, HASHES[7]), b"")) <= ROOM_FOR_THE_NAME


@pytest.mark.parametrize(
    "name",
    [None, 7, "", "-", "7", "7-", "7-b", "8-" + "a" * 40, "9-" + "a" * 40, "٧-" + "a" * 40, "9" * 5000, ["7"], {}],
)
def test_a_name_that_is_not_ours_means_no_call(name):
    assert call_named(name, HASHES) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"no", b"[]", b"5", b"[" * 100_000, b'{"id": 5}', b'{"id": ""}', b'{"data": 5}', b'{"data": [1, null]}'],
)
def test_what_is_no_batch_is_none(body):
    assert standing_of(body) is None
    assert listed(body) == ([], False)


LINES = [
    b"", b"no JSON", b"[]", b"[" * 100_000, b'{"custom_id": "x", "result": 5}', b'{"result": {"type": "expired"}}',
    b'{"custom_id": "NAME1"}', b'{"custom_id": "NAME1", "result": []}',
]  # fmt: skip
RESULTS = {
    b'{"type": "succeeded", "message": {"content": []}}': "sent",
    b'{"type": "succeeded"}': "sent",
    b'{"type": "of tomorrow", "message": {"content": []}}': "sent",
    b'{"type": "errored"}': "failed",
    b'{"type": "errored", "error": {"type": "api_error"}}': "failed",
    b'{"type": "expired"}': "failed",
}


class Told:
    """A service whose results are these lines."""

    def __init__(self, lines):
        self._lines = lines

    def results(self, name):
        yield from self._lines


@pytest.mark.parametrize("result", RESULTS)
def test_any_line_leaves_a_call_stored_refused_or_waiting_and_only_what_failed_is_free(fresh_db, result):
    batch = batches.begin(fresh_db, "owner")
    call = calls.NewCall("c" * 64, 1, None, "claude-batch", "m", "generate", "run", "owner", "day", 0.5, batch)
    call_id = calls.reserve(fresh_db, call, [], resend_unknown=False)
    name = custom_id(call_id, "c" * 64).encode()
    good = b'{"custom_id": "%s", "result": %s}' % (name, result)
    found = fetch(fresh_db, Told([*(line.replace(b"NAME1", name) for line in LINES), good, good]), batch, "b")
    assert found.missing == 0
    assert found.strange == len(LINES)
    assert [row["state"] for row in fresh_db["calls"].rows] == [RESULTS[result]]
    assert calls.spent(fresh_db, "day:day") == (0.5 if RESULTS[result] == "sent" else 0.0)
