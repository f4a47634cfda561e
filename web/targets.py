"""Forms for notification targets: one per popular service, and one for any Apprise URL.

What the services need comes from `notify.forms()`; here it becomes fields, and fields an URL.
Set-up and settings share it, with the macro `inputs.service_fields`.
"""

from __future__ import annotations

from hub.errors import Invalid
from hub.notify.forms import FormField, ServiceForm
from hub.notify.service import Notify, Outcome
from web.forms import Form

# The form that takes a whole address; it is offered last.
_WHOLE = "url"
_PREFIX = "f_"
# In sight without opening the list of all.
_FIRST = ("telegram", "ntfy", "email", "signal", "whatsapp", "matrix", "discord", "pushover")


def offered(notify: Notify) -> list[ServiceForm]:
    """The services to choose from."""
    order = {service: place for place, service in enumerate(_FIRST)} | {_WHOLE: 1000}
    return sorted(notify.forms(), key=lambda form: order.get(form.service, len(_FIRST)))


def chosen_form(notify: Notify, form: Form) -> ServiceForm:
    """The service that was chosen, the first at the beginning."""
    forms = offered(notify)
    return next((f for f in forms if f.service == form.text("service")), forms[0])


def fresh_form(notify: Notify, service: str) -> Form:
    """An empty form for a service, with what it has by default filled in."""
    chosen = chosen_form(notify, Form({"service": service}))
    values = {field_name(field): field.default for field in chosen.fields if field.default}
    return Form({"service": chosen.service, **values})


def field_name(field: FormField) -> str:
    """The name of a service's field in the page."""
    return f"{_PREFIX}{field.key}"


def field_names(notify: Notify, form: Form) -> tuple[str, ...]:
    """The fields that an error can be put beside."""
    return (*map(field_name, chosen_form(notify, form).fields), "name")


def last_field(notify: Notify, form: Form) -> str:
    """Where an error goes that names no field."""
    return field_names(notify, form)[0]


def name_of(notify: Notify, form: Form) -> str:
    """What the person calls the target, or the service's name."""
    return form.text("name") or chosen_form(notify, form).name


def url_from(notify: Notify, form: Form) -> str:
    """The Apprise URL that the fields make; an empty text when something is wrong with them."""
    chosen = chosen_form(notify, form)
    values = {field.key: form.text(field_name(field)) for field in chosen.fields}
    for field in chosen.fields:
        if field.required and field.kind != "switch" and not values[field.key]:
            form.wrong(field_name(field), f"{field.label} is needed. {field.help}".strip())
    if not form.ok:
        return ""
    try:
        return notify.build_url(chosen.service, values)
    except Invalid as error:
        blame(notify, form, error)
        return ""


async def tested(notify: Notify, form: Form, home_name: str) -> Outcome | None:
    """Send a test with what is typed; None when something is wrong with the fields."""
    url = url_from(notify, form)
    if not form.ok:
        return None
    try:
        return await notify.test_url(url, home_name)
    except Invalid as error:
        blame(notify, form, error)
        return None


def blame(notify: Notify, form: Form, error: Invalid) -> None:
    """Put a refusal of the notification service beside the field that it is about."""
    known = field_names(notify, form)
    field = error.where if error.where == "name" else f"{_PREFIX}{error.where}"
    form.wrong(
        field if field in known else last_field(notify, form),
        f"{error.sentence} {error.remedy}".strip(),
    )
