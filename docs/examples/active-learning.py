"""Active learning with the official client (pip install cvat-sdk): what people have finished trains the next version of a model,
which then annotates what nobody has begun.

    export ANNOLITH_PASSWORD=…
    python active-learning.py --url https://annolith.example --user admin --task 7 --model finder \\
        --train 'python train.py {data} {out}'

The command of --train gets a COCO export of the finished jobs ({data}, a folder) and a folder for its result ({out}): one .onnx
file, or several with a .yaml. Whoever runs this must be allowed to add models, which administrators are.

Without --listen the server is asked every --pause seconds; with `--listen 0.0.0.0:9000 --receiver http://this.host:9000/` it tells by
a webhook when a job is finished. --rounds ends after so many versions.
"""

import argparse
import hashlib
import hmac
import http.server
import json
import os
import queue
import secrets
import shlex
import subprocess
import tempfile
import threading
import time
import zipfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cvat_sdk import Client, models
from cvat_sdk.core.client import Config


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--user", required=True, help="the password is read from ANNOLITH_PASSWORD")
    parser.add_argument("--task", type=int, required=True)
    parser.add_argument("--model", required=True, help="id of the model: its first version is made if there is none")
    parser.add_argument("--train", required=True, help="command; {data} and {out} are folders")
    parser.add_argument("--threshold", type=float, help="least score of what is annotated")
    parser.add_argument("--rounds", type=int, default=0, help="0: until it is stopped")
    parser.add_argument("--pause", type=float, default=60, help="seconds")
    parser.add_argument("--listen", help="HOST:PORT of a receiver of webhooks")
    parser.add_argument("--receiver", help="address of the receiver as the server reaches it")
    return parser.parse_args()


def finished_jobs(task):
    return [job for job in task.get_jobs() if job.type == "annotation" and str(job.state) == "completed"]


def untouched_jobs(task):
    return [job for job in task.get_jobs() if job.type == "annotation" and str(job.state) == "new"]


def export(jobs, folder):
    """Annotations and pictures of each job, as COCO, in a folder of its own."""
    for job in jobs:
        archive = folder / f"job-{job.id}.zip"
        job.export_dataset("COCO 1.0", archive, include_images=True)
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder / f"job-{job.id}")
        archive.unlink()


def train(command, data, out):
    words = [word.format(data=data, out=out) for word in shlex.split(command)]
    subprocess.run(words, check=True)
    files = sorted(file for file in out.iterdir() if file.suffix in (".onnx", ".yaml"))
    if not files:
        raise SystemExit(f"{words[0]} left no model in {out}")
    return files


def upload(client, model, files, note):
    """Adds a version; the older ones stay. Answers its number."""
    with ExitStack() as stack:
        opened = {f"files[{i}]": [stack.enter_context(file.open("rb"))] for i, file in enumerate(files)}
        _, response = client.api_client.call_api(
            "/api/models/files",
            "POST",
            header_params={"Content-Type": "multipart/form-data"},
            post_params=[("name", model), ("note", note)],
            files=opened,
        )
    return json.loads(response.data)["version"]


def annotate(client, task, jobs, model, threshold):
    """Asks for each job anew, waits, and answers what the requests say of themselves."""
    api = client.api_client.lambda_api
    done = []
    for job in jobs:
        options = {} if threshold is None else {"threshold": threshold}
        wish = models.FunctionCallRequest(function=model, task=task.id, job=job.id, cleanup=True, **options)
        request, _ = api.create_requests(wish)
        while str(request.status) in ("queued", "started"):
            time.sleep(client.config.status_check_period)
            request, _ = api.retrieve_requests(request.id)
        if str(request.status) != "finished":
            raise SystemExit(f"job {job.id}: {request.exc_info}")
        done.append(request)
    return done


@contextmanager
def webhook(client, task, address, secret):
    """A webhook of the task's project, or of its organization, for as long as this runs."""
    place = {"type": "project", "project_id": task.project_id} if task.project_id else {"type": "organization"}
    hook, _ = client.api_client.webhooks_api.create(
        models.WebhookWriteRequest(
            target_url=address, content_type="application/json", secret=secret, events=["update:job"], is_active=True, **place
        )
    )
    try:
        yield
    finally:
        client.api_client.webhooks_api.destroy(hook.id)


def receiver(listen, secret, task_id, told):
    """Serves in a thread; puts the id of every job of the task that was completed into a queue."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            genuine = hmac.compare_digest(expected, self.headers.get("X-Signature-256", ""))
            self.send_response(200 if genuine else 403)
            self.end_headers()
            job = json.loads(body).get("job") if genuine else None
            if job and job["task_id"] == task_id and job["state"] == "completed":
                told.put(job["id"])

        def log_message(self, *_):
            pass

    host, _, port = listen.rpartition(":")
    server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def play_round(client, args, jobs):
    task = client.tasks.retrieve(args.task)
    with tempfile.TemporaryDirectory() as scratch:
        data, out = Path(scratch, "data"), Path(scratch, "out")
        data.mkdir()
        out.mkdir()
        export(jobs, data)
        version = upload(client, args.model, train(args.train, data, out), f"trained on {len(jobs)} jobs of task {task.id}")
    requests = annotate(client, task, untouched_jobs(task), args.model, args.threshold)
    # Each request tells which version answered.
    answered = sorted({int(request.function["version"]) for request in requests})
    print(json.dumps({"version": version, "trained_on": sorted(job.id for job in jobs), "annotated_by": answered}), flush=True)


def main():
    args = read_arguments()
    client = Client(args.url, config=Config(status_check_period=0.5))
    client.login((args.user, os.environ["ANNOLITH_PASSWORD"]))
    task = client.tasks.retrieve(args.task)
    told = queue.Queue()
    secret = secrets.token_hex(16)
    if args.listen:
        receiver(args.listen, secret, args.task, told)

    def wait():
        try:
            # What was missed while a version was being trained is found by looking now and then all the same.
            told.get(timeout=args.pause)
        except queue.Empty:
            pass

    def play():
        known, played = set(), 0
        while not args.rounds or played < args.rounds:
            jobs = finished_jobs(client.tasks.retrieve(args.task))
            if {job.id for job in jobs} - known:
                play_round(client, args, jobs)
                known, played = {job.id for job in jobs}, played + 1
            else:
                wait()

    if args.listen:
        with webhook(client, task, args.receiver or f"http://{args.listen}/", secret):
            play()
    else:
        play()


if __name__ == "__main__":
    main()
