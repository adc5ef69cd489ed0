import type { components, operations } from './schema';

type Schemas = components['schemas'];

/** A file in a named root; see the contract for what a root is. */
export type IPlace = Required<Schemas['Place']>;
export type IInfo = Schemas['Info'];
export type IFile = Schemas['File'];
export type FileKind = Schemas['FileKind'];
export type IPluginSummary = Schemas['PluginSummary'];
export type IPluginFacts = Schemas['PluginFacts'];
export type IParameter = Schemas['Parameter'];
export type IPlugin = Schemas['Plugin'];
export type IProcessList = Schemas['ProcessList'];
export type IStoredProcessList = Schemas['StoredProcessList'];
export type IProcessListEntry = Schemas['ProcessListEntry'];
export type IDataset = Schemas['Dataset'];
export type IConnectedSavu = Schemas['ConnectedSavu'];
export type ICheck = Schemas['Check'];
export type IComparison = Schemas['Comparison'];
export type IPluginPair = Schemas['PluginPair'];
export type ILoopPair = Schemas['LoopPair'];
export type IProblem = Schemas['Problem'];
export type ITuning = Schemas['Tuning'];
export type IPreviewShape = Schemas['PreviewShape'];
export type IPreviewDimension = IPreviewShape['dimensions'][number];
export type ITemplate = Schemas['Template'];
export type IMark = ITemplate['marks'][number];
export type IFilledValue = Schemas['FilledValues'][number];
export type IGrowth = Schemas['Growth'];
export type IVolume = Schemas['Volume'];
export type IFrames = Schemas['Frames'];
export type IVolumeItem = Schemas['VolumeItem'];
export type ISliceHeader = Schemas['SliceHeader'];
export type ISliceStatistics = Schemas['SliceStatistics'];
export type IQueue = Schemas['Queue'];
export type ISubmission = Schemas['Submission'];
export type IGroupSubmission = Schemas['GroupSubmission'];
export type IJobGroup = Schemas['JobGroup'];
export type IJobRecord = Schemas['JobRecord'];
export type IPlan = Schemas['Plan'];
export type IJobOutput = Schemas['JobOutput'];
type Answers<Operation extends keyof operations> =
  operations[Operation]['responses'] extends {
    200: { content: { 'application/json': infer Answer } };
  }
    ? Answer
    : never;
export type IJobData = Answers<'getJobData'>;
export type IDeletedData = Answers<'deleteJobData'>;
export type IJob = Schemas['Job'];
export type JobState = Schemas['JobState'];
export type IJobStep = Schemas['JobStep'];
export type ILogPart = Schemas['LogPart'];
export type IJobEvent = Schemas['JobEvent'];

/** What the server tells of an HDF5 object (H5Grove's form; what is used of it). */
export interface IHdf5Object {
  name: string;
  /** group, dataset, or what cannot be followed: soft_link, external_link. */
  kind: string;
  children?: IHdf5Object[];
  /** Of a dataset; null when it is empty. */
  shape?: number[] | null;
  /** NumPy's, where the type is a simple one. */
  type?: { dtype?: string | Record<string, string> };
}

/** What a typed text means; `expected` says what it should have been. */
export interface IReadValue {
  /** JSON text. */
  value: string;
  expected: string | null;
}

/** The values (JSON texts) of a tuning; `value` is what to save for them. */
export interface IReadTuning {
  value: string | null;
  values: string[];
  /** With what Savu would run, were the text saved as it was typed. */
  savu: string[];
  expected: string | null;
}

/** Asks what a preview takes of a scan. */
export interface IPreviewQuestion {
  /** JSON text. */
  preview: string;
  data: IPlace | null;
  /** Where the loader looks for the frames. */
  data_path: string | null;
  /** The loader's preview, for a later plugin's. */
  loaded: string | null;
}

/** One page of a list; `next` is the cursor of the page after it. */
export interface IPage<T> {
  items: T[];
  next: string | null;
}

/** A page of a search, which may have ended before it saw everything. */
export interface ISearchPage<T> extends IPage<T> {
  truncated: boolean;
}

/** A page of jobs, with the number of the newest event that it includes. */
export interface IJobPage extends IPage<IJob> {
  sequence: number;
}

/** The name of the root that Jupyter shows. */
export const JUPYTER_ROOT = 'jupyter';
