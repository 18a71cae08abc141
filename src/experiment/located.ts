import { Fault } from '../protocol/index.ts';

/** Whether `where` is a JSON pointer to a value of the document, and not an absolute path that looks like one. */
function pointsInto(document: object, where: string): boolean {
  const [root, ...keys] = where.split('/');
  let value: unknown = document;
  for (const key of keys) value = (value as Record<string, unknown> | undefined)?.[key];
  return root === '' && keys.length > 0 && value !== undefined;
}

/** Faults that point into the document of a file (`/loss/label`) are prefixed with the file's name. */
export async function located<T>(file: string, document: object, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault) || !pointsInto(document, error.where)) throw error;
    throw new Fault(error.kind, error.what, `${file} ${error.where}`, error.remedy, { cause: error });
  }
}
