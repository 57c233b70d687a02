/** A message variable that rules may change, so that the run has the last word on it. */
export const isOverridden = (name: string): boolean => name === 'REQBODY_PROCESSOR'
