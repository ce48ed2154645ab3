"""Requests: what the service takes, priced at the most that it can cost."""

import base64
import io
from dataclasses import replace

import pytest
from PIL import Image

from pipeline.engines.claude import schemas
from pipeline.engines.claude.images import limits_of
from pipeline.engines.claude.page_facts import feedback_text
from pipeline.engines.claude.prompts import generation_wording, prompt, reading_wording
from pipeline.engines.claude.requests import (
    Purpose,
    most_input_tokens,
    most_pairs_in,
    paid_request,
    terms_of,
    within,
)
from pipeline.engines.claude.views import View, fitted
from pipeline.engines.engine import Feedback
from pipeline.prices import NoPriceError, cost, worst_case
from pipeline.settings import load
from tests.doubles.claude import rules
from tests.doubles.claude.server import KEY
from tests.pipeline.engines.claude.test_prompts import TASKS
from tests.sample_pages import sent_image

SETTINGS = load([])[0]
HEADERS = {
    "authorization": f"Bearer {KEY}", "anthropic-version": rules.VERSION, "content-type": "application/json",
}  # fmt: skip
FULL_FEEDBACK = feedback_text(
    Feedback(kept=tuple((f"What is the torque of bolt number {n} of the clutch?", "25 Nm") for n in range(500)))
)


def an_image(tmp_path, size=(1200, 912), name="page.jpg"):
    path = tmp_path / name
    Image.linear_gradient("L").resize(size).convert("RGB").save(path)
    return path


def words(task="service_procedure", size=(1200, 912), feedback=""):
    return generation_wording(
        prompt(task),
        facts="- none",
        views=[View(width=size[0], height=size[1])],
        most_pairs=30,
        language="en",
        feedback=feedback,
    )


def asked(tmp_path, purpose=Purpose.GENERATE, **image):
    sent = sent_image(an_image(tmp_path, **image), limits_of("claude-sonnet-5-5"))
    wording, schema = {
        Purpose.GENERATE: (words(size=(sent.width, sent.height)), schemas.GENERATION),
        Purpose.CLASSIFY: (reading_wording("classify", "- none"), schemas.CLASSIFICATION),
        Purpose.INDEX: (reading_wording("index_rows", "- none"), schemas.INDEX),
    }[purpose]
    return paid_request(
        purpose, terms_of(purpose, SETTINGS.api), [sent], wording, schema, page_id="21-03_clutch", engine="claude"
    )


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("size", [(1200, 912), (1700, 2200), (4000, 3000), (300, 9000)])
@pytest.mark.parametrize("name", ["page.jpg", "page.png"])
def test_the_service_takes_every_request_and_shrinks_no_image(tmp_path, purpose, size, name):
    request = asked(tmp_path, purpose, size=size, name=name)
    assert rules.refusal_of(dict(request.body), HEADERS, {KEY: "ok"}) is None
    (picture,) = [block for block in rules.blocks(request.body) if block["type"] == "image"]
    assert rules.fitted_size(*rules.size_of(picture), request.body["model"]) == rules.size_of(picture)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_worst_case_bounds_what_a_reply_can_cost(tmp_path, purpose):
    request = asked(tmp_path, purpose, size=(2200, 1700))
    counted = rules.input_tokens(request.body)
    assert counted <= request.most_input_tokens <= 1.6 * counted
    terms = terms_of(purpose, SETTINGS.api)
    dearest = cost(terms.price, 0, terms.max_tokens, counted, 0)
    assert dearest <= request.worst_case_usd


def test_words_of_other_scripts_are_bounded_too(tmp_path):
    plain, other = (replace(words(), text=text) for text in ("a" * 900, "離" * 900))
    tiny = View(width=28, height=28)
    assert most_input_tokens([tiny], other, {}) - most_input_tokens([tiny], plain, {}) == 900


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("feedback", ["", FULL_FEEDBACK])
def test_the_default_budget_of_a_page_bears_the_largest_page(task, feedback):
    size = fitted(8000, 6000, limits_of("claude-sonnet-5-5"))
    page = View(width=size[0], height=size[1])
    most_input = most_input_tokens([page], words(task, size, feedback), schemas.GENERATION)
    budget = SETTINGS.generation.page_budget_usd
    terms = within(terms_of(Purpose.GENERATE, SETTINGS.api), most_input, budget)
    classified = worst_case(terms_of(Purpose.CLASSIFY, SETTINGS.api).price, 8000, 1500)
    assert worst_case(terms.price, most_input, terms.max_tokens) + classified <= budget
    assert most_pairs_in(60, terms.max_tokens) >= (20 if feedback else 30)


def test_a_long_prompt_leaves_less_room_for_the_reply_but_never_less_than_half():
    terms = terms_of(Purpose.GENERATE, SETTINGS.api)
    assert within(terms, 1000, 0.10) == terms
    assert terms.max_tokens // 2 < within(terms, 18_000, 0.10).max_tokens < terms.max_tokens
    assert within(terms, 90_000, 0.10).max_tokens == terms.max_tokens // 2


def test_a_model_without_price_is_refused_with_a_way_to_give_one():
    with pytest.raises(NoPriceError) as refused:
        terms_of(Purpose.GENERATE, replace(SETTINGS.api, models={"generate": "qwen3-vl"}))
    assert "api.prices.qwen3-vl" in refused.value.hint


def test_a_price_can_be_given_in_a_file_and_free_servers_cost_nothing(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text("api:\n  models: {generate: 'qwen3-vl:8b'}\n  prices:\n    'qwen3-vl:8b': {input: 0, output: 0}\n")
    terms = terms_of(Purpose.GENERATE, load([file])[0].api)
    assert worst_case(terms.price, 5000, terms.max_tokens) == 0
    assert within(terms, 90_000, 0.10) == terms


def test_the_same_page_makes_the_same_request(tmp_path):
    assert asked(tmp_path).hash == asked(tmp_path).hash
    assert asked(tmp_path, size=(600, 500)).hash != asked(tmp_path).hash


def test_a_page_that_lies_on_its_side_is_sent_upright(tmp_path):
    path = tmp_path / "side.png"
    image = Image.new("RGB", (100, 60), "white")
    image.paste("black", (0, 0, 10, 60))  # the left edge becomes the upper one
    image.save(path)
    sent = sent_image(path, limits_of("claude-sonnet-5-5"), 1)
    shown = Image.open(io.BytesIO(base64.b64decode(sent.data))).convert("L")
    assert (sent.width, sent.height, shown.size) == (60, 100, (60, 100))
    assert shown.getpixel((30, 3)) < 40
    assert shown.getpixel((30, 60)) > 200
