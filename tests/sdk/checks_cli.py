"""What the official command line must find: each function is one check. Commands run in this process, which spares their start."""

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
import tempfile
import uuid
import zipfile
from pathlib import Path
from unittest import mock

from cvat_cli.__main__ import main
from cvat_sdk import models
from PIL import Image

from checks import LABELS, PASSWORD, URL, USER, VIDEO, client, pictures, task_of

SIGNED_IN = ("--server-host", URL, "--auth", f"{USER}:{PASSWORD}")
FAST = ("--completion_verification_period", "0.05")


def cli(*args, common=SIGNED_IN, code=0):
    """Runs one command; answers the lines it printed."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        ended = main([*common, *map(str, args)])
    logging.getLogger("cvat_cli.__main__").handlers.clear()
    assert ended == code, f"{args}: {ended} {out.getvalue()}{errors.getvalue()}"
    return out.getvalue().strip().splitlines()


def xml_of(folder):
    file = Path(folder) / "in.xml"
    file.write_text(
        '<?xml version="1.0"?><annotations><version>1.1</version><image id="0" name="picture 0.jpg" width="320" height="240">'
        '<box label="car" occluded="0" xtl="1" ytl="2" xbr="30" ybr="40" z_order="0"/></image></annotations>'
    )
    return file


def check_installed_program():
    program = str(Path(sys.executable).parent / "cvat-cli")
    run = subprocess.run([program, *SIGNED_IN, "task", "ls", "--json"], capture_output=True, text=True)
    assert run.returncode == 0 and isinstance(json.loads(run.stdout), list), run.stdout + run.stderr
    assert "Warning" not in run.stderr, run.stderr


def check_tasks():
    with tempfile.TemporaryDirectory() as folder:
        files = pictures(Path(folder))
        task = cli("task", "create", "cli task", "local", *files, "--labels", json.dumps(LABELS), "--image_quality", "60", *FAST)[-1]
        assert task.isdigit() and task in cli("task", "ls")
        (listed,) = [one for one in json.loads("\n".join(cli("task", "ls", "--json"))) if one["id"] == int(task)]
        assert (listed["name"], listed["size"], listed["image_quality"]) == ("cli task", 3, 60)
        cli("task", "frames", "--outdir", folder, "--quality", "original", task, "0", "1")
        assert Image.open(Path(folder) / f"task_{task}_frame_000001.jpg").size == (320, 240)
        clip = cli("task", "create", "cli clip", "local", VIDEO, "--labels", json.dumps(LABELS), "--frame_step", "5", *FAST)[-1]
        assert json.loads("\n".join(cli("task", "ls", "--json")))[0]["mode"] == "interpolation"
        cli("task", "delete", task, clip)
        assert not {task, clip} & set(cli("task", "ls"))


def check_datasets_of_tasks():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        cli("task", "import-dataset", "--format", "CVAT 1.1", task.id, xml_of(folder))
        assert [shape.points for shape in task.get_annotations().shapes] == [[1.0, 2.0, 30.0, 40.0]]
        for name in ("COCO 1.0", "CVAT for images 1.1"):
            for images in ("yes", "no"):
                out = Path(folder) / f"{name}-{images}.zip"
                cli("task", "export-dataset", "--format", name, "--with-images", images, *FAST, task.id, out)
                inside = [one for one in zipfile.ZipFile(out).namelist() if one.endswith(("jpg", "png"))]
                assert len(inside) == (3 if images == "yes" else 0), inside
        made = cli(
            "task", "create", "annotated", "local", *pictures(Path(folder)), "--labels", json.dumps(LABELS),
            "--annotation_path", xml_of(folder), "--annotation_format", "CVAT 1.1", *FAST,
        )[-1]
        assert len(c.tasks.retrieve(int(made)).get_annotations().shapes) == 1
        cli("task", "import-dataset", "--format", "Nonsense 1.0", task.id, xml_of(folder), code=1)


def check_projects():
    with tempfile.TemporaryDirectory() as folder:
        project = cli("project", "create", "cli project", "--labels", json.dumps(LABELS), "--bug_tracker", "https://example.com/1")[-1]
        (listed,) = [one for one in json.loads("\n".join(cli("project", "ls", "--json"))) if one["id"] == int(project)]
        assert (listed["name"], listed["bug_tracker"]) == ("cli project", "https://example.com/1")
        task = cli("task", "create", "inside", "local", *pictures(Path(folder), 1), "--project_id", project, *FAST)[-1]
        cli("project", "delete", project)
        assert project not in cli("project", "ls") and task not in cli("task", "ls")


def check_organization_context():
    with client() as c:
        slug = f"c{uuid.uuid4().hex[:12]}"
        organization = c.organizations.create({"slug": slug})
        inside = (*SIGNED_IN, "--organization", slug)
        project = cli("project", "create", "inside", common=inside)[-1]
        assert cli("project", "ls", common=inside) == [project]
        assert project not in cli("project", "ls", common=(*SIGNED_IN, "--organization", ""))
        assert project in cli("project", "ls")
        cli("project", "ls", common=(*SIGNED_IN, "--organization", "nobodys"), code=1)
        organization.remove()


def check_profiles_and_tokens():
    name = f"p{uuid.uuid4().hex[:8]}"
    with client() as c, tempfile.TemporaryDirectory() as folder:
        token, _ = c.api_client.auth_api.create_access_tokens(models.AccessTokenWriteRequest(name=name))
        with mock.patch.dict(os.environ, {"XDG_CONFIG_HOME": folder, "HOME": folder}):
            host = ("--server-host", URL)
            assert name in cli("profile", "create", token.value, "--set-default", common=host)[0]
            assert name in cli("profile", "list", common=())[0] and URL in cli("profile", "list", common=())[0]
            assert cli("profile", "list", "--names-only", common=()) == [name]
            (store,) = Path(folder).rglob("auth.json")
            assert store.stat().st_mode & 0o777 == 0o600
            assert cli("profile", "default", common=()) == [name]
            assert isinstance(cli("task", "ls", common=("--profile", name)), list)
            cli("profile", "create", "no-token", common=host, code=1)
            cli("profile", "delete", name, common=())
            assert cli("profile", "list", common=()) == []
            cli("config", "default-server", URL, common=())
            with mock.patch.dict(os.environ, {"CVAT_ACCESS_TOKEN": token.value}):
                assert isinstance(cli("project", "ls", common=()), list)


def check_wrong_credentials_and_unknown_objects_end_with_1():
    cli("task", "ls", common=("--server-host", URL, "--auth", f"{USER}:wrong"), code=1)
    with tempfile.TemporaryDirectory() as folder:
        cli("task", "export-dataset", 10**6, Path(folder) / "x.zip", code=1)


def check_auto_annotation():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        function = Path(folder) / "detector.py"
        function.write_text(
            "import cvat_sdk.auto_annotation as cvataa\n"
            "spec = cvataa.DetectionFunctionSpec(labels=[cvataa.label_spec('region', 0)])\n"
            "def detect(context, image):\n"
            "    return [cvataa.rectangle(0, [1, 2, image.width / 2, 30])]\n"
        )
        cli("task", "auto-annotate", task.id, "--function-file", function, "--allow-unmatched-labels")
        shapes = task.get_annotations().shapes
        assert [(shape.frame, shape.points, shape.source) for shape in shapes] == [(i, [1.0, 2.0, 160.0, 30.0], "auto") for i in range(3)]


def check_old_names_of_commands():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        assert str(task.id) in cli("ls")
        cli("upload", "--format", "CVAT 1.1", task.id, xml_of(folder))
        out = Path(folder) / "old.zip"
        cli("dump", "--format", "COCO 1.0", "--with-images", "no", *FAST, task.id, out)
        assert zipfile.ZipFile(out).namelist() == ["annotations/instances_default.json"]
        cli("delete", task.id)
        assert str(task.id) not in cli("ls")
