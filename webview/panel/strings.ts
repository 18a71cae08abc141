import { config } from '@vscode/l10n';

/**
 * Sets the translations that the host wrote into the page; without any, strings stay English. Every page imports this
 * first: the modules after it look up strings as they load.
 */
const translations = document.getElementById('panel')?.dataset.strings;
if (translations) config({ contents: translations });
