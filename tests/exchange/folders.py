"""A small folder of seed files: everything in it once, and each test spoils one line."""

import shutil
from pathlib import Path

from django.conf import settings

FILES = {
    "institutions.yaml": """\
- code: us-congress
  name: Congress of the United States
  kind: legislature
  country: US
  aliases:
    - Congress

- code: norway
  name: Government of Norway
  kind: government
  country: NO

- code: gazette
  name: The Gazette
  kind: media
""",
    "themes.yaml": """\
- code: security
  name: Security

- code: firearms
  name: Firearms
  parent: security
""",
    "sources.yaml": """\
- code: REP11
  title: A report
  kind: report
  publisher: gazette
  published_on: 2011-03
  language: en
""",
    "documents/2012.yaml": """\
- code: an-act
  title: An act
  publisher: us-congress
  via: gazette
  url: https://example.org/act
  url_confirmed: true
  evidence:
    - id: act-passed-2012
      occurred_on: 2012
      kind: law
      finding: Congress passed the act.
      verified: true
      checked_against:
        - https://example.org/act
      bears_on:
        - {code: REP11-01a, stance: supports}
    - id: act-announced-2010
      occurred_on: 2010-12-24
      kind: news
      finding: The act was announced.
      verified: false
      caution: From memory.
      bears_on:
        - {code: REP11-01, stance: supports, timing: before_publication}
""",
    "recommendations/REP11.yaml": """\
source: REP11
recommendations:
  - code: REP11-01
    title: Pass the act
    explicit: true
    summary: Pass the act and publish the data.
    themes: [firearms]
    addressees:
      - {institution: us-congress, wording: Congress}
    assessments:
      - effective_on: 2012-12-31
        status: implemented
        rationale: The act was passed.
        evidence:
          - act-passed-2012
          - {id: act-announced-2010, locator: p. 2}
    parts:
      - code: REP11-01a
        title: Pass it
        summary: Pass the act.
        themes: [firearms]
        addressees:
          - {institution: us-congress}
        relations:
          - {to: REP11-01, kind: supports}
""",
    "indicators.yaml": """\
- code: REP11-01-I1
  name: Acts passed
  unit: acts
  recommendations: [REP11-01]
  direction: up
  baseline:
    period: 2010
    value: 0
    verified: true
    seen_at: REP11
  target:
    value: 1
""",
    "checks.yaml": """\
- kind: feed
  recommendation: REP11-01
  config: {url: "https://example.org/feed", words: [act]}

- kind: series
  indicator: REP11-01-I1
  every: 604800
  config:
    format: csv
    url: https://example.org/acts.csv
    period: year
    value: acts
""",
    "figures.yaml": """\
- code: REP11-F1
  kind: stated
  measure: Acts proposed
  source: REP11
  locator: p. 3
  period: 2010
  value: 1.5
  unit: acts
""",
}


def write(folder: Path, spoil: tuple[str, str, str] | None = None) -> Path:
    """The files in `folder`; `spoil` = (file, what stands there, what to write instead)."""
    shutil.copy(settings.BASE_DIR / "seeds" / "schema.json", folder)
    for name, text in FILES.items():
        if spoil and spoil[0] == name:
            assert text.count(spoil[1]) == 1, f"{spoil[1]!r} stands {text.count(spoil[1])} times in {name}"
            text = text.replace(spoil[1], spoil[2])
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
