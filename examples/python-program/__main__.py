"""An application of Entra in a program of Python, without a generated SDK."""

import pulumi

OUTPUTS = ["clientId", "outputs", "generations", "secretValues", "currentSecrets"]


class AppRegistration(pulumi.ComponentResource):
    """The component of the package; settings are those of a declaration."""

    def __init__(self, name, settings, opts=None):
        outputs = dict.fromkeys(OUTPUTS)
        super().__init__("entra-apps:index:AppRegistration", name, {**outputs, **settings}, opts, remote=True)


api = AppRegistration("files-api", {"displayName": "Files API"})
app = AppRegistration("file-manager", {
    "displayName": "FileManager",
    # The output of another resource, such as the address of a site of the same program.
    "web": {"homepage": pulumi.Output.concat("https://portal.example.com/apps/", api.clientId)},
    "permissions": {"Microsoft Graph": {"application": ["Files.Read.All"]}},
    "consent": "grant",
    "secrets": {"onedrive": {"displayName": "OneDrive", "lifetime": "90d"}},
    "verify": ["GET /users/ada@contoso.onmicrosoft.com/drive/root/children"],
})

# What `verify`, `rotate`, `deliver`, `report` and the next deployment read.
pulumi.export("apps", {"files-api": api.outputs, "file-manager": app.outputs})
pulumi.export("ledger", {"file-manager": app.generations})
pulumi.export("secretValues", {"file-manager": app.secretValues})
# For a resource of this program.
pulumi.export("secret", app.currentSecrets["onedrive"])
