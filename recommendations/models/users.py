from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import one_of
from recommendations.permissions import allowed
from recommendations.vocabulary import Role

if TYPE_CHECKING:
    from recommendations.models.themes import Theme

ADMIN_VERBS = {
    "source": "source.write",
    "recommendation": "recommendation.write",
    "addressee": "recommendation.write",
    "institution": "institution.write",
    "theme": "theme.write",
    "document": "evidence.write",
    "evidence": "evidence.write",
    "evidencelink": "evidence.write",
    "assessment": "assessment.propose",
    "response": "response.write",
    "deadline": "deadline.write",
    "closure": "recommendation.close",
    "relation": "relation.write",
    "indicator": "indicator.write",
    "observation": "observation.write",
    "figure": "source.write",
    "statuscheck": "check.write",
    "finding": "finding.accept",
    "import": "import.write",
    "user": "user.write",
    "token": "token.manage",
    "webhook": "webhook.write",
}
"""The verb that adding or changing a model's rows in the admin asks for; what is not here is read-only."""


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """What `manage.py createsuperuser` calls: an administrator, bound by the invariants like anyone."""
        return self.create_user(username, password, role=Role.ADMINISTRATOR, **fields)


class User(AbstractBaseUser):
    """One person. Machines have no row here: a check or an import proposes under its own name."""

    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("There is already a person with this user name.")},
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.NONE, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    followed_themes: "models.ManyToManyField[Theme, models.Model]" = models.ManyToManyField(
        "Theme", related_name="followers", blank=True, verbose_name=_("themes followed")
    )

    # Arrays and not tables: whoever acts is looked up with each request, and their limits come with them.
    source_limits = ArrayField(
        models.BigIntegerField(), default=list, blank=True, verbose_name=_("limited to the sources")
    )
    theme_limits = ArrayField(
        models.BigIntegerField(), default=list, blank=True, verbose_name=_("limited to the themes")
    )

    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]
        constraints = [
            one_of("role", Role.values, name="user_role_known"),
            models.CheckConstraint(
                condition=~models.Q(role=Role.ADMINISTRATOR) | models.Q(source_limits=[], theme_limits=[]),
                name="user_administrator_unlimited",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens at all: for anyone with a role."""
        return self.is_active and self.role != Role.NONE

    @property
    def is_superuser(self) -> bool:
        """Django's word for an administrator. It lifts no invariant."""
        return self.is_active and self.role == Role.ADMINISTRATOR

    @property
    def limited(self) -> bool:
        """Whether the role counts for some sources and themes only (see queries/limits.py)."""
        return bool(self.source_limits or self.theme_limits)

    def may(self, verb: str) -> bool:
        """Whether this person may do `verb` (see permissions.py)."""
        return self.is_active and allowed(self.role, verb)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is bound to: with the password, how often all sessions were ended."""
        bound: str = super()._get_session_auth_hash(secret)  # type: ignore[misc] # Django's own, not in its stubs
        return f"{bound}{self.sessions_ended}"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's admin asks "app.action_model"; the answer comes from the one table of verbs."""
        action, _sep, model = perm.rpartition(".")[2].partition("_")
        if action == "view":
            return self.is_staff
        if action == "delete" or model not in ADMIN_VERBS:
            return False
        return self.may(ADMIN_VERBS[model])

    def has_perms(self, perms: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
