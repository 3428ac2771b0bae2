import type { AzureDevOpsDeclaration } from '../../infra/declaration/schema/delivery/azure-devops.ts'
import { isObject } from '../../lib/is-object.ts'
import { alone } from './alone.ts'
import { callJson, isRefusal, type JsonAnswer, type JsonRequest, RefusedError } from './json-api.ts'
import { type DeliveryOptions, requestLimit } from './options.ts'
import { DeliveryError, type DeliveryTarget, GenerationLost, reasonOf } from './target.ts'

export type AzureDevOpsOptions = Pick<DeliveryOptions, 'env' | 'signal' | 'requestMs' | 'azureCredential'>

/** Azure DevOps as an API of Microsoft Entra ID, the same in every tenant. */
const SCOPE = '499b84ac-1321-427f-aa17-267ca6975798/.default'

/** What a change of a group may take while others wait for it, in milliseconds: four requests. */
const CHANGE_MS = 120_000

interface Variable {
  /** Null for a secret, which is never shown; sent back so, it stays. */
  readonly value?: string | null
  readonly isSecret?: boolean
}

/** A group as the service shows it; what is not listed is sent back as it came. */
interface VariableGroup {
  readonly id: number
  readonly name: string
  /** `Vsts` for one whose variables are its own. */
  readonly type: string
  readonly description?: string | null
  readonly providerData?: unknown
  readonly variables: Readonly<Record<string, Variable>>
  /** Projects that share the group. */
  readonly variableGroupProjectReferences?: readonly unknown[] | null
}

/**
 * A secret variable of a variable group in the library of Azure DevOps. The service knows groups as a whole: all variables
 * are sent again, secret ones without their values, which keeps these. It has no check for changes in between, so that
 * deliveries on one computer wait for each other. It never shows a secret again: what is confirmed is that the variable is
 * there and secret, and that no other one has gone.
 *
 * Logs in with SYSTEM_ACCESSTOKEN, the job's own token, else as the deployer.
 */
export function azureDevOpsTarget(
  id: string,
  declaration: AzureDevOpsDeclaration,
  options: AzureDevOpsOptions,
): DeliveryTarget {
  const api = groupApi(declaration, options)
  const name = declaration.variable
  const keyIn = ({ variables }: VariableGroup) =>
    Object.keys(variables).find((each) => each.toLowerCase() === name.toLowerCase())
  const isSecretIn = (group: VariableGroup) => group.variables[keyIn(group) ?? name]?.isSecret === true
  return {
    id,
    async deliver({ value }, { beforeWrite } = {}) {
      const { env, signal } = options
      const place = `azure-devops ${declaration.organization}/${declaration.project}/${declaration.group}`
      let exposed = false
      const change = async () => {
        const group = await api.read()
        const variables = { ...group.variables, [keyIn(group) ?? name]: { value, isSecret: true } }
        await beforeWrite?.()
        exposed = true
        await api.write({ ...group, variables }).catch((error: unknown) => {
          exposed = !isRefusal(error)
          throw error
        })
        const stored = await api.read()
        const gone = Object.keys(variables).filter((each) => !Object.hasOwn(stored.variables, each))
        if (gone.length > 0) throw new Error(`the group has lost ${gone.join(', ')}: somebody changed it too`)
        if (!isSecretIn(stored)) throw new Error('the variable is not a secret one after it was written')
      }
      try {
        await alone(place, { env, timeoutMs: CHANGE_MS, signal }, change)
        return {}
      } catch (error) {
        if (error instanceof GenerationLost) throw error
        throw new DeliveryError(id, reasonOf(error), { exposed, cause: error })
      }
    },
    async holds() {
      try {
        return isSecretIn(await api.read()) ? 'unknown' : 'no'
      } catch (error) {
        throw new DeliveryError(id, reasonOf(error), { exposed: false, cause: error })
      }
    },
  }
}

/** The calls for one variable group ("Variablegroups" of the Azure DevOps REST API 7.1). */
function groupApi(declaration: AzureDevOpsDeclaration, options: AzureDevOpsOptions) {
  const { organization, project, group: name } = declaration
  const call = async (path: string, request: JsonRequest = {}) => {
    const url = new URL(`${organization}/${path}`)
    url.searchParams.set('api-version', '7.1')
    const headers = { authorization: `Bearer ${await tokenFor(options)}` }
    const answer = await callJson(url, requestLimit(options), { ...request, headers })
    if (answer.status === 200) return answer.body
    throw refused(answer)
  }
  const groups = `${encodeURIComponent(project)}/_apis/distributedtask/variablegroups`
  return {
    async read(): Promise<VariableGroup> {
      const { value } = await call(`${groups}?groupName=${encodeURIComponent(name)}`)
      const found = (Array.isArray(value) ? value.filter(isObject) : []).find(
        (each) => String(each['name']).toLowerCase() === name.toLowerCase(),
      )
      if (!found)
        throw new RefusedError(404, `there is no variable group "${name}", or the login may not see it`)
      // The list leaves out which projects share the group.
      const group = (await call(`${groups}/${found['id']}`)) as unknown as VariableGroup
      if (group.type === 'Vsts' && isObject(group.variables)) return group
      throw new RefusedError(
        400,
        `the group takes its variables from elsewhere (${group.type}): deliver there`,
      )
    },
    async write({ id, ...group }: VariableGroup): Promise<void> {
      const references = group.variableGroupProjectReferences
      const { description } = group
      const own = { name: group.name, description, projectReference: { name: project } }
      const body = {
        ...{ name: group.name, description, type: group.type, variables: group.variables },
        ...(group.providerData != null && { providerData: group.providerData }),
        variableGroupProjectReferences: references?.length ? references : [own],
      }
      await call(`_apis/distributedtask/variablegroups/${id}`, { method: 'PUT', body })
    },
  }
}

async function tokenFor({ env, azureCredential }: AzureDevOpsOptions): Promise<string> {
  const own = env['SYSTEM_ACCESSTOKEN']
  if (own) return own
  const token = await azureCredential().getToken(SCOPE)
  if (token) return token.token
  throw new Error('no login: set SYSTEM_ACCESSTOKEN, or log in as an identity that the organisation knows')
}

function refused({ status, body }: JsonAnswer): RefusedError {
  const said = typeof body['message'] === 'string' ? `: ${body['message']}` : ''
  const fix = FIXES[status]
  // A login that is not accepted gets a page to sign in on, with a status below 300.
  const refusal = status < 300 ? 401 : status
  return new RefusedError(refusal, `Azure DevOps answered ${status}${said}${fix ? ` (${fix})` : ''}`)
}

const LOGIN =
  'the login is not accepted: the token has expired, or the organisation does not know the identity'

const FIXES: Readonly<Record<number, string>> = {
  203: LOGIN,
  302: LOGIN,
  401: LOGIN,
  403: 'the login must be Administrator of the variable group, see docs/delivery.md',
  404: 'there is no such organisation or project, or the login may not see it',
}
