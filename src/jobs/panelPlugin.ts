import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Clipboard, ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IRunningSessionManagers } from '@jupyterlab/running';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import {
  ITranslator,
  nullTranslator,
  type TranslationBundle
} from '@jupyterlab/translation';

import { type IJob, JUPYTER_ROOT } from '../api';
import { CommandIDs, IProcessLists, ISavuClient, ISavuViewer } from '../tokens';
import { JobActs } from './acts';
import { Announcer } from './announcer';
import { jobsIcon } from './icons';
import { JobsPanel } from './panel';
import { JobComparer } from './comparing';
import { asPython } from './python';
import { resultOf } from './results';
import { addRunningSection } from './running';
import type { SavuJobs } from './service';
import { addStatusItem } from './status';
import {
  FULL,
  PREVIEW,
  submitCurrent,
  submitLabel,
  submitWithOptions
} from './submitting';
import { IJobsService } from './tokens';
import { JobWords } from './words';

const GO_TO_FOLDER = 'filebrowser:go-to-path';

/** The jobs on the screen: side panel, status bar, notifications and commands. */
export const jobsPanelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-savu:jobs-panel',
  description: 'Shows the jobs, and runs process lists by command.',
  autoStart: true,
  requires: [ISavuClient, IJobsService],
  optional: [
    IProcessLists,
    ISavuViewer,
    ICommandPalette,
    ILayoutRestorer,
    IRunningSessionManagers,
    IStatusBar,
    ISettingRegistry,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    client: ISavuClient,
    jobs: SavuJobs,
    lists: IProcessLists | null,
    viewer: ISavuViewer | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    running: IRunningSessionManagers | null,
    statusBar: IStatusBar | null,
    settings: ISettingRegistry | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_savu');
    const words = new JobWords(trans);
    const { commands, shell } = app;
    const { model } = jobs;
    const openResult = (job: IJob) =>
      void commands.execute(CommandIDs.openResult, { id: job.id });
    const showJob = (job: IJob) =>
      void commands.execute(CommandIDs.showJobs, { id: job.id });

    const acts = new JobActs(model, client, words, trans);
    const showNew = (job: IJob | null) => {
      if (job) {
        panel.showDetails(job);
      }
    };

    const panel = new JobsPanel({
      model,
      client,
      trans,
      words,
      actions: {
        open: openResult,
        cancel: async job => {
          if (await acts.confirmCancel(job)) {
            await jobs.cancel(job.id);
          }
        },
        runAgain: async job => {
          showNew(await acts.runAgain(job));
        },
        resume: async job => {
          showNew(await acts.resume(job));
        },
        remove: async job => {
          if (await acts.remove(job)) {
            panel.showDetails(null);
          }
        },
        deleteData: job => acts.deleteData(job),
        openOutput: viewer ? output => void viewer.open(output) : null,
        showFolder: ({ folder }) =>
          void commands.execute(GO_TO_FOLDER, { path: folder.path }),
        comparer: lists
          ? new JobComparer({ client, commands, viewer, trans, words })
          : null,
        copyAsPython: async job => {
          // Without its folder a job has no record; what else is known is copied.
          const record = await client.jobRecord(job.id).catch(() => null);
          Clipboard.copyToSystem(asPython(job, record));
          Notification.info(trans.__('Copied: paste it into a notebook.'), {
            autoClose: 3000
          });
        },
        retry: () => void model.refresh().catch(() => undefined)
      }
    });
    shell.add(panel, 'right', { rank: 500, type: 'Savu' });
    restorer?.add(panel, panel.id);

    addCommands(app, jobs, client, lists, viewer, panel, trans);
    const category = trans.__('Savu');
    palette?.addItem({ command: CommandIDs.showJobs, category });
    for (const queue of lists ? [PREVIEW, FULL] : []) {
      palette?.addItem({
        command: CommandIDs.submit,
        args: { queue },
        category
      });
    }
    if (lists) {
      palette?.addItem({ command: CommandIDs.submitWithOptions, category });
    }
    if (running) {
      addRunningSection(running, jobs, words, trans, showJob);
    }
    if (statusBar) {
      addStatusItem(
        statusBar,
        model,
        words,
        trans,
        () => void commands.execute(CommandIDs.showJobs)
      );
    }

    // The first submission opens the panel. Who closes it then wants it closed.
    const showPanel = () => {
      shell.activateById(panel.id);
      jobs.submitted.disconnect(showPanel);
    };
    jobs.submitted.connect(showPanel);
    const preferences = settings?.load(jobsPanelPlugin.id).catch(() => null);
    new Announcer(
      jobs,
      {
        openResult,
        showJob,
        showResultBeside: async job => {
          const wanted = (await preferences)?.composite.showPreviewResult;
          const editor = lists?.tracker.find(
            ({ context, isVisible }) =>
              isVisible &&
              job.list.root === JUPYTER_ROOT &&
              app.serviceManager.contents.localPath(context.path) ===
                job.list.path
          );
          if (editor && viewer && job.result && wanted !== false) {
            await viewer.open(job.result, {
              purpose: `preview of ${job.list.path}`,
              beside: editor
            });
          }
        }
      },
      words,
      trans
    );
  }
};

function addCommands(
  { commands, shell }: JupyterFrontEnd,
  jobs: SavuJobs,
  client: ISavuClient,
  lists: IProcessLists | null,
  viewer: ISavuViewer | null,
  panel: JobsPanel,
  trans: TranslationBundle
): void {
  commands.addCommand(CommandIDs.showJobs, {
    label: trans.__('Show Jobs'),
    icon: jobsIcon,
    describedBy: {
      args: { type: 'object', properties: { id: { type: 'string' } } }
    },
    execute: args => {
      if (args.id) {
        panel.showDetails(jobs.model.job(String(args.id)) ?? null);
      }
      shell.activateById(panel.id);
      panel.node.focus();
    }
  });
  commands.addCommand(CommandIDs.openResult, {
    label: trans.__('Open Result'),
    describedBy: {
      args: {
        type: 'object',
        properties: { id: { type: 'string' } },
        required: ['id']
      }
    },
    execute: async args => {
      const job = jobs.model.job(String(args.id));
      const result = job && (await resultOf(job, client));
      if (!result) {
        Notification.warning(trans.__('This job has no result yet.'));
        return null;
      }
      return viewer?.open(result) ?? null;
    }
  });
  if (lists) {
    commands.addCommand(CommandIDs.submit, {
      label: args => submitLabel(String(args.queue ?? PREVIEW), trans),
      isEnabled: () => lists.current !== null,
      describedBy: {
        args: { type: 'object', properties: { queue: { type: 'string' } } }
      },
      execute: args =>
        submitCurrent(String(args.queue ?? PREVIEW), lists, jobs, trans)
    });
    commands.addCommand(CommandIDs.submitWithOptions, {
      label: trans.__('Run the Process List with Options…'),
      isEnabled: () => lists.current !== null && jobs.queues.length > 0,
      describedBy: {
        args: { type: 'object', properties: { queue: { type: 'string' } } }
      },
      execute: args =>
        submitWithOptions(
          String(args.queue ?? FULL),
          lists,
          jobs,
          client,
          trans,
          new JobWords(trans)
        )
    });
    lists.currentChanged.connect(() => {
      commands.notifyCommandChanged(CommandIDs.submit);
      commands.notifyCommandChanged(CommandIDs.submitWithOptions);
    });
  }
}
