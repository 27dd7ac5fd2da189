from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedRow(models.Model):
    """What an import last said about one object, as a digest.

    Loading the same bytes again finds the same digest and leaves the object alone, and so does not
    undo what a person has corrected since.
    """

    origin = models.CharField(_("import"), max_length=60)
    noun = models.CharField(_("kind of object"), max_length=40)
    code = models.CharField(_("object"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [
            models.UniqueConstraint(fields=["origin", "noun", "code"], name="imported_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.noun} {self.code}"
