import { whileYoung } from './entry.ts'

/**
 * How long a change of each kind is given the benefit of the doubt, in minutes. Seen in the field: secrets 4 to 18
 * seconds, new applications and service principals up to 20 minutes, federated credentials minutes; Microsoft
 * promises none of it.
 */
export const NEW_CREDENTIAL = whileYoung('credential', 15)
export const NEW_APPLICATION = whileYoung('application', 30)
export const NEW_CONSENT = whileYoung('consent', 30)
