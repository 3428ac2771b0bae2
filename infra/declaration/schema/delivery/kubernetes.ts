import { z } from 'zod'
import { kind } from './kind.ts'

// "Object Names and IDs" of Kubernetes: labels and subdomains of RFC 1123.
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/

const schema = z.strictObject({
  context: z
    .string()
    .min(1)
    .optional()
    .describe('Context of the kubeconfig. Default: its current one; in a pod, the cluster of the pod'),
  namespace: z
    .string()
    .regex(LABEL, 'a namespace is lower-case letters, digits and hyphens, at most 63')
    .describe('Namespace of the Secret'),
  secret: z
    .string()
    .regex(SUBDOMAIN, 'a Secret is named by lower-case letters, digits, hyphens and dots')
    .describe('Name of the Secret. Created if missing'),
  // Of 253 characters: the name of the field manager, at most 128, holds it.
  key: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'a key is letters, digits, hyphens, underscores and dots, at most 100')
    .describe('Key that gets the value. Other keys stay'),
})

export type KubernetesDeclaration = z.output<typeof schema>

const id = ({ context, namespace, secret, key }: KubernetesDeclaration) =>
  `${[context, namespace, secret].filter(Boolean).join('/')}#${key}`

export const kubernetes = kind({ schema, id, place: id })
