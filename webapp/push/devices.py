"""What a browser is called in the list of devices: roughly, from what it says of itself."""

from webapp.i18n import gettext as _

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
PLACES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
          ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def device_named_in(user_agent: str) -> str:
    """Chrome, Android. Empty where it says nothing that people know."""
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (BROWSERS, PLACES)]
    return ", ".join(filter(None, found))


def word_for(device: str) -> str:
    return device or _("Another device")
