"""What the official client must find about cloud storages and the share: each function is one check, run by storages.test.ts."""

import io
import os

from PIL import Image

from cvat_sdk import make_client, models
from cvat_sdk.api_client.exceptions import ApiException

ENDPOINT = os.environ["S3_URL"]


def client():
    return make_client(os.environ["SERVER_URL"], credentials=("admin", os.environ["ADMIN_PASSWORD"]))


def spec(**more):
    return {
        "provider_type": "AWS_S3_BUCKET",
        "resource": "pictures",
        "display_name": "Pictures",
        "credentials_type": "KEY_SECRET_KEY_PAIR",
        "key": "k",
        "secret_key": "s",
        "specific_attributes": f"endpoint_url={ENDPOINT}",
        "manifests": ["sub/manifest.jsonl"],
        **more,
    }


def check_storages_are_created_listed_changed_and_removed():
    with client() as c:
        api = c.api_client.cloudstorages_api
        made, _ = api.create(models.CloudStorageWriteRequest(**spec()))
        assert made.owner.username == "admin" and made.manifests == ["sub/manifest.jsonl"]
        listed, _ = api.list(name="Pictures", provider_type="AWS_S3_BUCKET")
        assert made.id in [row.id for row in listed.results]
        changed, _ = api.partial_update(made.id, patched_cloud_storage_write_request={"description": "new"})
        assert (changed.description, changed.display_name) == ("new", "Pictures")
        assert api.retrieve_status(made.id)[0] == "AVAILABLE"
        assert "read" in api.retrieve_actions(made.id)[0]
        api.destroy(made.id)
        try:
            api.retrieve(made.id)
            raise AssertionError("still there")
        except ApiException as error:
            assert error.status == 404


def check_content_comes_in_pages_and_by_manifest():
    with client() as c:
        api = c.api_client.cloudstorages_api
        made, _ = api.create(models.CloudStorageWriteRequest(**spec()))
        top, _ = api.retrieve_content_v2(made.id)
        assert [(entry.name, str(entry.type), entry.mime_type) for entry in top.content] == [("sub", "DIR", "DIR")]
        seen, token = [], None
        while True:
            page, _ = api.retrieve_content_v2(made.id, prefix="sub/", page_size=1, **({"next_token": token} if token else {}))
            seen += [entry.name for entry in page.content]
            token = page.next
            if not token:
                break
        assert seen == ["a.png", "b.png", "manifest.jsonl"], seen
        named, _ = api.retrieve_content_v2(made.id, manifest_path="sub/manifest.jsonl", prefix="sub/")
        assert [entry.name for entry in named.content] == ["a.png"]


def check_preview_is_a_picture():
    with client() as c:
        api = c.api_client.cloudstorages_api
        made, _ = api.create(models.CloudStorageWriteRequest(**spec()))
        _, response = api.retrieve_preview(made.id, _parse_response=False)
        assert Image.open(io.BytesIO(response.data)).size == (32, 16)


def check_key_files_travel_as_forms():
    with client() as c:
        key = io.BytesIO(b"{}")
        key.name = "key.json"
        body = spec(provider_type="GOOGLE_CLOUD_STORAGE", credentials_type="KEY_FILE_PATH", key_file=key)
        try:
            c.api_client.cloudstorages_api.create(models.CloudStorageWriteRequest(**body), _content_type="multipart/form-data")
            raise AssertionError("a bad key file was taken")
        except ApiException as error:
            assert error.status == 400 and "key_file" in str(error.body), error.body


def check_the_share_is_listed():
    with client() as c:
        entries, _ = c.api_client.server_api.list_share()
        assert [(entry.name, str(entry.type)) for entry in entries] == [("folder", "DIR"), ("top.png", "REG")]
        inside, _ = c.api_client.server_api.list_share(directory="folder", search="i")
        assert [(entry.name, entry.mime_type) for entry in inside] == [("in.jpg", "image")]
