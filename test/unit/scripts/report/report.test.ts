import { createHash } from 'node:crypto'
import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import type { AppOutputs } from '../../../../infra/contract/outputs.ts'
import type { Generation } from '../../../../infra/rotation/generation.ts'
import type { LastProofs } from '../../../../scripts/proof/last-proofs.ts'
import {
  credentialReport,
  type ReportInput,
  reportCredentials,
} from '../../../../scripts/report/credentials.ts'
import { summaryOf, tablesOf } from '../../../../scripts/report/describe.ts'
import { renderReportHtml } from '../../../../scripts/report/html.ts'
import { renderReportMarkdown } from '../../../../scripts/report/markdown.ts'
import { renderReportText } from '../../../../scripts/report/text.ts'
import { renderTimeline } from '../../../../scripts/report/timeline.ts'
import { PLAIN_APP } from '../../../support/app-outputs.ts'
import { DAY, MONTHLY } from '../../infra/rotation/support.ts'

const generation = (
  number: number,
  phase: Generation['phase'],
  more: Partial<Generation> = {},
): Generation => ({
  generation: number,
  phase,
  issuedAt: `2026-0${number}-01T00:00:00Z`,
  endDate: `2026-0${number + 3}-01T00:00:00Z`,
  keyId: `key-${number}`,
  ...more,
})

/** One retired, one in its overlap, one current, one half done. */
const GENERATIONS = [
  generation(1, 'retired', {
    currentSince: '2026-01-01T00:00:00Z',
    previousSince: '2026-02-01T00:00:00Z',
    retireAfter: '2026-02-08T00:00:00Z',
    retiredAt: '2026-02-08T00:00:00Z',
    ended: 'superseded',
  }),
  generation(2, 'previous', {
    currentSince: '2026-02-01T00:00:00Z',
    previousSince: '2026-03-01T00:00:00Z',
    retireAfter: '2026-03-08T00:00:00Z',
    ended: 'superseded',
  }),
  generation(3, 'current', {
    currentSince: '2026-03-01T00:00:00Z',
    provedAt: '2026-03-01T00:00:00Z',
    deliveries: [{ target: 'dotenv:.env#A', at: '2026-03-01T00:00:00Z', keyId: 'key-3', version: 'v1' }],
  }),
]

const report = (more: Partial<ReportInput> = {}, generations: readonly Generation[] = GENERATIONS) =>
  reportCredentials({
    outputs: { apps: {}, ledger: { files: { main: [...generations] } } },
    policies: { files: { main: MONTHLY } },
    lastUses: undefined,
    now: new Date('2026-03-05T00:00:00Z'),
    ...more,
  })
const attention = (made: ReturnType<typeof report>) => made.credentials.map((each) => each.attention)
const plain = pc.createColors(false)

