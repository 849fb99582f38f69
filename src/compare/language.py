"""Two languages side by side: whatever a person reads is said in English and in Chinese, and one switch chooses."""

from __future__ import annotations

from typing import NamedTuple

LANGUAGES = ("zh", "en")


class Words(NamedTuple):
    """One thing said in both languages."""

    en: str
    zh: str

    def said(self, language: str) -> str:
        """The words in one language. Raises ValueError for a language that is neither en nor zh."""
        return say(language, self.en, self.zh)


def say(language: str, en: str, zh: str) -> str:
    """The text in the language asked for. Raises ValueError for a language that is neither en nor zh."""
    if language not in LANGUAGES:
        raise ValueError(f"language must be 'en' or 'zh', not {language!r}")
    return en if language == "en" else zh


def capital(text: str) -> str:
    """English words as they begin a line; only the first letter changes."""
    return text[:1].upper() + text[1:]
