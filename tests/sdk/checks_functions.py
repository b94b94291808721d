"""What the official client and command line must find of functions: agents that run them, requests that ask them."""

import contextlib
import io
import json
import logging
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from cvat_cli.__main__ import main
from cvat_sdk import models
from cvat_sdk.api_client.exceptions import ApiException

from checks import PASSWORD, URL, USER, client, task_of

SIGNED_IN = ("--server-host", URL, "--auth", f"{USER}:{PASSWORD}")

DETECTOR = """
import cvat_sdk.auto_annotation as cvataa
from cvat_sdk import models

spec = cvataa.DetectionFunctionSpec(labels=[
    cvataa.label_spec("car", 0, type="rectangle", attributes=[cvataa.select_attribute_spec("color", 1, ["red", "green"])]),
    cvataa.label_spec("zone", 5, type="mask"),
    cvataa.label_spec("region", 7),
])

def detect(context, image):
    found = [
        cvataa.rectangle(0, [1, 2, image.width / 2, 30], attributes=[models.AttributeValRequest(spec_id=1, value="green")]),
        cvataa.tag(7),
    ]
    if context.conf_threshold is not None:
        found = [one for one in found if context.conf_threshold <= 0.5]
    return found
"""

INTERACTOR = """
import cvat_sdk.auto_annotation as cvataa

spec = cvataa.InteractionFunctionSpec(min_pos_points=1, min_neg_points=0, min_bounding_boxes=0)

def preprocess_image(context, image):
    return image.size

def detect(context, size, prompts):
    ((x, y),) = prompts.pos_points
    left, top = int(x) - 2, int(y) - 2
    return [cvataa.InteractionResultShape(type="mask", points=[0, 25, left, top, left + 4, top + 4])]
"""

TRACKER = """
import cvat_sdk.auto_annotation as cvataa

spec = cvataa.TrackingFunctionSpec(supported_shape_types=["rectangle", "polygon"])

def preprocess_image(context, image):
    return image

def init_tracking_state(context, image, shape):
    return {"points": list(shape.points), "type": shape.type}

def track(context, image, state):
    state["points"] = [value + 3 for value in state["points"]]
    return cvataa.TrackableShape(type=state["type"], points=list(state["points"]))
"""

BROKEN = DETECTOR.replace("def detect(context, image):", "def detect(context, image):\n    raise RuntimeError('secret detail')")


