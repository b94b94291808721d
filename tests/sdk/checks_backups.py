"""What the official client and command line must find of backups and of datasets that come into projects."""

import tempfile
import zipfile
from pathlib import Path

from cvat_sdk import models
from cvat_sdk.core.exceptions import BackgroundRequestException

from checks import LABELS, client, pictures, shapes_for, task_of
from checks_cli import FAST, cli


def check_task_backup():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        task.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
        named = task.download_backup(Path(folder) / "backup.zip")
        assert {"task.json", "annotations.json", "data/picture 0.jpg"} <= set(zipfile.ZipFile(named).namelist())
        within = Path(folder) / "backups"
        within.mkdir()
        chosen = task.download_backup(within)
        assert chosen.parent == within and chosen.name.startswith("task_sdk task_backup_"), chosen
        restored = c.tasks.create_from_backup(chosen)
        assert restored.id != task.id and (restored.name, restored.size) == (task.name, task.size)
        points = [shape.points for shape in restored.get_annotations().shapes]
        assert points == [shape.points for shape in task.get_annotations().shapes]
        original = [task.get_frame(n, quality="original").read() for n in range(3)]
        assert [restored.get_frame(n, quality="original").read() for n in range(3)] == original


def check_bad_backup():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / "bad.zip"
        with zipfile.ZipFile(bad, "w") as archive:
            archive.writestr("task.json", "{}")
        before = len(c.tasks.list())
        try:
            c.tasks.create_from_backup(bad)
        except BackgroundRequestException as error:
            assert "version" in str(error), error
        else:
            raise AssertionError("a bad backup was restored")
        assert len(c.tasks.list()) == before


def project_of(c, folder, name="kept"):
    project = c.projects.create({"name": name, "labels": LABELS})
    for subset in ("train", "val"):
        task = c.tasks.create_from_data(
            {"name": subset, "project_id": project.id, "subset": subset}, resources=pictures(Path(folder), 2), data_params={"image_quality": 80}
        )
        task.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
    return project


def check_project_backup():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        project = project_of(c, folder)
        restored = c.projects.create_from_backup(project.download_backup(Path(folder) / "project.zip"))
        tasks = sorted(restored.get_tasks(), key=lambda task: task.subset)
        assert [(task.subset, task.size, len(task.get_annotations().shapes)) for task in tasks] == [("train", 2, 2), ("val", 2, 2)]


def check_project_dataset():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        project = project_of(c, folder, "source")
        for name, importer in (("COCO 1.0", "COCO 1.0"), ("CVAT for images 1.1", "CVAT 1.1"), ("Datumaro 1.0", "Datumaro 1.0")):
            file = project.export_dataset(name, Path(folder) / f"{name}.zip", include_images=True)
            made = c.projects.create_from_dataset({"name": name}, dataset_path=file, dataset_format=importer)
            tasks = sorted(made.get_tasks(), key=lambda task: task.subset)
            assert [(task.subset, task.size, len(task.get_annotations().shapes)) for task in tasks] == [("train", 2, 2), ("val", 2, 2)], name
            assert {label.name for label in made.get_labels()} == {"car", "region"}


def check_commands():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = str(task_of(c, folder).id)
        file = Path(folder) / "backup.zip"
        cli("task", "backup", task, file, *FAST)
        restored = cli("task", "create-from-backup", file, *FAST)[-1]
        assert restored.isdigit() and restored != task and restored in cli("task", "ls")
        cli("task", "delete", task, restored)
