"""`manualqa compare`: one answer a line, in order, also while standard input stays open."""

import json
import os
import subprocess
import sys

import pytest

from pipeline.cli import main
from tests.sample_run import ROOT

PAIR = {
    "question_a": "What is the roller gap?",
    "answer_a": "0.15 mm",
    "question_b": "How wide is the gap of the roller?",
    "answer_b": "0,15 mm (.006 in)",
}


def compared(tmp_path, capsys, *lines):
    file = tmp_path / "pairs.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    code = main(["compare", str(file)])
    printed = capsys.readouterr()
    return code, [json.loads(line) for line in printed.out.splitlines()], printed.err


def test_each_line_gets_its_relation_with_reasons_in_order(tmp_path, capsys):
    conflict = PAIR | {"question_b": "what is the ROLLER gap ?", "answer_b": "0.25 mm"}
    other = PAIR | {"question_b": "What is the gap of the left drum?"}
    code, answers, told = compared(tmp_path, capsys, *map(json.dumps, (PAIR, conflict, other, PAIR | {"id": 3})))
    assert code == 0
    assert [answer["relation"] for answer in answers] == ["suspected", "conflict", "distinct", "suspected"]
    assert "0.15 mm against 0.25 mm" in answers[1]["reasons"][0]
    assert all(answer["reasons"] for answer in answers)
    assert told.count("comparing words, not meanings") == 1


def test_a_bad_line_is_answered_and_the_others_are_done(tmp_path, capsys):
    bad = ["{", "[1]", json.dumps(PAIR | {"answer_b": 4}), json.dumps({"question_a": "?"}), "[" * 100_000]
    code, answers, _ = compared(tmp_path, capsys, *bad, json.dumps(PAIR))
    assert code == 3
    assert [answer.get("error") for answer in answers] == ["bad_line"] * 5 + [None]
    assert "answer_b" in answers[2]["message"]


@pytest.mark.slow
def test_answers_come_while_standard_input_stays_open_and_by_meaning(embeddings):
    environment = {name: value for name, value in os.environ.items() if name != "EMBEDDINGS"}
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", "compare", "-"], cwd=ROOT, env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    ) as process:  # fmt: skip
        said = []
        for _ in range(2):
            process.stdin.write(json.dumps(PAIR) + "\n")
            process.stdin.flush()
            said.append(json.loads(process.stdout.readline())["relation"])
        process.stdin.close()
        assert process.wait(timeout=60) == 0
        assert said == ["duplicate", "duplicate"]
        assert "comparing words" not in process.stderr.read()
