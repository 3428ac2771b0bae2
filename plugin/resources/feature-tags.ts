import { ENTERPRISE_APPLICATION_TAG } from '../../microsoft/portal-tags.ts'
import { isProperties, type Properties, texts, type Value } from '../protocol/wire.ts'
import { isAbsent, type Property } from '../schema/property.ts'

// Portal features are tags with fixed names (Microsoft Graph: servicePrincipal resource type, property `tags`).
const SSO = 'WindowsAzureActiveDirectoryCustomSingleSignOnApplication'
const GALLERY = 'WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1'
const HIDE = 'HideApp'

interface Feature {
  readonly tag: string
  /** The property says that the tag is absent. */
  readonly inverted?: true
}

const FEATURES: Readonly<Record<string, Readonly<Record<string, Feature>>>> = {
  featureTags: {
    customSingleSignOn: { tag: SSO },
    enterprise: { tag: ENTERPRISE_APPLICATION_TAG },
    gallery: { tag: GALLERY },
    hide: { tag: HIDE },
  },
  // The deprecated spelling, which service principals still have.
  features: {
    customSingleSignOnApp: { tag: SSO },
    enterpriseApplication: { tag: ENTERPRISE_APPLICATION_TAG },
    galleryApplication: { tag: GALLERY },
    visibleToUsers: { tag: HIDE, inverted: true },
  },
}

/** The property that names features: `featureTags` or the older `features`. */
export function featureProperty(
  name: 'featureTags' | 'features',
  conflictsWith: readonly string[],
): Property {
  const fields = Object.fromEntries(
    Object.entries(FEATURES[name]!).map(([field, { inverted }]) => [
      field,
      inverted ? ({ type: 'boolean', default: true } as const) : ({ type: 'boolean' } as const),
    ]),
  )
  return {
    type: 'list',
    computed: 'optional',
    restated: true,
    conflictsWith,
    element: { type: 'block', fields },
  }
}

/** What an object's tags say about its features. */
export function featuresOf(name: 'featureTags' | 'features', tags: readonly string[]): Value {
  const present = new Set(tags.map((tag) => tag.toLowerCase()))
  const flags = Object.entries(FEATURES[name]!).map(([field, { tag, inverted = false }]) => [
    field,
    present.has(tag.toLowerCase()) !== inverted,
  ])
  return [Object.fromEntries(flags)]
}

/**
 * The tags to send: those of a feature property that the program gives and that changed, else `tags`, else what the
 * directory already holds.
 *
 * @param changed whether a property differs from the state; always true for a new object
 */
export function tagsToSend(
  inputs: Properties,
  state: Properties,
  changed: (property: string) => boolean,
): string[] {
  for (const name of Object.keys(FEATURES)) {
    const given = inputs[name]
    if (Array.isArray(given) && isProperties(given[0]) && changed(name)) return tagsOf(name, given[0])
  }
  return texts(isAbsent(inputs['tags']) ? state['tags'] : inputs['tags'])
}

function tagsOf(name: string, flags: Properties): string[] {
  return Object.entries(FEATURES[name]!)
    .filter(([field, { inverted = false }]) => (flags[field] ?? inverted) !== inverted)
    .map(([, { tag }]) => tag)
}