describe('the report', () => {
  it('fits its schema, retired generations included', () => {
    const made = report({ stack: 'dev', lastUses: new Map([['key-3', new Date('2026-03-04T00:00:00Z')]]) })
    expect(credentialReport.parse(JSON.parse(JSON.stringify(made)))).toEqual(made)
    expect(made.credentials.map(({ generation: number, phase }) => `g${number} ${phase}`)).toEqual([
      'g1 retired',
      'g2 previous',
      'g3 current',
    ])
    expect(made.credentials[2]).toMatchObject({
      dueAt: '2026-03-31T00:00:00.000Z',
      lastUsedAt: '2026-03-04T00:00:00.000Z',
      deliveries: [{ target: 'dotenv:.env#A', at: '2026-03-01T00:00:00Z', version: 'v1' }],
    })
  })

  it('says what to look at', () => {
    expect(attention(report())).toEqual([undefined, undefined, undefined])
    const late = { now: new Date('2026-04-02T00:00:00Z') }
    expect(attention(report(late))).toEqual([
      undefined,
      'it may be retired: run `rotate`',
      'its rotation is due: run `rotate`',
    ])
    const used = new Map([['key-2', new Date('2026-03-20T00:00:00Z')]])
    expect(attention(report({ ...late, lastUses: used }))[1]).toMatch(/something still used it since/)
    expect(attention(report({ now: new Date('2026-12-01T00:00:00Z') }))[2]).toBe('it has expired')
    expect(attention(report({}, [...GENERATIONS, generation(4, 'issued')]))[3]).toMatch(/has not finished/)
  })

  it.each([
    [87, 0],
    [88, 1],
  ])('fails for a current credential that ends within %i days: %i', (days, failing) => {
    expect(report({ failWithin: days * DAY }).failing).toBe(failing)
  })

  it('is a table for people', () => {
    expect(renderReportText(report(), plain)).toMatchInlineSnapshot(`
      "┌───────────────┬─────────────────────────────┬─────────┬────────────────────────┬────────────┬──────────────┬───────────────┬───────────┐
      │ credential    │ phase                       │ age     │ ends                   │ proved     │ last used    │ delivered to  │ attention │
      ├───────────────┼─────────────────────────────┼─────────┼────────────────────────┼────────────┼──────────────┼───────────────┼───────────┤
      │ files/main g2 │ previous (until 2026-03-08) │ 32 days │ 2026-05-01, in 57 days │ –          │ not reported │ –             │           │
      ├───────────────┼─────────────────────────────┼─────────┼────────────────────────┼────────────┼──────────────┼───────────────┼───────────┤
      │ files/main g3 │ current                     │ 4 days  │ 2026-06-01, in 88 days │ 2026-03-01 │ not reported │ dotenv:.env#A │           │
      └───────────────┴─────────────────────────────┴─────────┴────────────────────────┴────────────┴──────────────┴───────────────┴───────────┘
      2 live credentials, no findings; when they were last used is not known: AuditLog.Read.All is needed, and Microsoft Entra ID P1 or P2."
    `)
  })

  it('is Markdown for a job summary', () => {
    const made = report({ stack: 'dev', failWithin: 100 * DAY }, [
      generation(3, 'current', {
        deliveries: [{ target: 'exec:sh -c a|b', at: '2026-03-01T00:00:00Z', keyId: 'key-3' }],
      }),
    ])
    expect(renderReportMarkdown(made)).toMatchInlineSnapshot(`
      "## Credentials of stack \`dev\`

      ❌ 1 live credential, 1 to look at; when they were last used is not known: AuditLog.Read.All is needed, and Microsoft Entra ID P1 or P2.

      | credential | phase | age | ends | proved | last used | delivered to | attention |
      |---|---|---|---|---|---|---|---|
      | files/main g3 | current | 4 days | 2026-06-01, in 88 days | – | not reported | exec:sh -c a\\|b | it ends too soon |
      "
    `)
  })
})

describe('given certificates and federated credentials', () => {
  const certificate = (endDate: string) => ({
    keyId: 'key-c',
    thumbprint: 'AB'.repeat(20),
    subject: 'CN=partner',
    endDate,
  })
  const app = (endDate: string): AppOutputs => ({
    ...PLAIN_APP,
    certificates: {
      partner: [certificate(endDate)],
      signing: [{ ...certificate(endDate), generation: 1, phase: 'current' }],
    },
    federatedCredentials: {
      'ci-main': {
        issuer: 'https://issuer.example',
        subject: 'ci',
        audience: 'api://AzureADTokenExchange',
        since: '2026-01-01T00:00:00Z',
      },
    },
  })
  const made = (endDate = '2027-03-05T00:00:00Z', failWithin = 0) =>
    report({ outputs: { apps: { files: app(endDate) }, ledger: {} }, failWithin })

  it('are listed, those that are made here apart, which are in the ledger', () => {
    expect(credentialReport.parse(JSON.parse(JSON.stringify(made())))).toEqual(made())
    expect(made().unrotated.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'partner certificate',
      'ci-main federated',
    ])
    expect(renderReportText(made(), plain)).toMatch(
      /files\/partner +│ given certificate │ – +│ 2027-03-05, in 365 days[\s\S]*files\/ci-main +│ federated/,
    )
    expect(renderReportText(made(), plain)).toMatch(/2 live credentials, no findings/)
  })

  it.each([
    ['2026-04-04T00:00:00Z', undefined],
    ['2026-04-03T23:59:59Z', 'it expires soon: declare the next one beside it'],
    ['2026-03-05T00:00:00Z', 'it has expired'],
  ])('ending on %s: %s', (endDate, said) => {
    expect(made(endDate).unrotated[0]?.attention).toBe(said)
  })

  it.each([
    ['2026-04-04T00:00:00Z', 29, 0],
    ['2026-04-04T00:00:00Z', 30, 1],
    ['2026-03-05T00:00:00Z', 0, 1],
  ])('ending on %s fail the report within %i days: %i', (endDate, within, failing) => {
    expect(made(endDate, within * DAY).failing).toBe(failing)
  })
})

