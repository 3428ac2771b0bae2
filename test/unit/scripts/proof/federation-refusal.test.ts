import { describe, expect, it } from 'vitest'
import type { Failure } from '../../../../scripts/proof/catalogue/failure.ts'
import { besideDeclared } from '../../../../scripts/proof/checks/federation-refusal.ts'

const refused = (claim: string, presented: string, source: Failure['source'] = 'login'): Failure => ({
  source,
  code: 'AADSTS700213',
  message: `No matching federated identity record found for presented assertion ${claim} '${presented}'.`,
  support: {},
})
const main = {
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:contoso/files:ref:refs/heads/main',
  audience: 'api://AzureADTokenExchange',
}
const said = (failure: Failure, trusted: Parameters<typeof besideDeclared>[1]) =>
  besideDeclared(failure, trusted).message.slice(failure.message.length)

describe('a refusal of a token of another issuer', () => {
  it('shows presented and declared subject, and where they part', () => {
    expect(said(refused('subject', 'repo:contoso@1/files@2:ref:refs/heads/main'), { main })).toBe(
      ' The token presents subject "repo:contoso@1/files@2:ref:refs/heads/main"; declared: main "repo:contoso/files:ref:refs/heads/main" (from character 13 on: "@1/files@2:ref:refs/head…" instead of "/files:ref:refs/heads/ma…")',
    )
  })

  it.each([
    [
      'issuer',
      `${main.issuer}/`,
      /issuer ".*main "https:\S+" \(from character 44 on: "\/" instead of the end\)$/,
    ],
    ['audience', 'api://other', /audience "api:\/\/other"; declared: main "api:\/\/Azure/],
    ['subject', main.subject.toUpperCase(), /\(only the case differs, from character 1 on/],
    [
      'subject',
      main.subject,
      /exactly this: the directory holds another one, or not every server knows it yet$/,
    ],
  ])('says what is wrong with the %s %s', (claim, presented, wanted) => {
    expect(said(refused(claim, presented), { main })).toMatch(wanted)
  })

  it('names every credential, those with an expression too', () => {
    const { subject: _, ...others } = main
    const any = { ...others, expression: "claims['sub'] matches 'repo:contoso/*'" }
    expect(said(refused('subject', 'repo:x'), { main, any })).toMatch(
      /declared: main ".*\); any with the expression claims\['sub'\] matches/,
    )
  })

  it('stays as it is when nothing is declared, or it says something else', () => {
    expect(said(refused('subject', 'repo:x'), {})).toBe('')
    expect(said(refused('subject', 'repo:x', 'graph'), { main })).toBe('')
    const other = { ...refused('subject', ''), message: 'Invalid client secret.' }
    expect(besideDeclared(other, { main })).toEqual(other)
  })
})
