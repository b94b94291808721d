"""What the official client must find of tasks, their data and their annotations: each function is one check."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

from cvat_sdk import models
from cvat_sdk.api_client.exceptions import ApiException, NotFoundException
from cvat_sdk.core.exceptions import BackgroundRequestException
from cvat_sdk.core.proxies.annotations import AnnotationUpdateAction
from cvat_sdk.core.proxies.types import Location
from PIL import Image

from checks import LABELS, USER, client, pictures, shapes_for, task_of


def check_create_update_and_remove():
    with client() as c:
        me = c.users.retrieve_current_user()
        task = c.tasks.create(
            models.TaskWriteRequest(
                name="all fields", labels=[models.PatchedLabelRequest(**label) for label in LABELS], assignee_id=me.id,
                bug_tracker="https://example.com/1", subset="Train", overlap=1, segment_size=5,
                source_storage=models.StorageRequest(location="local"), target_storage=models.StorageRequest(location="local"),
            )
        )
        assert (task.name, task.subset, task.bug_tracker, task.assignee.id) == ("all fields", "Train", "https://example.com/1", me.id)
        assert (task.size, task.mode, task.media_type, task.jobs.count) == (0, "", "image", 0), (task.mode, task.media_type)
        assert task.assignee_updated_date and task.owner.username == USER and task.target_storage.location.value == "local"
        before = task.updated_date
        task.update(models.PatchedTaskWriteRequest(name="renamed", assignee_id=None, subset="Test"))
        assert (task.name, task.assignee, task.subset) == ("renamed", None, "Test") and task.updated_date > before
        assert task.fetch().name == "renamed"
        task.remove()
        try:
            c.tasks.retrieve(task.id)
        except NotFoundException:
            pass
        else:
            raise AssertionError("the task is still there")


def check_batches_of_ids():
    with client() as c:
        made = [c.tasks.create(models.TaskWriteRequest(name=f"batch {i}", labels=[{"name": "a"}])).id for i in range(3)]
        assert sorted(one.id for one in c.tasks.list(id__in=made, return_json=False)) == made
        assert {one["id"] for one in json.loads(c.tasks.list(return_json=True))} >= set(made)
        c.tasks.remove_by_ids([*made, 10**7])
        assert not set(made) & {one.id for one in c.tasks.list()}


def check_labels_change_with_the_task():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        car, region = task.get_labels()
        assert [(a.name, a.input_type.value, a.values, a.default_value, a.mutable) for a in car.attributes] == [("color", "select", ["red", "green"], "red", False)]
        before = task.updated_date
        task.update(models.PatchedTaskWriteRequest(labels=[{"id": region.id, "name": "area", "color": "#aa0000"}, {"name": "fresh"}]))
        assert [(label.name, label.id) for label in task.get_labels()][:2] == [("car", car.id), ("area", region.id)]
        task.update(models.PatchedTaskWriteRequest(labels=[{"id": car.id, "deleted": True}]))
        assert [label.name for label in task.get_labels()] == ["area", "fresh"]
        assert task.fetch().updated_date > before
        assert [label.name for label in task.get_jobs()[0].get_labels()] == ["area", "fresh"]


def check_deleted_frames():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        before = task.updated_date
        task.remove_frames_by_ids([1])
        assert task.get_meta().deleted_frames == [1] and task.get_jobs()[0].get_meta().deleted_frames == [1]
        task.remove_frames_by_ids([0, 2])
        assert task.get_meta().deleted_frames == [0, 2]
        assert task.fetch().updated_date > before
        task.get_jobs()[0].remove_frames_by_ids([])
        assert task.get_meta().deleted_frames == []


def check_data_parameters():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder, count=5, start_frame=1, stop_frame=4, frame_step=2, image_quality=50, chunk_size=1)
        assert (task.size, task.data_chunk_size, task.image_quality) == (2, 1, 50), (task.size, task.data_chunk_size)
        meta = task.get_meta()
        assert (meta.start_frame, meta.frame_filter) == (1, "step=2"), meta
        assert [frame.name for frame in meta.frames] == ["picture 1.jpg", "picture 3.jpg"]
        status, _ = task.api.retrieve_status(task.id)
        assert status.state.value == "Finished"
        chunk = io.BytesIO()
        task.download_chunk(1, chunk, quality="compressed")
        assert chunk.getvalue()[:2] == b"PK"
        for number in (2, 10**6):
            try:
                task.get_frame(number)
            except ApiException as error:
                assert error.status in (400, 404), error.status
            else:
                raise AssertionError(f"frame {number} was found")


def check_actions_on_annotations():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        car, region = task.get_labels()
        rectangle, polygon = shapes_for(task)
        track = models.LabeledTrackRequest(
            frame=0, label_id=region.id,
            shapes=[
                models.TrackedShapeRequest(type="rectangle", frame=0, points=[0, 0, 10, 10], outside=False),
                models.TrackedShapeRequest(type="rectangle", frame=2, points=[5, 5, 15, 15], outside=True),
            ],
        )
        tag = models.LabeledImageRequest(frame=1, label_id=car.id, attributes=[models.AttributeValRequest(spec_id=car.attributes[0].id, value="green")])
        task.update_annotations(models.PatchedLabeledDataRequest(tags=[tag], shapes=[rectangle], tracks=[track]), action=AnnotationUpdateAction.CREATE)
        stored = task.get_annotations()
        assert (len(stored.tags), len(stored.shapes), len(stored.tracks)) == (1, 1, 1)
        assert [value.value for value in stored.tags[0].attributes] == ["green"]
        assert [(key.frame, key.outside) for key in stored.tracks[0].shapes] == [(0, False), (2, True)]
        shape = stored.shapes[0]
        changed = models.LabeledShapeRequest(id=shape.id, type="rectangle", frame=1, label_id=car.id, points=[1, 1, 2, 2], occluded=True, z_order=3, rotation=12.5)
        task.update_annotations(models.PatchedLabeledDataRequest(shapes=[changed]), action=AnnotationUpdateAction.UPDATE)
        (after,) = task.get_annotations().shapes
        assert (after.id, after.frame, after.occluded, after.z_order, after.rotation) == (shape.id, 1, True, 3, 12.5)
        task.remove_annotations(ids=[stored.tags[0].id])
        # The client takes the id of whatever kind; each kind counts its own.
        removed, left = stored.tags[0].id, task.get_annotations()
        assert [len(left.tags), len(left.shapes), len(left.tracks)] == [0, shape.id != removed, stored.tracks[0].id != removed]
        task.set_annotations(models.LabeledDataRequest(shapes=[polygon]))
        assert [one.type.value for one in task.get_annotations().shapes] == ["polygon"]
        task.remove_annotations()
        assert task.get_annotations().shapes == []


def check_masks_and_skeletons():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        svg = (
            '<circle r="1.5" cx="10" cy="10" data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head"></circle>'
            '<circle r="1.5" cx="50" cy="50" data-type="element node" data-element-id="2" data-node-id="2" data-label-name="foot"></circle>'
        )
        labels = [
            {"name": "body", "type": "skeleton", "svg": svg, "sublabels": [{"name": "head", "type": "points"}, {"name": "foot", "type": "points"}]},
            {"name": "stain", "type": "mask"},
        ]
        task = c.tasks.create_from_data({"name": "shapes", "labels": labels}, resources=pictures(Path(folder), 1))
        body, stain = task.get_labels()
        head, foot = body.sublabels
        skeleton = models.LabeledShapeRequest(
            type="skeleton", frame=0, label_id=body.id,
            elements=[models.SubLabeledShapeRequest(type="points", frame=0, label_id=part.id, points=[part.id, 5.0]) for part in (head, foot)],
        )
        mask = models.LabeledShapeRequest(type="mask", frame=0, label_id=stain.id, points=[1, 2, 1, 3, 4, 4, 5])
        task.set_annotations(models.LabeledDataRequest(shapes=[skeleton, mask]))
        stored = task.get_annotations().shapes
        assert [part.label_id for part in stored[0].elements] == [head.id, foot.id]
        assert stored[1].points == [1.0, 2.0, 1.0, 3.0, 4.0, 4.0, 5.0]


def check_exports_and_imports():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        task.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
        named = task.export_dataset("COCO 1.0", Path(folder) / "named.zip", include_images=False, location=Location.LOCAL)
        assert named == Path(folder) / "named.zip" and named.stat().st_size > 0
        within = Path(folder) / "exports"
        within.mkdir()
        chosen = task.export_dataset("CVAT for images 1.1", within)
        assert chosen.parent == within and chosen.suffix == ".zip", chosen
        task.remove_annotations()
        task.import_annotations("CVAT 1.1", chosen)
        assert len(task.get_annotations().shapes) == 2
        task.import_annotations("CVAT 1.1", chosen, import_mode="append")
        assert len(task.get_annotations().shapes) == 4
        try:
            task.export_dataset("Nonsense 1.0", Path(folder) / "x.zip")
        except (ApiException, BackgroundRequestException) as error:
            assert "Nonsense" in str(error) or getattr(error, "status", 0) in (400, 405), error
        else:
            raise AssertionError("an unknown format was exported")


def check_frames_and_preview():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        task.download_frames([0, 2], outdir=Path(folder) / "out", quality="compressed", filename_pattern="f{frame_id}{frame_ext}")
        assert sorted(file.name for file in (Path(folder) / "out").iterdir()) == ["f0.jpg", "f2.jpg"]
        assert Image.open(task.get_preview()).size[0] > 0


def check_project_export():
    from pycocotools.coco import COCO

    with client() as c, tempfile.TemporaryDirectory() as folder:
        project = c.projects.create({"name": "exported", "labels": LABELS})
        for subset in ("train", "val"):
            task = c.tasks.create_from_data(
                {"name": subset, "project_id": project.id, "subset": subset}, resources=pictures(Path(folder), 2), data_params={"image_quality": 80}
            )
            task.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
        for name in ("CVAT for images 1.1", "COCO 1.0", "YOLO 1.1"):
            for images in (False, True):
                file = Path(folder) / f"{name}-{images}.zip"
                project.export_dataset(name, file, include_images=images)
                members = zipfile.ZipFile(file).namelist()
                assert sum(member.endswith((".jpg", ".png")) for member in members) == (4 if images else 0), (name, members)
        with zipfile.ZipFile(Path(folder) / "COCO 1.0-False.zip") as archive:
            for subset in ("train", "val"):
                archive.extract(f"annotations/instances_{subset}.json", folder)
                coco = COCO(str(Path(folder) / f"annotations/instances_{subset}.json"))
                assert len(coco.getImgIds()) == 2 and len(coco.getAnnIds()) == 2
