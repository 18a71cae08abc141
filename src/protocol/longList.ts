import * as z from 'zod';

/**
 * Only the first issue is reported. Zod's types do not expose this option; without it a list of a million wrong items
 * takes 740 MB of issues, as a test shows.
 */
export const FIRST_ONLY = { abortEarly: true } as z.core.ParseContext<z.core.$ZodIssue>;

/**
 * A list of `item`. Zod makes objects for each item, also for a number: most of the time that a large analysis took to
 * open. So `isSound` looks first. It must not accept what `item` refuses or changes; a list with anything that it does
 * not accept is left to Zod, which also words the message.
 */
export const longList = <Item>(
  item: z.ZodType<Item>,
  isSound: (value: unknown) => boolean,
): z.ZodType<Item[]> => {
  const list = z.array(item);
  return z.custom<Item[]>().superRefine((value: unknown, context) => {
    if (Array.isArray(value) && value.every(isSound)) return;
    for (const issue of list.safeParse(value, FIRST_ONLY).error?.issues ?? []) context.addIssue({ ...issue });
  });
};

/** Infinity is what `1e999` becomes. */
export const isNumber = (value: unknown): value is number => Number.isFinite(value);
export const isNonnegative = (value: unknown): value is number => isNumber(value) && value >= 0;
