"""Looks at pages of the corpus through the adapters themselves, without a network or a database."""

from typing import Any

from recommendations.fetching.adapters import Look, Target, adapter
from recommendations.fetching.answers import Answer

URL = "https://agency.example/rules/firearms"


class Watched:
    """A check in miniature: it remembers between looks what a check remembers, and counts findings."""

    def __init__(self, kind: str = "page", **config: Any) -> None:
        self.kind, self.config = adapter(kind), config
        self.state: dict[str, Any] = {}
        self.texts: dict[str, str] = {}

    def settle(self, **config: Any) -> None:
        """Changes its settings, as a person does."""
        self.config = {**self.config, **config}

    def look(self, body: bytes, content_type: str = "text/html", final_url: str = "") -> Look:
        seen = self.kind.read(
            answer(body, content_type, final_url),
            target=Target(URL, "A page"),
            config=self.config,
            state=self.state,
            previous_text=lambda: self.texts.get(self.state.get("text_hash", "")),
        )
        if seen.text is not None:
            self.texts[seen.text_hash] = seen.text
        self.state = seen.next_state
        return seen


def answer(body: bytes, content_type: str = "text/html", final_url: str = "") -> Answer:
    """As the door gives it for status 200."""
    if final_url.startswith("/"):
        final_url = "https://agency.example" + final_url
    return Answer(
        url=URL,
        final_url=final_url or URL,
        status=200,
        headers={"content-type": content_type},
        body=body,
        bytes=len(body),
        elapsed_ms=5,
    )


def outcome_of(before: bytes, after: bytes, content_type: str = "text/html") -> Look:
    """The look at `after` by a check that has seen `before`; a page that may be an accident is looked at twice."""
    watched = Watched()
    watched.look(before, content_type)
    seen = watched.look(after, content_type)
    return seen if seen.found else watched.look(after, content_type)
