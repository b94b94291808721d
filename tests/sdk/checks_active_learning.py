"""The example of active learning against a server: finished jobs make a version, untouched ones are annotated by it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from cvat_sdk import models

from checks import PASSWORD, URL, USER, client
from checks_functions import call, until

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "docs/examples/active-learning.py"
MODELS = ROOT / "tests/fixtures/models"

# Stands in for a training: it looks at what it got, and gives one small model after the other.
TRAIN = """
import json, shutil, sys
from pathlib import Path
data, out, models = map(Path, sys.argv[1:])
found = [json.loads(file.read_text()) for file in sorted(data.glob("job-*/annotations/*.json"))]
assert found and all(one["images"] for one in found), found
assert sum(len(one["annotations"]) for one in found) >= len(found), found
assert len(list(data.glob("job-*/images/**/*.png"))) == len(found)
name = "blobs-v5" if len(found) == 1 else "blobs-v8"
shutil.copy(models / f"{name}.onnx", out / "model.onnx")
"""


def start(folder, task, model, *more):
    script = Path(folder, "train.py")
    script.write_text(TRAIN)
    command = f"{sys.executable} {script} {{data}} {{out}} {MODELS}"
    args = ["--url", URL, "--user", USER, "--task", task.id, "--model", model, "--train", command, *more]
    return subprocess.Popen(
        [sys.executable, str(EXAMPLE), *map(str, args)],
        env={**os.environ, "ANNOLITH_PASSWORD": PASSWORD},
        stdout=subprocess.PIPE,
        stderr=Path(folder, "errors.txt").open("w"),
        text=True,
    )


def read_line(process, folder):
    line = process.stdout.readline()
    assert line, f"the example ended with {process.wait()}: {Path(folder, 'errors.txt').read_text()}"
    return json.loads(line)


def finish_job(job):
    label = job.get_labels()[0]
    shape = models.LabeledShapeRequest(type="rectangle", frame=job.start_frame, label_id=label.id, points=[44, 20, 90, 60])
    job.set_annotations(models.LabeledDataRequest(shapes=[shape]))
    job.update(models.PatchedJobWriteRequest(state="completed"))


def task_of_blobs(c, folder, count, **more):
    files = [Path(folder, f"{i}.png") for i in range(count)]
    for file in files:
        shutil.copy(MODELS / "blobs.png", file)
    spec = {"name": "learn", "segment_size": 1, **more}
    if "project_id" not in more:
        spec["labels"] = [{"name": "red"}, {"name": "blue"}]
    return c.tasks.create_from_data(spec, resources=files)


def sources(job):
    return {str(shape.source) for shape in job.get_annotations().shapes}


def check_rounds_by_asking_and_by_webhook():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        project = c.projects.create({"name": "learn", "labels": [{"name": "red"}, {"name": "blue"}]})
        task = task_of_blobs(c, folder, 4, project_id=project.id)
        jobs = sorted(task.get_jobs(), key=lambda job: job.start_frame)
        model = f"learner-{uuid.uuid4().hex[:8]}"

        # One round by asking.
        finish_job(jobs[0])
        process = start(folder, task, model, "--rounds", 1, "--pause", 0.2)
        try:
            assert read_line(process, folder) == {"version": 1, "trained_on": [jobs[0].id], "annotated_by": [1]}
            assert process.wait(60) == 0
        finally:
            process.kill()
        assert sources(jobs[0]) == {"manual"}, "what people made stays"
        assert all(sources(job) == {"auto"} for job in jobs[1:])

        # The next ones by a webhook: looking by itself would take longer than this waits.
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = start(folder, task, model, "--rounds", 2, "--pause", 3600, "--listen", f"127.0.0.1:{port}")
        try:
            assert read_line(process, folder)["version"] == 2
            until(lambda: c.api_client.webhooks_api.list(project_id=project.id)[0].count == 1)
            finish_job(jobs[1])
            line = read_line(process, folder)
            assert line == {"version": 3, "trained_on": [jobs[0].id, jobs[1].id], "annotated_by": [3]}, line
            assert process.wait(60) == 0
        finally:
            process.kill()
        assert c.api_client.webhooks_api.list(project_id=project.id)[0].count == 0

        # All versions are kept, newest first, and can be told apart.
        (kept,) = [one for one in call(c, "GET", "/api/models") if one["id"] == model]
        assert sorted(one["version"] for one in kept["versions"]) == [1, 2, 3]
        assert {one["note"] for one in kept["versions"]} == {f"trained on {n} jobs of task {task.id}" for n in (1, 2)}
        assert call(c, "GET", f"/api/lambda/functions/{model}")["version"] == 3
        for version in (3, 2, 1):
            call(c, "DELETE", f"/api/models/{model}/versions/{version}", status=204)
