/** `Microsoft Graph` → `microsoft-graph`, for names of resources, files and projects. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
