"""What the official client must find of issues, comments, guides, assets and skeleton labels: each function is one check."""

import io
import tempfile

from cvat_sdk import models
from cvat_sdk.api_client.exceptions import ApiException

from checks import USER, client, task_of

SVG = (
    '<line x1="20" y1="20" x2="50" y2="50" stroke="black" data-type="edge" data-node-from="1" stroke-width="0.5" data-node-to="2"></line>'
    '<circle r="1.5" stroke="black" fill="#b3b3b3" cx="20" cy="20" stroke-width="0.1" data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head"></circle>'
    '<circle r="1.5" stroke="black" fill="#b3b3b3" cx="50" cy="50" stroke-width="0.1" data-type="element node" data-element-id="2" data-node-id="2" data-label-name="foot"></circle>'
)
SKELETON = {"name": "body", "type": "skeleton", "svg": SVG, "sublabels": [{"name": "head", "type": "points"}, {"name": "foot", "type": "points"}]}


def status_of(call):
    try:
        call()
    except ApiException as error:
        return error.status
    return 200


def check_issues_and_comments():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        job = task_of(c, folder).get_jobs()[0]
        issue = c.issues.create(models.IssueWriteRequest(frame=1, position=[1.0, 2.0, 3.0, 4.0], job=job.id, message="wrong"))
        assert (issue.job, issue.frame, issue.position, issue.resolved, issue.assignee) == (job.id, 1, [1.0, 2.0, 3.0, 4.0], False, None)
        assert issue.owner.username == USER
        assert [comment.message for comment in issue.get_comments()] == ["wrong"]
        comment = c.comments.create(models.CommentWriteRequest(issue=issue.id, message="look"))
        comment.update(models.PatchedCommentWriteRequest(message="look here"))
        assert sorted(one.message for one in c.issues.retrieve(issue.id).get_comments()) == ["look here", "wrong"]
        comment.remove()
        issue.update(models.PatchedIssueWriteRequest(resolved=True, assignee=issue.owner.id))
        assert issue.resolved and issue.assignee.username == USER and issue.comments.count == 1
        assert [one.id for one in job.get_issues()] == [issue.id]
        assert c.jobs.retrieve(job.id).issues.count == 1
        assert issue.id in [one.id for one in c.issues.list()]
        found, _ = c.api_client.issues_api.list(job_id=job.id, resolved=True, owner=USER)
        assert found.count == 1
        issue.remove()
        assert status_of(lambda: c.issues.retrieve(issue.id)) == 404


def check_guides_and_assets():
    with client() as c:
        project = c.projects.create(models.ProjectWriteRequest(name="guided", labels=[{"name": "a"}]))
        guides = c.api_client.guides_api
        guide, response = guides.create(annotation_guide_write_request=models.AnnotationGuideWriteRequest(project_id=project.id, markdown="# How"))
        assert response.status == 201 and guide.project_id == project.id and guide.task_id is None
        assert c.projects.retrieve(project.id).guide_id == guide.id
        file = io.BytesIO(b"\x89PNG\r\n\x1a\nno picture at all")
        file.name = "how.png"
        asset, response = c.api_client.assets_api.create(guide_id=guide.id, file=file)
        assert response.status == 201 and asset.filename == "how.png" and asset.guide_id == guide.id and asset.owner.username == USER
        _, response = c.api_client.assets_api.retrieve(asset.uuid, _parse_response=False)
        assert response.data.startswith(b"\x89PNG") and response.headers["content-type"] == "application/octet-stream"
        changed, _ = guides.partial_update(guide.id, patched_annotation_guide_write_request=models.PatchedAnnotationGuideWriteRequest(markdown=f"![how](/api/assets/{asset.uuid})"))
        assert str(asset.uuid) in changed.markdown
        assert guides.retrieve(guide.id)[0].markdown == changed.markdown
        c.api_client.assets_api.destroy(asset.uuid)
        guides.destroy(guide.id)
        assert status_of(lambda: guides.retrieve(guide.id)) == 404
        assert c.projects.retrieve(project.id).guide_id is None


def check_skeleton_labels():
    with client() as c:
        project = c.projects.create(models.ProjectWriteRequest(name="bones", labels=[models.PatchedLabelRequest(**SKELETON), models.PatchedLabelRequest(name="car")]))
        body, car = project.get_labels()
        assert [element.name for element in body.sublabels] == ["head", "foot"]
        assert body.svg.count("data-label-id") == 2 and all(f'data-label-id="{element.id}"' in body.svg for element in body.sublabels)
        labels = c.api_client.labels_api
        changed, _ = labels.partial_update(car.id, patched_label_request=models.PatchedLabelRequest(name="lorry", color="#102030"))
        assert (changed.name, changed.color) == ("lorry", "#102030")
        assert status_of(lambda: labels.partial_update(body.sublabels[0].id, patched_label_request=models.PatchedLabelRequest(name="x"))) == 400
        labels.destroy(car.id)
        assert [label.name for label in c.projects.retrieve(project.id).get_labels()] == ["body"]
