"""Calls azure-identity and msgraph-sdk against a local tenant and prints a line of JSON for each call."""

import asyncio
import json
import os
from datetime import datetime, timezone

from azure.identity import (
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder
from msgraph.generated.applications.item.add_password.add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.applications.item.remove_password.remove_password_post_request_body import (
    RemovePasswordPostRequestBody,
)
from msgraph.generated.models.app_role import AppRole
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application
from msgraph.generated.models.federated_identity_credential import FederatedIdentityCredential
from msgraph.generated.models.o_auth2_permission_grant import OAuth2PermissionGrant
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.web_application import WebApplication
from msgraph.generated.service_principals.service_principals_request_builder import ServicePrincipalsRequestBuilder
from msgraph_core.tasks import PageIterator

URL = os.environ["TENANT_URL"]
SCOPE = f"{URL}/.default"
CLIENT = (os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"])
OPTIONS = {"authority": URL, "disable_instance_discovery": True}
FILES_READ_ALL = "01d4889c-1287-42c6-ac1f-5d1e02578ef6"


def plain(value):
    """Models as the JSON that is compared: members with a value, in Python's names."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if hasattr(value, "get_field_deserializers"):
        members = {name: plain(member) for name, member in vars(value).items() if name != "backing_store"}
        return {name: member for name, member in members.items() if member not in (None, [], {})}
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


async def step(run, call, show=plain):
    try:
        result = call()
        if asyncio.iscoroutine(result):
            result = await result
        print(json.dumps({"run": run, "answer": show(result)}))
        return result
    except Exception as error:  # noqa: BLE001 — whatever is thrown is the answer
        # The SDK hides the message of an OData error in its members.
        print(json.dumps({"run": run, "error": f"{error} {getattr(getattr(error, 'error', None), 'message', '')}"}))


def token_type(token):
    return {"token_type": "Bearer" if token.token.count(".") == 2 else "unknown"}


async def main():
    credential = ClientSecretCredential(*CLIENT, os.environ["AZURE_CLIENT_SECRET"], **OPTIONS)
    await step("ClientSecretCredential.get_token", lambda: credential.get_token(SCOPE), token_type)
    wrong = ClientSecretCredential(*CLIENT, "wrong", **OPTIONS)
    await step("ClientSecretCredential.get_token, a wrong secret", lambda: wrong.get_token(SCOPE))
    certificate = CertificateCredential(*CLIENT, certificate_path=os.environ["CERTIFICATE_FILE"], **OPTIONS)
    await step("CertificateCredential.get_token", lambda: certificate.get_token(SCOPE), token_type)
    assertion = ClientAssertionCredential(*CLIENT, lambda: os.environ["ASSERTION"], **OPTIONS)
    await step("ClientAssertionCredential.get_token", lambda: assertion.get_token(SCOPE), token_type)
    default = DefaultAzureCredential(disable_instance_discovery=True)
    await step("DefaultAzureCredential.get_token, from AZURE_* in the environment", lambda: default.get_token(SCOPE), token_type)

    provider = AzureIdentityAuthenticationProvider(credential, scopes=[SCOPE], allowed_hosts=["localhost"])
    adapter = GraphRequestAdapter(provider)
    adapter.base_url = f"{URL}/v1.0"
    graph = GraphServiceClient(request_adapter=adapter)

    role = AppRole(
        id="0b5a4f3e-5c2c-4a0a-9d6e-2d6d1f6f2a11",
        allowed_member_types=["Application"],
        description="Reads files",
        display_name="Reader",
        is_enabled=True,
        value="Files.Read",
    )
    made = await step(
        "applications.post",
        lambda: graph.applications.post(
            Application(
                display_name="From Python",
                web=WebApplication(redirect_uris=["https://files.example.com/cb"]),
                app_roles=[role],
            )
        ),
    )
    application = graph.applications.by_application_id(made.id)
    await step("applications.by_application_id.get", application.get)
    await step("applications_with_app_id.get", graph.applications_with_app_id(made.app_id).get)
    await step("applications.by_application_id.patch", lambda: application.patch(Application(notes="hello")))
    query = ApplicationsRequestBuilder.ApplicationsRequestBuilderGetQueryParameters(
        filter="startswith(displayName,'From')",
        select=["id", "notes"],
        count=True,
        orderby=["displayName"],
    )
    configuration = RequestConfiguration(query_parameters=query)
    configuration.headers.add("ConsistencyLevel", "eventual")
    await step("applications.get with $filter, $select, $count, $orderby", lambda: graph.applications.get(configuration))

    end = datetime(2027, 6, 1, tzinfo=timezone.utc)
    password = await step(
        "applications.by_application_id.add_password.post",
        lambda: application.add_password.post(
            AddPasswordPostRequestBody(
                password_credential=PasswordCredential(display_name="rotated", end_date_time=end)
            )
        ),
        lambda made: {
            "display_name": made.display_name,
            "end_date_time": made.end_date_time.isoformat(),
            "has_secret": made.secret_text is not None,
        },
    )
    await step(
        "applications.by_application_id.remove_password.post",
        lambda: application.remove_password.post(RemovePasswordPostRequestBody(key_id=password.key_id)),
    )
    federated = application.federated_identity_credentials
    credential_made = await step(
        "federated_identity_credentials.post",
        lambda: federated.post(
            FederatedIdentityCredential(
                name="github",
                issuer="https://token.actions.githubusercontent.com",
                subject="repo:contoso/files:ref:refs/heads/main",
                audiences=["api://AzureADTokenExchange"],
            )
        ),
    )
    await step("federated_identity_credentials.get", federated.get)
    await step(
        "federated_identity_credentials.by_federated_identity_credential_id.delete",
        federated.by_federated_identity_credential_id(credential_made.id).delete,
    )
    principal = await step(
        "service_principals.post", lambda: graph.service_principals.post(ServicePrincipal(app_id=made.app_id))
    )
    resource = await step(
        "service_principals_with_app_id.get",
        graph.service_principals_with_app_id("00000003-0000-0000-c000-000000000000").get,
        lambda found: {"display_name": found.display_name},
    )
    assigned = await step(
        "service_principals.by_service_principal_id.app_role_assigned_to.post",
        lambda: graph.service_principals.by_service_principal_id(resource.id).app_role_assigned_to.post(
            AppRoleAssignment(principal_id=principal.id, resource_id=resource.id, app_role_id=FILES_READ_ALL)
        ),
    )
    await step(
        "app_role_assignments.by_app_role_assignment_id.delete",
        graph.service_principals.by_service_principal_id(principal.id)
        .app_role_assignments.by_app_role_assignment_id(assigned.id)
        .delete,
    )
    grant = await step(
        "oauth2_permission_grants.post",
        lambda: graph.oauth2_permission_grants.post(
            OAuth2PermissionGrant(
                client_id=principal.id,
                consent_type="AllPrincipals",
                resource_id=resource.id,
                scope="User.Read",
            )
        ),
    )
    await step(
        "oauth2_permission_grants.by_o_auth2_permission_grant_id.delete",
        graph.oauth2_permission_grants.by_o_auth2_permission_grant_id(grant.id).delete,
    )
    users = await step("users.get", graph.users.get, lambda page: {"names": sorted(u.display_name for u in page.value)})
    await step(
        "applications.by_application_id.owners.ref.post",
        lambda: application.owners.ref.post(
            ReferenceCreate(odata_id=f"{URL}/v1.0/directoryObjects/{users.value[0].id}")
        ),
    )
    await step("applications.by_application_id.owners.get", application.owners.get, lambda page: {"count": len(page.value)})
    await step("applications.by_application_id.owners.graph_user.get", application.owners.graph_user.get)

    names = []

    def keep(each):
        names.append(each.id)
        return True

    async def iterate():
        page = await graph.service_principals.get(
            RequestConfiguration(
                query_parameters=ServicePrincipalsRequestBuilder.ServicePrincipalsRequestBuilderGetQueryParameters(top=20)
            )
        )
        await PageIterator(page, adapter).iterate(keep)
        return {"more_than_a_page": len(names) > 20, "distinct": len(set(names)) == len(names)}

    await step("PageIterator over service_principals", iterate)
    await step("applications.delta.get", graph.applications.delta.get, lambda page: {"link": page.odata_delta_link is not None})
    await step("applications.by_application_id.delete", application.delete)
    await step("applications.by_application_id.get, deleted", application.get)
    await step(
        "directory.deleted_items.by_directory_object_id.restore.post",
        graph.directory.deleted_items.by_directory_object_id(made.id).restore.post,
    )


asyncio.run(main())
