import type { IWidgetTracker } from '@jupyterlab/apputils';
import type {
  DocumentRegistry,
  IDocumentWidget
} from '@jupyterlab/docregistry';
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

import type { IJob, IPlace, IProcessList, IQueue, SavuClient } from './api';

/** The client of the server's `savu/` routes. */
export const ISavuClient = new Token<ISavuClient>(
  'jupyterlab-savu:ISavuClient',
  'The client of the savu/ routes of the Jupyter server'
);
export type ISavuClient = SavuClient;

/** A dataset in a file. */
export interface IDataTarget extends IPlace {
  /** The path inside the file; the file's default plot without it. */
  dataset?: string | null;
  /** The slice to begin with, for example `:,45,:`. */
  plane?: string | null;
}

/** Where one is in data with slices, and how they are drawn. */
export interface ILook {
  /** The path inside the file. */
  dataset: string;
  /** The slice, for example `:,45,:`. */
  plane: string;
  /** The values that are drawn darkest and brightest; null until they are known. */
  contrast: [number, number] | null;
  /** Whether each slice has a contrast of its own. */
  automatic: boolean;
  /** From and to of rows, then of columns, of what is marked; the last ones are not included. */
  region: [number, number, number, number] | null;
}

/** Shows data. */
export interface IDataWidget extends Widget {
  /** Null while there are no slices. */
  readonly look: ILook | null;
  /** Something of `look` may be another one. */
  readonly lookChanged: ISignal<unknown, void>;
  /** Changes what is looked at, as soon as there are slices. */
  setLook(look: Partial<ILook>): void;
}

/** How data is put into the main area. */
export interface IOpenOptions {
  /** What was opened for the same purpose before is replaced in its tab. */
  purpose?: string;
  /** The data is shown beside this widget, which keeps the focus. */
  beside?: Widget;
  /** Data that is seen in linked views with it. */
  compared?: IDataTarget;
}

/** Shows HDF5 data. */
export interface ISavuViewer {
  /** Opens the data in the main area, or brings its tab to the front. */
  open(target: IDataTarget, options?: IOpenOptions): Promise<Widget>;
  /** A widget that shows the data, to be put into another. */
  createWidget(target: IDataTarget): IDataWidget;
  /** Where JupyterLab is found by whoever follows a link to data. */
  readonly address: string;
  /** Lets files from the desktop be dropped on an element, to look at them in the browser. */
  acceptFiles(node: HTMLElement): IDisposable;
}
export const ISavuViewer = new Token<ISavuViewer>(
  'jupyterlab-savu:ISavuViewer',
  'Shows HDF5 data'
);

/** A process list that can be run. */
export interface IRunnableList {
  /** The path in Jupyter's root. */
  readonly path: string;
  /** What runs, saved or not. */
  readonly content: IProcessList;
}

/** A process list that is open in the main area; its content is what the editor shows. */
export interface IOpenProcessList extends IRunnableList {
  /** Whether it has edits that the file does not have. */
  readonly isEdited: boolean;
  /** Changes with every edit. */
  readonly changed: ISignal<unknown, void>;
  /** The content with all that is to be filled in, for which it asks; null when it is not told. */
  filled(): Promise<IProcessList | null>;
}

/** The process lists that are open, and the scan chosen for each. */
export interface IProcessLists {
  readonly tracker: IWidgetTracker<
    IDocumentWidget<Widget, DocumentRegistry.IModel>
  >;
  /** The list in the current (or last used) editor. */
  readonly current: IOpenProcessList | null;
  readonly currentChanged: ISignal<IProcessLists, IOpenProcessList | null>;
  /** The list with a path, if it is open. */
  find(path: string): IOpenProcessList | null;
  /** The scan chosen for a list; kept by JupyterLab, not in the file. */
  scanOf(listPath: string): IPlace | null;
  chooseScan(listPath: string, scan: IPlace | null): Promise<void>;
  readonly scanChanged: ISignal<IProcessLists, string>;
}
export const IProcessLists = new Token<IProcessLists>(
  'jupyterlab-savu:IProcessLists',
  'The process lists that are open, and the scan chosen for each'
);

/** How a list is run, where not as its queue does. */
export interface ISubmitOptions {
  /** The rows of the scan, as an entry of a preview. */
  rows?: string;
  /** Who submits shows progress, end and result; nothing else tells of them. */
  isFollowed?: boolean;
}

/** The user's jobs, kept current by the server's events. */
export interface ISavuJobs {
  /** Newest first. */
  readonly jobs: readonly IJob[];
  readonly queues: readonly IQueue[];
  readonly changed: ISignal<ISavuJobs, void>;
  /** Runs a list on a scan; a failure is shown to the user and answers null. */
  submit(
    queue: string,
    list: IRunnableList,
    scan: IPlace,
    options?: ISubmitOptions
  ): Promise<IJob | null>;
  cancel(id: string): Promise<void>;
}
export const ISavuJobs = new Token<ISavuJobs>(
  'jupyterlab-savu:ISavuJobs',
  "The user's jobs, kept current by the server's events"
);

/** Commands that areas call on each other. */
export const CommandIDs = {
  newProcessList: 'savu:new-process-list',
  compareLists: 'savu:compare-lists',
  openData: 'savu:open-data',
  openLocal: 'savu:open-local',
  reloadData: 'savu:reload-data',
  setPreview: 'savu:set-preview',
  setCentre: 'savu:set-centre',
  tryCentres: 'savu:try-centres',
  submit: 'savu:submit',
  submitWithOptions: 'savu:submit-with-options',
  showJobs: 'savu:show-jobs',
  openResult: 'savu:open-result',
  showData: 'savu:show-data'
} as const;
