import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readStackDeclaration } from '../../../../infra/declaration/stack-declaration.ts'
import { movedDeclarations, writeFiles } from '../../../../scripts/move/declaration-files.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'entra-apps-move-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const write = (file: string, text: string) => writeFileSync(join(dir, file), text)
const read = (file: string) => readFileSync(join(dir, file), 'utf8')
const moved = (name = 'files', section: 'apps' | 'identities' = 'apps') =>
  movedDeclarations(dir, { source: 'dev', target: 'prod' }, [{ name, section }])

describe('movedDeclarations', () => {
  it('moves the declaration with its comments, and leaves everything else', () => {
    write(
      'Pulumi.dev.yaml',
      [
        'encryptionsalt: v1:a',
        'config:',
        '  entra-apps:apps:',
        '    # reads all',
        '    files:',
        '      displayName: Files # as in the portal',
        '    mail: { displayName: Mail }',
        '',
      ].join('\n'),
    )
    write('Pulumi.prod.yaml', '# the salt stays\nencryptionsalt: v1:b\n')
    writeFiles(dir, moved())
    expect(read('Pulumi.dev.yaml')).toBe(
      'encryptionsalt: v1:a\nconfig:\n  entra-apps:apps:\n    mail: { displayName: Mail }\n',
    )
    expect(read('Pulumi.prod.yaml')).toBe(
      '# the salt stays\nencryptionsalt: v1:b\nconfig:\n  entra-apps:apps:\n    # reads all\n    files:\n      displayName: Files # as in the portal\n',
    )
  })

  it('moves what only the stack says of a shared application, which the source takes out', () => {
    mkdirSync(join(dir, 'apps'))
    write('apps/files.yaml', 'displayName: Files\n')
    write('Pulumi.dev.yaml', 'config:\n  entra-apps:apps:\n    files: { notes: from dev }\n')
    write(
      'Pulumi.prod.yaml',
      'config:\n  entra-apps:apps:\n    files: null\n    mail: { displayName: Mail }\n',
    )
    const before = readStackDeclaration(dir, 'dev').value
    writeFiles(dir, moved())
    expect(readStackDeclaration(dir, 'dev').value).toEqual({})
    expect(readStackDeclaration(dir, 'prod').value).toEqual({
      ...(before as object),
      mail: { displayName: 'Mail' },
    })
  })

  it('moves identities under their own key', () => {
    write('Pulumi.dev.yaml', 'config:\n  entra-apps:identities:\n    jobs: { name: jobs }\n')
    write('Pulumi.prod.yaml', '')
    writeFiles(dir, moved('jobs', 'identities'))
    expect(read('Pulumi.dev.yaml')).not.toMatch(/jobs/)
    expect(readStackDeclaration(dir, 'prod').identities).toEqual({ jobs: { name: 'jobs' } })
  })

  it('refuses an alias whose anchor would stay behind', () => {
    write(
      'Pulumi.dev.yaml',
      'config:\n  entra-apps:apps:\n    mail: &m { displayName: Mail }\n    files: *m\n',
    )
    write('Pulumi.prod.yaml', '')
    expect(() => moved()).toThrow(/Pulumi\.prod\.yaml.*write it out/s)
  })
})

describe('writeFiles', () => {
  beforeEach(() => {
    write('Pulumi.dev.yaml', 'config:\n  entra-apps:apps:\n    files: { displayName: Files }\n')
    write('Pulumi.prod.yaml', '{}\n')
  })

  it('keeps the access rights, and can be repeated', () => {
    chmodSync(join(dir, 'Pulumi.prod.yaml'), 0o600)
    const files = moved()
    writeFiles(dir, files)
    writeFiles(dir, files)
    expect(read('Pulumi.prod.yaml')).toMatch(/files/)
    expect(statSync(join(dir, 'Pulumi.prod.yaml')).mode & 0o777).toBe(0o600)
  })

  it('writes nothing when one was edited meanwhile', () => {
    const files = moved()
    const before = read('Pulumi.prod.yaml')
    write('Pulumi.dev.yaml', 'config: { a:b: c }\n')
    expect(() => writeFiles(dir, files)).toThrow(expect.objectContaining({ code: 'FILE_CHANGED' }))
    expect(read('Pulumi.prod.yaml')).toBe(before)
  })
})
