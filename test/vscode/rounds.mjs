/** The rounds of the suite in VS Code, by what they run on. `npm test` has a stage for each. */
export const ROUNDS = ['sources', 'restricted', 'package'];
