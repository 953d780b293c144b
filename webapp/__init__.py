"""The platform: what every service stands on. It knows no service by name; the settings do."""

from importlib import import_module

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import (
    access,
    accounts,
    cli,
    clock,
    csrf,
    db,
    deadlines,
    demo,
    errors,
    headers,
    hypermedia,
    i18n,
    intake,
    jobs,
    limits,
    live,
    logs,
    offline,
    pages,
    pwa,
    qr,
    service,
    viewing,  # noqa: F401 - tables
)
from webapp.accounts import jobs as account_jobs
from webapp.accounts import sealing, sessions
from webapp.accounts import views as account_views
from webapp.accounts.actions import CITIZEN_SESSION
from webapp.live import views as live_views
from webapp.loading import city_of
from webapp.payments import views as payment_views
from webapp.payments.access import PERMISSIONS as PAYMENT_PERMISSIONS
from webapp.push import PERMISSIONS as PUSH_PERMISSIONS
from webapp.push import jobs as push_jobs
from webapp.push import shown as push_shown
from webapp.push import views as push_views
from webapp.settings import Settings, SettingsError, from_env
from webapp.signing import port as signing_port
from webapp.uploads import jobs as upload_jobs
from webapp.uploads import storage as file_storage

LARGEST_FORM = 1_000_000


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (default: from the environment).

    Raises SettingsError when a secret is missing. Does not touch the database.
    """
    settings = settings or from_env()
    app = Flask(
        "webapp",
        template_folder=str(hypermedia.TEMPLATES),
        static_folder=str(hypermedia.DIST),
        static_url_path="/static/dist",
    )
    app.extensions["settings"] = settings
    _configure(app, settings)
    intake.init_app(app)
    city = city_of(settings.city)
    clock.configure(city.timezone, clock.stored_offset(settings.instance) if settings.demo else clock.NO_OFFSET)
    db.init_app(app, settings.database_url)
    for platform_part in (i18n, hypermedia, qr, access, errors, logs, push_shown, cli):
        platform_part.init_app(app)
    headers.init_app(app, lasting_tls=settings.tls and settings.local_ca is None)
    limits.init_app(app, settings.ratelimit_storage)
    sealing.init_app(app, settings.nik_key)
    signing_port.init_app(app, settings)
    file_storage.init_app(app, file_storage.Folder(settings.instance / settings.uploads))
    live.init_app(app, settings.max_streams)
    sessions.login_manager.init_app(app)
    _offer(app, [service_named(name) for name in settings.services])
    app.jinja_env.globals.update(
        worker_wanted=settings.service_worker,
        city=city,
        demo=demo.accounts_shown(settings.city) if settings.demo else None,
    )
    csrf.init_app(app)
    hypermedia.gather_macros(app)
    return app


def _offer(app: Flask, services: list[service.Service]) -> None:
    """What people can open and what runs by itself: first the platform's own, then that of the services."""
    for permissions in (accounts.PERMISSIONS, PAYMENT_PERMISSIONS, PUSH_PERMISSIONS, live.PERMISSIONS):
        access.permit(permissions)
    for blueprint in (pages.bp, pwa.bp, account_views.bp, payment_views.bp, live_views.bp, push_views.bp):
        app.register_blueprint(blueprint)
    service.init_app(app, services)
    own = (*account_jobs.SWEEPS, *upload_jobs.SWEEPS, *deadlines.SWEEPS, *push_jobs.SWEEPS)
    offline.init_app(app, services)
    jobs.init_app(app, [*own, *(sweep for each in services for sweep in each.sweeps)])


def service_named(name: str) -> service.Service:
    """The service in this module. Raises SettingsError when there is none."""
    try:
        found: service.Service = import_module(name).service
    except ModuleNotFoundError as error:
        raise SettingsError(f"SERVICES names {name}, which is not there.") from error
    return found


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if settings.tls else "session",
        SESSION_COOKIE_SECURE=settings.tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=CITIZEN_SESSION,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_PARTS=1000,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
