import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeliveryError, type DeliveryOptions, openTarget } from '../../../scripts/delivery/index.ts'
import { describeContract } from './contract.ts'
import { openFaultProxy } from './fault-proxy.ts'
import { type GithubEndpoint, openGithub, READER, WRITER } from './github-endpoint.ts'
import { delivery } from './support.ts'

interface Given extends Partial<DeliveryOptions> {
  readonly environment?: string
  readonly token?: string
  readonly repository?: string
}

const open = (url: string, { environment, token = WRITER, repository = 'octo/app', ...more }: Given = {}) =>
  openTarget(
    { github: { repository, secret: 'ONEDRIVE', environment } },
    {
      projectDir: '.',
      env: { GITHUB_API_URL: url, ...(token && { GITHUB_TOKEN: token }) },
      azureCredential: () => expect.unreachable('GitHub needs no Azure login'),
      ...more,
    },
  )

const SECRETS = '/repos/octo/app/actions/secrets'

// GitHub never shows a secret again, and says when it was updated.
describeContract(
  'GitHub Actions (a double of its protocol)',
  async () => {
    const { url, opened, close } = await openGithub()
    opened.set(`${SECRETS}/THEIRS`, 'stays')
    const proxy = await openFaultProxy(url)
    return {
      proxy,
      open: (more) => open(proxy.url, more),
      stored: async () => opened.get(`${SECRETS}/ONEDRIVE`),
      others: async () => [...opened].filter(([path]) => path !== `${SECRETS}/ONEDRIVE`),
      close,
    }
  },
  { tells: 'change' },
)

describe('delivery to GitHub Actions', () => {
  let github: GithubEndpoint
  beforeEach(async () => {
    github = await openGithub()
  })
  afterEach(() => github.close())

  it('seals a repository secret for the key of GitHub', async () => {
    const target = open(github.url)
    await target.deliver(delivery())
    expect(github.opened).toEqual(new Map([[`${SECRETS}/ONEDRIVE`, delivery().value]]))
    expect(github.bodies.join('')).not.toContain('NeverLogThis')
    expect(await target.holds(delivery())).toBe('unknown')
  })

  it('seals a secret of an environment', async () => {
    await open(github.url, { environment: 'production' }).deliver(delivery())
    expect([...github.opened.keys()]).toEqual(['/repos/octo/app/environments/production/secrets/ONEDRIVE'])
  })

  it.each([
    ['no token', { token: '' }, /no token: set GITHUB_TOKEN or GH_TOKEN/],
    ['a wrong token', { token: 'ghp_wrong' }, /answered 401: .*not accepted/],
    ['a token that may not write', { token: READER }, /answered 403: .*may not write secrets/],
    ['another repository', { repository: 'octo/other' }, /answered 404: .*no such repository/],
  ])('says what is wrong with %s, and exposes nothing', async (_, given: Given, wanted) => {
    const error: unknown = await open(github.url, given)
      .deliver(delivery())
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DeliveryError)
    expect(error).toMatchObject({ exposed: false, message: expect.stringMatching(wanted) })
  })
})
