"""What a client must find in the media of tasks: every chunk is opened with Pillow and PyAV, frame by frame."""

import io
import struct
import tempfile
import urllib.error
import urllib.request
import zipfile
from base64 import b64encode
from pathlib import Path

import av
import numpy as np
from cvat_sdk.core.exceptions import BackgroundRequestException
from PIL import Image

from checks import LABELS, PASSWORD, URL, USER, client

COLORS = [(200, 30, 60), (20, 180, 90), (40, 60, 220), (128, 128, 128), (250, 200, 10)]


def make(c, files, spec=None, **params):
    return c.tasks.create_from_data(
        {"name": "media", "labels": LABELS, **(spec or {})},
        resources=[Path(file) for file in files],
        data_params={"image_quality": 70, **params},
    )


def data(c, task, **query):
    _, response = c.api_client.tasks_api.retrieve_data(task.id, _parse_response=False, **query)
    assert response.status == 200, response.status
    return response.data, response.headers


def chunks(c, task, quality):
    """The entries of all chunks in order: (name, bytes)."""
    meta, found = task.get_meta(), []
    for number in range(-(-meta.size // meta.chunk_size)):
        body, _ = data(c, task, type="chunk", number=number, quality=quality)
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert [name.split(".")[0] for name in names] == [f"{i:06d}" for i in range(len(names))], names
            found += [(name, archive.read(name)) for name in names]
    assert len(found) == meta.size
    return found


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)


def level(a, b):
    return int(np.abs(a - b).max())


def save_pictures(folder):
    """One picture of each kind and what its pixels are; the orientation of EXIF turns two of them."""
    sources = {}
    for i, (name, options) in enumerate(
        {
            "a.jpg": {"quality": 100, "subsampling": 0}, "b.png": {}, "c.webp": {"lossless": True}, "d.bmp": {}, "e.tif": {},
            "f.gif": {}, "g.avif": {"quality": 100, "subsampling": "4:4:4"},
        }.items()
    ):
        image = Image.new("RGB", (64 + i, 48), COLORS[i % 5])
        image.save(folder / name, **options)
        sources[name] = image
    for name in ("x.jpg", "y.tif"):
        turned = Image.new("RGB", (80, 40), COLORS[0])
        turned.paste(COLORS[2], (0, 0, 40, 40))
        exif = Image.Exif()
        exif[274] = 6
        turned.save(folder / name, exif=exif, **({"quality": 100, "subsampling": 0} if name == "x.jpg" else {}))
        sources[name] = turned.transpose(Image.Transpose.ROTATE_270)
    return sources


def check_pictures_of_every_kind():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        sources = save_pictures(folder)
        task = make(c, [folder / name for name in sources], chunk_size=4)
        frames = task.get_meta().frames
        assert [frame.name for frame in frames] == sorted(sources)
        for frame in frames:
            assert (frame.width, frame.height) == sources[frame.name].size, frame
        for frame, (entry, content) in zip(frames, chunks(c, task, "original")):
            assert entry.endswith(frame.name[-4:].lstrip("fi")) or entry.endswith(Path(frame.name).suffix), entry
            image = Image.open(io.BytesIO(content))
            assert image.size == (frame.width, frame.height) and image.getexif().get(274, 1) == 1, (frame.name, image.size)
            assert level(pixels(content), np.asarray(sources[frame.name]).astype(int)) <= (3 if frame.name[-3:] in ("jpg", "vif") else 0), frame.name
            if frame.name not in ("x.jpg", "y.tif"):
                assert content == (folder / frame.name).read_bytes(), f"{frame.name} was changed"
        for frame, (entry, content) in zip(frames, chunks(c, task, "compressed")):
            image = Image.open(io.BytesIO(content))
            assert entry.endswith(".jpeg") and image.format == "JPEG" and image.size == (frame.width, frame.height)
            if frame.name not in ("x.jpg", "y.tif"):
                assert level(pixels(content), np.asarray(sources[frame.name]).astype(int)) <= 2 + 3 * (frame.name == "g.avif"), frame.name
        for number, frame in enumerate(frames):
            with Image.open(task.get_frame(number, quality="compressed")) as image:
                assert image.size == (frame.width, frame.height)
        with Image.open(task.get_preview()) as image:
            assert max(image.size) <= 256


def check_sixteen_bits():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        values = np.linspace(500, 4500, 64 * 48).reshape(48, 64).astype(np.uint16)
        file = Path(folder, "depth.png")
        Image.fromarray(values).save(file)
        task = make(c, [file])
        (_, original), (_, small) = chunks(c, task, "original")[0], chunks(c, task, "compressed")[0]
        assert original == file.read_bytes()
        shown = pixels(small)[:, :, 0]
        assert shown.max() > 240 and shown.min() < 40 and np.all(np.diff(shown.mean(axis=1)) > 0), (shown.min(), shown.max())


def check_archives_and_documents():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        names = [f"in/{i % 2}/{i}.png" for i in range(9)]
        with zipfile.ZipFile(folder / "set.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for i, name in enumerate(names):
                content = io.BytesIO()
                Image.new("RGB", (40, 30), (i * 20, 0, 0)).save(content, "PNG")
                archive.writestr(name, content.getvalue())
        task = make(c, [folder / "set.zip"], chunk_size=4)
        assert [frame.name for frame in task.get_meta().frames] == sorted(names)
        with zipfile.ZipFile(folder / "set.zip") as archive:
            for name, (_, content) in zip(sorted(names), chunks(c, task, "original")):
                assert content == archive.read(name)
        Image.new("RGB", (200, 100), "white").save(
            folder / "two.pdf", save_all=True, append_images=[Image.new("RGB", (100, 200), "black")], resolution=100
        )
        task = make(c, [folder / "two.pdf"])
        assert [(f.name, f.width, f.height) for f in task.get_meta().frames] == [
            ("two000000000.jpeg", 400, 200), ("two000000001.jpeg", 200, 400),
        ], task.get_meta().frames
        white, black = (pixels(content) for _, content in chunks(c, task, "original"))
        assert white.min() > 250 and black.max() < 5


def film(path, grays, size=(64, 48), gop=4, codec="libx264"):
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = *size, "yuv420p", gop
        stream.options = {"crf": "0"} if codec == "libx264" else {}
        for gray in grays:
            frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), gray, np.uint8), format="rgb24")
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def grays_of(body):
    with av.open(io.BytesIO(body)) as container:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]


