"""A check on a register in miniature: it asks as a worker does, pages followed, and remembers between looks."""

import json

from recommendations.fetching.adapters import Target, adapter
from tests.fetching.doors import look_at_all


class Asking:
    def __init__(self, kind, config, key=""):
        self.adapter, self.config, self.state = adapter(kind), config, {}
        assert self.adapter.validate(config) == {}
        about = f"{self.adapter.WATCHES} CFR60-06"
        self.target = Target(self.adapter.address(config), "CFR60-06: Guns", about, key)

    def request(self):
        return self.adapter.request(self.target, self.config, self.state)

    def look(self):
        [(_request, result)] = look_at_all([self.request()])
        seen = self.adapter.read(
            result,
            target=self.target,
            config=self.config,
            state=self.state,
            previous_text=lambda: None,
        )
        self.state = json.loads(json.dumps(seen.next_state))  # as the database keeps it
        return seen

    def titles(self):
        """The outcome of one more look and the titles of what it found."""
        seen = self.look()
        return seen.outcome, [found.title for found in seen.found]


def as_json(web, path, value, **more):
    return web.page(path, json.dumps(value), content_type="application/json", **more)
