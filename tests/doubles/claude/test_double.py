"""The double refuses what the real service refuses, and what its model says of the sample is the sample's truth."""

import base64
import io
import json
import os
import signal
import subprocess
import sys

import pytest
from PIL import Image

from pipeline.engines.claude import schemas
from pipeline.engines.claude.client import MessagesClient
from pipeline.engines.claude.images import limits_of
from pipeline.engines.claude.views import View
from tests.doubles.claude import answers, rules
from tests.doubles.claude.answers import ROOT, SAMPLE
from tests.doubles.claude.server import KEY
from tests.sample_pages import sent_image
from tests.sample_run import hears_ctrl_c

MODEL = "claude-sonnet-5-5"
HEADERS = {
    "authorization": f"Bearer {KEY}", "anthropic-version": rules.VERSION, "content-type": "application/json",
}  # fmt: skip
STATES = {KEY: "ok", "poor": "no_credit", "barred": "forbidden", "capped": "spend_limit"}


def bytes_as_picture(data: str) -> dict:
    return {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}


def a_picture(size=(60, 40), image_format="PNG", media_type=None, **more) -> dict:
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, image_format)
    data = base64.b64encode(buffer.getvalue()).decode()
    source = {"type": "base64", "media_type": media_type or f"image/{image_format.lower()}", "data": data}
    return {"type": "image", "source": source, **more}


TEXT = {"type": "text", "text": "Which torque?"}


def a_body(*content, **changes) -> dict:
    """A request that the service takes, with changes; None takes a field away."""
    body = {
        "model": MODEL, "max_tokens": 1000, "system": "You read manuals.",
        "messages": [{"role": "user", "content": list(content) or [a_picture(), TEXT]}],
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": schemas.GENERATION}},
    } | changes  # fmt: skip
    return {name: value for name, value in body.items() if value is not None}


def with_schema(**node) -> dict:
    return a_body(output_config={"format": {"type": "json_schema", "schema": node}})


def test_a_request_of_the_right_form_passes():
    assert rules.refusal_of(a_body(), HEADERS, STATES) is None
    assert rules.refusal_of(a_body(TEXT, system=None, output_config=None), HEADERS, STATES) is None


@pytest.mark.parametrize("schema", [schemas.GENERATION, schemas.CLASSIFICATION, schemas.INDEX])
def test_the_products_own_schemas_are_taken(schema):
    assert rules.refusal_of(with_schema(**schema), HEADERS, STATES) is None


ROUND = {"role": "user", "content": "and?"}
SELF = {"$ref": "#/$defs/a"}
REFUSED = {
    "no such model": (404, a_body(model="claude-2")),
    "temperature": (400, a_body(temperature=0)),
    "top_p at its default": (400, a_body(top_p=1)),
    "output_format": (400, a_body(output_format={"type": "json"})),
    "an unknown field": (400, a_body(max_token=5)),
    "no max_tokens": (400, a_body(max_tokens=None)),
    "max_tokens of nothing": (400, a_body(max_tokens=0)),
    "max_tokens as a truth": (400, a_body(max_tokens=True)),
    "max_tokens without measure": (400, a_body(max_tokens=500_000)),
    "streaming": (400, a_body(stream=True)),
    "a forced tool": (400, a_body(tools=[], tool_choice={"type": "tool", "name": "x"})),
    "any tool": (400, a_body(tool_choice={"type": "any"})),
    "thinking disabled": (400, a_body(thinking={"type": "disabled"})),
    "no messages": (400, a_body(messages=[])),
    "an assistant first": (400, a_body(messages=[{"role": "assistant", "content": "x"}, ROUND])),
    "two users": (400, a_body(messages=[ROUND, ROUND])),
    "a prefilled answer": (400, a_body(messages=[ROUND, {"role": "assistant", "content": "{"}])),
    "an empty text": (400, a_body({"type": "text", "text": " "})),
    "an empty system prompt": (400, a_body(system="")),
    "a document": (400, a_body({"type": "document", "source": {}})),
    "an unknown field in a block": (400, a_body(TEXT | {"size": 3})),
    "a text before the image": (400, a_body(TEXT, a_picture())),
    "a JPEG called PNG": (400, a_body(a_picture(image_format="JPEG", media_type="image/png"), TEXT)),
    "a TIFF": (400, a_body(a_picture(image_format="TIFF"), TEXT)),
    "an image that is none": (400, a_body(bytes_as_picture("aGVsbG8="), TEXT)),
    "a wide image": (400, a_body(a_picture((8001, 2)), TEXT)),
    "a heavy image": (413, a_body(bytes_as_picture("A" * 10_500_000), TEXT)),
    "many large images": (400, a_body(*[a_picture((2001, 1))] * 21, TEXT)),
    "a large image where none may be shrunk": (
        400, a_body(a_picture((3000, 2000), transformations={"oversized_image": "error"}), TEXT)
    ),
    "five cache marks": (400, a_body(*[TEXT | {"cache_control": {"type": "ephemeral"}}] * 5)),
    "a cache mark of a day": (400, a_body(TEXT | {"cache_control": {"type": "ephemeral", "ttl": "1d"}})),
    "an unknown effort": (400, a_body(output_config={"effort": "huge"})),
    "an unknown output setting": (400, a_body(output_config={"form": {}})),
    "citations with a format": (400, a_body(TEXT | {"citations": {"enabled": True}})),
    "an open object": (400, with_schema(type="object", properties={})),
    "bounds": (400, with_schema(type="integer", minimum=1)),
    "two items at least": (400, with_schema(type="array", minItems=2)),
    "an unknown format": (400, with_schema(type="string", format="phone")),
    "a schema of itself": (400, with_schema(**{"$defs": {"a": {"type": "array", "items": SELF}}}, **SELF)),
    "a schema from elsewhere": (400, with_schema(**{"$ref": "https://example.org/schema"})),
    "too many choices": (400, with_schema(type="array", items={"anyOf": [{"anyOf": [{"type": "null"}]}] * 17})),
    "a prompt longer than the context": (400, a_body({"type": "text", "text": "word " * 700_000})),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_real_service_refuses_is_refused(name):
    status, body = REFUSED[name]
    refusal = rules.refusal_of(body, HEADERS, STATES)
    assert refusal
    assert refusal.status == status


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"authorization": "Bearer wrong"}, 401), ({"authorization": ""}, 401),
        ({"authorization": f"Basic {KEY}"}, 401),
        ({"authorization": "", "x-api-key": KEY}, 401), ({"authorization": "Bearer poor"}, 402),
        ({"authorization": "Bearer barred"}, 403), ({"authorization": "Bearer capped"}, 400),
        ({"anthropic-version": "2023-06-01"}, 400), ({"anthropic-version": ""}, 400),
        ({"content-type": "text/plain"}, 400),
    ],
)  # fmt: skip
def test_headers_are_looked_at_first(changes, status):
    refusal = rules.refusal_of({}, HEADERS | changes, STATES)
    assert refusal
    assert refusal.status == status


