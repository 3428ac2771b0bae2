import { describe, expect, it } from 'vitest'
import { readDeclaration } from '../../../../infra/rules/validate.ts'
import { publishedApisByName } from '../../../../microsoft/apis.ts'

/** Applications that each need the one before, with something of everything that rules compare over a stack. */
function chain(count: number, mistakes: boolean): Record<string, unknown> {
  const app = (i: number) => ({
    displayName: `App ${i}`,
    redirectUris: { web: [mistakes ? `http://app${i}.example.com/` : `https://app${i}.example.com/`] },
    identifierUris: [mistakes ? 'api://same' : `api://app${i}`],
    permissions: {
      'Microsoft Graph': { application: [mistakes ? `User.Raed.${i}` : 'User.Read.All'] },
      ...(i > 0 && { [`app-${i - 1}`]: { delegated: ['use'] } }),
    },
    scopes: { use: { admin: { displayName: 'Use', description: 'Use it' } } },
    knownClients: mistakes ? [`apq-${i}`] : [],
    assignments: [{ group: 'Everybody' }],
    secrets: {
      main: {
        displayName: 'Main',
        lifetime: '180d',
        rotateEvery: '90d',
        deliver: [{ dotenv: { file: mistakes ? '.env' : `${i}.env`, variable: 'SECRET' } }],
      },
    },
  })
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`app-${i}`, app(i)]))
}

/** Milliseconds of this process's own time; a busy machine makes it wait, and does not make it work more. */
function cost(count: number, mistakes: boolean): number {
  return costOf(chain(count, mistakes))
}

function costOf(apps: Record<string, unknown>): number {
  const { user } = process.cpuUsage()
  readDeclaration(apps, { catalogue: publishedApisByName() })
  return (process.cpuUsage().user - user) / 1000
}

describe.each([false, true])('a stack of thousands of applications (with mistakes: %s)', (mistakes) => {
  it('takes four times as long when it is four times as large', { timeout: 120_000 }, () => {
    cost(200, mistakes)
    const ratio = cost(2000, mistakes) / cost(500, mistakes)
    // Four, and what the garbage collector adds; the square would be 16.
    expect(ratio).toBeLessThan(9)
  })
})

it('reads a stack whose applications all have a misspelt setting about as fast as one without', () => {
  const right = chain(500, false)
  const misspelt = Object.fromEntries(
    Object.entries(right).map(([name, app]) => [name, { ...(app as object), redirectURIs: {} }]),
  )
  costOf(misspelt)
  expect(costOf(misspelt) / costOf(right)).toBeLessThan(4)
})

it('judges a chain of any length', { timeout: 60_000 }, () => {
  const read = readDeclaration(chain(6000, false))
  expect(read.ok ? [] : read.problems.map(({ code }) => code)).toEqual(['EA608'])
})
