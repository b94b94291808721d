"""What the official client must find: each function is one check against a real server."""

import io
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from cvat_sdk import make_client, models
from cvat_sdk.api_client.exceptions import ApiException, UnauthorizedException
from cvat_sdk.core.client import AccessTokenCredentials, Client, Config
from cvat_sdk.core.exceptions import BackgroundRequestException
from cvat_sdk.core.proxies.annotations import AnnotationUpdateAction
from cvat_sdk.datasets import TaskDataset

URL = os.environ["SERVER_URL"]
USER, PASSWORD = "admin", os.environ["ADMIN_PASSWORD"]
VIDEO = os.environ["DEMO_VIDEO"]
LABELS = [
    {"name": "car", "attributes": [{"name": "color", "input_type": "select", "mutable": False, "values": ["red", "green"], "default_value": "red"}]},
    {"name": "region"},
]


def client(**config):
    c = Client(URL, config=Config(status_check_period=0.05, **config))
    c.login((USER, PASSWORD))
    return c


def pictures(folder: Path, count=3, size=(320, 240)):
    files = []
    for i in range(count):
        gradient = np.zeros((size[1], size[0], 3), np.uint8)
        gradient[:, :, i % 3] = np.linspace(0, 255, size[0], dtype=np.uint8)
        file = folder / f"picture {i}.{'png' if i == 2 else 'jpg'}"
        Image.fromarray(gradient).save(file, quality=95)
        files.append(file)
    return files


def task_of(c, folder, count=3, **params):
    return c.tasks.create_from_data(
        {"name": "sdk task", "labels": LABELS},
        resources=pictures(Path(folder), count),
        data_params={"image_quality": 80, **params},
    )


def shapes_for(task):
    car, region = task.get_labels()
    return [
        models.LabeledShapeRequest(type="rectangle", frame=0, label_id=car.id, points=[10, 20, 110, 70]),
        models.LabeledShapeRequest(type="polygon", frame=1, label_id=region.id, points=[10, 10, 110, 10, 110, 60, 10, 60]),
    ]


def check_sign_in_ways():
    with make_client(URL, credentials=(USER, PASSWORD)) as c:
        assert c.users.retrieve_current_user().username == USER
        token, _ = c.api_client.auth_api.create_access_tokens(models.AccessTokenWriteRequest(name="check"))
    with Client(URL) as c:
        c.login(AccessTokenCredentials(token.value))
        assert c.users.retrieve_current_user().username == USER
    try:
        Client(URL).login((USER, "wrong"))
    except ApiException as error:
        assert error.status == 400, error.status
    else:
        raise AssertionError("a wrong password signed in")
    with Client(URL) as c:
        try:
            c.users.retrieve_current_user()
        except UnauthorizedException:
            pass
        else:
            raise AssertionError("a stranger was let in")


def check_version_is_supported():
    Client(URL, config=Config(allow_unsupported_server=False))


def check_image_task():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        assert (task.size, task.mode, task.image_quality) == (3, "annotation", 80)
        assert [job.frame_count for job in task.get_jobs()] == [3]
        names = [frame.name for frame in task.get_frames_info()]
        assert names == ["picture 0.jpg", "picture 1.jpg", "picture 2.png"], names
        original = task.get_frame(0, quality="original").read()
        assert original == (Path(folder) / "picture 0.jpg").read_bytes()
        compressed = Image.open(io.BytesIO(task.get_frame(1, quality="compressed").read()))
        assert compressed.size == (320, 240)
        assert Image.open(io.BytesIO(task.get_preview().read())).size[0] > 0
        for quality, ends in (("original", "jpg"), ("compressed", "jpeg")):
            chunk = io.BytesIO()
            task.download_chunk(0, chunk, quality=quality)
            members = zipfile.ZipFile(chunk).namelist()
            assert len(members) == 3 and members[0] == f"000000.{ends}", members
        job = task.get_jobs()[0]
        assert Image.open(io.BytesIO(job.get_frame(2, quality="original").read())).size == (320, 240)
        frames = task.download_frames([0, 1], outdir=folder, quality="original")
        assert frames is None or len(frames) == 2


