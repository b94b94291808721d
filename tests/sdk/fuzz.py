"""Walks the served document with Schemathesis against a server with one object of each kind: fuzz.py admin|user [arguments of `schemathesis run`]."""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from cvat_sdk import models
from cvat_sdk.core.client import Client, Config

from checks import PASSWORD, URL, USER, client, shapes_for, task_of

# Ids that no object has, beside the ones that exist.
UNKNOWN = 987654

# They would end the account that the run itself uses, or change it under its feet.
LEFT_OUT = r"^(DELETE|PATCH) /api/users/\{id\}$|^POST /api/auth/(logout|password/change|login)$|^GET /api/schema/|^GET /api/stream$"

CHECKS = ",".join(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        # Wrong credentials are refused everywhere, and what was removed is gone.
        "ignored_auth",
        "use_after_free",
    ]
)


def organized(c, slug):
    """An organization with a member, an invitation and a webhook."""
    c.organization_slug = None
    organization = c.organizations.create({"slug": slug})
    c.organization_slug = slug
    api = c.api_client
    invitation, _ = api.invitations_api.create(models.InvitationWriteRequest(email=f"{slug}@example.com", role="worker"))
    membership, _ = api.memberships_api.list()
    c.organization_slug = None
    return organization.id, invitation.key, [row.id for row in membership.results]


def seed(c, folder, mark):
    """One object of each kind; answers the ids by the path they stand in."""
    api = c.api_client
    organization, invitation, memberships = organized(c, f"fuzz-{mark}")
    project = c.projects.create(models.ProjectWriteRequest(name=f"fuzz {mark}", labels=[{"name": "a"}, {"name": "b"}]))
    task = task_of(c, folder)
    task.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
    task.export_dataset("COCO 1.0", Path(folder) / f"{mark}.zip", include_images=False)
    job = task.get_jobs()[0]
    issue = c.issues.create(models.IssueWriteRequest(frame=0, position=[1.0, 2.0], job=job.id, message="look"))
    guide, _ = api.guides_api.create(annotation_guide_write_request=models.AnnotationGuideWriteRequest(project_id=project.id, markdown="# a"))
    file = io.BytesIO(b"some bytes")
    file.name = "a.png"
    asset, _ = api.assets_api.create(guide_id=guide.id, file=file)
    webhook, _ = api.webhooks_api.create(
        models.WebhookWriteRequest(target_url="http://127.0.0.1:9/", type="project", events=["delete:comment"], project_id=project.id)
    )
    ping, _ = api.webhooks_api.create_ping(webhook.id)
    requests, _ = api.requests_api.list()
    token, _ = api.auth_api.create_access_tokens(models.AccessTokenWriteRequest(name=f"fuzz {mark}"))
    return {
        "slug": f"fuzz-{mark}",
        "organizations": organization,
        "invitations": invitation,
        "memberships": memberships[0],
        "projects": project.id,
        "tasks": task.id,
        "jobs": job.id,
        "labels": project.get_labels()[0].id,
        "issues": issue.id,
        "comments": issue.get_comments()[0].id,
        "guides": guide.id,
        "assets": str(asset.uuid),
        "webhooks": webhook.id,
        "deliveries": str(ping.id),
        "requests": requests.results[0].id,
        "access_tokens": token.id,
        "users": c.users.retrieve_current_user().id,
        "growth": str(api.growth_api.list()[0].results[0].id),
    }


def often(values, schema):
    """One of the values, or whatever the schema allows."""
    return {"anyOf": [{"enum": values}, {"enum": values}, schema]}


