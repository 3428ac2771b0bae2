import type { Policy } from '../../policy/policy.ts'

const INTRODUCTION = `# Enforce policies

    npm run up -- --stack dev --policy-pack                            # the pack of entra-apps, with the defaults below
    npm run up -- --stack dev --policy-pack --policy-pack-config policy.json
    npm run up -- --stack dev --policy-pack ../our-own-pack            # any pack

The [rules](rules.md) say what Entra accepts. What an *organisation* asks of its applications goes into a policy pack: \`policy/\` is one
for Pulumi's policy engine, also for applications that other Pulumi programs register. It checks every \`azuread\` application,
credential and grant of a deployment, in the preview and again as each is created; a mandatory violation stops the deployment before anything
is created.

Plain \`pulumi up --policy-pack policy\` does the same with an official Pulumi CLI. The one that this project builds from source
lacks the part that starts packs; \`up\` replaces it, without changing the pack or the installation.

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

const FOOTER = `What Pulumi does not know yet in a preview (the owners of an application whose owner is created in the same run) is checked when it
is known, and the preview says so. This page is written by \`npm run docs\`.`

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
