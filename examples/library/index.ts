import { AppRegistration, previousDeployment, registerApps } from 'entra-apps'

const registered = registerApps(
  {
    'files-api': {
      displayName: 'Files API',
      identifierUris: ['api://{clientId}'],
      appRoles: {
        Importer: { displayName: 'Importer', description: 'Imports files', for: ['applications'] },
      },
    },
    importer: {
      displayName: 'Importer',
      permissions: {
        'files-api': { application: ['Importer'] },
        'Microsoft Graph': { application: ['Files.Read.All'] },
      },
      consent: 'grant',
      secrets: {
        main: { displayName: 'Main', lifetime: '90d', rotateWhenDue: true },
        // Rotated by `npx entra-apps rotate`, which proves and delivers it.
        nightly: {
          displayName: 'Nightly import',
          lifetime: '90d',
          deliver: [{ dotenv: { file: '.env', variable: 'IMPORTER_SECRET' } }],
        },
      },
      verify: ['GET /users/ada@contoso.onmicrosoft.com/drive/root/children'],
    },
  },
  // The secrets of the last deployment: those with `rotateWhenDue` get a successor, and nothing is ever replaced.
  { previous: await previousDeployment() },
)

/** What `entra-apps verify`, `rotate`, `deliver` and `report` read. */
export const { apps, secretValues, ledger } = registered.outputs

/** One application alone. */
const mobile = new AppRegistration('mobile', {
  displayName: 'Files for phones',
  redirectUris: { publicClient: ['https://login.microsoftonline.com/common/oauth2/nativeclient'] },
  permissions: { 'Microsoft Graph': { delegated: ['User.Read', 'Files.ReadWrite'] } },
})

export const mobileClientId = mobile.clientId
/** For a resource of this program: a Pulumi secret. */
export const importerSecret = registered.registrations.importer.currentSecret('main')
