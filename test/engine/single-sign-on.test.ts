import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../tenant/index.ts'
import { deployerGraph, trust } from '../support/rehearsal.ts'
import { type Ended, openStage, type Stage } from '../support/stage.ts'

const MARKETO = '4601ed45-8ff3-4599-8377-b6649007e876'

const saml = (singleSignOn: object) => ({
  payroll: {
    displayName: 'Payroll',
    identifierUris: ['https://payroll.example.com/saml'],
    redirectUris: { web: ['https://payroll.example.com/acs'] },
    servicePrincipal: { singleSignOn: { mode: 'saml' as const, ...singleSignOn } },
  },
  leads: {
    displayName: 'Leads',
    template: 'Marketo',
    identifierUris: ['https://leads.example.com/saml'],
    redirectUris: { web: ['https://leads.example.com/acs'] },
    servicePrincipal: {
      singleSignOn: { mode: 'saml' as const, signingCertificates: { only: {} } },
    },
  },
})

const claim = { source: 'user' as const, id: 'employeeid', samlType: 'http://schemas.example.com/employee' }
const first = { displayName: 'CN=Payroll', expires: '2090-01-31' }
const second = { displayName: 'CN=Payroll', expires: '2091-01-31' }

interface Key {
  readonly keyId: string
  readonly customKeyIdentifier: string
  readonly endDateTime: string
}

describe.sequential('single sign-on by SAML, of an own application and one of the gallery', () => {
  let stage: Stage
  let graph: Awaited<ReturnType<typeof deployerGraph>>
  beforeAll(async () => {
    stage = await openStage({
      deployerRoles: [
        ...LEAST_PRIVILEGE_DEPLOYER_ROLES,
        'Policy.ReadWrite.ApplicationConfiguration',
        'Policy.Read.All',
        'Application.Read.All',
      ],
    })
    trust(stage.tenant.caPem)
    graph = await deployerGraph(stage.tenant)
  })
  afterAll(() => stage?.close())

  const ok = ({ code, output }: Ended) => expect(code, output).toBe(0)
  const principal = async (name: string) => {
    const { value } = await graph('GET', `/servicePrincipals?$filter=displayName eq '${name}'`)
    return (value as Record<string, unknown>[])[0]!
  }
  const thumbprintOf = ({ customKeyIdentifier }: Key) =>
    Buffer.from(customKeyIdentifier, 'base64').toString('hex').toUpperCase()
  const keyUntil = (keys: unknown, end: string) =>
    (keys as Key[]).find(({ endDateTime }) => endDateTime.startsWith(end))!

  it('is set up, proved, and left as it is by a second run and a refresh', async () => {
    await stage.declare(saml({ signingCertificates: { first }, claimsMapping: { claims: [claim] } }))
    ok(await stage.cli('up'))
    const payroll = await principal('Payroll')
    const key = keyUntil(payroll['keyCredentials'], first.expires)
    expect(payroll).toMatchObject({
      preferredSingleSignOnMode: 'saml',
      preferredTokenSigningKeyThumbprint: thumbprintOf(key),
      tags: [],
    })
    const { value } = await graph('GET', `/servicePrincipals/${payroll['id']}/claimsMappingPolicies`)
    expect(value).toMatchObject([{ displayName: 'Payroll claims' }])
    expect(await principal('Leads')).toMatchObject({
      applicationTemplateId: MARKETO,
      appRoles: [{ displayName: 'msiam_access' }],
      preferredSingleSignOnMode: 'saml',
      tags: ['WindowsAzureActiveDirectoryIntegratedApp'],
    })
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
    ok(await stage.pulumi('refresh', '--yes', '--expect-no-changes'))
    const verified = await stage.cli('verify', '--live', '--successes', '1')
    ok(verified)
    expect(verified.stdout).toContain(`signing certificate first`)
    const report = JSON.parse((await stage.cli('report', '--json')).stdout)
    expect(report.unrotated).toMatchObject([
      { app: 'leads', name: 'only', kind: 'signing' },
      { app: 'payroll', name: 'first', kind: 'signing', endDate: '2090-01-31T00:00:00Z' },
    ])
  })

  it('is seen when somebody lets another certificate sign, and moves to the next one without losing the first', async () => {
    const { id } = await principal('Payroll')
    await graph('PATCH', `/servicePrincipals/${id}`, { preferredTokenSigningKeyThumbprint: 'A'.repeat(40) })
    const verified = await stage.cli('verify', '--successes', '1')
    expect(verified.code, verified.output).toBe(1)
    expect(verified.output).toContain('SIGNING_CERTIFICATE_INACTIVE')
    await stage.declare(saml({ signingCertificates: { first, second }, activeCertificate: 'second' }))
    ok(await stage.cli('up'))
    const moved = await principal('Payroll')
    const next = keyUntil(moved['keyCredentials'], second.expires)
    expect(moved['preferredTokenSigningKeyThumbprint']).toBe(thumbprintOf(next))
    expect(keyUntil(moved['keyCredentials'], first.expires)).toBeDefined()
    await stage.declare(saml({ signingCertificates: { second } }))
    ok(await stage.cli('up'))
    const left = await principal('Payroll')
    expect(keyUntil(left['keyCredentials'], first.expires)).toBeDefined()
    expect(left['preferredTokenSigningKeyThumbprint']).toBe(thumbprintOf(next))
    const policies = await graph('GET', `/servicePrincipals/${left['id']}/claimsMappingPolicies`)
    expect(policies['value']).toEqual([])
    ok(await stage.pulumi('destroy', '--yes'))
  })
})
