import type { CommandDefinition, OptionDefinition } from '../commands/definition.ts'
import { EXIT_CODES, PROJECT } from '../commands/definitions.ts'

const INTRODUCTION = `# Commands

    npm run demo                          # in a checkout of this repository: a script of that name
    npm run verify -- --stack dev         # options stand after --
    npm run -s entra-apps -- config show  # every command, under one script
    npx entra-apps verify --stack dev     # in a project that installed the package

\`check\` is the script \`check:apps\` in a checkout, where \`npm run check\` checks the types of the repository.

${EXIT_CODES}

The page is written by \`npm run docs\`.`

/** docs/commands.md: every command with its options. */
export function commandsPage(commands: readonly CommandDefinition[]): string {
  const everywhere = ['## Options of every command', '', table([PROJECT])].join('\n')
  return `${[INTRODUCTION, ...commands.map(section), everywhere].join('\n\n')}\n`
}

function section({ name, summary, options }: CommandDefinition): string {
  return [
    `## ${name}`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    '',
    table(options),
  ].join('\n')
}

function table(options: readonly OptionDefinition[]): string {
  return ['| option | does |', '|---|---|', ...options.map(row)].join('\n')
}

function row({ flags, description, choices, default: preset }: OptionDefinition): string {
  const values = choices
    ? ` (${choices.join(', ')}${preset === undefined ? '' : `; default: ${preset}`})`
    : ''
  return `| \`${flags}\` | ${`${description}${values}`.replaceAll('|', '\\|').replaceAll('<', '&lt;')} |`
}
