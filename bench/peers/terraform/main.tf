# The applications of bench/applications.ts, as a person would write them for the azuread provider.
terraform {
  required_providers {
    azuread = { source = "hashicorp/azuread" }
  }
}

variable "size" {
  type = number
}

locals {
  apps        = toset([for i in range(var.size) : tostring(i)])
  roles       = ["Files.Read.All", "User.Read.All"]
  scopes      = ["User.Read", "offline_access"]
  role_grants = { for pair in setproduct(local.apps, local.roles) : "${pair[0]} ${pair[1]}" => pair }
}

data "azuread_client_config" "deployer" {}

data "azuread_service_principal" "graph" {
  client_id = "00000003-0000-0000-c000-000000000000"
}

resource "azuread_application" "app" {
  for_each     = local.apps
  display_name = "App ${each.key}"
  owners       = [data.azuread_client_config.deployer.object_id]

  web {
    redirect_uris = ["https://files.example.com/cb"]
  }
  single_page_application {
    redirect_uris = ["http://localhost:5173/"]
  }
  required_resource_access {
    resource_app_id = data.azuread_service_principal.graph.client_id
    dynamic "resource_access" {
      for_each = local.roles
      content {
        id   = data.azuread_service_principal.graph.app_role_ids[resource_access.value]
        type = "Role"
      }
    }
    dynamic "resource_access" {
      for_each = local.scopes
      content {
        id   = data.azuread_service_principal.graph.oauth2_permission_scope_ids[resource_access.value]
        type = "Scope"
      }
    }
  }
}

resource "azuread_service_principal" "app" {
  for_each  = local.apps
  client_id = azuread_application.app[each.key].client_id
  owners    = [data.azuread_client_config.deployer.object_id]
}

resource "azuread_application_password" "app" {
  for_each       = local.apps
  application_id = azuread_application.app[each.key].id
  display_name   = "OneDrive"
}

resource "azuread_app_role_assignment" "app" {
  for_each            = local.role_grants
  app_role_id         = data.azuread_service_principal.graph.app_role_ids[each.value[1]]
  principal_object_id = azuread_service_principal.app[each.value[0]].object_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

resource "azuread_service_principal_delegated_permission_grant" "app" {
  for_each                             = local.apps
  service_principal_object_id          = azuread_service_principal.app[each.key].object_id
  resource_service_principal_object_id = data.azuread_service_principal.graph.object_id
  claim_values                         = local.scopes
}