def point_paths(document, kept, spare, foreign):
    """Path ids become those of the objects: what removes them gets the spare ones, everything else the kept ones and a stranger's."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            ids = spare if path.endswith("/decline") or (method == "delete" and path.endswith("}")) else kept
            for parameter in operation.get("parameters", []):
                if parameter.get("in") != "path":
                    continue
                named = re.search(r"([\w-]+)/\{" + parameter["name"] + r"\}", path)
                owner = named and named[1]
                if owner in ids:
                    own, others = [ids[owner]], [foreign[owner], UNKNOWN]
                    if parameter["schema"].get("type") == "string":
                        own, others = [str(id) for id in own], [str(id) for id in others]
                    parameter["schema"] = often(own, {"enum": others})


def filters_of(fields):
    """Conditions of each operator and kind of value over the fields of a list."""
    values = [1, "1", "a", None, True, 1.5, "2024-01-01T00:00:00Z", [1, 2], ["a", "b"], {"var": "id"}, {}, 10**20, ""]
    operators = ["==", "!=", "<", ">=", "in", "and", "or", "!", "!!", "nonsense"]
    made = [{operator: [{"var": field}, value]} for i, field in enumerate(fields) for operator, value in zip(operators, values[i % 4 :])]
    made += [{"<=": [1, {"var": field}, 5]} for field in fields] + [{"var": field} for field in fields]
    made += [{"in": [{"var": field}, [1, 2]]} for field in fields] + [{"!": [{"==": [{"var": field}, None]}]} for field in fields]
    return [json.dumps(one) for one in made]


def point_queries(document, kept):
    """Paging, order, filters and the organization mostly make sense, so that requests reach what lies behind them."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                name, fields = parameter["name"], parameter.get("x-fields", [])
                resource = name.removesuffix("_id") + "s"
                choices = {
                    "X-Organization": [kept["slug"]],
                    "org": ["", kept["slug"]],
                    "org_id": [kept["organizations"]],
                    "page": [1, 2],
                    "page_size": [1, 7],
                    "number": [0, 1, 2],
                    "format": ["COCO 1.0", "CVAT 1.1", "CVAT for images 1.1"],
                    "location": ["local"],
                    "sort": [sign + field for field in fields for sign in ("", "-")],
                    "filter": filters_of(fields),
                }.get(name) or ([kept[resource]] if name.endswith("_id") and resource in kept else None)
                if choices and parameter["in"] != "path":
                    parameter["schema"] = often(choices, parameter["schema"])


def point_bodies(document, kept):
    """Ids in bodies name objects that are there."""
    owners = {"job": "jobs", "issue": "issues", "assignee": "users", "assignee_id": "users", "organization_id": "organizations"}
    for name, model in document["components"]["schemas"].items():
        for field, schema in model.get("properties", {}).items() if name.endswith("Request") else ():
            owner = owners.get(field) or field.removesuffix("_id") + "s"
            if owner in kept and (field in owners or field.endswith("_id")):
                model["properties"][field] = often([kept[owner]], schema)
            elif (name, field) == ("PatchedOrganizationWriteRequest", "slug"):
                model["properties"][field] = {"enum": [kept["slug"]]}
            elif field == "frame":
                model["properties"][field] = often([0, 1, 2], schema)


def register(admin, name):
    """An account in the group of ordinary users; answers its credentials."""
    admin.api_client.auth_api.create_register(
        models.RegisterSerializerExRequest(username=name, email=f"{name}@example.com", password1=PASSWORD, password2=PASSWORD, first_name="A", last_name="B")
    )
    return name, PASSWORD


def main():
    ordinary = sys.argv[1] == "user"
    mark = os.getpid()
    with tempfile.TemporaryDirectory() as folder, client() as admin:
        user, password = register(admin, f"fuzzer{mark}") if ordinary else (USER, PASSWORD)
        with Client(URL, config=Config(status_check_period=0.05)) as c:
            c.login((user, password))
            kept, spare = seed(c, folder, f"k{mark}"), seed(c, folder, f"s{mark}")
        foreign = seed(admin, folder, f"f{mark}") if ordinary else spare
        document = json.loads(admin.api_client.rest_client.GET(f"{URL}/api/schema/").data)
        point_paths(document, kept, spare, foreign)
        point_queries(document, kept)
        point_bodies(document, kept)
        file = Path(folder) / "schema.json"
        file.write_text(json.dumps(document))
        command = [
            str(Path(sys.executable).parent / "schemathesis"), "run", str(file), "--url", URL, "--auth", f"{user}:{password}",
            "--checks", CHECKS, "--exclude-name-regex", LEFT_OUT, "--generation-database", "none", *sys.argv[2:],
        ]
        return subprocess.run(command, cwd=folder).returncode


if __name__ == "__main__":
    sys.exit(main())
