import { registerHooks } from 'node:module'
import { expect, it } from 'vitest'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { pipelineTexts } from '../../support/pipeline-files.ts'

// The packages import JSON without the attribute that Node asks for.
const hooks = registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
})
const { validate } = await import('@actions/languageservice/validate')
const { validateAction } = await import('@actions/languageservice/validate-action')
hooks.deregister()

/**
 * What GitHub's own language service says of a file: structure, expressions, events, inputs of actions.
 *
 * @param path of one file only: the service remembers what it has read
 */
async function findings(path: string, text: string): Promise<string[]> {
  const document = TextDocument.create(`file:///${path}`, 'yaml', 1, text)
  const found = await (path.endsWith('action.yml') ? validateAction(document) : validate(document))
  return found.map(({ range, message }) => `line ${range.start.line + 1}: ${message}`)
}

it.each(Object.entries(pipelineTexts('github')))('GitHub accepts %s', async (path, text) => {
  expect(await findings(path, text)).toEqual([])
})

it('finds what is wrong', async () => {
  const workflow = [
    'on: push',
    'jobs:',
    '  a:',
    '    runs-on: ubuntu-latest',
    '    needs: b',
    '    steps: [{ run: echo, if: nope.x }]',
  ].join('\n')
  expect((await findings('a.yml', workflow)).join('\n')).toMatch(/'b' is not valid[\s\S]*'nope'/)
  const action = 'name: a\ndescription: b\nruns: { using: composite, steps: [{ run: echo }] }\n'
  expect((await findings('wrong/action.yml', action)).join('\n')).toMatch(/shell/)
})
