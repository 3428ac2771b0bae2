import { describe, expect, it } from 'vitest'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import { packageSchema } from '../../../../scripts/provider/package-schema.ts'
import { PackageTypes } from '../../../../scripts/provider/package-types.ts'

const schema = JSON.parse(packageSchema())

describe('the schema of the Pulumi package', () => {
  it('has every setting of a declaration as an input, and the types that they refer to', () => {
    const component = schema.resources['entra-apps:index:AppRegistration']
    expect(Object.keys(component.inputProperties)).toEqual(Object.keys(appDeclaration.shape))
    expect(component.requiredInputs).toEqual(['displayName'])
    const referred = packageSchema().matchAll(/"\$ref": "#\/types\/([^"]+)"/g)
    expect(new Set([...referred].map(([, token]) => token))).toEqual(new Set(Object.keys(schema.types)))
  })

  it('marks what holds secret values', () => {
    const { properties } = schema.resources['entra-apps:index:AppRegistration']
    const secret = Object.keys(properties).filter((name) => properties[name].secret)
    expect(secret).toEqual(['currentSecrets', 'secretValues'])
  })

  it('says what is changed by replacing it', () => {
    const { inputProperties } = schema.resources['entra-apps:index:SitePermission']
    const replacing = Object.keys(inputProperties).filter(
      (name) => inputProperties[name].willReplaceOnChanges,
    )
    expect(replacing).toEqual(['siteUrl', 'clientId', 'tenantId'])
  })

  it('asks of a resource what the environment cannot tell, and promises what the state keeps', () => {
    const { requiredInputs, required } = schema.resources['entra-apps:index:ActiveSigningCertificate']
    expect(requiredInputs).toEqual(['servicePrincipalId', 'thumbprint'])
    expect(required).toEqual(['servicePrincipalId', 'thumbprint', 'tenantId'])
  })
})

describe('types of a package', () => {
  const text = { type: 'string' }

  it('are shared where they are equal, and have more of their path in the name where they differ', () => {
    const types = new PackageTypes('p:index:')
    const owner = { type: 'object', properties: { name: text } }
    const { properties } = types.object({
      properties: {
        owner,
        team: { type: 'object', properties: { owner } },
        firm: { type: 'object', properties: { owner: { ...owner, required: ['name'] } } },
        owners: { type: 'array', items: owner },
      },
    })
    expect(Object.keys(types.all)).toEqual([
      'p:index:Owner',
      'p:index:Team',
      'p:index:FirmOwner',
      'p:index:Firm',
    ])
    expect(properties['owners']).toEqual({ type: 'array', items: { $ref: '#/types/p:index:Owner' } })
  })

  it('take whole numbers for integers where every language can hold them', () => {
    const types = new PackageTypes('p:index:')
    const typeOf = (each: object) => types.type(each, []).type
    expect(typeOf({ type: 'integer', maximum: 9007199254740991 })).toBe('number')
    expect(typeOf({ type: 'integer', maximum: 10 })).toBe('integer')
    expect(typeOf({ type: 'number', enum: [1, 2] })).toBe('integer')
    expect(types.type({ type: 'object', additionalProperties: {} }, [])).toEqual({
      type: 'object',
      additionalProperties: { $ref: 'pulumi.json#/Any' },
    })
  })

  it('are described with their values and default', () => {
    const types = new PackageTypes('p:index:')
    const description = (each: object) => types.property(each, []).description
    expect(description({ type: 'string', enum: ['a', 'b'], default: 'a' })).toBe('One of: a, b. Default: a.')
    expect(description({ type: 'string', description: 'Its name', default: 'x' })).toBe(
      'Its name. Default: x.',
    )
    expect(description({ ...text, description: 'Its name. Default: none', default: 'x' })).toBe(
      'Its name. Default: none.',
    )
    expect(description(text)).toBeUndefined()
  })
})
