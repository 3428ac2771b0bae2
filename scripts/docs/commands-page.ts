import { tableCell } from '../../lib/escape.ts'
import type { CommandDefinition, OptionDefinition } from '../commands/definition.ts'
import { EXIT_CODES, PROJECT } from '../commands/definitions.ts'
import { optionsOf } from '../commands/fleet-options.ts'

const INTRODUCTION = `# Commands

    npm run demo                          # in a checkout of this repository: a script of that name
    npm run verify -- --stack dev         # options stand after --
    npm run -s entra-apps -- config show  # every command, under one script
    npx entra-apps verify --stack dev     # in a project that installed the package

\`check\` is the script \`check:apps\` in a checkout, where \`npm run check\` checks the types of the repository.

${EXIT_CODES}

This page is written by \`npm run docs\`.`

const ENVIRONMENT = `## Environment variables

| variable | does |
|---|---|
| \`PULUMI_STACK\` | stack, where \`--stack\` is not given |
| \`PULUMI_BACKEND_URL\`, \`PULUMI_CONFIG_PASSPHRASE\` | state back end and its passphrase, as Pulumi reads them ([pipelines](pipelines.md#choose-a-state-back-end)) |
| \`ARM_*\` | login of the deployer, as the azuread provider reads it ([proof](proof.md#the-login-of-the-deployer)) |
| \`ENTRA_APPS_CACHE\` | folder of downloaded engines and plugins (default: \`entra-apps\` in the folder for caches, such as \`~/.cache\`) |
| \`ENTRA_APPS_OFFLINE\` | any value: download nothing, build the Pulumi CLI with Go instead |
| \`ENTRA_APPS_PULUMI_SHA256\`, \`ENTRA_APPS_AZUREAD_SHA256\` | SHA-256 checksums of the archives that may be downloaded ([decision 10](decisions/0010-downloads-are-compared-before-they-run.md)) |
| \`ENTRA_APPS_AZUREAD_PLUGIN\` | file of an azuread plugin to use in place of the official one |
| \`NODE_COMPILE_CACHE\` | folder of compiled modules, which make the next start faster (default: in \`ENTRA_APPS_CACHE\`) |
| \`NO_COLOR\` | no colours |`

/** docs/commands.md: every command with its options. */
export function commandsPage(commands: readonly CommandDefinition[]): string {
  const everywhere = ['## Options of every command', '', table([PROJECT])].join('\n')
  return `${[INTRODUCTION, ...commands.map(section), everywhere, ENVIRONMENT].join('\n\n')}\n`
}

function section(definition: CommandDefinition): string {
  const { name, summary, argument } = definition
  const usage = argument
    ? ` \`<${argument.name}${argument.several ? '...' : ''}>\` is the ${argument.description}.`
    : ''
  return [
    `## ${name}`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.${usage}`,
    '',
    table(optionsOf(definition)),
  ].join('\n')
}

function table(options: readonly OptionDefinition[]): string {
  return ['| option | does |', '|---|---|', ...options.map(row)].join('\n')
}

function row({ flags, description, choices, default: preset }: OptionDefinition): string {
  const values = choices
    ? ` (${choices.join(', ')}${preset === undefined ? '' : `; default: ${preset}`})`
    : ''
  return `| \`${flags}\` | ${tableCell(`${description}${values}`)} |`
}
