"""The rules find what the loaders refuse: each breach alone, under its own name."""

import copy

import pytest
from PIL import Image

from tests.exports.loaders import rules


@pytest.fixture
def base(tmp_path):
    (tmp_path / "images").mkdir()
    for name in ("a.png", "b.png"):
        Image.new("RGB", (8, 8)).save(tmp_path / "images" / name)
    Image.new("CMYK", (8, 8)).save(tmp_path / "images/print.jpg")
    return tmp_path


def message_row(**facts):
    turns = [{"role": "user", "content": "<image>Which torque?"}, {"role": "assistant", "content": "12 Nm"}]
    return {"messages": turns, "images": ["images/a.png"]} | facts


def conversation_row(**facts):
    turns = [{"from": "human", "value": "<image>\nWhich torque?"}, {"from": "gpt", "value": "12 Nm"}]
    return {"id": "p-1", "image": "images/a.png", "conversations": turns} | facts


def changed(row, edit):
    row = copy.deepcopy(row)
    edit(row)
    return row


@pytest.mark.parametrize(
    ("edit", "breach"),
    [
        (lambda r: r["messages"].reverse(), "alternate"),
        (lambda r: r["messages"].pop(), "alternate"),
        (lambda r: r["messages"][1].update(content=" "), "empty"),
        (lambda r: r["messages"][0].update(content="<image>"), "empty"),
        (lambda r: r["messages"][1].update(content="<|im_end|>"), "special token"),
        (lambda r: r["messages"][1].update(content="<image>12 Nm"), "answer holds"),
        (lambda r: r["messages"][0].update(content="Which torque?"), "placeholders differ"),
        (lambda r: r["messages"][0].update(content="Which <image> torque?"), "within a question"),
        (lambda r: r["images"].append("images/b.png"), "placeholders differ"),
        (lambda r: r.update(images="images/a.png"), "columns"),
        (lambda r: r.update(id="p-1"), "columns"),
        (lambda r: r.update(images=["images/c.png"]), "not there"),
        (lambda r: r.update(images=["../images/a.png"]), "relative path"),
        (lambda r: r.update(images=["/etc/hostname"]), "relative path"),
        (lambda r: r.update(images=["C:/images/a.png"]), "relative path"),
        (lambda r: r.update(images=["images/print.jpg"]), "CMYK"),
    ],
)
def test_a_breach_in_messages_is_found(base, edit, breach):
    assert rules.message_problems([message_row()], base) == []
    assert any(breach in problem for problem in rules.message_problems([changed(message_row(), edit)], base))


@pytest.mark.parametrize(
    ("edit", "breach"),
    [
        (lambda r: r["conversations"][0].update({"from": "user"}), "alternate"),
        (lambda r: r.pop("image"), "placeholders differ"),
        (lambda r: r.update(image=None), "image is"),
        (lambda r: r.update(image=["images/a.png"]), "no path"),
        (lambda r: r.update(split="train"), "unknown keys"),
    ],
)
def test_a_breach_in_conversations_is_found(base, edit, breach):
    assert rules.conversation_problems([conversation_row()], base, several=False) == []
    found = rules.conversation_problems([changed(conversation_row(), edit)], base, several=False)
    assert any(breach in problem for problem in found)


def test_an_id_that_stands_twice_is_found(base):
    assert rules.conversation_problems([conversation_row()] * 2, base, several=True) == ["id p-1 stands 2 times"]


def test_a_breach_in_rows_with_decoded_images_is_found():
    picture = Image.new("RGB", (8, 8))
    row = {
        "images": [picture],
        "prompt": [{"role": "user", "content": "Which torque?"}],
        "completion": [{"role": "assistant", "content": "12 Nm"}],
    }
    blocks = {
        "images": [picture],
        "messages": [
            {"role": "user", "content": [{"type": "image", "text": None}, {"type": "text", "text": "Which?"}]},
            {"role": "assistant", "content": [{"type": "text", "text": "12 Nm"}]},
        ],
    }
    assert rules.prompt_completion_problems([row]) == rules.block_problems([blocks]) == []
    literal = changed(row, lambda r: r["prompt"][0].update(content="<image>Which?"))
    assert rules.prompt_completion_problems([literal]) == ["row 0: placeholders differ from the 0 images"]
    assert rules.prompt_completion_problems([row | {"images": ["a.png"]}])
    assert rules.block_problems([blocks | {"images": []}]) == ["row 0: 1 image blocks for 0 images"]


def test_a_breach_in_dataset_info_is_found(tmp_path):
    (tmp_path / "train.json").touch()
    entry = {
        "file_name": "train.json", "formatting": "sharegpt", "columns": {"messages": "messages", "images": "images"},
        "tags": {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant"},
    }  # fmt: skip
    rows = {"train.json": [message_row()]}
    assert rules.dataset_info_problems({"d": entry}, tmp_path, rows) == []
    breaches = (
        {"file_name": "x.json"},
        {"formatting": "alpaca"},
        {"columns": {"messages": "messages", "images": "pictures"}},
        {"tags": entry["tags"] | {"role_tag": "from"}},
    )
    for breach in breaches:
        assert len(rules.dataset_info_problems({"d": entry | breach}, tmp_path, rows)) == 1
