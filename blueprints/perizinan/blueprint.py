"""The one Flask blueprint that the pages of all features of this service hang on."""

from flask import Blueprint

bp = Blueprint("perizinan", __name__, url_prefix="/perizinan")
