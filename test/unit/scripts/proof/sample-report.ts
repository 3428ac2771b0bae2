import { explain } from '../../../../scripts/proof/catalogue/index.ts'
import { failed, passed, skipped, warning } from '../../../../scripts/proof/checks/check.ts'
import type { AppProof, CredentialProof, ProofReport } from '../../../../scripts/proof/model/report.ts'
import { assemble } from '../../../../scripts/proof/report/assemble.ts'

const CREDENTIAL: CredentialProof & Pick<AppProof, 'verdict'> = {
  label: 'onedrive g1',
  kind: 'secret',
  keyId: '6f0a1f6e-64c5-4a5e-8a0a-0d2f9f0b5a11',
  endDate: '2026-08-28T12:00:00Z',
  verdict: 'proved',
  attempts: 1,
  waitedMs: 1204,
  stages: { token: 310, permissions: 310, probes: 480 },
  requests: { token: 1, graph: 1 },
  checks: [
    passed('token for Microsoft Graph', 'issued'),
    passed('GET /users?$top=1', '1 found: Ada | Lovelace <ada>'),
    skipped('GET /sites/root/drive?$select=id', 'this endpoint does not offer the call'),
    warning('expiry', '2026-08-28T12:00:00Z, in 12 d'),
  ],
}

const refused = explain({
  source: 'login',
  code: 'AADSTS7000215',
  status: 401,
  message: 'AADSTS7000215: Invalid client secret provided.\u0007 "quoted" & <marked>',
  support: { requestId: 'r-1', correlationId: 'c-1', traceId: 't-1', timestamp: '2026-03-01 12:00:00Z' },
})

const unreachable = explain({
  source: 'network',
  code: 'ECONNREFUSED',
  message: 'graph.example: connect ECONNREFUSED',
  support: {},
})

const app = (name: string, credential: CredentialProof & Pick<AppProof, 'verdict'>): AppProof => ({
  app: name,
  displayName: `The *${name}*`,
  tenantId: '11111111-1111-1111-1111-111111111111',
  clientId: '22222222-2222-2222-2222-222222222222',
  verdict: credential.verdict,
  checks: [passed('consent to application permissions', 'exactly Files.Read.All')],
  credentials: [credential],
})

/** A report with every kind of check in it. */
export const SAMPLE: ProofReport = assemble({
  apps: [
    app('file-manager', CREDENTIAL),
    app('listOrder', {
      ...CREDENTIAL,
      label: 'api g2',
      verdict: 'wrong',
      checks: [failed('token for Microsoft Graph', refused), failed('GET /organization', unreachable)],
    }),
    { ...app('empty', CREDENTIAL), checks: [], credentials: [] },
  ],
  checks: [warning('clock', 'CLOCK_SKEW: this machine is 600 s behind the tenant')],
  startedAt: new Date('2026-03-01T12:00:00.500Z'),
  endedAt: new Date('2026-03-01T12:00:03.750Z'),
  stack: 'dev',
})
