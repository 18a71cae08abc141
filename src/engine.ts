import { serve } from './engine/connection.ts';
import { Gates } from './engine/gates.ts';
import type { PauseParams } from './protocol/index.ts';

/**
 * The child process in which everything heavy runs. Each job's code is loaded on first use, so that a request about
 * a finished run does not wait for the training runtime.
 */
const gates = new Gates();
serve(
  {
    train: async (params, context) => {
      // Before anything is awaited, because this ends a pause of an earlier training, but not one that
      // follows this request.
      gates.open(params.folder);
      return (await import('./engine/trainJob.ts')).trainJob(gates)(params, context);
    },
    inspect: async (params, context) => (await import('./engine/runJobs.ts')).inspectJob(params, context),
    inspectionFile: async (params, context) =>
      (await import('./engine/inspectionJobs.ts')).inspectionFileJob(params, context),
    describeRecording: async (params, context) =>
      (await import('./engine/inspectionJobs.ts')).describeRecordingJob(params, context),
    inspectFile: async (params, context) =>
      (await import('./engine/inspectionJobs.ts')).inspectFileJob(params, context),
    recommend: async (params, context) => (await import('./engine/runJobs.ts')).recommendJob(params, context),
    theory: async (question) => (await import('./theory/index.ts')).theoryDocument(question),
    report: async (params, context) => (await import('./engine/runJobs.ts')).reportJob(params, context),
    exportLayer: async (params, context) => (await import('./engine/runJobs.ts')).exportJob(params, context),
    fit: async (params, context) => (await import('./engine/runJobs.ts')).fitJob(params, context),
    embed: async (params, context) => (await import('./engine/runJobs.ts')).embedJob(params, context),
    describeCheckpoint: async (params, context) =>
      (await import('./engine/checkpointJob.ts')).describeCheckpointJob(params, context),
    exportCheckpoint: async (params, context) =>
      (await import('./engine/checkpointJob.ts')).exportCheckpointJob(params, context),
    tensorValues: async (params, context) =>
      (await import('./engine/checkpointJob.ts')).tensorValuesJob(params, context),
    layerSpectrum: async (params, context) =>
      (await import('./engine/checkpointJob.ts')).layerSpectrumJob(params, context),
  },
  (connection) => {
    connection.onNotification('pause', ({ folder }: PauseParams) => gates.close(folder));
    connection.onNotification('continue', ({ folder }: PauseParams) => gates.open(folder));
  },
);
