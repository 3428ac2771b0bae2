import { ENTERPRISE_APPLICATION_TAG } from '../../microsoft/portal-tags.ts'
import { render, viewOf } from '../directory/view.ts'
import { badRequest, GraphError } from '../errors/graph-error.ts'
import { readNew } from '../model/body.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { entitySet } from '../model/index.ts'
import { contextUrl, type GraphReply, type GraphRequest, versionUrl } from '../request/graph-request.ts'
import { followPath, type Single } from '../request/resource-path.ts'
import type { Operation } from '../request/route.ts'
import { rulesFor } from '../rules/index.ts'
import { type Data, type Entity, isObject } from '../store/entity.ts'

/** Microsoft Graph: Update application, logo. */
const MAX_LOGO_BYTES = 100 * 1024

const IMAGE_TYPES: readonly (readonly [type: string, start: Buffer])[] = [
  ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
  ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff])],
  ['image/gif', Buffer.from('GIF8', 'latin1')],
]

type Action = Extract<Operation, 'putLogo' | 'getLogo' | 'instantiate'>

/** What is done with applications and their templates beyond reading and changing them. */
export const applicationActions: { readonly [name in Action]: (request: GraphRequest) => GraphReply } = {
  putLogo(request) {
    const { set, entity } = targetOf(request).located
    const { body, directory } = request
    if (!Buffer.isBuffer(body) || imageType(body) === undefined) {
      throw badRequest('The logo has to be an image: PNG, JPEG or GIF.')
    }
    if (body.length > MAX_LOGO_BYTES) throw badRequest('The logo cannot be larger than 100 KB.')
    const info = isObject(entity.data['info']) ? entity.data['info'] : {}
    directory.store.replace(set.name, entity, {
      ...entity.data,
      info: { ...info, logoUrl: `${versionUrl(request)}/applications/${entity.id}/logo` },
      logo: body.toString('base64'),
    })
    return { status: 204 }
  },

  getLogo(request) {
    const { logo } = targetOf(request).located.entity.data
    if (typeof logo !== 'string') throw new GraphError(404, 'ImageNotFound', 'The application has no logo.')
    const bytes = Buffer.from(logo, 'base64')
    return { status: 200, content: { type: imageType(bytes) ?? 'application/octet-stream', bytes } }
  },

  instantiate(request) {
    const template = targetOf(request).located.entity
    const displayName = isObject(request.body) ? request.body['displayName'] : undefined
    const { appRoles = [], homePageUrl = null } = template.data
    const body = { displayName: displayName ?? null, appRoles, web: { homePageUrl } }
    const application = createFrom(request, entitySet('applications'), body, {
      applicationTemplateId: template.id,
    })
    const principal = createFrom(request, entitySet('servicePrincipals'), {
      appId: application.data['appId'] ?? null,
      tags: [ENTERPRISE_APPLICATION_TAG],
      // Application.ReadWrite.OwnedBy is enough for both, so whoever makes them owns both.
      'owners@odata.bind': [`${versionUrl(request)}/directoryObjects/${request.caller.objectId}`],
    })
    return {
      status: 201,
      body: {
        '@odata.context': contextUrl(request, 'microsoft.graph.applicationServicePrincipal'),
        application: shown(request, entitySet('applications'), application),
        servicePrincipal: shown(request, entitySet('servicePrincipals'), principal),
      },
    }
  },
}

function targetOf(request: GraphRequest): Single {
  return followPath(request, request.route.path.split('/').slice(0, -1).join('/')) as Single
}

function createFrom(request: GraphRequest, set: EntitySet, body: Data, more: Data = {}): Entity {
  const made = rulesFor(set).create(readNew(set, body, { beta: request.beta }), request)
  return request.directory.store.insert(set.name, made.id, { ...made.data, ...more, id: made.id })
}

function shown(request: GraphRequest, set: EntitySet, entity: Entity): Data {
  return render(set, viewOf(request.directory, set, entity), { beta: request.beta })
}

function imageType(bytes: Buffer): string | undefined {
  return IMAGE_TYPES.find(([, start]) => bytes.subarray(0, start.length).equals(start))?.[0]
}
