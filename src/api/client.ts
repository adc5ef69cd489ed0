import { type Query, Requests } from './requests';
import type {
  ICheck,
  IComparison,
  IDataset,
  IFile,
  IFilledValue,
  IFrames,
  IHdf5Object,
  IInfo,
  IJob,
  IJobPage,
  ILogPart,
  IPage,
  IParameter,
  IPlace,
  IPluginFacts,
  IPluginSummary,
  IPreviewQuestion,
  IPreviewShape,
  IProcessList,
  IProcessListEntry,
  IQueue,
  IReadTuning,
  IReadValue,
  ISearchPage,
  IStoredProcessList,
  IDeletedData,
  IGroupSubmission,
  IJobData,
  IJobGroup,
  IJobOutput,
  IJobRecord,
  IPlan,
  ISubmission,
  ITemplate,
  IGrowth,
  IVolume,
  IVolumeItem
} from './types';

/** What to look for below a folder. */
export interface ISearch {
  root?: string;
  below?: string;
  q?: string;
  limit?: number;
  cursor?: string | null;
}

/** The one client of the server's `savu/` routes. Failures are `ApiError`s. */
export class SavuClient extends Requests {
  info(): Promise<IInfo> {
    return this._json('info');
  }

  /** All plugins, of a connected Savu where one is named; the catalogue is one page. */
  async plugins(savu: string | null = null): Promise<IPluginSummary[]> {
    const page = await this._json<IPage<IPluginSummary>>('plugins', {
      limit: 1000,
      savu
    });
    return page.items;
  }

  plugin(name: string, savu: string | null = null): Promise<IPluginFacts> {
    return this._json(`plugins/${encodeURIComponent(name)}`, { savu });
  }

  file(place: IPlace, hash = false): Promise<IFile> {
    return this._json('files', { ...place, hash });
  }

  processLists(
    search: ISearch,
    signal?: AbortSignal
  ): Promise<ISearchPage<IProcessListEntry>> {
    return this._json('process-lists', { ...search }, { signal });
  }

  datasets(
    search: ISearch & { kind?: 'scan' | 'result' },
    signal?: AbortSignal
  ): Promise<ISearchPage<IDataset>> {
    return this._json('datasets', { ...search }, { signal });
  }

  processList(place: IPlace): Promise<IStoredProcessList> {
    return this._json('process-lists/content', { ...place });
  }

  createProcessList(place: IPlace, list: IProcessList): Promise<IFile> {
    return this._json(
      'process-lists/content',
      { ...place },
      { method: 'POST', body: JSON.stringify(list) }
    );
  }

  /** Replaces a list that still has the given hash; otherwise fails with 412. */
  replaceProcessList(
    place: IPlace,
    list: IProcessList,
    hash: string
  ): Promise<IFile> {
    return this._json(
      'process-lists/content',
      { ...place },
      {
        method: 'PUT',
        body: JSON.stringify(list),
        headers: { 'If-Match': `"${hash}"` }
      }
    );
  }

  async checkProcessList(
    list: IProcessList,
    data: IPlace | null,
    queue: string | null = null,
    savu: string | null = null
  ): Promise<ICheck> {
    return this._json(
      'process-lists/check',
      {},
      { method: 'POST', body: JSON.stringify({ list, data, queue, savu }) }
    );
  }

  compareProcessLists(
    left: IProcessList,
    right: IProcessList
  ): Promise<IComparison> {
    return this._json(
      'process-lists/compare',
      {},
      { method: 'POST', body: JSON.stringify({ left, right }) }
    );
  }

  /** What a text means that is typed for a parameter. */
  readValue(
    { dtype, options, name }: Pick<IParameter, 'dtype' | 'options' | 'name'>,
    text: string
  ): Promise<IReadValue> {
    return this._post('values', { dtype, options, parameter: name, text });
  }

  /** Which values a text such as `80:90:2` stands for. */
  readTuning(
    { dtype, options }: Pick<IParameter, 'dtype' | 'options'>,
    text: string
  ): Promise<IReadTuning> {
    return this._post('values/tuning', { dtype, options, text });
  }

  /** What a preview takes of each dimension of a scan. */
  readPreview(question: IPreviewQuestion): Promise<IPreviewShape> {
    return this._post('values/preview', question);
  }

  /** What of a list is to be filled in, and the list that comes of it. */
  resolveTemplate(
    list: IProcessList,
    text: string | null,
    values: readonly IFilledValue[]
  ): Promise<ITemplate> {
    return this._post('templates', { list, text, values });
  }

  /** Where the list of a `.savu` file is. */
  listOfTemplate(
    place: IPlace
  ): Promise<{ named: string | null; list: IPlace | null }> {
    return this._json('templates/content', { ...place });
  }

  /** Writes a new `.savu` file of a list. */
  createTemplate(
    file: IPlace,
    place: IPlace,
    list: IProcessList,
    values: readonly IFilledValue[]
  ): Promise<IFile> {
    return this._post('templates/content', { place, list, values }, file);
  }

  /** Where programs on the server find a file or folder. */
  async location(place: IPlace): Promise<string> {
    const { location } = await this._json<{ location: string }>('locations', {
      ...place
    });
    return location;
  }

