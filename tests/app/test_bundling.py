"""Modules joined into one: each once, behind what it imports, with nothing left that a single file cannot resolve."""

import re

import pytest

from app import assets
from app.bundling import joined

MODULES = {
    "a.js": 'import { b, c as d } from "./b.js";\nimport {\n  e,\n} from "./e.js";\nexport async function a() {}\n',
    "b.js": 'import { e } from "./e.js";\nexport const b = e;\nconst c = 1;\nexport { c };\n',
    "e.js": "export class e {}\n",
    "unused.js": "export const x = 1;\n",
}


def test_modules_stand_once_each_behind_those_that_they_import():
    assert re.findall(r"^// (.+)", joined("a.js", MODULES), re.MULTILINE) == ["e.js", "b.js", "a.js"]


def test_imports_take_from_the_other_modules_exports_under_the_name_given():
    script = joined("a.js", MODULES)
    assert "const { b, c: d } = $b_js;" in script
    assert "return { b, c };" in script
    assert script.endswith("export const { a } = $a_js;\n")


@pytest.mark.parametrize(
    "line", ["export default 1;", "export let x = 1;", 'import x from "./e.js";', 'export * from "./e.js";']
)
def test_what_cannot_be_joined_is_refused_by_name(line):
    with pytest.raises(ValueError, match=re.escape(f"odd.js: cannot join `{line}`")):
        joined("odd.js", {**MODULES, "odd.js": f"{line}\n"})


def test_an_import_of_what_is_not_exported_is_refused():
    with pytest.raises(ValueError, match=r"odd\.js: b\.js does not export f, g"):
        joined("odd.js", {**MODULES, "odd.js": 'import { b, f as c, g } from "./b.js";\n'})


def test_modules_in_a_circle_are_refused():
    circle = {
        "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
    }
    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> a\.js"):
        joined("a.js", circle)


def test_the_review_screen_is_one_module_with_one_export():
    lines = assets.FILES["review.js"].decode().splitlines()
    assert [line for line in lines if re.match("(import|export)\\b", line)] == ["export const { mount } = $screen_js;"]
