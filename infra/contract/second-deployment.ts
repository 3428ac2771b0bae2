/** With these words the program says that it has to be deployed once more; `up` looks for them and does so. */
export const SECOND_DEPLOYMENT = 'This needs a second deployment'
