import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeliveryError, type DeliveryOptions, openTarget } from '../../../scripts/delivery/index.ts'
import { type GithubEndpoint, openGithub } from './github-endpoint.ts'
import { delivery } from './support.ts'

/** The real client, over HTTP, against an endpoint that checks the token and holds the private key. */
describe('delivery to GitHub Actions', () => {
  let github: GithubEndpoint
  beforeEach(async () => {
    github = await openGithub('ghp_right')
  })
  afterEach(() => github.close())

  interface Given extends Pick<DeliveryOptions, 'requestMs'> {
    readonly environment?: string
    readonly token?: string
    readonly repository?: string
  }
  const open = ({ environment, token = 'ghp_right', repository = 'octo/app', ...more }: Given = {}) =>
    openTarget(
      { github: { repository, secret: 'ONEDRIVE', environment } },
      {
        ...more,
        projectDir: '.',
        env: { GITHUB_API_URL: github.url, ...(token && { GITHUB_TOKEN: token }) },
        azureCredential: () => expect.unreachable('GitHub needs no Azure login'),
      },
    )

  it('seals a repository secret for the key of GitHub', async () => {
    const target = open()
    const { version } = await target.deliver(delivery())
    expect(github.opened).toEqual(new Map([['/repos/octo/app/actions/secrets/ONEDRIVE', delivery().value]]))
    expect(github.bodies.join('')).not.toContain('NeverLogThis')
    expect(await target.holds(delivery(), version)).toBe('yes')
  })

  it('seals a secret of an environment', async () => {
    await open({ environment: 'production' }).deliver(delivery())
    expect([...github.opened.keys()]).toEqual(['/repos/octo/app/environments/production/secrets/ONEDRIVE'])
  })

  it('notices that somebody else wrote it since', async () => {
    const target = open()
    const { version } = await target.deliver(delivery())
    await open().deliver(delivery(2))
    expect(await target.holds(delivery(), version)).toBe('no')
    expect(await target.holds(delivery())).toBe('unknown')
  })

  it.each([
    ['no token', { token: '' }, /no token: set GITHUB_TOKEN or GH_TOKEN/],
    ['a wrong token', { token: 'ghp_wrong' }, /answered 401: .*not accepted/],
    ['another repository', { repository: 'octo/other' }, /answered 404: .*no such repository/],
  ])('says what is wrong with %s, and exposes nothing', async (_, given: Given, wanted) => {
    const target = open(given)
    const error: unknown = await target.deliver(delivery()).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DeliveryError)
    expect(error).toMatchObject({ exposed: false, message: expect.stringMatching(wanted) })
  })

  it.each([
    [403, false, /answered 403: .*may not write secrets/],
    ['lost-answer', true, /other side closed|fetch failed|socket/i],
  ] as const)('says of %s whether a consumer may have read it (%s)', async (how, exposed, wanted) => {
    github.failWrites(how)
    const error: unknown = await open()
      .deliver(delivery())
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ exposed, message: expect.stringMatching(wanted) })
    expect((error as Error).message).not.toContain('NeverLogThis')
  })

  it('does not wait for ever', async () => {
    github.failWrites('no-answer')
    const error = await open({ requestMs: 200 })
      .deliver(delivery())
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ exposed: true, message: expect.stringMatching(/timeout/) })
  })
})