describe('what `verify` found', () => {
  const AT = '2026-03-04T00:00:00.000Z'
  const found = (verdict: 'proved' | 'wrong' | 'couldNotRun', credential = verdict): LastProofs =>
    new Map([
      [
        PLAIN_APP.clientId,
        {
          schemaVersion: 1,
          app: { at: AT, verdict, ...(verdict === 'proved' && { provedAt: AT }) },
          credentials: Object.fromEntries(
            ['key-2', 'key-3', 'ci-main'].map((key) => [
              key,
              { at: AT, verdict: credential, ...(credential === 'proved' && { provedAt: AT }) },
            ]),
          ),
        },
      ],
    ])
  const app: AppOutputs = {
    ...PLAIN_APP,
    federatedCredentials: {
      'ci-main': {
        issuer: 'https://issuer.example',
        subject: 'ci',
        audience: 'a',
        since: '2026-03-01T00:00:00Z',
      },
    },
  }
  const made = (proofs: LastProofs, apps = { files: app }) =>
    report({ proofs, outputs: { apps, ledger: { files: { main: [...GENERATIONS] } } } })
  const proofs = (of: ReturnType<typeof report>) => tablesOf(of)[0]!.rows.map(({ cells }) => cells[4])

  it('stands beside each credential and application', () => {
    const proved = made(found('proved'))
    expect(credentialReport.parse(proved)).toEqual(proved)
    expect(proofs(proved)).toEqual(['2026-03-04', '2026-03-04', '2026-03-04'])
    expect(proved.credentials[2]).toMatchObject({ provedAt: AT, lastVerified: { at: AT, verdict: 'proved' } })
    expect(proved.credentials[0]).not.toHaveProperty('lastVerified')
    for (const shown of [renderReportText(proved, plain), renderReportMarkdown(proved)])
      expect(shown).toMatch(/[│|] files +[│|] c +[│|] 2026-03-04 +[│|]/)
    expect(renderReportHtml(proved)).toMatch(
      /Applications[\s\S]*<td>files<\/td><td>c<\/td><td>2026-03-04<\/td>/,
    )
    expect(summaryOf(proved)).toMatch(/^3 live credentials, no findings;/)
  })

  it('is something to look at when it was wrong, later than its rotation proved it', () => {
    const wrong = made(found('wrong'))
    expect(proofs(wrong)).toEqual([
      'wrong on 2026-03-04',
      'wrong on 2026-03-04, proved on 2026-03-01',
      'wrong on 2026-03-04',
    ])
    expect(attention(wrong)).toEqual([undefined, expect.stringMatching(/^`verify`/), expect.any(String)])
    expect(wrong).toMatchObject({
      failing: 0,
      applications: [{ app: 'files', attention: expect.any(String) }],
    })
    expect(summaryOf(wrong)).toMatch(/^3 live credentials, 3 to look at, 1 application not proved;/)
    const consent = made(found('wrong', 'proved'))
    expect(summaryOf(consent)).toMatch(/^3 live credentials, 1 application not proved;/)
  })

  it('is no finding when it could not be asked', () => {
    const unasked = made(found('couldNotRun'))
    expect(proofs(unasked)[1]).toBe('not asked on 2026-03-04, proved on 2026-03-01')
    expect(summaryOf(unasked)).toMatch(/no findings/)
  })

  it('is of no other application, nor of a federated credential that was declared otherwise since', () => {
    const { 'ci-main': trusted } = app.federatedCredentials
    const later = {
      ...app,
      federatedCredentials: { 'ci-main': { ...trusted!, since: '2026-03-05T00:00:00Z' } },
    }
    expect(proofs(made(found('wrong'), { files: later }))[2]).toBe('–')
    const other = made(found('wrong'), { files: { ...app, clientId: 'another' } })
    expect(proofs(other)).toEqual(['–', '2026-03-01', '–'])
    expect(renderReportText(other, plain)).not.toContain('client id')
  })

  it('is older than what a later rotation proved', () => {
    const generations = GENERATIONS.map((each) => ({ ...each, provedAt: '2026-03-04T12:00:00Z' }))
    const rotated = report({
      proofs: found('wrong'),
      outputs: { apps: { files: app }, ledger: { files: { main: generations } } },
    })
    expect(attention(rotated)).toEqual([undefined, undefined, undefined])
  })
})

