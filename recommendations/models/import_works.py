from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import one_of, together
from recommendations.models.imports import Import
from recommendations.vocabulary import IMPORT_ENDED, ImportPhase, ImportTask


class ImportWork(models.Model):
    """What a worker was last asked to do with an import: judge its file or apply it, and how far that has come.

    `done` of `total` is of the phase: bytes while the file is read, statements after that. A worker holds it under a
    lease, as checks are held; the row stands apart from the import, because the work is one transaction into which
    nobody sees until it ends.
    """

    batch = models.OneToOneField(
        Import, models.CASCADE, related_name="work", db_column="import_id", verbose_name=_("import")
    )
    task = models.CharField(_("asked for"), max_length=10, choices=ImportTask.choices)
    asked_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    language = models.CharField(max_length=10, help_text=_("In which its end is told."))
    phase = models.CharField(
        _("phase"), max_length=10, choices=ImportPhase.choices, default=ImportPhase.WAITING
    )
    done = models.BigIntegerField(_("done"), default=0)
    total = models.BigIntegerField(_("of"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    rule = models.CharField(_("rule"), max_length=100, blank=True, help_text=_("Why it failed."))
    detail = models.TextField(_("what went wrong"), blank=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("work on an import")
        verbose_name_plural = _("work on imports")
        ordering = ["asked_at", "id"]
        constraints = [
            one_of("task", ImportTask.values, name="import_work_task_known"),
            one_of("phase", ImportPhase.values, name="import_work_phase_known"),
            together("lease", "leased_until", name="import_work_lease_ends"),
            models.CheckConstraint(
                condition=models.Q(phase__in=IMPORT_ENDED, ended_at__isnull=False, lease__isnull=True)
                | (~models.Q(phase__in=IMPORT_ENDED) & models.Q(ended_at__isnull=True)),
                name="import_work_ends_once",
            ),
        ]
        indexes = [
            # What waits for a worker.
            models.Index(
                fields=["asked_at"], name="import_work_waiting", condition=models.Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_task_display()}: {self.get_phase_display()}"

    @property
    def over(self) -> bool:
        return self.ended_at is not None


class ImportPiece(models.Model):
    """A stretch of the bytes of a file that waits to be judged, compressed (zlib); gone once it was."""

    batch = models.ForeignKey(
        Import,
        models.CASCADE,
        related_name="pieces",
        db_column="import_id",
        db_index=False,
        verbose_name=_("import"),
    )
    place = models.PositiveIntegerField(_("place"))
    content = models.BinaryField(_("bytes (zlib)"))

    class Meta:
        verbose_name = _("piece of a file")
        verbose_name_plural = _("pieces of files")
        ordering = ["batch", "place"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="import_piece_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.place}"
