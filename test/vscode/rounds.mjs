/** The rounds that the suite in VS Code takes, by what it runs on. `npm test` has a stage for each. */
export const ROUNDS = ['sources', 'restricted', 'package'];
