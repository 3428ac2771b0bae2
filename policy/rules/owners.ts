import { APPLICATION, applicationName, type Policy, texts, violation } from '../policy.ts'

/** An application whose only owner leaves can be changed by administrators alone. */
export const owners: Policy = {
  name: 'owners',
  description: 'Several owners can look after an application.',
  enforcementLevel: 'advisory',
  options: {
    atLeast: {
      type: 'integer',
      minimum: 1,
      default: 2,
      description: 'Owners of an application; the deployer, who owns what it registers, is one of them',
    },
  },
  judge: (resource, { options }) => {
    if (resource.type !== APPLICATION) return []
    const count = texts(resource.inputs['owners']).length
    const wanted = Number(options['atLeast'])
    if (count >= wanted) return []
    const what = `has ${count === 1 ? '1 owner' : `${count} owners`} with the deployer, and the organisation wants ${wanted}`
    return [violation(applicationName(resource), what, 'list people under owners')]
  },
}
