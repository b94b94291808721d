"""What the official client must find of webhooks and the audit log: each function is one check."""

import csv
import hashlib
import hmac
import io
import json
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

from cvat_sdk import models

from checks import USER, client


class Receiver(BaseHTTPRequestHandler):
    received = []
    arrived = threading.Condition()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.arrived:
            self.received.append((dict(self.headers), body))
            self.arrived.notify_all()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def check_webhooks():
    receiver = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    target = f"http://127.0.0.1:{receiver.server_port}/payload"
    with client() as c:
        api = c.api_client.webhooks_api
        names, _ = api.retrieve_events(type="project")
        assert "create:task" in [event.key for event in names.events]
        project = c.projects.create(models.ProjectWriteRequest(name="watched", labels=[{"name": "a"}]))
        hook, _ = api.create(
            models.WebhookWriteRequest(target_url=target, type="project", events=["update:project"], project_id=project.id, secret="hush")
        )
        assert (hook.target_url, hook.project_id, hook.is_active, hook.owner.username) == (target, project.id, True, USER)
        ping, _ = api.create_ping(hook.id)
        assert (ping.event, ping.status_code, ping.redelivery) == ("ping", 200, False)
        with Receiver.arrived:
            project.update(models.PatchedProjectWriteRequest(name="renamed"))
            assert Receiver.arrived.wait_for(lambda: len(Receiver.received) == 2, timeout=60)
        headers, body = Receiver.received[1]
        sent = json.loads(body)
        assert (sent["event"], sent["before_update"], sent["project"]["name"]) == ("update:project", {"name": "watched"}, "renamed")
        assert sent["sender"]["username"] == USER and sent["webhook_id"] == hook.id
        signature = {name.lower(): value for name, value in headers.items()}["x-signature-256"]
        assert signature == "sha256=" + hmac.new(b"hush", body, hashlib.sha256).hexdigest()
        api.create_deliveries_redelivery(str(ping.id), hook.id)
        page, _ = api.list_deliveries(hook.id)
        again = page.results[0]
        assert (again.event, again.redelivery, again.attempt) == ("ping", True, 1)
        one, _ = api.retrieve_deliveries(str(again.id), hook.id)
        assert one.request["event"] == "ping" and json.loads(one.response)["event"] == "ping"
        changed, _ = api.partial_update(hook.id, patched_webhook_write_request=models.PatchedWebhookWriteRequest(is_active=False))
        assert changed.is_active is False and changed.last_status == 200
        found, _ = api.list(project_id=project.id)
        assert [row.id for row in found.results] == [hook.id]
        api.destroy(hook.id)
        found, _ = api.list(project_id=project.id)
        assert found.count == 0
    receiver.shutdown()


def check_events():
    with client() as c:
        project = c.projects.create(models.ProjectWriteRequest(name="=1+1", labels=[{"name": "a"}]))
        now = datetime.now(timezone.utc)
        kept, response = c.api_client.events_api.create(
            models.ClientEventsRequest(timestamp=now, events=[models.EventRequest(scope="load:cvat", timestamp=now, project_id=project.id)])
        )
        assert response.status == 201 and kept.events[0].user_name == USER
        rq, response = c.api_client.events_api.create_export(project_id=project.id, _check_status=False)
        assert response.status == 202
        done, _ = c.wait_for_completion(rq.rq_id)
        rows = list(csv.DictReader(io.StringIO(c.api_client.rest_client.GET(done.result_url, headers=c.api_client.get_common_headers()).data.decode())))
        assert [row["scope"] for row in rows if ":label" not in row["scope"]] == ["create:project", "load:cvat"]
        assert "'=1+1" in [row["obj_name"] for row in rows]
        assert all(json.loads(row["payload"])["request"]["id"] for row in rows)
