"""`hub skill`: skills, their runs and what each run did."""

from __future__ import annotations

from typing import Any

import click

from hub.cli import given, output
from hub.cli.client import reach
from hub.cli.group import example
from hub.cli.house import House, pass_house


@click.group(epilog=example("hub skill list", "hub skill runs night_door"))
def skill() -> None:
    """Skills and what they did."""


@skill.command("list", epilog=example("hub skill list --json"))
@output.json_option
@pass_house
def list_skills(house: House, as_json: bool) -> None:
    """List every skill."""
    found = reach(house).get("skills")
    if as_json:
        return output.document(found)
    rows = [
        (s["id"], s["name"], s["enabled"], output.when(s["last_triggered"]), _trouble(s))
        for s in found
    ]
    headers = ("id", "name", "on", "last triggered", "trouble")
    return output.table(headers, rows, "There is no skill yet: make one from a blueprint.")


@skill.command("show", epilog=example("hub skill show 'Night door'"))
@click.argument("skill_id", metavar="ID_OR_NAME")
@output.json_option
@pass_house
def show_skill(house: House, skill_id: str, as_json: bool) -> None:
    """Show a skill: its state, what was found about it, its document."""
    found = reach(house).get("skills", skill_id)
    if as_json:
        return output.document(found)
    click.echo(f"{found['name']} ({found['id']})")
    output.facts({key: found[key] for key in ("enabled", "version", "blueprint", "description")})
    output.facts({"last triggered": output.when(found["last_triggered"])})
    for finding in found["findings"]:
        place = f"line {finding['line']}: " if finding["line"] else ""
        click.echo(
            f"  {finding['level']}: {place}{finding['message']} {finding['remedy']}".rstrip()
        )
    click.echo()
    return click.echo(found["document"].rstrip())


@skill.command(
    "run", epilog=example("hub skill run 'Night door' --dry-run", "hub skill run goodnight")
)
@click.argument("skill_id", metavar="ID_OR_NAME")
@click.option("--dry-run", is_flag=True, help="Go through it, with nothing done in the house.")
@click.option(
    "--data",
    multiple=True,
    metavar="KEY=VALUE|JSON",
    help="A variable for the run, or a JSON object. May be given more than once.",
)
@output.json_option
@pass_house
def run_skill(
    house: House, skill_id: str, dry_run: bool, data: tuple[str, ...], as_json: bool
) -> None:
    """Run a skill now; its conditions are skipped."""
    body = {"dry_run": dry_run, "variables": given.data(data)}
    answer = reach(house).post("skills", skill_id, "run", body=body)
    if as_json:
        return output.document(answer)
    return _say_run(answer)


@skill.command("runs", epilog=example("hub skill runs 'Night door' --limit 5"))
@click.argument("skill_id", metavar="[ID_OR_NAME]", required=False)
@click.option("--limit", default=20, show_default=True, help="At most so many, newest first.")
@click.option("--state", default="", help="Only runs in this state, such as waiting or failed.")
@output.json_option
@pass_house
def list_runs(house: House, skill_id: str | None, limit: int, state: str, as_json: bool) -> None:
    """List the last runs, of one skill or of all."""
    path = ("skills", skill_id, "runs") if skill_id else ("runs",)
    found = reach(house).get(*path, limit=limit, state=state)
    if as_json:
        return output.document(found)
    rows = [
        (r["id"], output.when(r["started_at"]), r["skill_name"], r["state"], r["reason"])
        for r in found
    ]
    return output.table(("run", "started", "skill", "state", "reason"), rows, "It has not run yet.")


@skill.command("trace", epilog=example("hub skill trace 19ab3c000012"))
@click.argument("run_id")
@output.json_option
@pass_house
def show_run(house: House, run_id: str, as_json: bool) -> None:
    """Show what a run did, step by step (RUN_ID is listed by `hub skill runs`)."""
    found = reach(house).get("runs", run_id)
    if as_json:
        return output.document(found)
    return _say_run(found)


def _say_run(run: dict[str, Any]) -> None:
    kind = "Dry run" if run["dry_run"] else "Run"
    reason = f": {run['reason']}" if run["reason"] else ""
    click.echo(f"{kind} {run['id']} of {run['skill_name']} — {run['state']}{reason}")
    rows = [(s["path"], s["label"], _took(s["seconds"]), s["error"] or "") for s in run["trace"]]
    if rows:
        output.table(("step", "what", "took", "error"), rows, "")


def _took(seconds: float | None) -> str:
    return "…" if seconds is None else f"{seconds * 1000:.0f} ms"


def _trouble(skill: dict[str, Any]) -> str:
    errors = [f["message"] for f in skill["findings"] if f["level"] == "error"]
    return errors[0] if errors else ""
