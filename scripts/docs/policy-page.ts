import type { Policy } from '../../policy/policy.ts'

const INTRODUCTION = `# The policy pack

The [rules](rules.md) say what Entra accepts and what seldom works. What an *organisation* asks of its applications is its own
affair, and may hold for applications that other Pulumi programs register: \`policy/\` is a pack of such demands for Pulumi's
policy engine. It judges every \`azuread\` application, credential and grant of a deployment, in the preview and again as each
is made; a mandatory violation stops the deployment before anything is created.

    npm run up -- --stack dev --policy-pack                            # this pack, with the defaults below
    npm run up -- --stack dev --policy-pack --policy-pack-config policy.json
    npm run up -- --stack dev --policy-pack ../our-own-pack            # any pack

Plain \`pulumi up --policy-pack policy\` does the same with an official Pulumi CLI. The one that this project builds from source
lacks a part that starts packs; \`up\` makes up for it, without touching the pack or anybody's installation.

\`policy.json\` names policies, each with its level or its settings; \`all\` stands for every policy:

\`\`\`json
{
  "all": "mandatory",
  "credential-life": { "secret": "90d" },
  "credential-kinds": { "kinds": ["federated", "certificate"] },
  "forbidden-permissions": { "forbidden": { "Microsoft Graph": { "application": ["Mail.ReadWrite", "Directory.ReadWrite.All"] } } },
  "redirect-uris": { "hosts": ["*.contoso.com"], "loopback": false },
  "owners": { "enforcementLevel": "advisory", "atLeast": 3 }
}
\`\`\`

Levels: \`mandatory\` stops, \`advisory\` warns, \`disabled\` does neither.`

const FOOTER = `What Pulumi does not know yet in a preview (the owners of an application whose owner is made in the same run) is judged when it
is known, and the preview says so. The page is written by \`npm run docs\`.`

/** docs/policy.md: every policy with its settings. */
export function policyPage(policies: readonly Policy[]): string {
  const rows = policies.flatMap(({ name, description, enforcementLevel, options }) =>
    Object.entries(options).map(([key, schema], i) => {
      const first = i === 0 ? [`\`${name}\``, description, enforcementLevel] : ['', '', '']
      const setting = [`\`${key}\``, String(schema.description), `\`${JSON.stringify(schema.default)}\``]
      return `| ${[...first, ...setting].join(' | ')} |`
    }),
  )
  const table = [
    '| policy | holds when | level | setting | is | default |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
  return `${[INTRODUCTION, table, FOOTER].join('\n\n')}\n`
}