def check_videos():
    grays = [20 + 9 * i for i in range(23)]
    with client() as c, tempfile.TemporaryDirectory() as folder:
        task = make(c, [film(Path(folder, "a.mp4"), grays)], chunk_size=7)
        meta = task.get_meta()
        assert (meta.size, len(meta.frames), meta.frames[0].name) == (23, 1, "a.mp4")
        for quality in ("original", "compressed"):
            found = []
            for number in range(4):
                body, headers = data(c, task, type="chunk", number=number, quality=quality)
                assert headers["content-type"] == "video/mp4"
                found += grays_of(body)
            assert len(found) == 23, len(found)
            for gray, frame in zip(grays, found):
                assert frame.shape == (48, 64, 3) and np.abs(frame - gray).max() <= 2, (quality, gray, frame.mean())
        body, headers = data(c, task, type="frame", number=11, quality="original")
        assert headers["content-type"] == "image/png" and np.abs(pixels(body) - grays[11]).max() <= 2
        part = make(c, [Path(folder, "a.mp4")], start_frame=2, stop_frame=14, frame_step=3, use_zip_chunks=True, chunk_size=2)
        found = chunks(c, part, "compressed")
        assert len(found) == 5
        for n, (_, content) in zip((2, 5, 8, 11, 14), found):
            assert np.abs(pixels(content) - grays[n]).max() <= 2, (n, pixels(content).mean())


def check_several_videos():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        one, two = film(Path(folder, "b.mp4"), [40, 60, 80]), film(Path(folder, "a.mp4"), [100, 120, 140, 160], size=(96, 64))
        task = make(c, [one, two], chunk_size=3)
        frames = task.get_meta().frames
        assert [frame.name for frame in frames][3:5] == ["a.mp4/frame_000003.png", "b.mp4/frame_000000.png"], frames
        for quality in ("original", "compressed"):
            found = chunks(c, task, quality)
            for frame, gray, (_, content) in zip(frames, [100, 120, 140, 160, 40, 60, 80], found):
                image = pixels(content)
                assert image.shape == (frame.height, frame.width, 3) and np.abs(image - gray).max() <= 2


