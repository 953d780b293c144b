"""The tables of README.md that are made from the code: settings, workflows, permissions."""

from collections.abc import Iterator
from dataclasses import fields

from webapp import access, create_app
from webapp.settings import KEY_LENGTH, ROOT, Settings
from webapp.workflow import all_workflows

README = ROOT / "README.md"


def begin(name: str) -> str:
    return f"<!-- made by `make readme`: {name} -->\n"


END = "<!-- end -->"


def settings_table() -> Iterator[str]:
    yield "| setting | what it is for |"
    yield "|---|---|"
    for setting in fields(Settings):
        yield f"| `{setting.name.upper()}` | {setting.metadata['about']} |"


def workflow_table() -> Iterator[str]:
    for workflow in all_workflows():
        yield f"`{workflow.subject}` begins as *{workflow.begins}*."
        yield ""
        yield "| step | from | to | permission |"
        yield "|---|---|---|---|"
        for step in workflow.steps.values():
            yield f"| {step.name} | {', '.join(step.origin)} | {step.to} | `{step.permission}` |"


def permission_table() -> Iterator[str]:
    yield "| permission | who |"
    yield "|---|---|"
    for name, words in access.permissions().items():
        yield f"| `{name}` | {words} |"


TABLES = {"settings": settings_table, "workflows": workflow_table, "permissions": permission_table}


def renewed(text: str) -> str:
    """The README with its made parts as the code stands now. The services must have been loaded."""
    for name, table in TABLES.items():
        before, rest = text.split(begin(name))
        text = before + begin(name) + "\n".join(table()) + "\n" + END + rest.split(END, 1)[1]
    return text


def nowhere() -> Settings:
    """An installation that is only looked at: no secrets of its own, no database."""
    folder = ROOT / "instance"
    return Settings(
        "-" * KEY_LENGTH, bytes(KEY_LENGTH), f"sqlite:///{folder / 'none.db'}", folder, ROOT / "cities/binjai"
    )


if __name__ == "__main__":
    create_app(nowhere())
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
