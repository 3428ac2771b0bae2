import { defineCommand } from './definition.ts'
import type { GithubSubjectOptions } from './github-subject.ts'

const EVENTS = ['branch', 'environment', 'tag']

export const githubSubject = defineCommand({
  name: 'github-subject',
  summary: 'ask GitHub for the ids of a repository, and print its federated credential',
  argument: { name: 'repository', description: 'owner/name of the repository' },
  options: [
    ...EVENTS.map((event) => ({
      flags: `--${event} <name>`,
      description: `${event} whose jobs log in`,
    })),
    { flags: '--pull-request', description: 'jobs of pull requests log in' },
    { flags: '--json', description: 'print what GitHub says, and the subject, as JSON' },
  ],
  run: async (options: GithubSubjectOptions, context) => {
    const command = await import('./github-subject.ts')
    return command.githubSubject(options, context)
  },
})
