"""The tables of hub.db. Times are seconds since the epoch (UTC); ids are text.

Only modules of this folder import these classes.
"""

from __future__ import annotations

from typing import Any

import tortoise.models
from tortoise import fields
from tortoise.models import Model

# For each model Tortoise reads and parses this whole file, in search of comments that describe
# fields. There are none, and it costs a twentieth of the hub's start.
tortoise.models._get_comments = lambda cls: {}  # noqa: ARG005, SLF001 - no setting

Json = dict[str, Any]


class Person(Model):
    """Somebody who may sign in or be told something."""

    id = fields.CharField(64, primary_key=True)
    name = fields.CharField(120)
    sign_in_name = fields.CharField(120, unique=True)
    role = fields.CharField(20)
    language = fields.CharField(20, default="en")
    time_zone = fields.CharField(64, default="")
    password_hash = fields.TextField(null=True)
    limits: Any = fields.JSONField(default=list)
    created_at = fields.FloatField()
    disabled = fields.BooleanField(default=False)

    class Meta:
        table = "person"


class Session(Model):
    """A browser that is signed in; of its token only the hash."""

    token_hash = fields.CharField(64, primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "hub.Person", related_name="sessions"
    )
    csrf = fields.CharField(64)
    created_at = fields.FloatField()
    seen_at = fields.FloatField()
    expires_at = fields.FloatField(db_index=True)
    agent = fields.CharField(200, default="")
    address = fields.CharField(64, default="")

    class Meta:
        table = "session"


class Token(Model):
    """A long-lived token of a person, for programs; only its hash."""

    id = fields.CharField(64, primary_key=True)
    token_hash = fields.CharField(64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "hub.Person", related_name="tokens"
    )
    name = fields.CharField(120)
    created_at = fields.FloatField()
    used_at = fields.FloatField(null=True)
    expires_at = fields.FloatField(null=True)

    class Meta:
        table = "token"


class Setting(Model):
    """What people chose in the pages, one value a key."""

    key = fields.CharField(120, primary_key=True)
    value: Any = fields.JSONField()

    class Meta:
        table = "setting"


class Secret(Model):
    """Something sealed with secret.key."""

    id = fields.CharField(64, primary_key=True)
    ciphertext = fields.BinaryField()

    class Meta:
        table = "secret"


class Floor(Model):
    """A floor of the house."""

    id = fields.CharField(64, primary_key=True)
    name = fields.CharField(120)
    level = fields.IntField(default=0)

    class Meta:
        table = "floor"


class Area(Model):
    """A room or place."""

    id = fields.CharField(64, primary_key=True)
    name = fields.CharField(120)
    floor_id = fields.CharField(64, null=True)
    icon = fields.CharField(64, default="")
    labels: Any = fields.JSONField(default=list)
    position = fields.IntField(default=0)

    class Meta:
        table = "area"


class Label(Model):
    """A word that people stick to things."""

    id = fields.CharField(64, primary_key=True)
    name = fields.CharField(120)

    class Meta:
        table = "label"


class Device(Model):
    """A thing with entities."""

    id = fields.CharField(120, primary_key=True)
    name = fields.CharField(120)
    integration = fields.CharField(64)
    area_id = fields.CharField(64, null=True)
    labels: Any = fields.JSONField(default=list)
    details: Any = fields.JSONField(default=dict)

    class Meta:
        table = "device"


class Entity(Model):
    """What a person chose about an entity, and who declared it."""

    entity_id = fields.CharField(160, primary_key=True)
    name = fields.CharField(160)
    integration = fields.CharField(64)
    device_id = fields.CharField(120, null=True)
    area_id = fields.CharField(64, null=True)
    labels: Any = fields.JSONField(default=list)
    aliases: Any = fields.JSONField(default=list)
    hidden = fields.BooleanField(default=False)
    position = fields.IntField(default=0)

    class Meta:
        table = "entity"


class ConfigEntry(Model):
    """One set-up instance of an integration."""

    id = fields.CharField(64, primary_key=True)
    domain = fields.CharField(64, db_index=True)
    title = fields.CharField(120)
    data: Any = fields.JSONField(default=dict)
    enabled = fields.BooleanField(default=True)
    created_at = fields.FloatField()

    class Meta:
        table = "config_entry"


