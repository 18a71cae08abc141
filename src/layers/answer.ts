import { Fault, type FaultData } from '../protocol/index.ts';

/** What a worker answers: a class does not survive the way between threads, so a fault goes as its parts. */
export type Answer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'fault'; readonly fault: FaultData };

/** Does the work; what it throws is an answer too where it is a fault that `isAnswer` takes for one. */
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

/** The value or the fault that an answer is of. */
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
