from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import one_of, together
from recommendations.vocabulary import ImportFormat, ImportState, RowOutcome


class Import(models.Model):
    """One file that a person brought: what a dry run made of it, and whether it was applied.

    All or nothing: a file of which a row is refused cannot be applied. `outcome` is a digest of what the dry run
    said would happen; when the file is applied it is worked out anew, and anything else is refused. A large file waits
    to be judged by a worker; what a worker is at is told by `work` (import_works.py).
    """

    format = models.CharField(_("format"), max_length=20, choices=ImportFormat.choices)
    source = models.ForeignKey(
        "Source",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("source"),
        help_text=_("To which all rows belong; empty where the rows name their own."),
    )
    filename = models.CharField(_("file"), max_length=300)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    size = models.BigIntegerField(_("bytes"))
    mapping_version = models.CharField(_("version of the mapping"), max_length=20)
    as_of = models.DateField(_("stands for"), help_text=_("The day whose state the file tells."))
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.EXAMINED
    )
    rows_new = models.PositiveIntegerField(_("new"), default=0)
    rows_changed = models.PositiveIntegerField(_("changed"), default=0)
    rows_unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rows_refused = models.PositiveIntegerField(_("refused"), default=0)
    rows_vanished = models.PositiveIntegerField(
        _("vanished"), default=0, help_text=_("In the last file of an open-only list, and not in this one.")
    )
    passed_over = models.JSONField(
        _("passed over"), default=dict, blank=True, help_text=_("What is no recommendation, by what it is.")
    )
    brings = models.JSONField(
        _("brings"), default=dict, blank=True, help_text=_("Sources, institutions and themes it would add.")
    )
    outcome = models.CharField(_("digest of what would happen"), max_length=64)
    repeats = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("same file as"),
        help_text=_("An applied import of the same bytes: nothing is left to do."),
    )
    evidence = models.ForeignKey(
        "Evidence",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("evidence"),
        help_text=_("The file itself, cited by the verdicts that it proposes."),
    )
    examined_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("brought by"))
    examined_at = models.DateTimeField(_("brought at"))
    applied_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("applied by")
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-examined_at", "-id"]
        constraints = [
            one_of("format", ImportFormat.values, name="import_format_known"),
            one_of("state", ImportState.values, name="import_state_known"),
            together("applied_by", "applied_at", name="import_applied_by_and_at"),
            models.CheckConstraint(
                condition=(~models.Q(state=ImportState.APPLIED) & models.Q(applied_at__isnull=True))
                | models.Q(state=ImportState.APPLIED, applied_at__isnull=False),
                name="import_applied_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ImportState.APPLIED) | models.Q(rows_refused=0),
                name="import_all_or_nothing",
            ),
        ]
        indexes = [
            # Whether these bytes were applied before.
            models.Index(
                fields=["sha256"],
                name="import_of_bytes",
                condition=models.Q(state=ImportState.APPLIED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.get_format_display()})"

    @property
    def origin(self) -> str:
        """By what the rows of one file are known again in the next one."""
        return f"{self.format}:{self.source.code}" if self.source else self.format

    @property
    def rows_total(self) -> int:
        return self.rows_new + self.rows_changed + self.rows_unchanged + self.rows_refused


class ImportRow(models.Model):
    """One row of a file: what it says, and what would become of it.

    `changes` is `{field: [before, after]}`; `kept` likewise, for what the file says anew and a person has changed
    here meanwhile, which stays as the person left it. `problems` is `[{column, value, rule}]`.
    """

    batch = models.ForeignKey(
        Import, models.CASCADE, related_name="rows", db_column="import_id", verbose_name=_("import")
    )
    line = models.PositiveIntegerField(_("row"), help_text=_("In the file, counted from 1."))
    key = models.CharField(_("key"), max_length=500)
    code = models.CharField(_("recommendation"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    said = models.JSONField(_("what it says"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=RowOutcome.choices)
    changes = models.JSONField(_("changes"), default=dict)
    kept = models.JSONField(_("kept"), default=dict)
    problems = models.JSONField(_("problems"), default=list)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["batch", "line"]
        constraints = [
            one_of("outcome", RowOutcome.values, name="import_row_outcome_known"),
            models.UniqueConstraint(fields=["batch", "line"], name="import_row_once"),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "line"], name="import_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line} {self.code}"


class ImportedRow(models.Model):
    """What an import last said about one object, as a digest.

    Loading the same bytes again finds the same digest and leaves the object alone, and so does not
    undo what a person has corrected since. `said` is the same in full where a later file is compared with it
    field by field; `present` is off for what vanished from an open-only file.
    """

    origin = models.CharField(_("import"), max_length=60)
    noun = models.CharField(_("kind of object"), max_length=40)
    code = models.CharField(_("object"), max_length=500)
    digest = models.CharField(_("digest"), max_length=64)
    said = models.JSONField(_("what it said"), null=True, blank=True)
    present = models.BooleanField(_("in the last file"), default=True)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [
            models.UniqueConstraint(fields=["origin", "noun", "code"], name="imported_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.noun} {self.code}"
