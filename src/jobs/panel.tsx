import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import React from 'react';

import type { IJob, SavuClient } from '../api';
import { AS_THEY_CAME } from './arranging';
import {
  type IJobActions,
  type IJobsContext,
  JobsProvider
} from './components/context';
import { type IListView, JobList } from './components/list';
import { JobPage } from './components/page';
import { jobsIcon } from './icons';
import type { JobsModel } from './model';
import type { JobWords } from './words';

export interface IJobsPanelOptions {
  model: JobsModel;
  client: SavuClient;
  actions: Omit<IJobActions, 'showDetails' | 'choose'>;
  trans: TranslationBundle;
  words: JobWords;
}

/** The side panel: all jobs, or all about one. */
export class JobsPanel extends ReactWidget {
  constructor({ model, client, actions, trans, words }: IJobsPanelOptions) {
    super();
    this._model = model;
    this._context = {
      client,
      trans,
      words,
      actions: {
        ...actions,
        showDetails: job => this.showDetails(job),
        choose: ids => this.choose(ids)
      }
    };
    this.id = 'jp-savu-jobs';
    this.addClass('jp-SavuJobs');
    this.title.icon = jobsIcon;
    this.title.caption = trans.__('Jobs');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Jobs'));
    this.node.tabIndex = -1;
    model.changed.connect(() => this._changed.emit());
  }

  /** Shows all about one job, or all jobs. */
  showDetails(job: IJob | null): void {
    this._page = job?.id ?? null;
    this._changed.emit();
  }

  /** Lets the user choose jobs to compare, beginning with these; null ends that. */
  choose(ids: readonly string[] | null): void {
    this._chosen = ids;
    this.showDetails(null);
  }

  protected render(): JSX.Element {
    return (
      <JobsProvider value={this._context}>
        <UseSignal signal={this._changed}>{() => this._renderPage()}</UseSignal>
      </JobsProvider>
    );
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._changed.emit();
  }

  protected onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this._changed.emit();
  }

  private _renderPage(): JSX.Element {
    const job = this._page === null ? undefined : this._model.job(this._page);
    const common = { model: this._model, isVisible: this.isVisible };
    return job ? (
      <JobPage key={job.id} job={job} {...common} />
    ) : (
      <JobList {...common} chosen={this._chosen} view={this._view} />
    );
  }

  private _changed = new Signal<JobsPanel, void>(this);
  private _chosen: readonly string[] | null = null;
  private _context: IJobsContext;
  private _model: JobsModel;
  private _page: string | null = null;
  private _view: IListView = { arrangement: AS_THEY_CAME, top: 0 };
}
