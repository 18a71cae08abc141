/**
 * The answer to a page's request as long as the page is open; after that the request is never answered. The messenger
 * would still try to send it, and nothing would catch the failure.
 */
export const whileOpen = async <T>(isOpen: () => boolean, answer: Promise<T>): Promise<T> => {
  const unanswered = new Promise<never>(() => {});
  try {
    const result = await answer;
    return isOpen() ? result : unanswered;
  } catch (error) {
    if (!isOpen()) return unanswered;
    throw error;
  }
};
