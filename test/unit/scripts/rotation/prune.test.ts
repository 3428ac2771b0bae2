import { describe, expect, it } from 'vitest'
import type { StackOutputs } from '../../../../infra/contract/outputs.ts'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import type { DirectoryReader, Entity } from '../../../../scripts/proof/directory/reader.ts'
import type { GraphAnswer, GraphRequest } from '../../../../scripts/proof/model/ports.ts'
import { deleteOrphans, findOrphans, type Orphan, removeCopies } from '../../../../scripts/rotation/prune.ts'
import { answer } from '../proof/fake-ports.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const OLD = '2026-03-01T11:00:00Z'
const THUMBPRINT = 'AB'.repeat(20)
const OTHER = 'CD'.repeat(20)
const FAILURE = {
  source: 'graph' as const,
  code: 'Forbidden',
  message: '',
  meaning: 'not allowed',
  support: {},
}

const secret = (keyId: string, displayName: unknown, startDateTime = OLD): Entity => ({
  keyId,
  displayName,
  startDateTime,
})
const key = (keyId: string, customKeyIdentifier: string): Entity => ({
  ...secret(keyId, 'Signing g1'),
  customKeyIdentifier,
})

/** A directory with one application, which may refuse to be read. */
function directory(application: Entity | undefined, token: string | null = 'token') {
  const paths: string[] = []
  const refused = { ok: false, failure: FAILURE } as const
  const reader = {
    objects: async (asked: readonly string[]) => {
      paths.push(...asked)
      return asked.map(() => (application ? { ok: true, value: application } : refused))
    },
    object: async (path: string) => {
      paths.push(path)
      return application ? { ok: true, value: application } : refused
    },
    token: async () => (token === null ? refused : { ok: true, value: token }),
  } as unknown as DirectoryReader
  return { reader, paths }
}

/** Graph, which takes every change unless told otherwise. */
function graph(answered: GraphAnswer = { ok: true, answer: answer(204) }) {
  const requests: GraphRequest[] = []
  const askGraph = async (request: GraphRequest) => {
    requests.push(request)
    return answered
  }
  return { askGraph, requests }
}

const declared = {
  files: appDeclaration.parse({
    displayName: 'Files',
    secrets: { main: { displayName: 'Main', lifetime: '90d' } },
  }),
}
const outputs = {
  apps: {
    files: { objectId: 'o1', secrets: { former: [{ displayName: 'Former g7' }] } },
  },
  ledger: { files: { signing: [{ thumbprint: THUMBPRINT }, {}] } },
} as unknown as Pick<StackOutputs, 'apps' | 'ledger'>

const find = (application: Entity, known: readonly string[] = [], now = NOW) =>
  findOrphans(declared, outputs, new Set(known), directory(application).reader, now)

describe('findOrphans', () => {
  it('finds secrets with our names and a generation, which the state does not know', async () => {
    const passwordCredentials = [
      secret('known', 'Main g1'),
      secret('orphan', 'Main g2'),
      secret('former', 'Former g8'),
      secret('without a generation', 'Main'),
      secret('of somebody else', 'Other g1'),
      secret('with more after it', 'Main g2 copy'),
      secret('without a name', null),
    ]
    expect(await find({ passwordCredentials }, ['known'])).toEqual([
      {
        app: 'files',
        objectId: 'o1',
        kind: 'secret',
        keyId: 'orphan',
        displayName: 'Main g2',
        issuedAt: OLD,
        isYoung: false,
      },
      expect.objectContaining({ keyId: 'former', displayName: 'Former g8' }),
    ])
  })

  it('finds copies of certificates that the ledger knows', async () => {
    const keyCredentials = [key('known', THUMBPRINT), key('copy', THUMBPRINT), key('other', OTHER)]
    expect(await find({ keyCredentials }, ['known'])).toMatchObject([{ kind: 'certificate', keyId: 'copy' }])
  })

  it.each([
    ['an hour ago', '2026-03-01T11:00:00Z', false],
    ['a second less than an hour ago', '2026-03-01T11:00:01Z', true],
  ])('is young when issued %s: %s, %s', async (_, issuedAt, isYoung) => {
    const found = await find({ passwordCredentials: [secret('orphan', 'Main g2', issuedAt)] })
    expect(found).toMatchObject([{ isYoung }])
  })

  it('finds nothing in an application without credentials, and asks for nothing but those', async () => {
    const { reader, paths } = directory({})
    expect(await findOrphans(declared, outputs, new Set(), reader, NOW)).toEqual([])
    expect(paths).toEqual(['/applications/o1?$select=id,passwordCredentials,keyCredentials'])
  })

  it('says what it could not read, and why', async () => {
    const finding = findOrphans(declared, outputs, new Set(), directory(undefined).reader, NOW)
    await expect(finding).rejects.toMatchObject({
      code: 'DIRECTORY_UNREADABLE',
      message: 'The registration of "files" could not be read (Forbidden: not allowed)',
    })
  })
})