  /** The place of what programs find at an absolute path; null where it is shown nowhere. */
  async placeOf(location: string): Promise<IPlace | null> {
    const { place } = await this._json<{ place: IPlace | null }>('places', {
      location
    });
    return place;
  }

  /** What an HDF5 object is: its members, or its shape and type. */
  metadata(file: IPlace, path: string): Promise<IHdf5Object> {
    return this._json('data/meta/', {
      root: file.root,
      file: file.path,
      path
    });
  }

  /** The datasets of a file that can be shown as slices. */
  volumes({
    root,
    path: file
  }: IPlace): Promise<{ items: IVolumeItem[]; truncated: boolean }> {
    return this._json('slices/volumes', { root, file });
  }

  /** Shape, axes and patterns of a dataset. */
  volume({ root, path: file }: IPlace, path: string): Promise<IVolume> {
    return this._json('slices/volume', { root, file, path });
  }

  /** What each frame of a scan is. */
  frames({ root, path: file }: IPlace, path: string): Promise<IFrames> {
    return this._json('slices/frames', { root, file, path });
  }

  /** How much of a dataset was written that somebody may be writing. */
  growth({ root, path: file }: IPlace, path: string): Promise<IGrowth> {
    return this._json('slices/growth', { root, file, path });
  }

  async queues(): Promise<IQueue[]> {
    return (await this._json<{ items: IQueue[] }>('queues')).items;
  }

  jobs(
    options: {
      active?: boolean;
      group?: string;
      limit?: number;
      cursor?: string | null;
    } = {}
  ): Promise<IJobPage> {
    return this._json('jobs', { ...options });
  }

  job(id: string): Promise<IJob> {
    return this._json(`jobs/${encodeURIComponent(id)}`);
  }

  /** What a submission would hand to the scheduler of a queue; null where there is none. */
  async script(
    queue: string,
    asked: Pick<ISubmission, 'resources' | 'values'> = {}
  ): Promise<string | null> {
    const { script } = await this._post<{ script: string | null }>(
      `queues/${encodeURIComponent(queue)}/script`,
      asked
    );
    return script;
  }

  /** What a submission would do and take; null where the engine does not tell. */
  async plan(
    submission: ISubmission,
    signal?: AbortSignal
  ): Promise<IPlan | null> {
    const { plan } = await this._json<{ plan: IPlan | null }>(
      'plans',
      {},
      { method: 'POST', body: JSON.stringify(submission), signal }
    );
    return plan;
  }

  submit(submission: ISubmission): Promise<IJob> {
    return this._json(
      'jobs',
      {},
      { method: 'POST', body: JSON.stringify(submission) }
    );
  }

  submitMany(submission: IGroupSubmission): Promise<IJobGroup> {
    return this._json(
      'job-groups',
      {},
      { method: 'POST', body: JSON.stringify(submission) }
    );
  }

  runAgain(
    id: string,
    options: { queue?: string; key?: string } = {}
  ): Promise<IJob> {
    return this._json(
      `jobs/${encodeURIComponent(id)}/run-again`,
      {},
      { method: 'POST', body: JSON.stringify(options) }
    );
  }

  resume(id: string): Promise<IJob> {
    return this._json(
      `jobs/${encodeURIComponent(id)}/resume`,
      {},
      { method: 'POST' }
    );
  }

  async removeJob(id: string): Promise<void> {
    await this.request(
      `jobs/${encodeURIComponent(id)}`,
      {},
      { method: 'DELETE' }
    );
  }

  /** What deleting the data of a job would take away. */
  jobData(id: string): Promise<IJobData> {
    return this._json(`jobs/${encodeURIComponent(id)}/data`);
  }

  /** Deletes what `jobData` told of, if it is still the same. */
  deleteJobData(id: string, hash: string): Promise<IDeletedData> {
    return this._json(
      `jobs/${encodeURIComponent(id)}/data`,
      {},
      { method: 'DELETE', headers: { 'If-Match': `"${hash}"` } }
    );
  }

  jobRecord(id: string): Promise<IJobRecord> {
    return this._json(`jobs/${encodeURIComponent(id)}/record`);
  }

  async jobOutputs(id: string): Promise<IJobOutput[]> {
    const route = `jobs/${encodeURIComponent(id)}/outputs`;
    return (await this._json<{ items: IJobOutput[] }>(route)).items;
  }

  cancel(id: string): Promise<IJob> {
    return this._json(
      `jobs/${encodeURIComponent(id)}/cancel`,
      {},
      { method: 'POST' }
    );
  }

  log(
    id: string,
    options: { log?: 'user' | 'full'; offset?: number; length?: number } = {}
  ): Promise<ILogPart> {
    return this._json(`jobs/${encodeURIComponent(id)}/log`, { ...options });
  }

  private _post<T>(
    route: string,
    body: object,
    query: IPlace | null = null
  ): Promise<T> {
    return this._json<T>(
      route,
      { ...query },
      { method: 'POST', body: JSON.stringify(body) }
    );
  }

  private async _json<T>(
    route: string,
    query: Query = {},
    init: RequestInit = {}
  ): Promise<T> {
    return (await this.request(route, query, init)).json();
  }
}
