from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.assessments import Assessment
from recommendations.models.constraints import not_blank, one_of
from recommendations.models.deadlines import Deadline
from recommendations.models.evidence import Document, Evidence
from recommendations.models.recommendations import Addressee
from recommendations.models.responses import Response
from recommendations.models.sources import Source
from recommendations.vocabulary import InstitutionKind


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def published(self) -> "InstitutionQuerySet":
        """Bodies that something public names, and those that nothing names (see visibility.py).

        What names a body's parts, or the bodies merged into it, names the body too.
        """
        here = models.OuterRef("pk")
        kin = Institution.objects.filter(
            models.Q(pk=here) | models.Q(parent=here) | models.Q(merged_into=here)
        )
        documents = Document.objects.filter(models.Q(publisher=here) | models.Q(via=here))
        shown = Evidence.objects.filter(document=here).published()
        # Each kind of row that names a body, and those of them that are public.
        naming: list[tuple[models.QuerySet[Any], models.QuerySet[Any]]] = [
            (documents, documents.filter(models.Exists(shown))),
            *(
                (rows, rows.published())
                for rows in (
                    Addressee.objects.filter(institution=here),
                    Source.objects.filter(publisher=here),
                    Response.objects.filter(institution=here),
                    Deadline.objects.filter(moved_by=here),
                    Assessment.objects.filter(verdict_institution=here),
                )
            ),
        ]
        named, publicly_named = models.Q(), models.Q()
        for rows, public in naming:
            named |= models.Q(models.Exists(rows))
            publicly_named |= models.Q(models.Exists(public))
        return self.filter(
            models.Exists(kin.filter(publicly_named)) | ~models.Exists(kin.filter(named)),
        )


class Institution(models.Model):
    """A body that is asked (an addressee), that answers, or that publishes.

    One row a body, whatever it is called: other spellings stand in `aliases`, and the words of a
    document beside the use (see Addressee). A merged body keeps its row and points to its heir.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=InstitutionKind.choices)
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("ISO 3166-1, two letters.")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    aliases = models.JSONField(_("also called"), default=list, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["name", "id"]
        constraints = [
            one_of("kind", InstitutionKind.values, name="institution_kind_known"),
            not_blank("name", name="institution_name_given"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")) & ~models.Q(merged_into=models.F("id")),
                name="institution_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name
