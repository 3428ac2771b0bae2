/** Properties of an optional claim that change what it says ("Configure and manage optional claims"). */
export const OPTIONAL_CLAIM_PROPERTIES = [
  'cloud_displayname',
  'dns_domain_and_sam_account_name',
  'emit_as_roles',
  'include_externally_authenticated_upn',
  'include_externally_authenticated_upn_without_hash',
  'max_size_limit',
  'netbios_domain_and_sam_account_name',
  'on_premise_security_identifier',
  'sam_account_name',
  'use_guid',
] as const

/** Which groups the groups claim lists ("groupMembershipClaims", application resource type). */
export const GROUP_CLAIMS = ['All', 'ApplicationGroup', 'DirectoryRole', 'None', 'SecurityGroup'] as const
