"""What each piece of evidence says about each recommendation, to be looked up by a citation."""

from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.exchange.nouns import Document


@dataclass(frozen=True)
class Stances:
    """`links` maps (evidence, recommendation or part) to a stance."""

    links: dict[tuple[str, str], str]

    @classmethod
    def told_by(cls, documents: Iterable[Document]) -> "Stances":
        return cls(
            {
                (each.code, link.recommendation): link.stance
                for document in documents
                for each in document.evidence
                for link in each.links
            }
        )

    def of(self, evidence: str, code: str) -> str:
        """The stance of its link to `code`; else the one it takes toward every part of `code` it bears on.

        "" where it bears on neither, or takes different stances toward different parts: then whoever
        cites it has to say which is meant.
        """
        if found := self.links.get((evidence, code)):
            return found
        toward_parts = {
            stance
            for (each, target), stance in self.links.items()
            if each == evidence and target[:-1] == code
        }
        return toward_parts.pop() if len(toward_parts) == 1 else ""
