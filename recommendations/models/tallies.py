"""Sums kept for speed. Triggers alone write them (migration `tallies`); `manage.py doctor` recomputes them.

Every change adds rows and changes none, so that writers never wait for one another; what is true at any moment is
the sum of the rows, and `actions/tallies.py` folds them together from time to time.
"""

from django.db import models

from recommendations.vocabulary import Grouping, Status


class Tally(models.Model):
    """So many recommendations (or so many more or fewer) of one group stand at one status.

    `key` is the number of the group's source, theme or addressee, the year itself, or 0 for all together.
    """

    dimension = models.CharField(max_length=10, choices=Grouping.choices)
    key = models.BigIntegerField()
    part = models.BooleanField()
    public = models.BooleanField()
    status = models.CharField(max_length=30, choices=Status.choices)
    number = models.IntegerField()
    settled = models.BooleanField(default=False)

    class Meta:
        indexes = [
            # One group, or all groups of a dimension, without looking at the table.
            models.Index(
                fields=["dimension", "key"],
                include=["part", "public", "status", "number"],
                name="tally_of_group",
            ),
            models.Index(fields=["id"], condition=models.Q(settled=False), name="tally_to_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key} {self.status}: {self.number:+}"


class Verification(models.Model):
    """So many headlines of one group were last verified in one period: a year (2026), month (202611) or day (20261127).

    Three lengths, so that a median is found by walking down from years to days.
    """

    dimension = models.CharField(max_length=10, choices=Grouping.choices)
    key = models.BigIntegerField()
    part = models.BooleanField()
    public = models.BooleanField()
    period = models.IntegerField()
    number = models.IntegerField()
    settled = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["dimension", "key", "period"],
                include=["part", "public", "number"],
                name="verification_of_group",
            ),
            models.Index(fields=["id"], condition=models.Q(settled=False), name="verification_to_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key} {self.period}: {self.number:+}"


class Revision(models.Model):
    """So many statements have changed what the public may be told. Their sum is the revision of the whole record."""

    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.number:+}"
