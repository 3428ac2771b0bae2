import { describe, expect, it } from 'vitest'
import { type VerifyOptions, verify } from '../../../../scripts/proof/public.ts'

const client = {
  tenantId: 't',
  clientId: 'c',
  credential: { kind: 'secret', value: 'not-to-be-seen' },
} as const
const outputs = { apps: {}, ledger: {}, secretValues: {} }

describe('verify of entra-apps/verify', () => {
  it.each<[string, object, string]>([
    ['a client beside outputs', { outputs, client }, '"client" cannot stand beside "outputs"'],
    [
      'expectations beside outputs',
      { outputs, expect: [], probes: ['GET /users'], changedAt: new Date() },
      '"expect", "probes", "changedAt" cannot stand beside "outputs"',
    ],
    ['a comparison of one credential', { client, live: true }, '"live" can only stand beside "outputs"'],
    ['the expiry of one credential', { failWithinMs: 1 }, '"failWithinMs" can only stand beside "outputs"'],
    ['an option that there is not', { output: outputs }, 'unknown option "output": did you mean "outputs"'],
    ['a date that is none', { client, changedAt: new Date('soon') }, '"changedAt" is not a valid date'],
    ['outputs of nothing', { outputs }, '"outputs" have no application'],
    ['outputs without secrets', { outputs: { ...outputs, secretValues: '[secret]' } }, 'secretValues'],
  ])('refuses %s, and asks nobody', async (_, options, said) => {
    const refused = await verify({ env: {}, ...options } as VerifyOptions).catch((error) => error)
    expect(refused).toMatchObject({ name: 'CommandError', code: 'BAD_OPTIONS' })
    expect(refused.message).toContain(said)
    expect(refused.message).not.toContain('not-to-be-seen')
  })

  it('takes an option that asks for nothing for one that is not there', async () => {
    const options = {
      env: {},
      client: undefined,
      outputs: undefined,
      live: false,
    } as unknown as VerifyOptions
    await expect(verify(options)).rejects.toMatchObject({ code: 'NO_CREDENTIAL' })
  })
})
