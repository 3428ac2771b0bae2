import type { Client } from './client.ts'

const TOKEN = { hasToken: true }

/** The calls of test/conformance/clients/programs/java/Sdk.java, in its order; pom.xml there has the versions. */
export const JAVA_SDK: Client = {
  name: 'Azure Identity and Microsoft Graph SDK for Java',
  version: 'azure-identity 1.18.4, microsoft-graph 6.60.0',
  steps: [
    { run: 'ClientSecretCredential.getToken', answer: TOKEN },
    { run: 'ClientSecretCredential.getToken, a wrong secret', refused: 'AADSTS7000215' },
    { run: 'ClientCertificateCredential.getToken', answer: TOKEN },
    { run: 'ClientAssertionCredential.getToken', answer: TOKEN },
    { run: 'DefaultAzureCredential.getToken, from AZURE_* in the environment', answer: TOKEN },
    {
      run: 'applications().post',
      answer: {
        displayName: 'From Java',
        audience: 'AzureADMyOrg',
        redirectUris: ['https://files.example.com/cb'],
      },
      keep: { OBJECT: 'id' },
    },
    { run: 'applications().byApplicationId(id).patch', answer: null },
    { run: 'applicationsWithAppId(appId).get', answer: { id: '$OBJECT', notes: 'hello' } },
    {
      run: 'applications().get with $filter, $select, $count',
      answer: { count: 1, id: '$OBJECT' },
    },
    {
      run: 'applications().byApplicationId(id).addPassword().post',
      answer: { displayName: 'rotated', hasSecret: true },
    },
    {
      run: 'applications().byApplicationId(id).federatedIdentityCredentials().post',
      answer: { name: 'github', audiences: ['api://AzureADTokenExchange'] },
    },
    { run: 'servicePrincipals().post', answer: { displayName: 'From Java', enabled: true } },
    { run: 'applications().byApplicationId(id).delete', answer: null },
    { run: 'applications().byApplicationId(id).get, deleted', refused: 'does not exist' },
    {
      run: 'directory().deletedItems().byDirectoryObjectId(id).restore().post',
      answer: { id: '$OBJECT' },
    },
  ],
}
