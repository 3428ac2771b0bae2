import { describe, expect, it } from 'vitest'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import { DeliveryError, type DeliveryTarget } from '../../../../scripts/delivery/index.ts'
import {
  confirm,
  deliverTo,
  deliveryOf,
  targetsOf,
  unconfirmed,
} from '../../../../scripts/rotation/deliver.ts'
import { RecordingTarget, RUN, twoGenerations } from './two-generations.ts'

const outputs = twoGenerations()
const name = { app: 'files', secret: 'main' }
const delivery = deliveryOf(name, 2, outputs)
const AT = '2026-03-31T10:20:30Z'
const ports = (later = outputs) => ({
  stack: { outputs: async () => later } as never,
  run: RUN,
  now: () => new Date(AT),
})
const takenOver = twoGenerations({ run: 'another' })

describe('what consumers need', () => {
  it('is the value of a generation with what belongs to it', () => {
    expect(delivery).toEqual({
      ...name,
      kind: 'secret',
      generation: 2,
      tenantId: 't',
      clientId: 'c',
      keyId: 'key-2',
      endDate: '2026-05-30T10:20:30Z',
      value: 'value-2',
    })
  })

  it('is said to be of a certificate where it is one', () => {
    const files = outputs.apps['files']
    if (!files) throw new Error('there is one')
    const pair = {
      generation: 1,
      keyId: 'k',
      thumbprint: 'AB',
      subject: 'CN=a',
      endDate: '2026-05-30T10:20:30Z',
    }
    const apps = { files: { ...files, secrets: {}, certificates: { main: [pair] } } }
    expect(deliveryOf(name, 1, { ...outputs, apps })).toMatchObject({
      kind: 'certificate',
      keyId: 'k',
      value: 'value-1',
    })
  })

  it.each<[string, { app: string; secret: string }, number, Partial<typeof outputs>]>([
    ['the application', { ...name, app: 'mail' }, 2, {}],
    ['the credential', { ...name, secret: 'other' }, 2, {}],
    ['the generation', name, 3, {}],
    ['any value', name, 2, { secretValues: {} }],
    ['a value of the application', name, 2, { secretValues: { files: {} } }],
    ['its value', name, 2, { secretValues: { files: { main: { 1: 'value-1' } } } }],
    ['a fact about it', name, 2, { apps: {} }],
  ])('is nothing where the stack lacks %s', (_, wanted, generation, lacking) => {
    expect(() => deliveryOf(wanted, generation, { ...outputs, ...lacking })).toThrow(
      new RangeError(`The stack holds no value for g${generation} of ${wanted.app}/${wanted.secret}`),
    )
  })
})

describe('the targets of a credential', () => {
  const dotenv = (variable: string) => ({ dotenv: { file: '.env', variable } })
  const files = appDeclaration.parse({
    displayName: 'Files',
    secrets: { main: { displayName: 'Main', lifetime: '90d', deliver: [dotenv('A'), dotenv('B')] } },
  })
  const idsOf = (wanted: { app: string; secret: string }, only?: string[]) => {
    const open = ({ dotenv }: { dotenv?: { variable: string } | undefined }) =>
      new RecordingTarget(dotenv?.variable ?? '')
    return targetsOf(wanted, { files }, open, only).map(({ id }) => id)
  }

  it('are those it is declared with, or some of them', () => {
    expect(idsOf(name)).toEqual(['A', 'B'])
    expect(idsOf(name, ['dotenv:.env#B'])).toEqual(['B'])
  })

  it('are none of what is not declared', () => {
    expect(idsOf({ ...name, app: 'mail' })).toEqual([])
    expect(idsOf({ ...name, secret: 'other' })).toEqual([])
  })
})

