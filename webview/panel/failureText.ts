/** The message of a rejected promise or a thrown value, in one line. */
export const failureText = (reason: unknown): string => {
  const message = (reason as { message?: unknown } | null | undefined)?.message;
  const text = typeof message === 'string' && message !== '' ? message : String(reason);
  return text.replace(/\s+/g, ' ').trim();
};
