"""`python .ci/command.py SERVICE`: its command in docker-compose.yml, one word a line.

CI runs these against Debian's PostgreSQL and Redis, so that what the image will run has been run.
"""

import sys
from pathlib import Path

import yaml

compose = yaml.safe_load((Path(__file__).parent.parent / "docker-compose.yml").read_text())
print("\n".join(compose["services"][sys.argv[1]]["command"]))