def check_sorting_and_segments():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        files = pictures(Path(folder), 3)
        task = c.tasks.create({"name": "ordered", "labels": LABELS, "segment_size": 2, "overlap": 0})
        task.upload_data(files[::-1], params={"sorting_method": "predefined"})
        assert [frame.name for frame in task.get_frames_info()] == ["picture 2.png", "picture 1.jpg", "picture 0.jpg"]
        jobs = sorted(task.get_jobs(), key=lambda job: job.start_frame)
        assert [(job.start_frame, job.stop_frame) for job in jobs] == [(0, 1), (2, 2)]


def check_large_file_by_tus():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        noise = np.random.default_rng(1).integers(0, 255, (6500, 6500, 3), dtype=np.uint8)
        file = Path(folder) / "large.png"
        Image.fromarray(noise).save(file, compress_level=0)
        assert file.stat().st_size > 100 * 2**20
        task = c.tasks.create_from_data({"name": "large", "labels": LABELS}, resources=[file], data_params={"image_quality": 50})
        assert task.size == 1
        with open(file, "rb") as expected:
            assert task.get_frame(0, quality="original").read() == expected.read()


def check_video_task():
    with client() as c:
        task = c.tasks.create_from_data({"name": "clip", "labels": LABELS}, resources=[VIDEO], data_params={"image_quality": 70})
        assert task.mode == "interpolation" and task.size > 10, task.size
        meta = task.get_meta()
        assert len(meta.frames) == 1 and meta.frames[0].width > 0
        frame = Image.open(io.BytesIO(task.get_frame(task.size - 1, quality="original").read()))
        assert frame.size == (meta.frames[0].width, meta.frames[0].height)
        chunk = io.BytesIO()
        task.download_chunk(0, chunk, quality="compressed")
        assert chunk.getvalue()[4:8] == b"ftyp"


def check_annotations_round_trip():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        task.update_annotations(models.PatchedLabeledDataRequest(shapes=shapes_for(task)), action=AnnotationUpdateAction.CREATE)
        stored = task.get_annotations()
        assert [shape.type.value for shape in stored.shapes] == ["rectangle", "polygon"]
        assert stored.shapes[0].points == [10.0, 20.0, 110.0, 70.0]
        job = task.get_jobs()[0]
        before = job.updated_date
        job.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)[:1]))
        assert len(task.get_annotations().shapes) == 1
        assert job.fetch().updated_date > before
        task.remove_annotations(ids=[task.get_annotations().shapes[0].id])
        assert task.get_annotations().shapes == []


def check_coco_export_is_right():
    from pycocotools.coco import COCO

    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        task.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
        for images in (False, True):
            file = Path(folder) / f"coco-{images}.zip"
            task.export_dataset("COCO 1.0", file, include_images=images)
            with zipfile.ZipFile(file) as archive:
                names = sorted(archive.namelist())
                pictures_inside = [name for name in names if name.startswith("images/")]
                assert len(pictures_inside) == (3 if images else 0), names
                if images:
                    assert archive.read("images/default/picture 0.jpg") == (Path(folder) / "picture 0.jpg").read_bytes()
                archive.extract("annotations/instances_default.json", folder)
            coco = COCO(str(Path(folder) / "annotations/instances_default.json"))
            assert [image["file_name"] for image in coco.loadImgs(coco.getImgIds())] == ["picture 0.jpg", "picture 1.jpg", "picture 2.png"]
            box, polygon = coco.loadAnns(coco.getAnnIds())
            assert box["bbox"] == [10, 20, 100, 50] and box["area"] == 5000, box
            assert polygon["bbox"] == [10, 10, 100, 50], polygon
            assert int(coco.annToMask(polygon).sum()) == polygon["area"] == 5000, polygon
            assert [category["name"] for category in coco.loadCats(coco.getCatIds())] == ["car", "region"]


def check_cvat_export_imports_again():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        task.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
        for images in (False, True):
            file = Path(folder) / f"cvat-{images}.zip"
            task.export_dataset("CVAT for images 1.1", file, include_images=images)
            other = task_of(c, folder)
            other.import_annotations("CVAT 1.1", file)
            shapes = other.get_annotations().shapes
            assert [(s.type.value, s.frame, s.points, s.source) for s in shapes] == [
                ("rectangle", 0, [10, 20, 110, 70], "file"),
                ("polygon", 1, [10, 10, 110, 10, 110, 60, 10, 60], "file"),
            ], shapes
        file = Path(folder) / "coco.zip"
        task.export_dataset("COCO 1.0", file, include_images=False)
        other = task_of(c, folder)
        other.import_annotations("COCO 1.0", file)
        assert len(other.get_annotations().shapes) == 2
        job_file = Path(folder) / "job.zip"
        task.get_jobs()[0].export_dataset("COCO 1.0", job_file, include_images=False)
        assert zipfile.ZipFile(job_file).namelist()