def test_images_count_as_the_service_reads_them():
    def tokens(size):
        return rules.input_tokens(a_body(a_picture(size), TEXT)) - rules.input_tokens(a_body(TEXT))

    assert tokens((1240, 1754)) == 2835
    assert tokens((3840, 2160)) == 4784


# ---------------------------------------------------------------- what its model says


def shown(page: str, schema: dict, *told: str) -> dict:
    sent = sent_image(SAMPLE / page, limits_of(MODEL))
    source = {"type": "base64", "media_type": sent.media_type, "data": sent.data}
    texts = [{"type": "text", "text": text} for text in (told or ("What does the page say?",))]
    output = {"format": {"type": "json_schema", "schema": schema}}
    return a_body({"type": "image", "source": source}, *texts, output_config=output)


def pairs(page: str, *told: str) -> dict[str, dict]:
    said = json.loads(answers.answer(shown(page, schemas.GENERATION, *told)))["pairs"]
    return {pair["question"]: pair for pair in said}


CLUTCH = "21 - Clutch/21-05.jpg"


def test_every_page_of_the_sample_is_told_from_the_others():
    for page in answers.sample_pages():
        if not page.record["page"].endswith(".pdf"):
            said = json.loads(answers.answer(shown(page.record["page"], schemas.CLASSIFICATION)))
            assert (said["content_type"], said["title"]) == (page.record["content_type"], page.record["title"])


def test_pairs_have_the_form_that_was_asked_for_and_boxes_on_the_image():
    said = pairs(CLUTCH)
    items = schemas.pairs_from({"pairs": list(said.values())}, [View(width=10_000, height=10_000)], 100)
    assert len(items.kept) == len(said) >= 8
    assert items.dropped == 0
    assert all(len(pair.boxes) == 1 for pair in items.kept)


def test_one_answer_a_page_is_wrong_until_the_prompt_points_at_it():
    page = next(page for page in answers.sample_pages() if page.record["page"] == CLUTCH)
    slip = answers.slip_of(page.facts())
    true = next(fact for fact in page.facts() if fact.question == slip.question)
    assert pairs(CLUTCH)[slip.question]["answer"] == slip.answer != true.answer
    rejected = f'- "{slip.question}" answered "{slip.answer}": wrong value'
    assert pairs(CLUTCH, rejected)[slip.question]["answer"] == true.answer


def test_what_the_prompt_tells_already_is_not_told_again():
    first = next(pair for pair in pairs(CLUTCH).values())
    assert first["question"] not in pairs(CLUTCH, f'- "{first["question"]}" answered "{first["answer"]}"')


def test_index_rows_come_as_printed_in_full():
    said = json.loads(answers.answer(shown("21 - Clutch/21-00-index-a.jpg", schemas.INDEX)))
    assert {"code": "21 21 565", "title": "Drive plate - check for runout", "page": "21-4"} in said["rows"]


def test_a_page_of_another_book_holds_nothing():
    body = a_body(output_config={"format": {"type": "json_schema", "schema": schemas.GENERATION}})
    assert json.loads(answers.answer(body)) == {"pairs": []}


# ---------------------------------------------------------------- by hand


@pytest.mark.slow
def test_started_by_hand_it_prints_what_to_export_and_answers(tmp_path, monkeypatch):
    command = [sys.executable, "-m", "tests.doubles.claude", "--latency", "0", "--fault", "529*2", "--fault", "none"]
    process = subprocess.Popen(
        [*command, "--bill", str(tmp_path / "bill")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ,
        preexec_fn=hears_ctrl_c,
    )
    exports = [process.stdout.readline().strip() for _ in range(2)]
    for line in exports:
        assert line.startswith("export ANTHROPIC_")
        monkeypatch.setenv(*line.removeprefix("export ").split("=", 1))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    client = MessagesClient(20)
    assert [client.send(shown(CLUTCH, schemas.GENERATION)).status for _ in range(4)] == [529, 529, 200, 200]
    process.send_signal(signal.SIGINT)
    assert "4 requests, 2 charged" in process.communicate(timeout=10)[0]
    assert process.returncode == 0
