"""Reads exported archives of formats that no library reads, by their written layout alone, and says what is in them.

Input: one JSON object a line with `reader` and `path` (a zip file). Output, one JSON object a line:
`{"labels": [...], "frames": [...], "annotations": [{...}, ...]}`, or `{"error": text}`. Boxes are x0 y0 x1 y1 in pixels,
of masks with the end past the last pixel.
"""

import csv
import io
import json
import re
import sys
import traceback
import zipfile
from xml.etree import ElementTree

import numpy as np
import yaml
from PIL import Image


class Archive:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        assert self.zip.testzip() is None, "a checksum of the archive is wrong"
        self.names = self.zip.namelist()

    def text(self, name):
        return self.zip.read(name).decode("utf-8")

    def lines(self, name):
        return [line for line in self.text(name).splitlines() if line.strip()]

    def json(self, name):
        return json.loads(self.text(name))

    def picture(self, name):
        return np.array(Image.open(io.BytesIO(self.zip.read(name))))

    def match(self, pattern):
        """Every file whose whole name matches, with the match."""
        return [(name, found) for name in self.names if (found := re.fullmatch(pattern, name))]


def span(mask):
    ys, xs = np.nonzero(mask)
    return [int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1]


def region(mask):
    return {"box": span(mask), "area": int(mask.sum())}


