import { Diagnostic, DiagnosticSeverity, type Range } from 'vscode';
import { inert } from '../../src/protocol/messages.ts';
import { messageText } from './text.ts';

/** An error in the Problems view and under the text; `code` is the place in the document. */
export const errorAt = (range: Range, message: string, source: string, code: string): Diagnostic => {
  const diagnostic = new Diagnostic(range, messageText(message), DiagnosticSeverity.Error);
  diagnostic.source = inert(source);
  diagnostic.code = inert(code);
  return diagnostic;
};
