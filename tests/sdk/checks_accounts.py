"""What the official client must find of accounts, organizations and invitations: each function is one check."""

import uuid

from cvat_sdk import models
from cvat_sdk.api_client.exceptions import ApiException, ForbiddenException, NotFoundException, UnauthorizedException
from cvat_sdk.core.client import AccessTokenCredentials, Client

from checks import URL, client

WORD = "correct-horse-7"


def raises(kind, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected")


def person(c):
    """Registers somebody, whom only an administrator may register here, and signs them in."""
    name = f"sdk-{uuid.uuid4().hex[:12]}"
    registered, _ = c.api_client.auth_api.create_register(
        models.RegisterSerializerExRequest(
            username=name, email=f"{name}@example.com", password1=WORD, password2=WORD, first_name="Ada", last_name="L"
        )
    )
    assert registered.username == name and registered.email_verification_required is False
    own = Client(URL)
    own.login((name, WORD))
    return own


def check_users():
    with client() as c, person(c) as own:
        me = own.users.retrieve_current_user()
        assert me.first_name == "Ada" and me.groups == ["user"] and me.created_via.value == "registration"
        me.update(models.PatchedUserRequest(first_name="Grace", primary_role="lead", planned_activities=["annotate_data"]))
        assert me.first_name == "Grace" and me.primary_role == "lead"
        raises(ForbiddenException, me.update, models.PatchedUserRequest(is_superuser=True))
        raises(ForbiddenException, own.users.retrieve, c.users.retrieve_current_user().id)
        assert [user.id for user in own.users.list()] == [me.id]
        assert me.id in [user.id for user in c.users.list()]
        c.users.retrieve(me.id).remove()
        raises(UnauthorizedException, own.users.retrieve_current_user)


def check_passwords_and_tokens():
    with client() as c, person(c) as own:
        token, _ = own.api_client.auth_api.create_access_tokens(
            models.AccessTokenWriteRequest(name="reader", read_only=True)
        )
        with Client(URL) as other:
            other.login(AccessTokenCredentials(token.value))
            assert other.api_client.auth_api.retrieve_access_tokens_self()[0].name == "reader"
            raises(ForbiddenException, other.organizations.create, models.OrganizationWriteRequest(slug="no"))
            own.api_client.auth_api.destroy_access_tokens(token.id)
            raises(UnauthorizedException, other.users.retrieve_current_user)
        weak = models.PasswordChangeRequest(old_password=WORD, new_password1="password", new_password2="password")
        assert b"too common" in raises(ApiException, own.api_client.auth_api.create_password_change, weak).body.encode()
        good = models.PasswordChangeRequest(old_password=WORD, new_password1="other-horse-8", new_password2="other-horse-8")
        assert own.api_client.auth_api.create_password_change(good)[0].detail == "New password has been saved."
        raises(UnauthorizedException, own.users.retrieve_current_user)
        sent, _ = c.api_client.auth_api.create_password_reset(models.PasswordResetSerializerExRequest(email="nobody@example.com"))
        assert sent.detail


def check_organizations_and_invitations():
    with client() as c, person(c) as owner, person(c) as guest:
        slug = f"s{uuid.uuid4().hex[:10]}"
        organization = owner.organizations.create(models.OrganizationWriteRequest(slug=slug, name="Acme"))
        organization.update(models.PatchedOrganizationWriteRequest(description="about"))
        assert organization.description == "about" and organization.owner.id == owner.users.retrieve_current_user().id
        raises(NotFoundException, guest.organizations.retrieve, organization.id)
        api = owner.api_client
        email = guest.users.retrieve_current_user().email
        invitation, _ = api.invitations_api.create(models.InvitationWriteRequest(role="worker", email=email), org=slug)
        assert invitation.accepted and invitation.organization_info.slug == slug
        assert api.invitations_api.retrieve(invitation.key)[0].key == invitation.key
        assert [row.key for row in api.invitations_api.list(org=slug)[0].results] == [invitation.key]
        raises(ApiException, guest.api_client.invitations_api.accept, invitation.key)
        (mine,) = guest.api_client.memberships_api.list()[0].results
        assert mine.role == "worker" and mine.invitation == invitation.key
        patch = models.PatchedMembershipWriteRequest(role="supervisor")
        raises(ForbiddenException, guest.api_client.memberships_api.partial_update, mine.id, patched_membership_write_request=patch)
        changed, _ = api.memberships_api.partial_update(mine.id, patched_membership_write_request=patch)
        assert changed.role == "supervisor"
        pending, _ = api.invitations_api.create(
            models.InvitationWriteRequest(role="worker", email=f"{slug}@example.com"), org_id=organization.id
        )
        assert not pending.accepted and pending.expired is None
        api.invitations_api.resend(pending.key)
        api.invitations_api.destroy(pending.key)
        guest.organization_slug = slug
        assert {user.id for user in guest.users.list()} == {owner.users.retrieve_current_user().id, mine.user.id}
        guest.api_client.memberships_api.destroy(mine.id)
        guest.organization_slug = None
        raises(NotFoundException, guest.organizations.retrieve, organization.id)
        organization.remove()


def check_growth():
    with client() as c, person(c) as own:
        (row,) = own.api_client.growth_api.list()[0].results
        changed, _ = own.api_client.growth_api.partial_update(
            str(row.id), patched_user_growth_data_request=models.PatchedUserGrowthDataRequest(github_prompt_shown=True)
        )
        assert changed.github_prompt_shown and own.api_client.growth_api.retrieve(str(row.id))[0].id == row.id
