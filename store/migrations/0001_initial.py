from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("name", fields.CharField(max_length=120)),
                ("floor_id", fields.CharField(null=True, max_length=64)),
                ("icon", fields.CharField(default="", max_length=64)),
                (
                    "labels",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("position", fields.IntField(default=0)),
            ],
            options={"table": "area", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ConfigEntry",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("domain", fields.CharField(db_index=True, max_length=64)),
                ("title", fields.CharField(max_length=120)),
                (
                    "data",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("enabled", fields.BooleanField(default=True)),
                ("created_at", fields.FloatField()),
            ],
            options={"table": "config_entry", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=120),
                ),
                ("name", fields.CharField(max_length=120)),
                ("integration", fields.CharField(max_length=64)),
                ("area_id", fields.CharField(null=True, max_length=64)),
                (
                    "labels",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "details",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
            ],
            options={"table": "device", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Entity",
            fields=[
                (
                    "entity_id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=160),
                ),
                ("name", fields.CharField(max_length=160)),
                ("integration", fields.CharField(max_length=64)),
                ("device_id", fields.CharField(null=True, max_length=120)),
                ("area_id", fields.CharField(null=True, max_length=64)),
                (
                    "labels",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "aliases",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("hidden", fields.BooleanField(default=False)),
                ("position", fields.IntField(default=0)),
            ],
            options={
                "table": "entity",
                "app": "hub",
                "pk_attr": "entity_id",
                "table_description": "What a person chose about an entity, and who declared it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Floor",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("name", fields.CharField(max_length=120)),
                ("level", fields.IntField(default=0)),
            ],
            options={"table": "floor", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Label",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("name", fields.CharField(max_length=120)),
            ],
            options={"table": "label", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("title", fields.CharField(default="", max_length=500)),
                ("message", fields.TextField(unique=False)),
                ("urgency", fields.CharField(default="normal", max_length=20)),
                (
                    "data",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "context",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("dedupe_key", fields.CharField(null=True, unique=True, max_length=200)),
                ("created_at", fields.FloatField(db_index=True)),
            ],
            options={"table": "notification", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                (
                    "notification",
                    fields.ForeignKeyField(
                        "hub.Notification",
                        source_field="notification_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deliveries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("person_id", fields.CharField(max_length=64)),
                ("target_id", fields.CharField(null=True, max_length=64)),
                ("target_name", fields.CharField(max_length=300)),
                ("service", fields.CharField(max_length=64)),
                ("state", fields.CharField(db_index=True, max_length=20)),
                ("attempts", fields.IntField(default=0)),
                ("next_attempt_at", fields.FloatField(null=True)),
                ("reason", fields.TextField(default="", unique=False)),
                ("finished_at", fields.FloatField(null=True)),
            ],
            options={"table": "delivery", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DeliveryAttempt",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "delivery",
                    fields.ForeignKeyField(
                        "hub.Delivery",
                        source_field="delivery_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("started_at", fields.FloatField()),
                ("seconds", fields.FloatField(null=True)),
                ("outcome", fields.CharField(max_length=20)),
                ("reason", fields.TextField(default="", unique=False)),
            ],
            options={"table": "delivery_attempt", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("name", fields.CharField(max_length=120)),
                ("sign_in_name", fields.CharField(unique=True, max_length=120)),
                ("role", fields.CharField(max_length=20)),
                ("language", fields.CharField(default="en", max_length=20)),
                ("time_zone", fields.CharField(default="", max_length=64)),
                ("password_hash", fields.TextField(null=True, unique=False)),
                (
                    "limits",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("created_at", fields.FloatField()),
                ("disabled", fields.BooleanField(default=False)),
            ],
            options={"table": "person", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NotificationTarget",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "hub.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="targets",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("service", fields.CharField(max_length=64)),
                ("secret_id", fields.CharField(max_length=64)),
                ("shown", fields.CharField(max_length=300)),
                ("position", fields.IntField(default=0)),
                ("enabled", fields.BooleanField(default=True)),
                ("created_at", fields.FloatField()),
            ],
            options={
                "table": "notification_target",
                "app": "hub",
                "pk_attr": "id",
                "table_description": "Where a person can be reached. The URL itself is a secret, and `shown` has it masked.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("skill_id", fields.CharField(db_index=True, max_length=64)),
                ("skill_version", fields.IntField()),
                ("state", fields.CharField(db_index=True, max_length=20)),
                (
                    "position",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "trigger",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "context",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "trace",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("dry_run", fields.BooleanField(default=False)),
                ("started_at", fields.FloatField(db_index=True)),
                ("resume_at", fields.FloatField(null=True)),
                ("finished_at", fields.FloatField(null=True)),
                ("reason", fields.TextField(default="", unique=False)),
                ("owner", fields.CharField(default="", max_length=64)),
                ("revision", fields.IntField(default=0)),
            ],
            options={
                "table": "run",
                "app": "hub",
                "pk_attr": "id",
                "table_description": "One run of a skill: where it is and what it knows, as plain data.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Secret",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("ciphertext", fields.BinaryField()),
            ],
            options={"table": "secret", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                (
                    "token_hash",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "hub.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("csrf", fields.CharField(max_length=64)),
                ("created_at", fields.FloatField()),
                ("seen_at", fields.FloatField()),
                ("expires_at", fields.FloatField(db_index=True)),
                ("agent", fields.CharField(default="", max_length=200)),
                ("address", fields.CharField(default="", max_length=64)),
            ],
            options={"table": "session", "app": "hub", "pk_attr": "token_hash"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Setting",
            fields=[
                (
                    "key",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=120),
                ),
                (
                    "value",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={"table": "setting", "app": "hub", "pk_attr": "key"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("name", fields.CharField(max_length=160)),
                ("enabled", fields.BooleanField(default=True)),
                ("version", fields.IntField(default=1)),
                ("document", fields.TextField(unique=False)),
                ("owner_id", fields.CharField(null=True, max_length=64)),
                ("created_at", fields.FloatField()),
                ("updated_at", fields.FloatField()),
                ("last_triggered", fields.FloatField(null=True)),
            ],
            options={
                "table": "skill",
                "app": "hub",
                "pk_attr": "id",
                "table_description": "A skill's present version. `document` is YAML as a person wrote it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SkillVersion",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "skill",
                    fields.ForeignKeyField(
                        "hub.Skill",
                        source_field="skill_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="versions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                ("document", fields.TextField(unique=False)),
                ("author_id", fields.CharField(null=True, max_length=64)),
                ("note", fields.CharField(default="", max_length=300)),
                ("created_at", fields.FloatField()),
            ],
            options={
                "table": "skill_version",
                "app": "hub",
                "unique_together": (("skill", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Timer",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=200),
                ),
                ("skill_id", fields.CharField(db_index=True, max_length=64)),
                ("due_at", fields.FloatField()),
                (
                    "data",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
            ],
            options={
                "table": "timer",
                "app": "hub",
                "pk_attr": "id",
                "table_description": "A trigger's `for` that is being waited for.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "hub.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tokens",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("created_at", fields.FloatField()),
                ("used_at", fields.FloatField(null=True)),
                ("expires_at", fields.FloatField(null=True)),
            ],
            options={"table": "token", "app": "hub", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