def cli(*args, common=SIGNED_IN, code=0):
    """Runs one command in this process; answers the lines it printed."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        ended = main([*common, *map(str, args)])
    logging.getLogger("cvat_cli.__main__").handlers.clear()
    assert ended == code, f"{args}: {ended} {out.getvalue()}{errors.getvalue()}"
    return out.getvalue().strip().splitlines()


def call(c, method, path, body=None, status=None):
    """A call by hand; answers what the JSON says, or None without a body."""
    _, response = c.api_client.call_api(path, method, body=body, _check_status=False)
    data = response.data.decode()
    if status is not None:
        assert response.status == status, f"{method} {path}: {response.status} {data}"
    return json.loads(data) if data else None


def until(look, seconds=60):
    """Waits until something is true, and answers it."""
    for _ in range(seconds * 20):
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@contextlib.contextmanager
def function_of(folder, code, name=None):
    """A function of an agent: its file, its id and its id among all functions."""
    file = Path(folder) / f"f{uuid.uuid4().hex[:8]}.py"
    file.write_text(code)
    (number,) = cli("function", "create-native", name or file.stem, "--function-file", file)
    try:
        yield file, int(number), f"agent-{number}"
    finally:
        cli("function", "delete", number)


@contextlib.contextmanager
def agent_of(c, file, number, key):
    """An agent that runs as its own program until the end, watching its queue."""
    program = str(Path(sys.executable).parent / "cvat-cli")
    log = tempfile.TemporaryFile("w+")
    process = subprocess.Popen(
        [program, *SIGNED_IN, "function", "run-agent", str(number), "--function-file", str(file)], stdout=log, stderr=log
    )
    try:
        until(lambda: process.poll() is None and call(c, "GET", f"/api/lambda/functions/{key}", status=200)["ready"])
        yield
    except BaseException:
        log.seek(0)
        print(log.read(), file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait()
        log.close()


def burst(file, number, common=SIGNED_IN, code=0):
    """An agent that does what waits and ends. It starts processes of its own, so it is one, too."""
    program = str(Path(sys.executable).parent / "cvat-cli")
    args = [program, *common, "function", "run-agent", str(number), "--function-file", str(file), "--burst"]
    run = subprocess.run(args, capture_output=True, text=True)
    assert run.returncode == code, f"{run.returncode} {run.stdout}{run.stderr}"


def check_native_functions_are_made_listed_and_deleted():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        name = f"n{uuid.uuid4().hex[:8]}"
        with function_of(folder, DETECTOR, name) as (_, number, key):
            shown = call(c, "GET", f"/api/functions/{number}", status=200)
            assert (shown["provider"], shown["kind"], shown["name"], shown["visibility"]) == ("native", "detector", name, "private")
            assert shown["owner"]["username"] == USER and shown["organization"] is None
            assert [(label["name"], label["type"]) for label in shown["labels_v2"]] == [("car", "rectangle"), ("zone", "mask"), ("region", "any")]
            assert shown["labels_v2"][0]["attributes"] == [{"name": "color", "input_type": "select", "values": ["red", "green"]}]
            listed = call(c, "GET", f"/api/functions?name={name}", status=200)
            assert (listed["count"], listed["results"]) == (1, [shown])
            _, response = c.api_client.lambda_api.list_functions(_parse_response=False)
            assert key in [one["id"] for one in json.loads(response.data)]
            retrieved, _ = c.api_client.lambda_api.retrieve_functions(key)
            assert retrieved["kind"] == "detector"
        call(c, "GET", f"/api/functions/{number}", status=404)
        cli("function", "delete", number)


def check_kinds_have_all_their_fields():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        with function_of(folder, INTERACTOR) as (_, number, _key):
            shown = call(c, "GET", f"/api/functions/{number}", status=200)
            wanted = {"min_pos_points": 1, "min_neg_points": 0, "startswith_box": False, "startswith_box_optional": True}
            assert {name: shown[name] for name in wanted} == wanted
        with function_of(folder, TRACKER) as (_, number, _key):
            shown = call(c, "GET", f"/api/functions/{number}", status=200)
            assert shown["supported_shape_types"] == ["polygon", "rectangle"]


def check_burst_annotates_a_task():
    with client() as c, tempfile.TemporaryDirectory() as folder, function_of(folder, DETECTOR) as (file, number, key):
        task = task_of(c, folder)
        car, region = task.get_labels()
        (color,) = car.attributes
        request = models.FunctionCallRequest(
            function=key, task=task.id, mapping={"car": {"name": "car", "attributes": {"color": "color"}}, "region": {"name": "region"}}
        )
        started, _ = c.api_client.lambda_api.create_requests(request)
        assert (started.status, started.function.id, started.function.task) == ("queued", key, task.id)
        again = call(c, "POST", "/api/lambda/requests", {"function": key, "task": task.id}, status=409)
        assert str(task.id) in again["detail"]
        burst(file, number)
        ended, _ = c.api_client.lambda_api.retrieve_requests(started.id)
        assert (ended.status, ended.progress, ended.exc_info) == ("finished", 100, None), ended
        followed = c.api_client.requests_api.retrieve(started.id)[0]
        assert (followed.status.value, followed.operation.type, followed.operation.function_id) == ("finished", "autoannotate:task", key)
        annotations = task.get_annotations()
        assert [(one.frame, one.label_id, one.points, one.source) for one in annotations.shapes] == [
            (i, car.id, [1.0, 2.0, 160.0, 30.0], "auto") for i in range(3)
        ]
        assert {(value.spec_id, value.value) for one in annotations.shapes for value in one.attributes} == {(color.id, "green")}
        assert [(tag.frame, tag.label_id, tag.source) for tag in annotations.tags] == [(i, region.id, "auto") for i in range(3)]
        c.api_client.lambda_api.delete_requests(started.id)
        call(c, "GET", f"/api/lambda/requests/{started.id}", status=404)


def check_cleanup_threshold_and_job():
    with client() as c, tempfile.TemporaryDirectory() as folder, function_of(folder, DETECTOR) as (file, number, key):
        task = task_of(c, folder, count=4)
        car, _ = task.get_labels()
        task.update_annotations(
            models.PatchedLabeledDataRequest(shapes=[models.LabeledShapeRequest(type="rectangle", frame=0, label_id=car.id, points=[0, 0, 9, 9])])
        )
        (job,) = task.get_jobs()
        mapping = {"car": {"name": "car"}}
        call(c, "POST", "/api/lambda/requests", {"function": key, "task": task.id, "job": job.id, "mapping": mapping, "cleanup": True}, status=200)
        burst(file, number)
        assert [one.points for one in task.get_annotations().shapes] == [[1.0, 2.0, 160.0, 30.0]] * 4
        call(c, "POST", "/api/lambda/requests", {"function": key, "task": task.id, "mapping": mapping, "threshold": 0.9, "cleanup": True}, status=200)
        burst(file, number)
        assert task.get_annotations().shapes == []


def check_requests_of_agents_have_their_own_interface():
    with client() as c, tempfile.TemporaryDirectory() as folder, function_of(folder, DETECTOR) as (file, number, _):
        task = task_of(c, folder, count=1)
        body = {"function": number, "type": "annotate_task", "task": task.id, "mapping": {"car": {"name": "car"}}, "threshold": None}
        made = call(c, "POST", "/api/functions/requests/", body, status=201)
        assert (made["status"], made["function"]) == ("queued", {"id": number, "task": task.id})
        frame = call(c, "POST", "/api/functions/requests/", {**body, "type": "annotate_frame", "frame": 0}, status=201)
        burst(file, number)
        assert call(c, "GET", f"/api/functions/requests/{made['id']}", status=200)["status"] == "finished"
        asked = call(c, "GET", f"/api/functions/requests/{frame['id']}", status=200)
        assert [shape["points"] for shape in asked["result"]["annotations"]["shapes"]] == [[1.0, 2.0, 160.0, 30.0]]
        assert len(task.get_annotations().shapes) == 1
        assert {one["id"] for one in call(c, "GET", "/api/functions/requests/", status=200)} >= {made["id"], frame["id"]}
        call(c, "DELETE", f"/api/functions/requests/{made['id']}", status=204)
        call(c, "GET", f"/api/functions/requests/{made['id']}", status=404)


def check_a_function_that_fails_tells_so_and_stores_nothing():
    with client() as c, tempfile.TemporaryDirectory() as folder, function_of(folder, BROKEN) as (file, number, key):
        task = task_of(c, folder)
        started = call(c, "POST", "/api/lambda/requests", {"function": key, "task": task.id, "mapping": {"car": {"name": "car"}}}, status=200)
        burst(file, number)
        ended = call(c, "GET", f"/api/lambda/requests/{started['id']}", status=200)
        assert (ended["status"], ended["exc_info"]) == ("failed", "Unknown error"), ended
        assert task.get_annotations().shapes == []


def check_an_agent_that_watches_answers_at_once():
    with client() as c, tempfile.TemporaryDirectory() as folder, function_of(folder, DETECTOR) as (file, number, key):
        task = task_of(c, folder)
        ask = {"task": task.id, "frame": 1, "mapping": {"car": {"name": "car"}}}
        absent = call(c, "POST", f"/api/lambda/functions/{key}", ask, status=503)
        assert "No agent is running" in absent["detail"]
        with agent_of(c, file, number, key):
            answer = call(c, "POST", f"/api/lambda/functions/{key}", ask, status=200)
            assert [(one["frame"], one["points"], one["source"]) for one in answer["shapes"]] == [(1, [1.0, 2.0, 160.0, 30.0], "auto")]
            roi = call(c, "POST", f"/api/lambda/functions/{key}", {**ask, "roi": [100, 50, 200, 150]}, status=200)
            assert [one["points"] for one in roi["shapes"]] == [[101.0, 52.0, 150.0, 80.0]]
            started = call(c, "POST", "/api/lambda/requests", {"function": key, "task": task.id, "mapping": {"car": {"name": "car"}}}, status=200)
            until(lambda: call(c, "GET", f"/api/lambda/requests/{started['id']}", status=200)["status"] == "finished")
        assert len(task.get_annotations().shapes) == 3


def check_interactors_and_trackers_of_agents():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        with function_of(folder, INTERACTOR) as (file, number, key), agent_of(c, file, number, key):
            ask = {"task": task.id, "frame": 0, "pos_points": [[50, 60]], "neg_points": [], "obj_bbox": []}
            answer = call(c, "POST", f"/api/lambda/functions/{key}", ask, status=200)
            assert answer["shapes"] == [{"type": "mask", "points": [0, 25, 48, 58, 52, 62]}], answer["shapes"]
            assert (len(answer["mask"]), len(answer["mask"][0]), sum(map(sum, answer["mask"]))) == (240, 320, 25)
            roi = call(c, "POST", f"/api/lambda/functions/{key}", {**ask, "roi": [20, 30, 120, 130], "compact": True}, status=200)
            assert roi == {"shapes": answer["shapes"]}, roi
            ran = call(c, "POST", f"/api/functions/{number}/run", {**ask, "type": "interact"}, status=200)
            assert ran["shapes"][0]["points"] == [0, 25, 48, 58, 52, 62]
        with function_of(folder, TRACKER) as (file, number, key), agent_of(c, file, number, key):
            ask = {"task": task.id, "frame": 0, "shapes": [{"type": "rectangle", "points": [10, 10, 40, 40]}]}
            first = call(c, "POST", f"/api/lambda/functions/{key}", ask, status=200)
            (state,) = first["states"]
            second = call(c, "POST", f"/api/lambda/functions/{key}", {"task": task.id, "frame": 1, "states": [state]}, status=200)
            assert second["shapes"] == [{"type": "rectangle", "points": [13.0, 13.0, 43.0, 43.0]}], second
            third = call(c, "POST", f"/api/lambda/functions/{key}", {"task": task.id, "frame": 2, "states": second["states"]}, status=200)
            assert third["shapes"][0]["points"] == [16.0, 16.0, 46.0, 46.0]
            call(c, "POST", f"/api/lambda/functions/{key}", {"task": task.id, "frame": 2, "states": ["x" + state]}, status=400)


def check_only_the_agents_of_the_owner_work():
    with client() as c, tempfile.TemporaryDirectory() as folder, function_of(folder, DETECTOR) as (file, number, key):
        name = f"u{uuid.uuid4().hex[:8]}"
        models_user = models.RegisterSerializerExRequest(username=name, email=f"{name}@example.com", password1="correct-horse-7", password2="correct-horse-7")
        with contextlib.suppress(ApiException):
            c.api_client.auth_api.create_register(models_user)
        common = ("--server-host", URL, "--auth", f"{name}:correct-horse-7")
        burst(file, number, common, code=1)
        burst(file, 10**6, code=1)
        wrong = Path(folder) / "wrong.py"
        wrong.write_text(TRACKER)
        burst(wrong, number, code=1)


def check_auto_annotate_of_the_command_line():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        file = Path(folder) / "local.py"
        file.write_text(DETECTOR.replace('cvataa.label_spec("zone", 5, type="mask"),', ""))
        cli("task", "auto-annotate", task.id, "--function-file", file)
        assert [one.source for one in task.get_annotations().shapes] == ["auto"] * 3
        cli("task", "auto-annotate", task.id, "--function-file", file, "--clear-existing", "--conf-threshold", "0.9")
        assert task.get_annotations().shapes == []