def read_cityscapes(archive):
    rows = [line.split(" ", 3) for line in archive.lines("label_colors.txt")]
    labels = [row[3] for row in rows]
    colours = np.array([[int(value) for value in row[:3]] for row in rows], dtype=np.uint8)
    frames, annotations = [], []
    for name, found in archive.match(r"gtFine/[^/]+/(.+)_gtFine_instanceIds\.png"):
        frames.append(found[1])
        instances = archive.picture(name).astype(int)
        classes = archive.picture(name.replace("instanceIds", "labelIds"))
        assert classes.dtype == np.uint8, "labelIds has 8 bits"
        assert (np.where(instances < 1000, instances, instances // 1000) == classes).all(), "labelIds and instanceIds differ"
        painted = archive.picture(name.replace("instanceIds", "color"))[..., :3]
        assert (colours[classes] == painted).all(), "the colours are not those of label_colors.txt"
        for value in np.unique(instances):
            if value:
                label = labels[value // 1000 if value >= 1000 else value]
                crowd = bool(value < 1000)
                annotations.append({"frame": found[1], "label": label, "crowd": crowd, **region(instances == value)})
    return labels, frames, annotations


def read_mots(archive):
    labels = archive.lines("default/instances/labels.txt")
    frames, annotations = [], []
    for name, found in archive.match(r"default/instances/(.+)\.png"):
        frames.append(found[1])
        values = archive.picture(name).astype(int)
        for value in np.unique(values):
            if value:
                label, track = labels[value // 1000 - 1], int(value % 1000)
                annotations.append({"frame": found[1], "label": label, "track": track, **region(values == value)})
    return labels, frames, annotations


def read_market(archive):
    frames, annotations = [], []
    for path in archive.lines("images_default.txt"):
        frames.append(path)
        assert archive.picture(path).size, f"{path} is no picture"
        folder, name = path.split("/", 1)
        person, camera, sequence, frame, box = re.fullmatch(r"(-1|\d{4})_c(\d)s(\d)_(\d{6})_(\d\d)\.\w+", name).groups()
        annotations.append(
            {
                "frame": path,
                "query": folder == "query",
                "person": person,
                "camera": int(camera),
                "sequence": int(sequence),
                "number": int(frame),
                "index": int(box),
            }
        )
    return [], frames, annotations


def read_kitti_raw(archive):
    frames = dict(line.split(" ", 1) for line in archive.lines("frame_list.txt"))
    root = ElementTree.fromstring(archive.zip.read("tracklet_labels.xml"))
    assert root.tag == "boost_serialization" and root.get("signature") == "serialization::archive"
    items = root.findall("tracklets/item")
    assert int(root.findtext("tracklets/count")) == len(items), "the count of tracklets is wrong"
    annotations = []
    for item in items:
        poses = item.findall("poses/item")
        assert int(item.findtext("poses/count")) == len(poses), "the count of poses is wrong"
        for at, pose in enumerate(poses):
            annotations.append(
                {
                    "frame": frames[str(int(item.findtext("first_frame")) + at)],
                    "label": item.findtext("objectType"),
                    "position": [float(pose.findtext(name)) for name in ("tx", "ty", "tz")],
                    "rotation": [float(pose.findtext(name)) for name in ("rx", "ry", "rz")],
                    "scale": [float(item.findtext(name)) for name in ("w", "h", "l")],
                    "occluded": pose.findtext("occlusion") == "1",
                }
            )
    for frame in frames.values():
        assert f"velodyne_points/data/{frame}.pcd" in archive.names, f"the cloud of {frame} is missing"
    return sorted({one["label"] for one in annotations}), list(frames.values()), annotations


def read_sly(archive):
    meta, keys = archive.json("meta.json"), archive.json("key_id_map.json")
    assert meta["projectType"] == "point_clouds"
    assert all(one["shape"] == "cuboid_3d" for one in meta["classes"])
    labels, tags = [one["title"] for one in meta["classes"]], {one["name"] for one in meta["tags"]}
    frames, annotations = {}, []
    for name, found in archive.match(r"ds0/ann/(.+)\.pcd\.json"):
        frame = found[1]
        assert f"ds0/pointcloud/{frame}.pcd" in archive.names, f"the cloud of {frame} is missing"
        content = archive.json(name)
        frames[keys["videos"][content["key"]]] = frame
        objects = {one["key"]: one for one in content["objects"]}
        for figure in content["figures"]:
            thing, geometry = objects[figure["objectKey"]], figure["geometry"]
            assert figure["geometryType"] == "cuboid_3d" and figure["key"] in keys["figures"]
            assert thing["classTitle"] in labels and all(tag["name"] in tags for tag in thing["tags"])
            annotations.append(
                {
                    "frame": frame,
                    "label": thing["classTitle"],
                    "object": keys["objects"][thing["key"]],
                    "position": [geometry["position"][axis] for axis in "xyz"],
                    "rotation": [geometry["rotation"][axis] for axis in "xyz"],
                    "scale": [geometry["dimensions"][axis] for axis in "xyz"],
                    "attributes": {tag["name"]: tag["value"] for tag in thing["tags"]},
                }
            )
    return labels, [frames[number] for number in sorted(frames)], annotations


def read_datumaro_3d(archive):
    content = archive.json("annotations/default.json")
    labels, frames, annotations = [one["name"] for one in content["categories"]["label"]["labels"]], [], []
    for item in content["items"]:
        frames.append(item["id"])
        assert f"point_clouds/default/{item['id']}.pcd" in archive.names, f"the cloud of {item['id']} is missing"
        for one in item["annotations"]:
            assert one["type"] == "cuboid_3d"
            picked = {key: one[key] for key in ("position", "rotation", "scale", "attributes", "group")}
            annotations.append({"frame": item["id"], "label": labels[one["label_id"]], **picked})
    return labels, frames, annotations


def read_cvat_video(archive):
    root = ElementTree.fromstring(archive.zip.read("annotations.xml"))
    labels = [one.text for one in root.findall("meta//labels/label/name")]
    annotations = []
    for track in root.findall("track"):
        for box in track:
            assert box.tag == "box"
            annotations.append(
                {
                    "frame": int(box.get("frame")),
                    "label": track.get("label"),
                    "track": int(track.get("id")),
                    "outside": box.get("outside") == "1",
                    "keyframe": box.get("keyframe") == "1",
                    "box": [float(box.get(side)) for side in ("xtl", "ytl", "xbr", "ybr")],
                }
            )
    return labels, [], annotations


def read_yolo_lines(archive):
    """Names and frames of an Ultralytics archive, and (frame, width, height, fields) of every line."""
    settings = yaml.safe_load(archive.text("data.yaml"))
    labels = [settings["names"][number] for number in range(len(settings["names"]))]
    frames, rows = [], []
    for path in archive.lines(settings["train"]):
        path = path.removeprefix("data/")
        height, width = archive.picture(path).shape[:2]
        frame = path.removeprefix("images/train/").rsplit(".", 1)[0]
        frames.append(frame)
        name = f"labels/train/{frame}.txt"
        for line in archive.lines(name) if name in archive.names else []:
            rows.append((frame, width, height, line.split()))
    return settings, labels, frames, rows


def box_of(fields, width, height):
    x, y, w, h = (float(value) for value in fields)
    return [(x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height]


def read_yolo_track(archive):
    _, labels, frames, rows = read_yolo_lines(archive)
    annotations = []
    for frame, width, height, fields in rows:
        assert len(fields) in (5, 6)
        track = int(fields[5]) if len(fields) == 6 else None
        box = box_of(fields[1:5], width, height)
        annotations.append({"frame": frame, "label": labels[int(fields[0])], "track": track, "box": box})
    return labels, frames, annotations


def read_yolo_pose(archive):
    settings, labels, frames, rows = read_yolo_lines(archive)
    count, size = settings["kpt_shape"]
    assert size == 3
    annotations = []
    for frame, width, height, fields in rows:
        assert len(fields) == 5 + count * 3
        points = np.array(fields[5:], dtype=float).reshape(count, 3) * [width, height, 1]
        box = box_of(fields[1:5], width, height)
        annotations.append({"frame": frame, "label": labels[int(fields[0])], "box": box, "points": points.tolist()})
    return labels, frames, annotations


def read_yolo_classification(archive):
    listed = archive.json("train/labels.json")
    annotations = []
    for frame, entry in listed.items():
        assert archive.picture(f"train/{entry['path']}").size, f"{entry['path']} is no picture"
        for label in entry["labels"]:
            copies = archive.match(rf"train/{re.escape(label)}/{re.escape(frame.split('/')[-1])}\.\w+")
            assert len(copies) == 1, f"{frame} is not in the folder of {label}"
            annotations.append({"frame": frame, "label": label})
    folders = {found[1] for _, found in archive.match(r"train/([^/]+)/.+")}
    return sorted(folders - {"no_label"}), list(listed), annotations


def read_icdar_segmentation(archive):
    frames, annotations = [], []
    for name, found in archive.match(r"default/(.+)_GT\.txt"):
        frames.append(found[1])
        rows = list(csv.reader(archive.lines(name), delimiter=" ", quotechar='"'))
        picture = archive.picture(f"default/{found[1]}_GT.bmp") if rows else None
        for row in rows:
            assert len(row) == 10
            mask = (picture == [int(value) for value in row[:3]]).all(axis=-1)
            assert span(mask) == [int(float(value)) for value in row[5:9]], "the box is not that of the pixels"
            annotations.append({"frame": found[1], "text": row[9], **region(mask)})
        if rows:
            assert (picture[-1, -1] == 255).all(), "the background is not white"
    return [], frames, annotations


READERS = {
    "cityscapes": read_cityscapes,
    "mots": read_mots,
    "market": read_market,
    "kitti_raw": read_kitti_raw,
    "sly": read_sly,
    "datumaro_3d": read_datumaro_3d,
    "cvat_video": read_cvat_video,
    "yolo_track": read_yolo_track,
    "yolo_pose": read_yolo_pose,
    "yolo_classification": read_yolo_classification,
    "icdar_segmentation": read_icdar_segmentation,
}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            labels, frames, annotations = READERS[request["reader"]](Archive(request["path"]))
            answer = {"labels": labels, "frames": frames, "annotations": annotations}
        except Exception:
            answer = {"error": traceback.format_exc()[-2000:]}
        print(json.dumps(answer), flush=True)


main()
