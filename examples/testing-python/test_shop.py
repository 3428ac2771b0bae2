"""Tests of an application that reads the directory with azure-identity and msgraph-sdk: python -m unittest."""

import json
import os
import shlex
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient

COMMAND = shlex.split(os.environ.get("ENTRA_APPS", "npx entra-apps"))
CLIENT_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SEED = Path(__file__).with_name("seed.yaml")


class ShopTest(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        ready = folder / "ready.json"
        options = ["--data", folder / "data", "--seed", SEED, "--ready-file", ready]
        process = subprocess.Popen([*COMMAND, "tenant", *options], stdout=subprocess.DEVNULL)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.terminate)
        while not ready.exists():
            if process.poll() is not None:
                raise RuntimeError("the tenant did not start")
            time.sleep(0.1)
        cls.tenant = json.loads(ready.read_text())
        os.environ.update(cls.tenant["environment"])

    def credential(self, secret):
        return ClientSecretCredential(
            self.tenant["tenantId"], CLIENT_ID, secret, authority=self.tenant["url"], disable_instance_discovery=True
        )

    async def test_reads_the_users(self):
        url = self.tenant["graphUrl"]
        hosts = [url.removeprefix("https://").split(":")[0]]
        provider = AzureIdentityAuthenticationProvider(
            self.credential("not-a-secret"), scopes=[f"{url}/.default"], allowed_hosts=hosts
        )
        adapter = GraphRequestAdapter(provider)
        adapter.base_url = f"{url}/v1.0"
        users = await GraphServiceClient(request_adapter=adapter).users.get()
        self.assertIn("Ada Lovelace", [user.display_name for user in users.value])

    def test_is_refused_with_a_wrong_secret(self):
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000215"):
            self.credential("wrong").get_token("https://graph.microsoft.com/.default")


if __name__ == "__main__":
    unittest.main()
