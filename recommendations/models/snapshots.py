from django.db import models
from django.utils.translation import gettext_lazy as _


class Snapshot(models.Model):
    """What a document's address returned when its text was first seen in that form.

    Stored once for each text: a page that returns to an earlier wording points back to its snapshot.
    """

    document = models.ForeignKey(
        "Document", models.PROTECT, related_name="snapshots", verbose_name=_("document")
    )
    taken_at = models.DateTimeField(_("taken at"))
    text_hash = models.CharField(_("hash of the text"), max_length=64)
    raw_hash = models.CharField(_("hash of the bytes"), max_length=64)
    text = models.TextField(_("text"))
    final_url = models.URLField(_("address reached"), max_length=2000, blank=True)
    content_type = models.CharField(_("type"), max_length=200, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-taken_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["document", "text_hash"], name="snapshot_stored_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.text_hash[:12]}"
