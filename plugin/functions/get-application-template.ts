import { fromGraph } from '../schema/entity.ts'
import type { Fields } from '../schema/property.ts'
import { notEmpty, uuid } from '../schema/rules.ts'
import { textOf, textsOf } from './columns.ts'
import { findOne } from './find.ts'
import { exactlyOne, type FunctionType } from './type.ts'

// Names are those of azuread 6.9.1; `graph` names the member of Microsoft Graph's applicationTemplate resource type.
const TEMPLATE_FIELDS: Fields = {
  categories: textsOf('categories'),
  displayName: textOf('displayName'),
  homepageUrl: textOf('homePageUrl'),
  id: textOf('id'),
  logoUrl: textOf('logoUrl'),
  publisher: textOf('publisher'),
  supportedProvisioningTypes: textsOf('supportedProvisioningTypes'),
  supportedSingleSignOnModes: textsOf('supportedSingleSignOnModes'),
  templateId: textOf('id'),
}

/** `azuread.getApplicationTemplate`: an application of the gallery, by display name or id. */
export const getApplicationTemplate: FunctionType = {
  token: 'azuread:index/getApplicationTemplate:getApplicationTemplate',
  args: {
    displayName: { type: 'string', rule: notEmpty },
    templateId: { type: 'string', rule: uuid },
  },
  validate: exactlyOne('displayName', 'templateId'),
  async call(graph, { templateId, ...args }) {
    const template = await findOne(
      graph,
      {
        noun: 'application template',
        collection: '/applicationTemplates',
        filters: { displayName: 'displayName' },
      },
      { ...args, ...(templateId && { objectId: templateId }) },
    )
    return fromGraph(TEMPLATE_FIELDS, template)
  },
}