describe('the page', () => {
  it('draws a lane for each generation, with what it was and when', () => {
    const svg = renderTimeline(report())
    expect(svg.match(/class="generation"/g)).toHaveLength(3)
    expect(svg).toContain(
      'files/main g2: issued 2026-02-01, current 2026-02-01, previous 2026-03-01, ends 2026-05-01',
    )
    expect(svg.match(/rect class="previous"/g)).toHaveLength(2)
    expect(svg.match(/rect class="ahead"/g)).toHaveLength(2)
  })

  it('draws overlaps where both generations were valid', () => {
    const svg = renderTimeline(report())
    const bar = (number: number, kind: string) => {
      const lane = svg.split('class="generation"').find((part) => part.includes(`main g${number}:`)) ?? ''
      const [, x, width] =
        new RegExp(`class="${kind}" x="([\\d.]+)" y="[\\d.]+" width="([\\d.]+)"`).exec(lane) ?? []
      return { from: Number(x), to: Number(x) + Number(width) }
    }
    expect(bar(1, 'previous').from).toBeCloseTo(bar(2, 'current').from, 0)
    expect(bar(1, 'previous').to).toBeGreaterThan(bar(2, 'current').from)
  })

  it('asks for nothing from anywhere, and runs its own script only', () => {
    const html = renderReportHtml(report())
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(html) ?? []
    expect(policy).toMatch(/^default-src &#39;none&#39;;/)
    const scripts = [...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text)
    expect(scripts).toHaveLength(1)
    const hash = createHash('sha256')
      .update(scripts[0] ?? '')
      .digest('base64')
    expect(policy).toContain(`script-src &#39;sha256-${hash}&#39;`)
    expect(html.replace(scripts[0] ?? '', '')).not.toMatch(/<link|src=|href=|url\(|@import/)
  })

  it('shows names as text, whatever they hold', () => {
    const made = reportCredentials({
      outputs: { apps: {}, ledger: { '<img src=x onerror=alert(1)>': { main: [generation(1, 'current')] } } },
      policies: {},
      lastUses: undefined,
      now: new Date('2026-03-05T00:00:00Z'),
    })
    expect(renderReportHtml(made)).not.toContain('<img')
    expect(renderReportMarkdown(made)).not.toContain('<img')
  })

  it('lists what a killed run issued and did not record', () => {
    const made = report({
      unrecorded: [
        {
          app: 'files',
          secret: 'main',
          generation: 4,
          kind: 'secret',
          keyId: 'key-4',
          startDate: '2026-03-04T00:00:00Z',
          endDate: '2026-06-04T00:00:00Z',
        },
      ],
    })
    expect(credentialReport.parse(made)).toEqual(made)
    expect(made.credentials.at(-1)).toMatchObject({
      generation: 4,
      phase: 'issued',
      issuedAt: '2026-03-04T00:00:00Z',
    })
    expect(renderReportText(made, plain)).toMatch(/files\/main g4.*it is not recorded/s)
  })

  it('has a page even for a stack without secrets', () => {
    const made = reportCredentials({
      outputs: { apps: {}, ledger: {} },
      policies: {},
      lastUses: undefined,
      now: new Date('2026-03-05T00:00:00Z'),
    })
    expect(renderReportHtml(made)).toContain('0 live credentials')
  })
})

describe('applications at their end', () => {
  const DELETE_FROM = '2026-04-04T00:00:00Z'
  const retired: AppOutputs = {
    ...PLAIN_APP,
    retirement: { since: '2026-03-05T00:00:00Z', deleteFrom: DELETE_FROM },
    certificates: {
      partner: [{ keyId: 'c', thumbprint: 'AB', subject: 'CN=p', endDate: '2026-03-06T00:00:00Z' }],
    },
  }
  const GONE = { displayName: 'Old', clientId: 'c', objectId: 'o', servicePrincipalId: 's' }
  const deletedApps = { old: { ...GONE, at: '2026-03-01T00:00:00Z' } }
  const made = (more: Partial<ReportInput> = {}) =>
    report({
      outputs: { apps: { files: retired }, ledger: { files: { main: GENERATIONS } }, deletedApps },
      ...more,
    })
  const due = { now: new Date(DELETE_FROM) }

  it('are listed with what is to be done', () => {
    expect(credentialReport.parse(JSON.parse(JSON.stringify(made())))).toEqual(made())
    expect(made().retirements).toEqual([
      {
        app: 'files',
        phase: 'disabled',
        since: '2026-03-05T00:00:00Z',
        deleteFrom: DELETE_FROM,
        due: false,
        next: 'run `retire files` from then on',
      },
      {
        app: 'old',
        phase: 'deleted',
        since: '2026-03-01T00:00:00Z',
        restorableUntil: '2026-03-31T00:00:00Z',
        due: false,
      },
    ])
    const [files] = made(due).retirements
    expect(files).toMatchObject({ due: true, next: 'run `retire files`, which deletes it' })
    const [, old] = made({ policies: { old: {} } }).retirements
    expect(old?.next).toBe('remove it from the declaration')
  })

  it('are in every form of it', () => {
    const uses = [{ what: 'signed in by itself', at: '2026-02-20T12:00:00Z' }]
    const before = made({ usages: new Map([['files', { uses, unknown: [] }]]) })
    expect(renderReportText(before, plain)).toMatch(
      /files +│ 2026-03-05 +│ 2026-04-04, in 30 days +│ 2026-02-20: signed in by itself +│ run `retire files` from then on/,
    )
    expect(renderReportText(before, plain)).toMatch(/old +│ – +│ 2026-03-01, restorable until 2026-03-31/)
    expect(summaryOf(before)).toMatch(/^3 live credentials, 2 applications at their end, no findings/)
    const at = made({ ...due, usages: new Map([['files', { uses: [], unknown: [] }]]) })
    expect(renderReportMarkdown(at)).toContain(
      '| files | 2026-03-05 | 2026-04-04, due | never | run \\`retire files\\`, which deletes it |',
    )
    expect(summaryOf(at)).toContain('1 to look at')
    const page = renderReportHtml(at)
    expect(page).toMatch(/<h2>Applications at their end<[\s\S]*<td>files<\/td>/)
    expect(renderReportHtml(report())).not.toContain('at their end')
  })

  it.each([
    ['nobody may ask', undefined],
    ['the tenant does not tell', new Map([['files', { uses: [], unknown: ['not known'] }]])],
  ])('are not said to be unused where %s', (_, usages) => {
    expect(renderReportText(made(usages && { usages }), plain)).toMatch(/in 30 days +│ not reported/)
  })

  it('have no credential that somebody should look at: nobody renews it', () => {
    const late = made({ now: new Date('2027-01-01T00:00:00Z'), failWithin: DAY })
    expect(
      [...late.credentials, ...late.unrotated].filter((each) => each.attention || 'dueAt' in each),
    ).toEqual([])
    expect(late.failing).toBe(0)
  })
})

describe('what the directory holds', () => {
  const held = (...keyIds: string[]) =>
    new Map([
      [
        'files',
        new Map(
          keyIds.map((keyId) => [
            keyId,
            { kind: 'secret' as const, displayName: 'Main', endDate: undefined },
          ]),
        ),
      ],
    ])

  it('fails the report where it lacks a current secret', () => {
    const made = report({ held: held('key-2') })
    expect(made.failing).toBe(1)
    expect(made.credentials.find(({ phase }) => phase === 'current')).toMatchObject({
      gone: true,
      failing: true,
    })
    expect(renderReportText(made, pc.createColors(false))).toContain(
      'somebody deleted it from the directory: run `rotate`',
    )
  })

  it('is said where it lacks one in its overlap, whose successor serves', () => {
    const made = report({ held: held('key-3') })
    expect(made.failing).toBe(0)
    expect(attention(made)).toEqual([undefined, 'somebody deleted it from the directory', undefined])
  })

  it('shows secrets and certificates that somebody else made, which fail nothing', () => {
    const foreign = [
      {
        app: 'files',
        keyId: 'a',
        kind: 'secret',
        displayName: 'made in the portal',
        endDate: '2026-03-06T00:00:00Z',
      },
      { app: 'files', keyId: 'b', kind: 'certificate', displayName: '', endDate: undefined },
    ] as const
    const made = report({
      foreign,
      lastUses: new Map([['a', new Date('2026-03-04T00:00:00Z')]]),
      failWithin: 30 * DAY,
    })
    expect(credentialReport.parse(made)).toEqual(made)
    expect(made.unrotated).toMatchObject([
      {
        name: 'made in the portal',
        kind: 'secret',
        foreign: true,
        lastUsedAt: '2026-03-04T00:00:00.000Z',
        failing: false,
      },
      { name: 'b', kind: 'certificate', foreign: true, failing: false },
    ])
    const shown = renderReportText(made, pc.createColors(false))
    expect(shown).toMatch(/files\/made in the portal.*foreign secret.*2026-03-06.*in no state.*key id a/)
    expect(shown).toMatch(/files\/b.*foreign certificate.*key id b/)
  })
})
