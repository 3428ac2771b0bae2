import type { RotationPorts } from '../rotation/ports.ts'

/** Called at each boundary between two steps of a rotation: `before issue`, `after proof of onedrive g2`, … */
export type OnMoment = (moment: string) => void | Promise<void>

/** The same ports, with a look at every moment in which somebody else could come between two steps. */
export function watched(ports: RotationPorts, onMoment: OnMoment): RotationPorts {
  return {
    ...ports,
    stack: {
      ...ports.stack,
      deploy: async (intent) => {
        const what = intent.steps.map((step) => step.do).join(', ')
        await onMoment(`before ${what}`)
        await ports.stack.deploy(intent)
        await onMoment(`after ${what}`)
      },
    },
    prove: async (target) => {
      const proof = await ports.prove(target)
      await onMoment(`after proof of ${target.label}`)
      return proof
    },
    proveRefused: async (target) => {
      const proof = await ports.proveRefused(target)
      await onMoment(`after refusal of ${target.label}`)
      return proof
    },
    openTarget: (declaration) => {
      const target = ports.openTarget(declaration)
      return {
        ...target,
        deliver: async (delivery, options) => {
          const receipt = await target.deliver(delivery, options)
          await onMoment(`after delivery to ${target.id}`)
          return receipt
        },
      }
    },
  }
}
