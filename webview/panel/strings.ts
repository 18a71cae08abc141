import { config } from '@vscode/l10n';

/**
 * Sets the translations that the host wrote into the page; without any, strings are English. Every page imports this
 * first, because later modules look up strings while loading.
 */
const translations = document.getElementById('panel')?.dataset.strings;
if (translations) config({ contents: translations });
