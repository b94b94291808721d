"""What the official client must find of lists: pages, order, search, filters; of projects, labels, requests and the server itself."""

import json
import tempfile
import uuid
from pathlib import Path

from cvat_sdk import models
from cvat_sdk.api_client.exceptions import ApiException, NotFoundException
from cvat_sdk.core.helpers import get_paginated_collection

from checks import LABELS, USER, client, pictures, task_of


def status_of(call, *args, **kwargs):
    try:
        _, response = call(*args, **kwargs)
    except ApiException as error:
        return error.status
    return response.status


def check_pages():
    with client() as c:
        word = uuid.uuid4().hex[:8]
        made = [c.projects.create(models.ProjectWriteRequest(name=f"{word} {i}")).id for i in range(5)]
        api = c.api_client.projects_api
        first, _ = api.list(search=word, page_size=2, sort="id")
        assert (first.count, [one.id for one in first.results], first.previous) == (5, made[:2], None)
        assert "page=2" in first.next and word in first.next
        last, _ = api.list(search=word, page_size=2, sort="id", page=3)
        assert ([one.id for one in last.results], last.next) == (made[4:], None)
        assert status_of(api.list, search=word, page_size=2, page=4) == 404
        every = get_paginated_collection(api.list_endpoint, search=word, sort="-id")
        assert [one.id for one in every] == made[::-1]
        c.projects.remove_by_ids(made)


def check_filters_and_order():
    with client() as c:
        word = uuid.uuid4().hex[:8]
        made = [c.projects.create(models.ProjectWriteRequest(name=f"{word} {letter}")).id for letter in "bca"]
        api = c.api_client.projects_api

        def names(**query):
            page, _ = api.list(search=word, **query)
            return [one.name[-1] for one in page.results]

        assert names(sort="name") == ["a", "b", "c"] and names(sort="-name") == ["c", "b", "a"]
        assert names(sort="id") == ["b", "c", "a"]
        assert names(filter=json.dumps({"==": [{"var": "name"}, f"{word} a"]})) == ["a"]
        assert names(filter=json.dumps({"or": [{"==": [{"var": "id"}, made[0]]}, {"==": [{"var": "id"}, made[2]]}]}), sort="name") == ["a", "b"]
        assert names(filter=json.dumps({"and": [{"var": "owner"}, {"in": [f"{word} c", {"var": "name"}]}]})) == ["c"]
        assert names(name=f"{word} b") == ["b"] and names(owner=USER, sort="name") == ["a", "b", "c"] and names(owner="nobody") == []
        assert names(filter=json.dumps({"!": {"in": [{"var": "id"}, made[:2]]}})) == ["a"]
        for bad in ("{", '{"nonsense": [1, 2]}', '{"==": [{"var": "password"}, 1]}'):
            assert status_of(api.list, filter=bad) == 400, bad
        c.projects.remove_by_ids(made)


def check_every_list_answers():
    with client() as c:
        api = c.api_client
        lists = [
            api.tasks_api, api.projects_api, api.jobs_api, api.issues_api, api.comments_api, api.labels_api, api.users_api, api.organizations_api,
            api.memberships_api, api.invitations_api, api.webhooks_api, api.cloudstorages_api, api.requests_api, api.growth_api,
        ]
        for one in lists:
            page, response = one.list(page=1, page_size=1)
            assert response.status == 200 and isinstance(page.count, int) and len(page.results) <= 1, type(one).__name__
        page, _ = api.auth_api.list_access_tokens(page_size=1)
        assert isinstance(page.count, int)


def check_projects():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        me = c.users.retrieve_current_user()
        project = c.projects.create(models.ProjectWriteRequest(name="whole", labels=LABELS, assignee_id=me.id, bug_tracker="https://example.com"))
        assert (project.assignee.id, project.owner.username, project.tasks.count, project.status) == (me.id, USER, 0, "annotation")
        subset = c.tasks.create_from_data({"name": "one", "project_id": project.id, "subset": "Train"}, resources=pictures(Path(folder), 1))
        project.fetch()
        assert (project.tasks.count, project.task_subsets, project.dimension) == (1, ["Train"], "2d")
        assert [task.id for task in project.get_tasks()] == [subset.id] and len(project.get_preview().read()) > 0
        project.update(models.PatchedProjectWriteRequest(labels=[{"name": "later", "type": "polygon"}]))
        assert [label.name for label in subset.get_labels()] == ["car", "region", "later"]
        project.remove()
        for gone in (lambda: c.projects.retrieve(project.id), lambda: c.tasks.retrieve(subset.id)):
            try:
                gone()
            except NotFoundException:
                continue
            raise AssertionError("still there")


def check_labels():
    with client() as c:
        project = c.projects.create(models.ProjectWriteRequest(name="labels", labels=LABELS))
        api = c.api_client.labels_api
        page, _ = api.list(project_id=project.id, sort="-name")
        assert [label.name for label in page.results] == ["region", "car"]
        car, _ = api.retrieve(page.results[1].id)
        spec = car.attributes[0]
        changed, _ = api.partial_update(
            car.id,
            patched_label_request=models.PatchedLabelRequest(
                attributes=[models.AttributeRequest(id=spec.id, name="color", input_type="select", mutable=False, values=["red", "green", "blue"], default_value="blue")]
            ),
        )
        assert changed.attributes[0].values == ["red", "green", "blue"] and changed.attributes[0].id == spec.id
        found, _ = api.list(project_id=project.id, name="car")
        assert [label.id for label in found.results] == [car.id]


def check_requests():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        task.export_dataset("COCO 1.0", Path(folder) / "x.zip", include_images=False)
        api = c.api_client.requests_api
        page, _ = api.list(task_id=task.id)
        assert {one.operation.type for one in page.results} == {"create:task", "export:annotations"}
        for one in page.results:
            assert one.status.value == "finished" and one.owner.username == USER and one.operation.task_id == task.id
            assert one.created_date < one.started_date < one.finished_date
            again, _ = api.retrieve(one.id)
            assert again.id == one.id
        exported, _ = api.list(task_id=task.id, action="export", subresource="annotations", status="finished", format="COCO 1.0")
        assert exported.count == 1 and exported.results[0].result_url.startswith("http")
        assert status_of(api.create_cancel, page.results[0].id) == 400
        assert status_of(api.retrieve, "nonsense") == 404


def check_server():
    with client() as c:
        api = c.api_client.server_api
        about, _ = api.retrieve_about()
        assert about.version.startswith("2.") and about.name
        formats, _ = api.retrieve_annotation_formats()
        assert {"COCO 1.0", "CVAT for images 1.1"} <= {one.name for one in formats.exporters}
        assert {"COCO 1.0", "CVAT 1.1"} <= {one.name for one in formats.importers}
        plugins, _ = api.retrieve_plugins()
        assert isinstance(plugins.models, bool)
        document, _ = c.api_client.schema_api.retrieve()
        assert "/api/tasks" in document["paths"]
        _, response = c.api_client.auth_api.retrieve_rules()
        assert json.loads(response.data)
