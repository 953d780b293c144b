"""How a city's folder of hand-kept files becomes rows, again and again.

First every file is read and checked; only when none holds a mistake is anything written, all in one transaction.
"""

from webapp.loading.city import City, city_of
from webapp.loading.keeping import Keeper, Loaded, Loader, Report, load_folder
from webapp.loading.reading import CityFolder, Problem, Row, Table

__all__ = [
    "City",
    "CityFolder",
    "Keeper",
    "Loaded",
    "Loader",
    "Problem",
    "Report",
    "Row",
    "Table",
    "city_of",
    "load_folder",
]