def check_point_clouds():
    points = [(i / 10, (i * 7) % 13, (i % 5) / 4, 0.5) for i in range(300)]
    with client() as c, tempfile.TemporaryDirectory() as folder:
        picture = io.BytesIO()
        Image.new("RGB", (32, 24), COLORS[1]).save(picture, "PNG")
        with zipfile.ZipFile(Path(folder, "k.zip"), "w") as archive:
            for name in ("01", "02"):
                archive.writestr(f"velodyne_points/data/{name}.bin", b"".join(struct.pack("<4f", *point) for point in points))
            archive.writestr("image_00/data/01.png", picture.getvalue())
            archive.writestr("image_01/data/01.png", picture.getvalue())
        task = make(c, [Path(folder, "k.zip")])
        assert task.dimension == "3d" and task.size == 2
        first, second = task.get_meta().frames
        assert (first.name, first.width, first.height) == ("velodyne_points/data/01.pcd", 300, 1)
        assert (first.related_files, second.related_files) == (2, 0)
        for quality in ("original", "compressed"):
            for entry, content in chunks(c, task, quality):
                assert entry.endswith(".pcd")
                head, body = content.split(b"DATA binary\n")
                assert b"POINTS 300" in head and len(body) == 300 * 16
                assert np.allclose(np.frombuffer(body, "<f4").reshape(-1, 4), points, atol=1e-6)
        body, headers = data(c, task, type="frame", number=1, quality="original")
        assert headers["content-type"] == "image/x.point-cloud-data" and body.startswith(b"VERSION 0.7")
        body, _ = data(c, task, type="context_image", number=0, quality="original")
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            assert len(archive.namelist()) == 2
            for name in archive.namelist():
                assert np.abs(pixels(archive.read(name)) - COLORS[1]).max() <= 3
        with Image.open(task.get_preview()) as image:
            assert image.size[0] == 256


def ask(path, **headers):
    sign_in = {"Authorization": "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()}
    try:
        with urllib.request.urlopen(urllib.request.Request(URL + path, headers={**sign_in, **headers})) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def check_ranges_and_tags():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        files = []
        for i in range(3):
            files.append(Path(folder, f"{i}.png"))
            Image.effect_noise((80, 60), 50 + i).convert("RGB").save(files[-1])
        task = make(c, files)
        for query in ("type=chunk&number=0&quality=original", "type=frame&number=1&quality=original", "type=frame&number=1&quality=compressed"):
            path = f"/api/tasks/{task.id}/data?{query}"
            status, headers, whole = ask(path)
            etag = next(value for name, value in headers.items() if name.lower() == "etag")
            assert status == 200 and etag.startswith('"') and ask(path)[1] and ask(path)[2] == whole
            assert ask(path, **{"If-None-Match": etag})[0] == 304
            status, _, part = ask(path, Range="bytes=10-29")
            assert status == 206 and part == whole[10:30]
            status, _, rest = ask(path, Range=f"bytes={len(whole) - 5}-", **{"If-Range": etag})
            assert status == 206 and rest == whole[-5:]
            status, _, other = ask(path, Range="bytes=0-4", **{"If-Range": '"another"'})
            assert status == 200 and other == whole
            assert ask(path, Range=f"bytes={len(whole) + 5}-")[0] == 416


def check_bad_files_name_the_culprit():
    with client() as c, tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        Image.new("RGB", (64, 48)).save(folder / "ok.png")
        whole = (folder / "ok.png").read_bytes()
        bad = {"cut.png": whole[:-20], "list.mp4": b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n", "no.pcd": b"hello", "no.pdf": b"%PDF-1.4 x", "cut.zip": b"PK\3\4" + bytes(50)}
        for name, content in bad.items():
            (folder / name).write_bytes(content)
            try:
                make(c, [folder / name])
            except BackgroundRequestException as error:
                assert name in str(error), error
            else:
                raise AssertionError(f"{name} was taken")
