"""Finding plugins by what somebody types.

The browser searches while one types, by the same rules (src/process-list/search.ts); one set of
cases tests both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from savu_core.catalogue import PluginFacts

#: From so many letters on a word may have a typing error, and two.
_FORGIVEN = 4
_FORGIVEN_TWICE = 7
#: No word of any plugin has more letters.
_LONGEST = 40


def find_plugins(
    plugins: Sequence[PluginFacts], query: str, runs: Callable[[str], bool] = lambda _: False
) -> list[PluginFacts]:
    """The plugins that match all words of `query`, the best match first.

    A word may be a part of a name, the beginnings of its parts (``vocen``), a category, a word of
    what the plugin does, or a parameter. One that nothing matches may be misspelt. Of two that
    match alike, one that `runs` (by name) comes first.
    """
    scores = []
    for word in query.lower().split():
        strict = [_score(facts, word) for facts in plugins]
        scores.append(strict if any(strict) else [_forgiving(facts, word) for facts in plugins])
    found = [
        (-sum(score[i] for score in scores), not runs(facts.name), facts.name, facts)
        for i, facts in enumerate(plugins)
        if all(score[i] for score in scores)
    ]
    return [facts for *_, facts in sorted(found, key=lambda one: one[:3])]


def _score(facts: PluginFacts, word: str) -> int:
    name, summary = facts.name.lower(), facts.summary.lower()
    fits = (
        (100, name == word),
        (90, name.startswith(word)),
        (80, _abbreviates(word, _parts(facts.name))),
        (70, word in name),
        (60, word in facts.category.lower()),
        (50, any(one.startswith(word) for one in re.split(r"[^a-z0-9]+", summary))),
        (40, any(word in parameter.name.lower() for parameter in facts.parameters)),
        (30, word in summary),
    )
    return next((score for score, fit in fits if fit), 0)


def _forgiving(facts: PluginFacts, word: str) -> int:
    if not _FORGIVEN <= len(word) <= _LONGEST:
        return 0
    allowed = 1 if len(word) < _FORGIVEN_TWICE else 2
    for most, text in ((20, facts.name), (15, facts.category), (10, facts.summary)):
        errors = _errors(word, text.lower())
        if errors <= allowed:
            return most - errors
    return 0


def _parts(name: str) -> list[str]:
    """``VoCentering`` → ``vo``, ``centering``."""
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)]


def _abbreviates(word: str, parts: Sequence[str]) -> bool:
    """Whether a word is made of beginnings of some parts, in their order."""
    return not word or any(
        part.startswith(word[:length]) and _abbreviates(word[length:], parts[i + 1 :])
        for i, part in enumerate(parts)
        for length in range(1, min(len(part), len(word)) + 1)
    )


def _errors(word: str, text: str) -> int:
    """The least number of letters that are wrong, missing, too many or swapped.

    It is counted in that part of `text` that `word` fits best (Sellers,
    doi:10.1016/0196-6774(80)90016-4, with swaps of neighbours).
    """
    before: list[int] = []
    row = [0] * (len(text) + 1)
    for i, letter in enumerate(word, 1):
        following = [i]
        for j, other in enumerate(text, 1):
            errors = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == text[j - 2] and word[i - 2] == other:
                errors = min(errors, before[j - 2] + 1)
            following.append(errors)
        before, row = row, following
    return min(row)
