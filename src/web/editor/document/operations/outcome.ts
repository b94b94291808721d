// What an operation on annotations ends with: its result, or the sentence why it cannot be done.
export type Outcome<T> = { done: T } | { refusal: string }

export const refuse = (refusal: string): { refusal: string } => ({ refusal })
