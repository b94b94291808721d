"""What the official client must find of jobs: each function is one check."""

import tempfile
from pathlib import Path

from cvat_sdk import models
from cvat_sdk.api_client.exceptions import ApiException
from PIL import Image

from checks import LABELS, client, pictures, shapes_for, task_of


def segmented(c, folder, count=4, size=2):
    task = c.tasks.create({"name": "segments", "labels": LABELS, "segment_size": size, "overlap": 0})
    task.upload_data(pictures(Path(folder), count))
    return task, sorted(task.get_jobs(), key=lambda job: job.start_frame)


def check_list_retrieve_and_update():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task, jobs = segmented(c, folder)
        assert [(job.start_frame, job.stop_frame, job.task_id, job.type) for job in jobs] == [(0, 1, task.id, "annotation"), (2, 3, task.id, "annotation")]
        assert {job.id for job in jobs} <= {job.id for job in c.jobs.list()}
        me = c.users.retrieve_current_user()
        job = c.jobs.retrieve(jobs[1].id)
        job.update(models.PatchedJobWriteRequest(assignee=me.id, stage="validation", state="in progress"))
        assert (job.assignee.id, job.stage, job.state) == (me.id, "validation", "in progress")
        found, _ = c.api_client.jobs_api.list(task_id=task.id, stage="validation", assignee=me.username)
        assert [one.id for one in found.results] == [job.id]
        assert task.fetch().jobs.validation == 1
        try:
            job.update(models.PatchedJobWriteRequest(assignee=10**6))
        except ApiException as error:
            assert error.status == 400, error.status
        else:
            raise AssertionError("a stranger was assigned")


def check_frames_and_meta():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        _, (first, second) = segmented(c, folder)
        assert [frame.name for frame in second.get_frames_info()] == ["picture 2.png", "picture 3.jpg"]
        meta = second.get_meta()
        assert (meta.size, meta.start_frame, meta.stop_frame) == (2, 2, 3), meta
        assert second.get_frame(3, quality="original").read() == (Path(folder) / "picture 3.jpg").read_bytes()
        assert Image.open(second.get_preview()).size[0] > 0
        second.download_frames([2], outdir=folder, filename_pattern="job_{frame_id}{frame_ext}")
        assert (Path(folder) / "job_2.png").exists()
        second.remove_frames_by_ids([3])
        assert (second.get_meta().deleted_frames, first.get_meta().deleted_frames) == ([3], [])
        try:
            second.get_frame(0, quality="original")
        except ApiException as error:
            assert error.status in (400, 404), error.status
        else:
            raise AssertionError("a frame of another job was sent")


def check_annotations_stay_within_the_job():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task, (first, second) = segmented(c, folder)
        car, _ = task.get_labels()
        shape = models.LabeledShapeRequest(type="rectangle", frame=2, label_id=car.id, points=[1, 1, 9, 9])
        second.set_annotations(models.LabeledDataRequest(shapes=[shape]))
        assert [len(one.get_annotations().shapes) for one in (first, second, task)] == [0, 1, 1]
        first.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
        second.remove_annotations()
        assert len(task.get_annotations().shapes) == 2
        try:
            first.set_annotations(models.LabeledDataRequest(shapes=[shape]))
        except ApiException as error:
            assert error.status == 400, error.status
        assert len(first.get_annotations().shapes) == 2


def check_exports_and_imports():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task, (first, second) = segmented(c, folder)
        first.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
        file = Path(folder) / "job.zip"
        assert first.export_dataset("CVAT for images 1.1", file) == file
        first.remove_annotations()
        first.import_annotations("CVAT 1.1", file)
        assert len(first.get_annotations().shapes) == 2 and second.get_annotations().shapes == []


def check_ground_truth():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder, count=3)
        api = c.api_client.jobs_api
        made, response = api.create(
            models.JobWriteRequest(type="ground_truth", task_id=task.id, frame_selection_method="manual", frames=[0, 2])
        )
        assert response.status == 201 and (made.type, made.frame_count) == ("ground_truth", 2)
        job = c.jobs.retrieve(made.id)
        meta = job.get_meta()
        assert (meta.size, meta.included_frames, [meta.frames[i].name for i in (0, 2)]) == (2, [0, 2], ["picture 0.jpg", "picture 2.png"])
        api.destroy(job.id)
        assert [one.type for one in task.get_jobs()] == ["annotation"]