def check_bad_imports_keep_annotations():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        task.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
        xml = '<?xml version="1.0"?><annotations><version>1.1</version><meta/>{}</annotations>'
        image = '<image id="0" name="picture 0.jpg" width="320" height="240"><box label="{}" occluded="0" xtl="{}" ytl="1" xbr="9" ybr="9" z_order="0"/></image>'
        bad = {
            "not-a-zip.zip": b"nonsense",
            "empty.xml": b"",
            "unknown-label.xml": xml.format(image.format("nobody", 1)).encode(),
            "nan.xml": xml.format(image.format("car", "NaN")).encode(),
            "unknown-image.xml": xml.format(image.format("car", 1).replace("picture 0.jpg", "other.jpg").replace('id="0"', 'id="77"')).encode(),
            "entity.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><annotations>&e;</annotations>',
        }
        for name, content in bad.items():
            file = Path(folder) / name
            file.write_bytes(content)
            try:
                task.import_annotations("CVAT 1.1", file)
            except (BackgroundRequestException, ApiException) as error:
                assert str(error), name
            else:
                raise AssertionError(f"{name} was imported")
            assert len(task.get_annotations().shapes) == 2, name


def check_task_dataset():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = task_of(c, folder)
        task.set_annotations(models.LabeledDataRequest(shapes=shapes_for(task)))
        cached = Path(folder) / "cache"
        with Client(URL, config=Config(cache_dir=cached, status_check_period=0.05)) as fresh:
            fresh.login((USER, PASSWORD))
            dataset = TaskDataset(fresh, task.id)
            samples = list(dataset.samples)
            assert [sample.frame_name for sample in samples] == ["picture 0.jpg", "picture 1.jpg", "picture 2.png"]
            assert samples[0].media.load_image().size == (320, 240)
            assert [len(sample.annotations.shapes) for sample in samples] == [1, 1, 0]


def check_projects_and_lists():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        project = c.projects.create({"name": "sdk project", "labels": LABELS})
        task = c.tasks.create_from_data({"name": "in project", "project_id": project.id}, resources=pictures(Path(folder), 1))
        assert [one.id for one in project.get_tasks()] == [task.id]
        assert [label.name for label in task.get_labels()] == ["car", "region"]
        assert task.id in [one.id for one in c.tasks.list()]
        assert [one.id for one in c.tasks.list(id__in=[task.id])] == [task.id]
        task.update({"name": "renamed"})
        assert c.tasks.retrieve(task.id).name == "renamed"
        job = task.get_jobs()[0]
        job.update({"stage": "acceptance", "state": "completed"})
        assert task.fetch().jobs.completed == 1
        c.tasks.remove_by_ids([task.id, 10**6])
        project.remove()


def check_bad_media_name_the_file():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        good = pictures(Path(folder), 1)[0]
        text, cut, empty = (Path(folder) / name for name in ("words.jpg", "cut.jpg", "empty.jpg"))
        text.write_text("these are words")
        cut.write_bytes(good.read_bytes()[:-200])
        empty.write_bytes(b"")
        for bad in (text, cut, empty):
            task = c.tasks.create({"name": bad.name, "labels": LABELS})
            try:
                task.upload_data([good, bad])
            except (BackgroundRequestException, ApiException) as error:
                assert bad.name in str(error), f"{bad.name}: {error}"
            else:
                raise AssertionError(f"{bad.name} was taken")
            assert task.fetch().size == 0


def check_organization_context():
    with client() as c:
        slug = f"o{os.getpid()}"
        organization = c.organizations.create({"slug": slug})
        c.organization_slug = slug
        project = c.projects.create({"name": "inside", "labels": LABELS})
        assert project.organization == organization.id
        assert [one.id for one in c.projects.list()] == [project.id]
        c.organization_slug = ""
        assert project.id not in [one.id for one in c.projects.list()]
        c.organization_slug = None
        organization.remove()
