import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import { ApiError, type IJob, type ISubmission } from '../../api';
import { Announcer } from '../announcer';
import { JOB_EVENT, JobsModel } from '../model';
import { asPython } from '../python';
import { SavuJobs } from '../service';
import { job, queue, RESULT, words } from './jobs';

const LIST = {
  path: 'demo_fbp.nxs',
  content: { plugins: [] },
  changed: new Signal<object, void>({})
};
const SCAN = { root: 'jupyter', path: 'scan.nxs' };

function setUp(snapshot: IJob[] = []) {
  const submissions: ISubmission[] = [];
  const failure: { error: Error | null } = { error: null };
  const stream = new Signal<object, { schema_id: string }>({});
  let sequence = 0;
  const model = new JobsModel(
    {
      jobs: async () => ({ items: snapshot, next: null, sequence }),
      queues: async () => [
        queue(),
        queue({ name: 'full', restrict_rows: null })
      ],
      job: async id => job({ id }),
      removeJob: async () => undefined,
      cancel: async id => job({ id })
    },
    stream
  );
  const jobs = new SavuJobs(model, {
    submit: async submission => {
      if (failure.error) {
        throw failure.error;
      }
      submissions.push(submission);
      return job({ state: 'created', queue: submission.queue });
    },
    submitMany: async ({ scans, queue }) => ({
      group: GROUP,
      items: scans.map((_, index) =>
        job({ id: `${GROUP.slice(0, -1)}${index + 5}`, group: GROUP, queue })
      )
    })
  });
  const shown: string[] = [];
  new Announcer(
    jobs,
    {
      openResult: () => undefined,
      showJob: () => undefined,
      showResultBeside: ({ id }) => shown.push(id)
    },
    words,
    nullTranslator.load('jupyterlab_savu')
  );
  const emit = (changed: IJob) =>
    stream.emit({
      schema_id: JOB_EVENT,
      sequence: ++sequence,
      job: changed
    } as { schema_id: string });
  return { jobs, model, submissions, failure, shown, emit };
}

const messages = () =>
  Notification.manager.notifications.map(({ message, type, options }) => [
    type,
    message,
    (options.actions ?? []).map(({ label }) => label)
  ]);

const GROUP = '20260301T115900-00000000';

beforeEach(() => Notification.dismiss());

describe('submitting', () => {
  it('sends what the editor shows, with a key for each click', async () => {
    const { jobs, submissions } = setUp();
    await jobs.submit('preview', LIST, SCAN);
    await jobs.submit('preview', LIST, SCAN);
    expect(submissions[0]).toMatchObject({
      queue: 'preview',
      list: { root: 'jupyter', path: LIST.path, content: LIST.content },
      data: SCAN
    });
    expect(submissions[0].key).toBeTruthy();
    expect(submissions[0].key).not.toBe(submissions[1].key);
  });

  it('makes one job of a double click', async () => {
    const { jobs, submissions } = setUp();
    const [one, other] = await Promise.all([
      jobs.submit('preview', LIST, SCAN),
      jobs.submit('preview', LIST, SCAN)
    ]);
    expect(submissions).toHaveLength(1);
    expect(other).toBe(one);
  });

  it('tells what the server says against it', async () => {
    const { jobs, failure } = setUp();
    failure.error = new ApiError('The scan is not there.', 404, 'not_found');
    expect(await jobs.submit('preview', LIST, SCAN)).toBeNull();
    expect(messages()).toEqual([['error', 'The scan is not there.', []]]);
  });
});

describe('the end of a job', () => {
  const done = (changes: Partial<IJob> = {}) =>
    job({ state: 'succeeded', result: RESULT, ...changes });

  it('is announced, and the preview that was started here is shown once', async () => {
    const { jobs, model, emit, shown } = setUp();
    await model.refresh();
    await jobs.submit('preview', LIST, SCAN);
    emit(done());
    emit(done({ message: 'again' }));
    expect(shown).toEqual([job().id]);
    expect(messages()).toEqual([
      ['success', 'demo_fbp is done', ['Open result']]
    ]);
  });

  it('is noticed though its event comes before the answer to the submission', async () => {
    const { jobs, model, emit, shown } = setUp();
    await model.refresh();
    const submission = jobs.submit('preview', LIST, SCAN);
    emit(job({ state: 'running' }));
    emit(done());
    await submission;
    expect(shown).toEqual([job().id]);
  });

  it('is told by who follows the job, and by nobody else', async () => {
    const { jobs, model, submissions, emit, shown } = setUp();
    await model.refresh();
    const options = { rows: '64', isFollowed: true };
    await jobs.submit('preview', LIST, SCAN, options);
    emit(done());
    expect(submissions[0].rows).toBe('64');
    expect(shown).toEqual([]);
    expect(messages()).toEqual([]);
  });

  it('shows no result of a full run unasked', async () => {
    const { jobs, model, emit, shown } = setUp();
    await model.refresh();
    await jobs.submit('full', LIST, SCAN);
    emit(done({ queue: 'full' }));
    expect(shown).toEqual([]);
  });

  it('shows no result of a job that was submitted elsewhere', async () => {
    const { model, emit, shown } = setUp([job()]);
    await model.refresh();
    emit(done());
    expect(shown).toEqual([]);
  });

  it('tells why a job failed, and leads to its log', async () => {
    const { model, emit } = setUp([job()]);
    await model.refresh();
    emit(
      job({
        state: 'failed',
        reason: 'OUT_OF_MEMORY',
        message: 'ask for more',
        started: null
      })
    );
    expect(messages()).toEqual([
      ['error', 'demo_fbp: out of memory: ask for more', ['Show log']]
    ]);
  });
});

describe('a job as Python', () => {
  it('does the same through the client', () => {
    expect(asPython(job())).toContain(
      'savu.submit("demo_fbp.nxs", "scan.nxs", queue="preview")'
    );
  });

  it('asks for the same rows and resources', () => {
    const asked = { resources: { memory: 4096 }, values: { project: 'a' } };
    expect(asPython(job({ rows: '60:68' }), asked)).toContain(
      'queue="preview", rows="60:68", resources={"memory":4096}, values={"project":"a"})'
    );
  });

  it('quotes what could be taken for code', () => {
    const tricky = job({
      data: { root: 'dls', path: 'a"b\\c.nxs', size: 1, modified: '' }
    });
    expect(asPython(tricky)).toContain('"dls:a\\"b\\\\c.nxs"');
  });

  it('takes no part of a path for a root', () => {
    const colon = job({
      data: { root: 'jupyter', path: 'a:b.nxs', size: 1, modified: '' }
    });
    expect(asPython(colon)).toContain('"jupyter:a:b.nxs"');
  });
});

it('submits many scans as one group, and one alone', async () => {
  const { jobs, model, submissions } = setUp();
  await model.refresh();
  const form = {
    queue: 'preview',
    rows: '3:5',
    scans: [{ root: 'jupyter', path: 'a.nxs' }],
    resources: {},
    values: {}
  };
  const list = { path: 'steps.nxs', content: { plugins: [] } };
  await jobs.submitForm(list, form);
  expect(submissions.map(({ rows, data }) => [rows, data.path])).toEqual([
    ['3:5', 'a.nxs']
  ]);
  const scans = [...form.scans, { root: 'jupyter', path: 'b.nxs' }];
  await jobs.submitForm(list, { ...form, scans });
  expect(jobs.jobs.filter(({ group }) => group === GROUP)).toHaveLength(2);
});
