#!/usr/bin/env python
"""Django's commands: `.venv/bin/python manage.py help`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    from tracker.embedded import failures

    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, failures.Unready) as failure:
        sys.exit(f"{failure}")
    except OperationalError as failure:
        if hint := failures.not_running(os.environ):
            sys.exit(hint)
        raise failure


if __name__ == "__main__":
    main()
