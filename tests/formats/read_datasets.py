"""Reads exported datasets with other people's libraries and says what is in them, one JSON object a line.

Input: one JSON object a line with `reader` and `path`. Output: `{"items": [...], "annotations": [[item, label, [x0, y0, x1, y1]], ...]}`
with boxes in pixels, or `{"error": text}`.
"""

import json
import os
import sys
import traceback
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("DATUMARO_TELEMETRY", "0")

import numpy as np  # noqa: E402


def stem(name):
    # Some readers put the label before the name: `car:img_1`.
    return os.path.splitext(os.path.basename(str(name).split(":")[-1]))[0]


def box_of_mask(mask):
    ys, xs = np.nonzero(mask)
    return [int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1] if len(xs) else None


def read_datumaro(kind, path):
    import datumaro as dm

    dataset = dm.Dataset.import_from(path, kind)
    labels = dataset.categories().get(dm.AnnotationType.label)

    def describe(annotation):
        name = labels[annotation.label].name if labels is not None and getattr(annotation, "label", None) is not None else None
        kind_name = annotation.type.name
        if kind_name == "mask":
            return [name, box_of_mask(np.asarray(annotation.image) != 0)]
        if kind_name in ("label", "caption"):
            return [name, None]
        if kind_name == "cuboid_3d":
            return [name, [*annotation.position, *annotation.scale]]
        if kind_name == "points":
            points = np.array(annotation.points).reshape(-1, 2)
            return [name, [*points.min(axis=0), *points.max(axis=0)]]
        if kind_name == "skeleton":
            points = np.concatenate([np.array(element.points) for element in annotation.elements]).reshape(-1, 2)
            return [name, [*points.min(axis=0), *points.max(axis=0)]]
        x, y, w, h = annotation.get_bbox()
        return [name, [x, y, x + w, y + h]]

    items, annotations = [], []
    for item in dataset:
        items.append(item.id)
        annotations += [[stem(item.id), *describe(annotation)] for annotation in item.annotations]
    return {"items": items, "annotations": annotations}


def read_pycocotools(_, path):
    """Areas and boxes are recomputed from the segmentations by the reference implementation."""
    from pycocotools import mask as masks
    from pycocotools.coco import COCO

    sys.stdout = open(os.devnull, "w")
    coco = COCO(path)
    sys.stdout = sys.__stdout__
    annotations, areas = [], []
    for annotation in coco.anns.values():
        image = coco.imgs[annotation["image_id"]]
        x, y, w, h = annotation["bbox"]
        label = coco.cats[annotation["category_id"]]["name"]
        annotations.append([stem(image["file_name"]), label, [x, y, x + w, y + h]])
        if annotation["segmentation"]:
            runs = coco.annToRLE(annotation)
            exact = masks.toBbox(runs).tolist() if annotation["iscrowd"] else None
            areas.append([annotation["area"], float(masks.area(runs)), [x, y, w, h], exact])
    return {"items": [image["file_name"] for image in coco.imgs.values()], "annotations": annotations, "areas": areas}


def read_supervision(kind, path):
    import supervision as sv

    if kind == "coco":
        dataset = sv.DetectionDataset.from_coco(
            images_directory_path=f"{path}/images/default", annotations_path=f"{path}/annotations/instances_default.json"
        )
    elif kind in ("yolo", "yolo_obb"):
        dataset = sv.DetectionDataset.from_yolo(
            images_directory_path=f"{path}/images/train",
            annotations_directory_path=f"{path}/labels/train",
            data_yaml_path=f"{path}/data.yaml",
            is_obb=kind == "yolo_obb",
        )
    else:
        dataset = sv.DetectionDataset.from_pascal_voc(
            images_directory_path=f"{path}/JPEGImages", annotations_directory_path=f"{path}/Annotations"
        )
    annotations = []
    for image_path, _, detections in dataset:
        # It takes the first pixel of a VOC box for number 1 and subtracts it.
        shift = [1, 1, 0, 0] if kind == "voc" else [0, 0, 0, 0]
        for box, label in zip((detections.xyxy + shift).tolist(), detections.class_id.tolist()):
            annotations.append([stem(image_path), dataset.classes[label], box])
    return {"items": [os.path.basename(path) for path in dataset.image_paths], "annotations": annotations}


READERS = {"datumaro": read_datumaro, "pycocotools": read_pycocotools, "supervision": read_supervision}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        library, _, kind = request["reader"].partition(":")
        try:
            answer = READERS[library](kind, request["path"])
        except BaseException:
            sys.stdout = sys.__stdout__
            answer = {"error": traceback.format_exc()[-2000:]}
        print(json.dumps(answer, default=float), flush=True)


main()
