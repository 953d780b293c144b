"""Finding things by what people type: letters may be wrong or missing, and rare words say more than common ones."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import TypeVar

T = TypeVar("T")

MOST_WORDS, LONGEST_WORD = 8, 24  # of what was typed: the rest is not looked at
SHORT_WORD = 3  # letters: so short a word must be written as it is
LIKENESS = 0.74  # ijin is izin, pohn is pohon
WORTH = {"same": 1.0, "begins": 0.9, "like": 0.8}
LATER = 0.05  # less for a word of the second text than for one of the first
ENOUGH = 0.5  # of all that was typed must be found
SOMETHING = 0.25  # or, where nothing has so much of it, at least this, of words that are not short


def words_of(text: str) -> list[str]:
    """The words of a text in small plain letters: SIP-DG is two."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain)


def best(typed: str, texts: Mapping[T, Sequence[str]]) -> list[T]:
    """The things whose texts have what was typed, best first; those that are equally good stay in their order.

    The words of a thing's first text say more than those of its second.
    """
    wanted = [word[:LONGEST_WORD] for word in dict.fromkeys(words_of(typed))][:MOST_WORDS]
    known = {thing: _weighed(lines) for thing, lines in texts.items()}
    vocabulary = sorted({word for words in known.values() for word in words})
    scores, solid, most = dict.fromkeys(known, 0.0), dict.fromkeys(known, 0.0), 0.0
    for word in wanted:
        likeness = _likeness(word, vocabulary)
        found = {thing: max((likeness[near] * words[near] for near in likeness.keys() & words), default=0.0)
                 for thing, words in known.items()}  # fmt: skip
        weight = math.log(1 + len(known) / (1 + sum(worth > 0 for worth in found.values())))
        most += weight
        for thing, worth in found.items():
            scores[thing] += weight * worth
            solid[thing] += weight * worth if len(word) > SHORT_WORD else 0
    hits = [thing for thing, score in scores.items() if score and score >= ENOUGH * most]
    hits = hits or [thing for thing, score in solid.items() if score >= SOMETHING * most > 0]
    return sorted(hits, key=lambda thing: -scores[thing])


def _weighed(texts: Sequence[str]) -> dict[str, float]:
    """The words of a thing and what each is worth."""
    worth: dict[str, float] = {}
    for place, text in reversed(list(enumerate(texts))):
        worth |= dict.fromkeys(words_of(text), 1 - LATER * place)
    return worth


def _likeness(word: str, vocabulary: list[str]) -> dict[str, float]:
    """How far each known word is what was typed."""
    if len(word) <= SHORT_WORD:
        return {known: WORTH["same" if known == word else "begins"] for known in vocabulary if known.startswith(word)}
    longer = [known for known in vocabulary if len(known) > SHORT_WORD]
    near = get_close_matches(word, longer, n=len(longer) or 1, cutoff=LIKENESS)
    found = {known: WORTH["like"] * SequenceMatcher(None, known, word).ratio() for known in near}
    found |= {known: WORTH["begins"] for known in vocabulary if known.startswith(word)}
    return found | ({word: WORTH["same"]} if word in found else {})
