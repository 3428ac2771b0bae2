import { expect, it } from 'vitest'
import { withoutLogSettings } from '../../../../scripts/stack/log-settings.ts'

it('takes settings that write logs with secrets from children, and says so', () => {
  const notes: string[] = []
  const env = {
    PATH: '/bin',
    PULUMI_OPTION_DEBUG: 'true',
    PULUMI_OPTION_VERBOSE: '11',
    PULUMI_OPTION_LOGTOSTDERR: '1',
    PULUMI_OPTION_PARALLEL: '4',
    PULUMI_DEBUG_GRPC: '/tmp/grpc.json',
    TF_LOG_PROVIDER: 'trace',
    GODEBUG: 'http2debug=2',
  }
  expect(withoutLogSettings(env, (line) => notes.push(line))).toEqual({
    PATH: '/bin',
    PULUMI_OPTION_PARALLEL: '4',
  })
  expect(notes).toEqual([
    'Not passed on, since logs of Pulumi and its plugins hold secrets: GODEBUG, PULUMI_DEBUG_GRPC, PULUMI_OPTION_DEBUG, PULUMI_OPTION_LOGTOSTDERR, PULUMI_OPTION_VERBOSE, TF_LOG_PROVIDER.',
  ])
})

it('says nothing, and takes nothing, without any', () => {
  const env = { PATH: '/bin', GODEBUG: 'x509sha1=1' }
  expect(withoutLogSettings(env, () => expect.unreachable())).toBe(env)
})
