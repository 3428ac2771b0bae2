import type { Client } from './client.ts'

const TOKEN = { hasToken: true }

/** The calls of test/conformance/clients/programs/go/main.go, in its order; go.mod there has the versions. */
export const GO_SDK: Client = {
  name: 'Azure Identity and Microsoft Graph SDK for Go',
  version: 'azidentity 1.15.0, msgraph-sdk-go 1.89.0',
  steps: [
    { run: 'ClientSecretCredential.GetToken', answer: TOKEN },
    { run: 'ClientSecretCredential.GetToken, a wrong secret', refused: 'AADSTS7000215' },
    { run: 'ClientAssertionCredential.GetToken', answer: TOKEN },
    {
      run: 'Applications.Post',
      answer: { displayName: 'From Go', audience: 'AzureADMyOrg' },
      keep: { OBJECT: 'id' },
    },
    { run: 'Applications.ByApplicationId.Patch', answer: null },
    { run: 'ApplicationsWithAppId.Get', answer: { id: '$OBJECT', notes: 'hello' } },
    { run: 'ServicePrincipals.Post', answer: { displayName: 'From Go' } },
    { run: 'Applications.ByApplicationId.Delete', answer: null },
    { run: 'Applications.ByApplicationId.Get, deleted', refused: 'does not exist' },
  ],
}
