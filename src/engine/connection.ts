import {
  type CancellationToken,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  ProgressType,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { type EngineJob, type EngineJobs, Fault, type FaultData } from '../protocol/index.ts';

/** What a job gets from the connection: cancelling aborts `signal`, `report` sends a progress value. */
interface JobContext<Job extends EngineJob> {
  readonly signal: AbortSignal;
  readonly report: (value: EngineJobs[Job]['progress']) => void;
}

export type JobHandler<Job extends EngineJob> = (
  params: EngineJobs[Job]['params'],
  context: JobContext<Job>,
) => Promise<EngineJobs[Job]['result']>;

export type JobHandlers = { readonly [Job in EngineJob]: JobHandler<Job> };

/** Outside the range that JSON-RPC reserves. */
const FAULT_CODE = 1;

const errorOf = (error: unknown): ResponseError<FaultData | { readonly stack: string }> => {
  if (error instanceof Fault) {
    const { kind, what, where, remedy } = error;
    return new ResponseError<FaultData>(FAULT_CODE, error.message, { kind, what, where, remedy });
  }
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  return new ResponseError(FAULT_CODE + 1, message, { stack });
};

/** The code of language servers for a cancelled request; nothing went wrong, so there is no data. */
const CANCELLED_CODE = -32800;

const signalOf = (token: CancellationToken): AbortSignal => {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
};

/** The connection transfers JSON for all jobs; types are checked at both ends. */
interface JobRequest {
  readonly params: never;
  /** Progress is sent under it. */
  readonly token: string;
}
const PROGRESS = new ProgressType<unknown>();

type AnyHandler = (
  params: never,
  context: { readonly signal: AbortSignal; readonly report: (value: unknown) => void },
) => Promise<unknown>;

const answer = (connection: MessageConnection, job: EngineJob, handler: AnyHandler): void => {
  connection.onRequest(
    job,
    async ({ params, token }: JobRequest, cancellation: CancellationToken): Promise<unknown> => {
      const report = (value: unknown) => void connection.sendProgress(PROGRESS, token, value);
      const signal = signalOf(cancellation);
      try {
        return await handler(params, { signal, report });
      } catch (error) {
        if (signal.aborted && error === signal.reason) throw new ResponseError(CANCELLED_CODE, 'cancelled');
        throw errorOf(error);
      }
    },
  );
};

/** Serves jobs over the channel that `fork` opened between this process and its parent; ends with the parent. */
export const serve = (handlers: JobHandlers, listen: (connection: MessageConnection) => void): void => {
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  for (const job of Object.keys(handlers) as EngineJob[]) {
    answer(connection, job, handlers[job]);
  }
  listen(connection);
  connection.onClose(() => process.exit(0));
  process.on('disconnect', () => process.exit(0));
  connection.listen();
  void connection.sendNotification('ready');
};
