import * as pulumi from '@pulumi/pulumi'

/** A resource as a program registers it. */
export interface Registered {
  readonly type: string
  /** Type token, such as `azuread:index/application:Application`. */
  readonly token: string
  readonly name: string
  readonly inputs: Readonly<Record<string, unknown>>
}

export const TENANT_ID = '11111111-1111-4111-8111-111111111111'
export const DEPLOYER_ID = '22222222-2222-4222-8222-222222222222'
export const GRAPH = {
  clientId: '00000003-0000-0000-c000-000000000000',
  objectId: '33333333-3333-4333-8333-333333333333',
  appRoleIds: { 'Files.Read.All': '01d4889c-1287-42c6-ac1f-5d1e02578ef6' },
  oauth2PermissionScopeIds: { 'User.Read': 'e1fe6dd8-ba31-4d61-89e7-88639da4683d' },
}
/** A managed identity of the tenant. */
export const IDENTITY = {
  objectId: '55555555-5555-4555-8555-555555555555',
  clientId: '66666666-6666-4666-8666-666666666666',
  displayName: 'jobs',
  alternativeNames: ['isExplicit=True', '/subscriptions/s/resourceGroups/g'],
}
/** The only group of the tenant. */
export const GROUP = { objectId: '44444444-4444-4444-8444-444444444444', displayName: 'Editors' }

interface MockOptions {
  readonly preview?: boolean
  /** What the stack exported last. Default: nothing, as before the first deployment. */
  readonly exported?: Readonly<Record<string, unknown>>
  /** Gets the token of each function that is called. */
  readonly calls?: string[]
}

/** Puts Pulumi's own mocks in the place of the engine and of every provider. What is registered is in the list returned. */
export async function mockEngine({
  preview = false,
  exported = {},
  calls = [],
}: MockOptions = {}): Promise<Registered[]> {
  const registered: Registered[] = []
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        if (custom) registered.push({ type: type.replace(/^.*:/, ''), token: type, name, inputs })
        return { id: `${name}-id`, state: { ...inputs, ...outputsOf(type, name, inputs) } }
      },
      call: ({ token, inputs }) => {
        calls.push(token)
        if (token.endsWith(':readStackOutputs')) return { outputs: exported }
        if (token.endsWith(':getClientConfig')) return { tenantId: TENANT_ID, objectId: DEPLOYER_ID }
        if (token.endsWith(':getServicePrincipal') && inputs['clientId'] === GRAPH.clientId) return GRAPH
        const isIdentity = Object.values(inputs).some((each) =>
          [IDENTITY.objectId, IDENTITY.displayName].includes(String(each)),
        )
        if (token.endsWith(':getServicePrincipal') && isIdentity) return IDENTITY
        const isGroup = [inputs['objectId'], inputs['displayName']].some((each) =>
          Object.values(GROUP).includes(each),
        )
        if (token.endsWith(':getGroup') && isGroup) return GROUP
        throw new Error(`nothing answers to ${token} with ${JSON.stringify(inputs)}`)
      },
    },
    'entra-apps',
    'test',
    preview,
    'organization',
  )
  return registered
}

/** What the tenant makes of a resource. */
function outputsOf(type: string, name: string, inputs: Readonly<Record<string, unknown>>): object {
  switch (type.replace(/^.*:/, '')) {
    case 'Application':
      return { clientId: `${name}-client-id`, objectId: `${name}-object-id` }
    case 'ServicePrincipal':
      return { objectId: `${name}-principal-id` }
    case 'ApplicationPassword':
      return { keyId: `${name}-key-id`, value: `${name}-value` }
    case 'ApplicationCertificate':
      return { keyId: `${name}-key-id` }
    case 'Stash':
      return { output: inputs['input'] }
    default:
      return {}
  }
}

/** The value of an output, once it is known. */
export function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve)
  })
}
