import { describe, expect, it } from 'vitest'
import { featuresOf, tagsToSend } from '../../../plugin/resources/feature-tags.ts'

const always = () => true
const never = () => false

describe('feature tags', () => {
  it('are read from tags whatever their case, in both spellings', () => {
    expect(featuresOf('featureTags', ['hideapp', 'mine'])).toEqual([
      { customSingleSignOn: false, enterprise: false, gallery: false, hide: true },
    ])
    expect(featuresOf('features', ['HideApp'])).toEqual([
      {
        customSingleSignOnApp: false,
        enterpriseApplication: false,
        galleryApplication: false,
        visibleToUsers: false,
      },
    ])
  })

  it.each([
    [
      { featureTags: [{ enterprise: true, hide: true }] },
      ['WindowsAzureActiveDirectoryIntegratedApp', 'HideApp'],
    ],
    [
      { features: [{ galleryApplication: true }] },
      ['WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1'],
    ],
    [{ features: [{ visibleToUsers: false }] }, ['HideApp']],
    [{ tags: ['a'] }, ['a']],
    [{ tags: [] }, []],
    [{}, ['old']],
  ])('of %j are sent as %j', (inputs, tags) => {
    expect(tagsToSend(inputs, { tags: ['old'] }, always)).toEqual(tags)
  })

  it('that did not change leave the tags as they are', () => {
    expect(tagsToSend({ featureTags: [{ hide: true }] }, { tags: ['HideApp', 'portal'] }, never)).toEqual([
      'HideApp',
      'portal',
    ])
  })
})