const orphan = (kind: Orphan['kind'], keyId: string, isYoung = false): Orphan => ({
  app: 'files',
  objectId: 'o1',
  kind,
  keyId,
  displayName: 'Main g2',
  issuedAt: OLD,
  isYoung,
})

describe('deleteOrphans', () => {
  it('deletes secrets by their key id, and leaves young ones', async () => {
    const { askGraph, requests } = graph()
    const orphans = [orphan('secret', 'a'), orphan('secret', 'young', true)]
    expect(await deleteOrphans(orphans, directory({}).reader, { askGraph })).toEqual([orphans[0]])
    expect(requests).toEqual([
      { token: 'token', method: 'POST', path: '/applications/o1/removePassword', body: { keyId: 'a' } },
    ])
  })

  it('deletes a certificate by leaving out that one key', async () => {
    const { askGraph, requests } = graph()
    const [kept, copy] = [key('kept', THUMBPRINT), key('copy', THUMBPRINT)]
    const { reader } = directory({ keyCredentials: [kept, copy] })
    await deleteOrphans([orphan('certificate', 'copy')], reader, { askGraph })
    expect(requests).toEqual([
      { token: 'token', method: 'PATCH', path: '/applications/o1', body: { keyCredentials: [kept] } },
    ])
  })

  it('needs no token when nothing is to be deleted', async () => {
    const { askGraph, requests } = graph()
    const { reader } = directory(undefined, null)
    expect(await deleteOrphans([orphan('secret', 'young', true)], reader, { askGraph })).toEqual([])
    expect(requests).toEqual([])
    await expect(deleteOrphans([orphan('secret', 'a')], reader, { askGraph })).rejects.toMatchObject({
      message: 'The registration of "the directory" could not be read (Forbidden: not allowed)',
    })
  })

  it.each([
    [{ ok: true, answer: answer(300) }, 'Graph answered 300'],
    [{ ok: false, failure: { ...FAILURE, message: 'no connection' } }, 'no connection'],
  ] as [GraphAnswer, string][])('says so when Graph does not delete it', async (answered, said) => {
    const { askGraph } = graph(answered)
    const deleting = deleteOrphans([orphan('secret', 'a')], directory({}).reader, { askGraph })
    await expect(deleting).rejects.toMatchObject({
      code: 'PRUNE_FAILED',
      message: `The secret a of "files" could not be deleted: ${said}`,
    })
  })
})

describe('removeCopies', () => {
  const place = { app: 'files', objectId: 'o1' }

  it('deletes every key with this thumbprint, and counts them', async () => {
    const { askGraph, requests } = graph()
    const other = key('other', OTHER)
    const { reader } = directory({ keyCredentials: [key('a', THUMBPRINT), other, key('b', THUMBPRINT)] })
    expect(await removeCopies(place, THUMBPRINT, reader, { askGraph })).toBe(2)
    expect(requests).toMatchObject([{ method: 'PATCH', body: { keyCredentials: [other] } }])
  })

  it('changes nothing where there is none', async () => {
    const { askGraph, requests } = graph()
    const { reader } = directory({ keyCredentials: [key('other', OTHER)] })
    expect(await removeCopies(place, THUMBPRINT, reader, { askGraph })).toBe(0)
    expect(requests).toEqual([])
  })

  it('says so when the directory cannot be read or the copy not deleted', async () => {
    const unread = removeCopies(place, THUMBPRINT, directory(undefined).reader, graph())
    await expect(unread).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' })
    const { askGraph } = graph({ ok: true, answer: answer(403) })
    const { reader } = directory({ keyCredentials: [key('a', THUMBPRINT)] })
    await expect(removeCopies(place, THUMBPRINT, reader, { askGraph })).rejects.toMatchObject({
      code: 'PRUNE_FAILED',
      message: 'A certificate of "files" could not be deleted: Graph answered 403',
    })
  })
})
