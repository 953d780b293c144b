"""The rules of the house that a machine can check."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import pass_eval_context
from jinja2.runtime import Macro

from webapp import access, readme
from webapp.live import Tile
from webapp.service import all_services
from webapp.settings import ROOT
from webapp.workflow import all_workflows

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CODE = [path for top in ("webapp", "blueprints") for path in (ROOT / top).rglob("*.py")]
MODULES = sorted(path for path in CODE if "migrations" not in path.parts)
FORBIDDEN = {
    "hx-on": r"\bhx-on",
    "js: values": r"""["']\s*(js|javascript):""",
    "trigger filter": r"""hx-trigger=["'][^"']*\w\[""",
    "inline style": r"""\sstyle\s*=""",
    "inline handler": r"""\son[a-z]+\s*=\s*["']""",
    "inline script": r"<script(?![^>]*\bsrc=)[^>]*>",
    "style element": r"<style\b",
    "unescaped output": r"\|\s*safe\b",
    "hx-boost": r"hx-boost",
}
DRAWERS = {"utils", "helpers", "common", "misc", "manager", "handler", "handlers", "managers"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_templates_hold_nothing_that_the_content_policy_would_silently_break(template):
    text = template.read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]
    assert found == []


def test_the_template_rules_see_what_they_forbid():
    """The control: each pattern finds its own example."""
    examples = {
        "hx-on": '<a hx-on:click="x">', "js: values": """<a hx-vals='js:{a:1}'>""",
        "trigger filter": '<a hx-trigger="click[ctrlKey]">', "inline style": '<p style="color:red">',
        "inline handler": '<a onclick="x()">', "inline script": "<script>x()</script>", "style element": "<style>",
        "unescaped output": "{{ x | safe }}", "hx-boost": '<body hx-boost="true">',
    }  # fmt: skip
    assert all(re.search(FORBIDDEN[what], example) for what, example in examples.items())
    assert not re.search(FORBIDDEN["inline script"], '<script type="module" src="/app.js"></script>')


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_templates_are_short(template):
    assert len(template.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_modules_are_short_and_say_what_they_are_for(module):
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text)), "a sentence on what this module is for"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_import_hides_inside_a_function(module):
    hidden = [
        f"line {inner.lineno}"
        for function in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_nothing_is_remembered_under_a_lock_for_all(module):
    """webapp/remembered.py says why."""
    assert "import cached_property" not in module.read_text(encoding="utf-8")


def test_there_are_no_drawers():
    names = {part.removesuffix(".py") for module in MODULES for part in module.relative_to(ROOT).parts}
    assert not names & DRAWERS


def test_scripts_are_short():
    for folder in ("static/src/js", "service_worker"):
        for script in (ROOT / folder).rglob("*.js"):
            assert len(script.read_text(encoding="utf-8").splitlines()) <= 120, script


def test_no_style_is_for_a_class_that_nothing_has():
    templates = "\n".join(template.read_text(encoding="utf-8") for template in TEMPLATES)
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "static/src/js").rglob("*.js"))
    styles = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "static/src/css").rglob("*.css"))
    given = re.findall(r'class="((?:[^"{]|{{.*?}}|{%.*?%})*)"|{% block \w*class %}(.*?){%', templates)
    given += re.findall(r"""(["'`])(.*?)\1""", scripts)
    words = " ".join(" ".join(pair) for pair in given)
    whole, beginnings = set(re.findall(r"[\w-]+", words)), tuple(re.findall(r"[\w-]+-(?=[{$])", words))
    rules = re.sub(r"/\*.*?\*/|@import[^;]*;|\{[^{}]*\}", " ", styles, flags=re.DOTALL)
    styled = set(re.findall(r"\.([a-z][\w-]*)", rules))
    assert styled and not {name for name in styled - whole if not name.startswith(beginnings)}


def test_every_macro_is_shown_on_the_style_page(app, browser, monkeypatch):
    ui, shown = vars(app.jinja_env.globals["ui"]), set()

    def seen(name, macro):
        @pass_eval_context
        def called(context, *args, **kwargs):
            shown.add(name)
            return macro(context, *args, **kwargs)

        return called

    macros = {name: macro for name, macro in ui.items() if isinstance(macro, Macro)}
    for name, macro in macros.items():
        monkeypatch.setitem(ui, name, seen(name, macro))
    browser.open("/gaya")
    assert macros.keys() - shown == set()


def test_every_view_names_its_permission(app):
    """T16: deny by default."""
    named = {endpoint: getattr(view, "permission", None) for endpoint, view in app.view_functions.items()}
    assert [endpoint for endpoint, permission in named.items() if permission is None] == ["static"]
    assert set(named.values()) - {None} <= access.known()


def test_every_step_names_a_known_permission(app):
    named = {step.permission for workflow in all_workflows() for step in workflow.steps.values()}
    assert named and named <= access.known()


def test_every_tile_carries_the_name_of_its_service(app):
    for service in all_services():
        prefix = service.name.replace("_", "-") + "-"
        assert all(isinstance(tile, Tile) and tile.name.startswith(prefix) for tile in service.tiles)


def test_the_wall_has_room_for_its_tiles(app):
    assert sum(len(service.tiles) for service in all_services()) <= 9


def test_every_message_is_translated(tmp_path):
    catalogue = extracted_messages(tmp_path)
    with (ROOT / "webapp/translations/id/LC_MESSAGES/messages.po").open("rb") as file:
        indonesian = {message.id: message for message in read_po(file, locale="id") if message.id}
    missing = [m for m in catalogue if m not in indonesian or not all(_strings(indonesian[m]))]
    assert missing == []
    assert not [m.id for m in indonesian.values() if m.fuzzy]
    assert not [m for m in indonesian if m not in catalogue], "messages that nobody says any more"


def extracted_messages(folder: Path) -> set:
    pybabel = str(Path(sys.executable).parent / "pybabel")
    found = folder / "messages.pot"
    subprocess.run([pybabel, "-q", "extract", "-F", "babel.cfg", "-k", "lazy", "-k", "noop", "-o", str(found), "."],
                   cwd=ROOT, check=True)  # fmt: skip
    with found.open("rb") as file:
        return {message.id for message in read_po(file) if message.id}


def _strings(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_placeholders_survive_translation():
    with (ROOT / "webapp/translations/id/LC_MESSAGES/messages.po").open("rb") as file:
        for message in read_po(file, locale="id"):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            known = {name for one in ids for name in re.findall(r"%\((\w+)\)s", one)}
            used = {name for one in _strings(message) for name in re.findall(r"%\((\w+)\)s", one)}
            assert used <= known, message.id
            assert known - used <= {"num"}, message.id


def test_nothing_made_or_fetched_is_committed():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=True, text=True).stdout.split()
    made = re.compile(r"(^|/)(node_modules|static/dist|static/vendor|instance|shots)/|\.mo$|\.db$|\.pyc$")
    assert [name for name in listed if made.search(name)] == []


def test_the_made_tables_of_the_readme_are_as_the_code_stands(app):
    text = readme.README.read_text(encoding="utf-8")
    assert readme.renewed(text) == text, "run `make readme`"
