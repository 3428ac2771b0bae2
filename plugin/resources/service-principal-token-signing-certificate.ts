import { X509Certificate } from 'node:crypto'
import { type Graph, notYetVisible } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { type Entity, entities } from '../schema/entity.ts'
import type { Rule } from '../schema/property.ts'
import { timestamp } from '../schema/rules.ts'
import { servicePrincipal } from './service-principal.ts'
import { idOf, parseId, present, type ResourceType, sameId } from './type.ts'

const subjectName: Rule = (value) =>
  /^(CN=.+)?$/.test(value) ? undefined : `must begin with "CN=", is "${value}"`

/**
 * `azuread.ServicePrincipalTokenSigningCertificate`: a certificate that Entra makes and signs SAML tokens with (Microsoft
 * Graph: addTokenSigningCertificate). The private key never leaves Entra.
 */
export const servicePrincipalTokenSigningCertificate: ResourceType = {
  token: 'azuread:index/servicePrincipalTokenSigningCertificate:ServicePrincipalTokenSigningCertificate',
  noun: 'token signing certificate',
  fields: {
    displayName: { type: 'string', computed: 'optional', forceNew: true, rule: subjectName },
    endDate: { type: 'string', computed: 'optional', forceNew: true, rule: timestamp },
    servicePrincipalId: idOf(servicePrincipal, 'azuread.ServicePrincipal'),
    keyId: { type: 'string', computed: 'always' },
    startDate: { type: 'string', computed: 'always' },
    thumbprint: { type: 'string', computed: 'always' },
    value: { type: 'string', computed: 'always', secret: true },
  },
  idForm: '{service principal object id}/tokenSigningCertificate/{key id}',
  idPattern: /^([0-9a-f-]{36})\/tokenSigningCertificate\/([0-9a-f-]{36})$/i,
  timeouts: { create: 5, delete: 5, read: 5 },
  create,
  read,
  remove,
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const [objectId] = parseId(servicePrincipal, text(inputs['servicePrincipalId'])) as [string]
  const path = `/servicePrincipals/${objectId}`
  return graph.exclusively(path, async () => {
    const [displayName, endDateTime] = [text(inputs['displayName']), text(inputs['endDate'])]
    const made = await graph.post(
      `${path}/addTokenSigningCertificate`,
      { ...(displayName && { displayName }), ...(endDateTime && { endDateTime }) },
      { retryWhen: notYetVisible },
    )
    const keyId = await verifyingKeyOf(graph, path, String(made['customKeyIdentifier']))
    const id = `${objectId}/tokenSigningCertificate/${keyId}`
    created(id)
    return present('token signing certificate', await read(graph, id))
  })
}

/** Graph answers with either of the two keys, by service; the one that verifies names the certificate. */
async function verifyingKeyOf(graph: Graph, path: string, certificate: string): Promise<string> {
  let keyId: string | undefined
  await graph.until(`A signing certificate of ${path}`, async () => {
    const key = keysOf(await graph.get(path, { retryWhen: notYetVisible })).find(
      ({ customKeyIdentifier, usage }) => customKeyIdentifier === certificate && usage === 'Verify',
    )
    keyId = key && String(key['keyId'])
    return keyId !== undefined
  })
  return keyId!
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const { path, keyId } = placeOf(id)
  // Only a selection shows the certificate itself.
  const entity = await graph.find(`${path}?$select=keyCredentials`)
  const key = entity && findKey(entity, keyId)
  if (key === undefined) return undefined
  const value = text(key['key'] as string | null)
  return {
    displayName: text(key['displayName'] as string | null),
    endDate: text(key['endDateTime'] as string | null),
    servicePrincipalId: path,
    keyId,
    startDate: text(key['startDateTime'] as string | null),
    thumbprint: value === '' ? '' : thumbprintOf(value),
    value,
  }
}

/** Both keys and the password go, found by the certificate that they belong to. */
async function remove(graph: Graph, id: string): Promise<void> {
  const { path, keyId } = placeOf(id)
  await graph.exclusively(path, async () => {
    const entity = await graph.get(path)
    const certificate = findKey(entity, keyId)?.['customKeyIdentifier']
    if (certificate === undefined) return
    const others = (all: Entity[]) => all.filter((each) => each['customKeyIdentifier'] !== certificate)
    await graph.patch(path, {
      keyCredentials: others(keysOf(entity)),
      passwordCredentials: others(entities(entity['passwordCredentials'])),
    })
    await graph.until(`The removal of ${id}`, async () => findKey(await graph.get(path), keyId) === undefined)
  })
}

function thumbprintOf(value: string): string {
  try {
    return new X509Certificate(Buffer.from(value, 'base64')).fingerprint.replaceAll(':', '')
  } catch {
    throw new PluginError('GRAPH_REFUSED', 'Graph answered with a signing certificate that cannot be parsed.')
  }
}

function keysOf(entity: Entity): Entity[] {
  return entities(entity['keyCredentials'])
}

function findKey(entity: Entity, keyId: string): Entity | undefined {
  return keysOf(entity).find((key) => sameId(String(key['keyId']), keyId))
}

function placeOf(id: string): { path: string; keyId: string } {
  const [objectId, keyId] = parseId(servicePrincipalTokenSigningCertificate, id) as [string, string]
  return { path: `/servicePrincipals/${objectId}`, keyId }
}
