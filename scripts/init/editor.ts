const SCHEMAS = 'node_modules/entra-apps/docs/schemas'

/** Path of the schema of an application's file, from the project directory. */
export const APP_SCHEMA = `${SCHEMAS}/app.schema.json`

export const STACK_SCHEMA = `${SCHEMAS}/stack.schema.json`

/** Settings of Visual Studio Code with which its YAML extension checks and completes declarations. */
export const EDITOR_SETTINGS = {
  'yaml.schemas': {
    [`./${APP_SCHEMA}`]: 'apps/*.yaml',
    [`./${SCHEMAS}/identity.schema.json`]: 'identities/*.yaml',
    [`./${STACK_SCHEMA}`]: 'Pulumi.*.yaml',
  },
}
