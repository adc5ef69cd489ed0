import type { components } from './schema';

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
export type ICheck = Schemas['Check'];
export type IComparison = Schemas['Comparison'];
export type IPluginPair = Schemas['PluginPair'];
export type ILoopPair = Schemas['LoopPair'];
export type IProblem = Schemas['Problem'];
export type ITuning = Schemas['Tuning'];
export type IQueue = Schemas['Queue'];
export type ISubmission = Schemas['Submission'];
export type IJob = Schemas['Job'];
export type JobState = Schemas['JobState'];
export type IJobStep = Schemas['JobStep'];
export type ILogPart = Schemas['LogPart'];
export type IJobEvent = Schemas['JobEvent'];

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
