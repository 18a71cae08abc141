/**
 * The answer to a page's question, as long as the page is there to hear it; after that the question stays unanswered.
 * The messenger would send it all the same, and leave nobody to catch that it cannot.
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