describe('a delivery to several targets', () => {
  it('is recorded for each, with the version where there is one', async () => {
    const targets = [new RecordingTarget('one'), new RecordingTarget('two', {}, 'v1')]
    const { records, exposed } = await deliverTo(targets, delivery, ports())
    expect(records).toStrictEqual([
      { target: 'one', at: AT, keyId: 'key-2' },
      { target: 'two', at: AT, keyId: 'key-2', version: 'v1' },
    ])
    expect(exposed).toEqual(targets)
  })

  it('writes nothing once another run is at work on the generation', async () => {
    const one = new RecordingTarget('one')
    const { records, lost } = await deliverTo([one], delivery, ports(takenOver))
    expect({ records, given: one.given }).toEqual({ records: [], given: [] })
    expect(lost?.message).toContain('g2 was taken over by another run')
  })

  it('asks after the last write whether the generation is still its own, and not where nothing was written', async () => {
    let reads = 0
    const stack = { outputs: async () => (reads++ === 0 ? outputs : takenOver) } as never
    const one = new RecordingTarget('one')
    const two = new RecordingTarget('two', { 'value-2': { exposed: false } })
    expect((await deliverTo([one], delivery, { ...ports(), stack })).lost?.message).toContain('another run')
    reads = 0
    expect((await deliverTo([two], delivery, { ...ports(), stack })).lost?.message).toContain('another run')
    const holding: DeliveryTarget = { id: 'held', deliver: async () => ({}), holds: async () => 'yes' }
    reads = 1
    expect(await deliverTo([holding], delivery, { ...ports(), stack })).toMatchObject({ exposed: [holding] })
    const refusing: DeliveryTarget = {
      id: 'down',
      deliver: async () => Promise.reject(new DeliveryError('down', 'it is down', { exposed: false })),
      holds: async () => 'no',
    }
    expect((await deliverTo([refusing], delivery, { ...ports(), stack })).failed?.message).toBe(
      'down: it is down',
    )
    expect(reads).toBe(1)
  })

  it('does not hide what is no refusal of a target', async () => {
    const broken: DeliveryTarget = {
      id: 'x',
      deliver: () => Promise.reject(new TypeError('a mistake')),
      holds: async () => 'no',
    }
    await expect(deliverTo([broken], delivery, ports())).rejects.toThrow('a mistake')
  })
})

describe('asking the targets afterwards', () => {
  const versions: (string | undefined)[] = []
  const target = (id: string, answer: 'yes' | 'no' | 'unknown' | Error): DeliveryTarget => ({
    id,
    deliver: async () => ({}),
    holds: async (_, version) => {
      versions.push(version)
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  const records = [
    { target: 'one', at: AT, keyId: 'key-2', version: 'v1' },
    { target: 'two', at: AT, keyId: 'key-2', version: 'v2' },
  ]
  const down = new DeliveryError('two', 'it is down', { exposed: false })

  it('finds nothing wrong where they hold it or cannot tell, and names the version', async () => {
    versions.length = 0
    const targets = [target('one', 'yes'), target('two', 'unknown'), target('three', 'yes')]
    expect(await unconfirmed(targets, delivery, records)).toBeUndefined()
    expect(versions).toEqual(['v1', 'v2', undefined])
  })

  it('says which does not hold it, or cannot be asked', async () => {
    const lacking = 'two: something else was written there after the secret'
    expect(await unconfirmed([target('one', 'yes'), target('two', 'no')], delivery, records)).toBe(lacking)
    expect(await unconfirmed([target('two', down)], delivery, records)).toBe('two: it is down')
    const mistake = target('two', new TypeError('a mistake'))
    await expect(unconfirmed([mistake], delivery, records)).rejects.toThrow('a mistake')
  })

  it('gives it again to those that lack it, were never given it, or got another key', async () => {
    const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((id) => new RecordingTarget(id))
    const targets = [one, two, three, four].flatMap((each) => each ?? [])
    for (const each of targets.slice(0, 3)) await each.deliver(delivery)
    const deliveries = [...records, { target: 'three', at: AT, keyId: 'key-0' }]
    await two?.deliver({ ...delivery, value: 'other' })
    const again = await confirm(targets, delivery, { deliveries }, ports())
    expect(again.records.map((each) => each.target)).toEqual(['two', 'three', 'four'])
    const all = await confirm(targets, delivery, {}, ports())
    expect(all.records).toHaveLength(4)
    const failing = await confirm([target('two', down)], delivery, { deliveries }, ports())
    expect(failing).toMatchObject({ records: [], failed: down, exposed: [] })
    const mistake = target('two', new TypeError('a mistake'))
    await expect(confirm([mistake], delivery, { deliveries }, ports())).rejects.toThrow('a mistake')
  })
})
