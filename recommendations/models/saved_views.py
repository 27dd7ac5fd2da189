from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank


class SavedView(models.Model):
    """One way in which one person looks at one list of the admin: what it is narrowed to, and its order.

    `noun` is the model's name as in the list's address, or "queue". `query` is the end of that address, without
    the page: a view shows what is there today, from the top. It is its owner's alone, says nothing of what
    anybody did, and so writes no Event.
    """

    person = models.ForeignKey(
        "User", models.CASCADE, related_name="saved_views", verbose_name=_("person"), db_index=False
    )
    noun = models.CharField(_("list"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("narrowed to"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            not_blank("name", name="saved_view_named"),
            # Also the index by which a list finds the views of its reader, in the order in which it shows them.
            models.UniqueConstraint(fields=["person", "noun", "name"], name="saved_view_once"),
        ]

    def __str__(self) -> str:
        return self.name
