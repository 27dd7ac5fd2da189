import zlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.packing import PackedText


class Snapshot(models.Model):
    """What a document's address returned when its text was first seen in that form.

    Stored once for each text: a page that returns to an earlier wording points back to its snapshot. Retention may
    drop the text (`text` is then None and `dropped_at` says since when); the row and its hashes stay.
    """

    document = models.ForeignKey(
        "Document", models.PROTECT, related_name="snapshots", verbose_name=_("document")
    )
    taken_at = models.DateTimeField(_("taken at"))
    text_hash = models.CharField(_("hash of the text"), max_length=64)
    raw_hash = models.CharField(_("hash of the bytes"), max_length=64)
    text = PackedText(_("text"), null=True)
    dropped_at = models.DateTimeField(_("text dropped at"), null=True, blank=True)
    final_url = models.URLField(_("address reached"), max_length=2000, blank=True)
    content_type = models.CharField(_("type"), max_length=200, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-taken_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "text_hash"], name="snapshot_stored_once"),
            models.CheckConstraint(
                condition=models.Q(text__isnull=False, dropped_at__isnull=True)
                | models.Q(text__isnull=True, dropped_at__isnull=False),
                name="snapshot_text_kept_or_dropped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.text_hash[:12]}"


class RawCopy(models.Model):
    """The bytes as they came, where the settings say to keep them (TRACKER_KEEP_RAW).

    Several may belong to one snapshot: pages differ in bytes and say the same.
    """

    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="raw_copies", verbose_name=_("snapshot")
    )
    seen_at = models.DateTimeField(_("seen at"))
    raw_hash = models.CharField(_("hash of the bytes"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    body = models.BinaryField(_("bytes (zlib)"))

    class Meta:
        verbose_name = _("raw copy")
        verbose_name_plural = _("raw copies")
        ordering = ["-seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "raw_hash"], name="raw_copy_stored_once"),
        ]
        indexes = [models.Index(fields=["seen_at"], name="raw_copy_by_age")]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.raw_hash[:12]}"

    def unpacked(self) -> bytes:
        """The bytes as the server sent them."""
        return zlib.decompress(self.body)
