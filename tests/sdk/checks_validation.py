"""What the official client must find of ground truth, honeypots and replicas: each function is one check."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

from cvat_sdk import models
from cvat_sdk.api_client.exceptions import ApiException
from PIL import Image

from checks import LABELS, client, pictures


def validated(c, folder, params, count=9, spec=None, **data):
    return c.tasks.create_from_data(
        {"name": "validated", "labels": LABELS, "segment_size": 3, **(spec or {})},
        resources=pictures(Path(folder), count),
        data_params={"image_quality": 80, "validation_params": params, **data},
    )


def layout_of(c, task):
    return json.loads(c.api_client.tasks_api.retrieve_validation_layout(task.id)[1].data)


def refusal(work):
    try:
        work()
    except ApiException as error:
        assert error.status == 400, error
        return error.body.decode() if isinstance(error.body, bytes) else str(error.body)
    raise AssertionError("was not refused")


def check_honeypots():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        params = {"mode": "gt_pool", "frame_selection_method": "random_uniform", "frame_count": 3, "frames_per_job_count": 1, "random_seed": 1}
        task = validated(c, folder, params, sorting_method="random")
        assert (task.size, task.segment_size, task.validation_mode) == (6 + 2 + 3, 0, "gt_pool")
        layout = layout_of(c, task)
        assert layout["validation_frames"] == [8, 9, 10] and layout["honeypot_count"] == 2, layout
        names = [frame.name for frame in task.get_frames_info()]
        assert [names[frame] for frame in layout["honeypot_frames"]] == [names[frame] for frame in layout["honeypot_real_frames"]]
        jobs = {job.type: job for job in task.get_jobs()}
        job = jobs["annotation"]
        api = c.api_client.jobs_api
        own = json.loads(api.retrieve_validation_layout(job.id)[1].data)
        other = next(frame for frame in layout["validation_frames"] if frame not in own["honeypot_real_frames"])
        request = models.PatchedJobValidationLayoutWriteRequest(frame_selection_method="manual", honeypot_real_frames=[other])
        changed = json.loads(api.partial_update_validation_layout(job.id, patched_job_validation_layout_write_request=request)[1].data)
        assert changed == {**own, "honeypot_real_frames": [other]}
        shown = job.get_frame(own["honeypot_frames"][0], quality="original").read()
        assert shown == task.get_frame(other, quality="original").read()

        tracks = {"tracks": [{"frame": 0, "label_id": task.get_labels()[1].id, "shapes": [{"type": "rectangle", "frame": 0, "points": [1, 1, 5, 5]}]}]}
        text = refusal(lambda: task.set_annotations(models.LabeledDataRequest._from_openapi_data(**tracks)))
        assert "Tracks are not supported" in text, text
        disable = models.PatchedTaskValidationLayoutWriteRequest(disabled_frames=[other])
        c.api_client.tasks_api.partial_update_validation_layout(task.id, patched_task_validation_layout_write_request=disable)
        assert task.get_meta().deleted_frames == sorted({own["honeypot_frames"][0], other} | {
            frame for frame, real in zip(layout_of(c, task)["honeypot_frames"], layout_of(c, task)["honeypot_real_frames"]) if real == other
        })


def check_ground_truth_chunks():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        params = {"mode": "gt", "frame_selection_method": "manual", "frames": ["picture 2.png", "picture 4.jpg"]}
        task = validated(c, folder, params, sorting_method="natural")
        job = next(job for job in task.get_jobs() if job.type == "ground_truth")
        assert job.get_meta().included_frames == [2, 4]
        for quality in ("original", "compressed"):
            data, _ = c.api_client.jobs_api.retrieve_data(job.id, number=0, quality=quality, type="chunk")
            with zipfile.ZipFile(data) as chunk:
                sizes = {name: Image.open(io.BytesIO(chunk.read(name))).size for name in sorted(chunk.namelist())}
            assert sizes == {f"{i:06d}.jpeg": (320, 240) if i in (2, 4) else (1, 1) for i in range(9)}, sizes
            data, _ = c.api_client.jobs_api.retrieve_data(job.id, index=0, quality=quality, type="chunk")
            with zipfile.ZipFile(data) as chunk:
                assert sorted(chunk.namelist()) == ["000000.jpeg", "000001.jpeg"]
        assert "Incorrect requested frame number" in refusal(lambda: job.get_frame(3, quality="original"))


def check_replicas():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = c.tasks.create_from_data(
            {"name": "agreed", "labels": LABELS, "segment_size": 2, "consensus_replicas": 2},
            resources=pictures(Path(folder), 4),
            data_params={"image_quality": 80},
        )
        jobs = task.get_jobs()
        parents = [job for job in jobs if job.parent_job_id is None]
        replicas = [job for job in jobs if job.parent_job_id is not None]
        assert (task.consensus_enabled, len(parents), len(replicas), task.jobs.count) == (True, 2, 4, 6)
        for replica in replicas:
            assert replica.get_meta().to_dict() == c.jobs.retrieve(replica.parent_job_id).get_meta().to_dict()
        label = task.get_labels()[1].id
        tag = models.LabeledDataRequest(tags=[models.LabeledImageRequest(frame=replicas[0].start_frame, label_id=label)])
        replicas[0].set_annotations(tag)
        assert task.get_annotations().tags == [] and len(replicas[0].get_annotations().tags) == 1
