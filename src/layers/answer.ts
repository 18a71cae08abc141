import { Fault, type FaultData } from '../protocol/index.ts';

/** A worker's answer: class instances do not survive the transfer between threads, so a fault is sent as its parts. */
export type Answer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'fault'; readonly fault: FaultData };

/** Does the work; a thrown fault is also an answer if `isAnswer` accepts it. */
export const answering = async <T>(
  work: () => Promise<T>,
  isAnswer: (fault: Fault) => boolean = () => true,
): Promise<Answer<T>> => {
  try {
    return { kind: 'done', value: await work() };
  } catch (error) {
    if (!(error instanceof Fault) || !isAnswer(error)) throw error;
    const { kind, what, where, remedy } = error;
    return { kind: 'fault', fault: { kind, what, where, remedy } };
  }
};

/** The value or the fault in an answer. */
export const answered = <T>(answer: Answer<T>): T | Fault => {
  if (answer.kind === 'done') return answer.value;
  const { kind, what, where, remedy } = answer.fault;
  return new Fault(kind, what, where, remedy);
};

/** The value; throws the fault. */
export const unpacked = <T>(answer: Answer<T>): T => {
  const found = answered(answer);
  if (found instanceof Fault) throw found;
  return found;
};
