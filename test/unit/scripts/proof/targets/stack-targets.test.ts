import { describe, expect, it } from 'vitest'
import type { AppOutputs } from '../../../../../infra/contract/outputs.ts'
import { stackTargets } from '../../../../../scripts/proof/targets/stack-targets.ts'
import { PLAIN_APP } from '../../../../support/app-outputs.ts'

const issued = {
  generation: 1,
  phase: 'current',
  keyId: 'key',
  displayName: 'Main g1',
  endDate: '2027-01-01T00:00:00Z',
} as const

function targetOf(settings: AppOutputs['settings']) {
  const app: AppOutputs = { ...PLAIN_APP, settings, secrets: { main: [issued] } }
  const [target] = stackTargets({
    apps: { app },
    ledger: {},
    secretValues: { app: { main: { 1: 'value' } } },
  })
  return target?.credentials[0]?.target
}

describe('stackTargets', () => {
  it('say which applications are declared disabled', () => {
    expect(targetOf({ 'servicePrincipal.enabled': false })).toMatchObject({ isDisabled: true })
    expect(targetOf({})).not.toHaveProperty('isDisabled')
  })
})
