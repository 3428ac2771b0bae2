import { describe, expect, it } from 'vitest'
import { askMissing } from '../../../../scripts/init/ask.ts'

describe('the questions of init', () => {
  it('are asked for what is missing, again where the answer is wrong, with a preset for an empty one', async () => {
    const answers = ['contoso', 'LATER', 'later', '', 'gitlab']
    const [prompts, notes]: [string[], string[]] = [[], []]
    const dialogue = {
      ask: async (prompt: string) => {
        prompts.push(prompt)
        return answers.shift() ?? ''
      },
      note: (text: string) => void notes.push(text),
    }
    expect(await askMissing({ app: 'files' }, 'My Folder', dialogue)).toEqual({
      app: 'files',
      tenant: 'later',
      state: 'local',
      pipeline: 'gitlab',
    })
    expect(prompts).toHaveLength(5)
    expect(notes).toEqual([
      '"contoso" is not a valid GUID; write the tenant id or "later".',
      '"LATER" is not a valid GUID; write the tenant id or "later".',
    ])
  })
})
