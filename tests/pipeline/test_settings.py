"""Settings: one file of defaults, overrides on top, every mistake named with the key that was meant."""

import pytest

from pipeline import settings
from pipeline.errors import SettingsError


def written(tmp_path, text):
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_defaults_load_and_every_value_says_so():
    loaded, origins = settings.load([])
    assert loaded.reading.dpi == 200
    assert set(origins.values()) == {"default"}
    assert set(settings.flattened(loaded)) == set(origins)


def test_a_file_overrides_single_keys_and_is_named_as_their_origin(tmp_path):
    file = written(tmp_path, "reading: {dpi: 150}\ngeneration: {questions_per_page: {index: 5}}\n")
    loaded, origins = settings.load([file])
    assert (loaded.reading.dpi, loaded.reading.max_megapixels) == (150, 80)
    assert loaded.generation.questions_per_page["index"] == 5
    assert loaded.generation.questions_per_page["procedure"] > 0
    assert origins["reading.dpi"] == str(file)
    assert origins["reading.max_megapixels"] == "default"


def test_a_later_file_wins(tmp_path):
    first = written(tmp_path, "reading: {dpi: 150}\n")
    second = tmp_path / "other.yaml"
    second.write_text("reading: {dpi: 100}\n", encoding="utf-8")
    assert settings.load([first, second])[0].reading.dpi == 100


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("reading: {dpj: 150}\n", "no setting reading.dpj", "reading.dpi"),
        ("readin: {dpi: 150}\n", "no setting readin", "reading"),
        ("reading: {dpi: high}\n", "reading.dpi is 'high', not of type int", ""),
        ("reading: {dpi: true}\n", "reading.dpi is True, not of type int", ""),
        ("reading: 5\n", "reading holds several keys", ""),
        ("- 5\n", "holds no mapping", ""),
        ("reading: [\n", "is no YAML", ""),
        ("generation: {skip_content_types: [1]}\n", r"skip_content_types\[0\] is 1", ""),
    ],
)
def test_a_mistake_is_named_with_its_key_and_the_nearest_known_one(tmp_path, text, message, hint):
    with pytest.raises(SettingsError, match=message) as caught:
        settings.load([written(tmp_path, text)])
    assert hint in caught.value.hint


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(SettingsError, match="cannot read"):
        settings.load([tmp_path / "none.yaml"])


def test_settings_survive_the_way_through_the_database(fresh_db):
    from review_db import facts

    loaded, origins = settings.load([])
    facts.save_settings(fresh_db, settings.as_tree(loaded), origins)
    assert settings.build(facts.current_settings(fresh_db)) == loaded


def test_every_setting_is_read_somewhere():
    import ast
    from pathlib import Path

    root = Path(settings.__file__).parents[1]
    read: set[str] = set()
    for file in (f for package in ("app", "pipeline", "exports") for f in (root / package).rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        read |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    loaded, _ = settings.load([])
    names = {key.split(".")[1] for key in settings.flattened(loaded)}
    assert not names - read
