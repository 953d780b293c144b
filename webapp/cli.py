"""What is done from the console: `flask create-admin`, `load-city`, `add-staff`, `vapid-keys`, `demo`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import Flask, current_app

from webapp import demo
from webapp.accounts import actions, queries
from webapp.accounts.actions import NewStaff
from webapp.accounts.models import ROLES
from webapp.errors import Refusal
from webapp.loading import city_of
from webapp.push import vapid
from webapp.regions.loader import load_city
from webapp.service import all_services
from webapp.settings import SECRETS_FILE
from webapp.signing import keys

T = TypeVar("T")
PASSWORD = click.password_option(prompt=True, help="Asked for when not given; at least 15 characters.")

NIK = click.option(
    "--nik", prompt="NIK, for whoever checks or signs (else press Enter)", hide_input=True, default="",
    show_default=False, help="Asked for when not given; only a keyed index of it is kept.",
)  # fmt: skip


def plainly(act: Callable[[], T]) -> T:
    """A refusal on the console is one line, not a trace."""
    try:
        return act()
    except Refusal as refused:
        raise click.ClickException(str(refused)) from refused


@click.command("create-admin")
@click.option("--name", prompt=True)
@click.option("--email", prompt=True)
@click.option("--unit", prompt="Unit code (an agency of the loaded city)", default="KOMINFO")
@NIK
@PASSWORD
def create_admin(unit: str, **who: str) -> None:
    """Make the first account of this installation: an administrator at a unit of the city."""
    person = plainly(lambda: actions.add_staff(NewStaff(**who), unit, "admin"))
    click.echo(f"{person.email} can sign in now.")


@click.command("add-staff")
@click.option("--name", prompt=True)
@click.option("--email", prompt=True)
@click.option("--unit", prompt="Unit code")
@click.option("--role", type=click.Choice(list(ROLES)), prompt=True)
@NIK
@PASSWORD
def add_staff(unit: str, role: str, **who: str) -> None:
    """Give somebody an account and a role at a clinic or an agency."""
    person = plainly(lambda: actions.add_staff(NewStaff(**who), unit, role))
    click.echo(f"{person.email} can sign in now as {role} of {unit}.")


@click.command("end-membership")
@click.option("--email", required=True)
@click.option("--unit", required=True, help="Unit code.")
def end_membership(email: str, unit: str) -> None:
    """Somebody no longer works at a unit: their next request there is refused."""
    person = queries.person_by_email(email)
    ended = [m for m in person.memberships if m.unit.code == unit] if person else []
    for membership in ended:
        actions.end_membership(membership.id, by=None)
    click.echo(f"{len(ended)} membership(s) ended.")


@click.command("renew-signing-key")
def renew_signing_key() -> None:
    """Make a new key for trials. Letters signed so far stay valid while their certificate stays in its file."""
    settings = current_app.extensions["settings"]
    files = keys.key_files(settings)
    keys.renew(files, city_of(settings.city).name)
    click.echo(f"Letters are signed with {files.key} from now on.")


@click.command("vapid-keys")
def vapid_keys() -> None:
    """Make the city's key towards push services, once. It is never overwritten."""
    settings = current_app.extensions["settings"]
    place = settings.instance / SECRETS_FILE
    if not settings.vapid_private_key:
        vapid.write_key(settings.instance)
        click.echo(f"A new key stands in {place}. Every node needs the same one. Start the city again.")
        return
    click.echo(f"There is a key. Its public half: {vapid.public_key(settings.vapid_private_key)}")
    click.echo(f"To change it: take {vapid.NAME} out of {place} (or the environment), run this again, and start anew.")
    click.echo("Each phone is told nothing until its owner opens the app; then it subscribes to the new key by itself.")


@click.command("load-city")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")
def load_city_command(folder: Path | None, dry_run: bool) -> None:
    """Read a city folder into the database. A bad row is named by file and line, and then nothing is changed."""
    report = load_city(folder or current_app.extensions["settings"].city, loaders(), dry_run)
    click.echo(report.text())
    if report.problems:
        raise click.ClickException("Nothing was changed.")


def loaders() -> list[Any]:
    return [service.load for service in all_services() if service.load]


@click.command("demo")
def demo_command() -> None:
    """Run the simulated morning until stopped (demo mode only)."""
    if not current_app.extensions["settings"].demo:
        raise click.ClickException("This is not demo mode: set DEMO=1.")
    demo.run_forever(current_app._get_current_object())  # type: ignore[attr-defined]


COMMANDS = (
    create_admin, add_staff, end_membership, load_city_command, renew_signing_key, vapid_keys, demo_command,
)  # fmt: skip


def init_app(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
