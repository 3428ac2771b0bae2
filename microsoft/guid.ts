/** A GUID as Microsoft writes ids: hexadecimal digits in groups of 8, 4, 4, 4 and 12, in any case. */
export const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isGuid(text: string): boolean {
  return GUID.test(text)
}
