# An API with an app role, and a job that holds it. The provider takes the tenant from its environment (ARM_*,
# SSL_CERT_FILE): the same files go to a local tenant and to the real one.
terraform {
  required_providers {
    azuread = { source = "hashicorp/azuread" }
  }
}

# A deployer with Application.ReadWrite.OwnedBy may change what it owns; the provider leaves objects without an owner.
data "azuread_client_config" "deployer" {}

locals {
  owners = [data.azuread_client_config.deployer.object_id]
}

resource "azuread_application" "orders" {
  display_name = "Orders API"
  owners       = local.owners

  app_role {
    id                   = "0f3a3c52-6f3b-4f43-9f0c-2d3c5a8c7b11"
    allowed_member_types = ["Application"]
    display_name         = "Read orders"
    description          = "Reads every order"
    value                = "Orders.Read.All"
  }

  lifecycle {
    ignore_changes = [identifier_uris] # azuread_application_identifier_uri has them
  }
}

resource "azuread_service_principal" "orders" {
  client_id = azuread_application.orders.client_id
  owners    = local.owners
}

resource "azuread_application_identifier_uri" "orders" {
  application_id = azuread_application.orders.id
  identifier_uri = "api://${azuread_application.orders.client_id}"
}

resource "azuread_application" "job" {
  display_name = "Orders job"
  owners       = local.owners
}

resource "azuread_service_principal" "job" {
  client_id = azuread_application.job.client_id
  owners    = local.owners
}

resource "azuread_application_password" "job" {
  application_id = azuread_application.job.id
}

resource "azuread_app_role_assignment" "job" {
  app_role_id         = azuread_service_principal.orders.app_role_ids["Orders.Read.All"]
  principal_object_id = azuread_service_principal.job.object_id
  resource_object_id  = azuread_service_principal.orders.object_id
}

output "job" {
  sensitive = true
  value = {
    client_id = azuread_application.job.client_id
    secret    = azuread_application_password.job.value
    scope     = "${azuread_application_identifier_uri.orders.identifier_uri}/.default"
  }
}