class NotificationTarget(Model):
    """Where a person can be reached. The URL itself is a secret, and `shown` has it masked."""

    id = fields.CharField(64, primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "hub.Person", related_name="targets"
    )
    name = fields.CharField(120)
    service = fields.CharField(64)
    secret_id = fields.CharField(64)
    shown = fields.CharField(300)
    position = fields.IntField(default=0)
    enabled = fields.BooleanField(default=True)
    created_at = fields.FloatField()

    class Meta:
        table = "notification_target"


class Notification(Model):
    """What somebody was to be told; stored before it is sent."""

    id = fields.CharField(64, primary_key=True)
    title = fields.CharField(500, default="")
    message = fields.TextField()
    urgency = fields.CharField(20, default="normal")
    data: Any = fields.JSONField(default=dict)
    context: Any = fields.JSONField()
    dedupe_key = fields.CharField(200, null=True, unique=True)
    created_at = fields.FloatField(db_index=True)

    class Meta:
        table = "notification"


class Delivery(Model):
    """A notification on its way to one target of one person."""

    id = fields.CharField(64, primary_key=True)
    notification: fields.ForeignKeyRelation[Notification] = fields.ForeignKeyField(
        "hub.Notification", related_name="deliveries"
    )
    person_id = fields.CharField(64)
    target_id = fields.CharField(64, null=True)
    target_name = fields.CharField(300)
    service = fields.CharField(64)
    state = fields.CharField(20, db_index=True)
    attempts = fields.IntField(default=0)
    next_attempt_at = fields.FloatField(null=True)
    reason = fields.TextField(default="")
    finished_at = fields.FloatField(null=True)

    class Meta:
        table = "delivery"


class DeliveryAttempt(Model):
    """One try of a delivery, and how it went."""

    id = fields.IntField(primary_key=True)
    delivery: fields.ForeignKeyRelation[Delivery] = fields.ForeignKeyField(
        "hub.Delivery", related_name="tries"
    )
    started_at = fields.FloatField()
    seconds = fields.FloatField(null=True)
    outcome = fields.CharField(20)
    reason = fields.TextField(default="")

    class Meta:
        table = "delivery_attempt"


class Skill(Model):
    """A skill's present version. `document` is YAML as a person wrote it."""

    id = fields.CharField(64, primary_key=True)
    name = fields.CharField(160)
    enabled = fields.BooleanField(default=True)
    version = fields.IntField(default=1)
    document = fields.TextField()
    owner_id = fields.CharField(64, null=True)
    created_at = fields.FloatField()
    updated_at = fields.FloatField()
    last_triggered = fields.FloatField(null=True)

    class Meta:
        table = "skill"


class SkillVersion(Model):
    """A skill as it was once saved."""

    id = fields.IntField(primary_key=True)
    skill: fields.ForeignKeyRelation[Skill] = fields.ForeignKeyField(
        "hub.Skill", related_name="versions"
    )
    number = fields.IntField()
    document = fields.TextField()
    author_id = fields.CharField(64, null=True)
    note = fields.CharField(300, default="")
    created_at = fields.FloatField()

    class Meta:
        table = "skill_version"
        unique_together = (("skill", "number"),)


class Run(Model):
    """One run of a skill: where it is and what it knows, as plain data.

    `skill_id` is no foreign key: a run outlives its skill, for the record.
    """

    id = fields.CharField(64, primary_key=True)
    skill_id = fields.CharField(64, db_index=True)
    skill_version = fields.IntField()
    state = fields.CharField(20, db_index=True)
    position: Any = fields.JSONField(default=dict)
    trigger: Any = fields.JSONField(default=dict)
    context: Any = fields.JSONField()
    trace: Any = fields.JSONField(default=list)
    dry_run = fields.BooleanField(default=False)
    started_at = fields.FloatField(db_index=True)
    resume_at = fields.FloatField(null=True)
    finished_at = fields.FloatField(null=True)
    reason = fields.TextField(default="")
    owner = fields.CharField(64, default="")
    revision = fields.IntField(default=0)

    class Meta:
        table = "run"


class Timer(Model):
    """A trigger's `for` that is being waited for."""

    id = fields.CharField(200, primary_key=True)
    skill_id = fields.CharField(64, db_index=True)
    due_at = fields.FloatField()
    data: Any = fields.JSONField(default=dict)

    class Meta:
        table = "timer"
