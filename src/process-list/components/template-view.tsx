import { InputDialog, Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { caretDownEmptyIcon, runIcon } from '@jupyterlab/ui-components';
import React, { useEffect, useReducer, useState } from 'react';

import { type IPlace, type IProcessList, JUPYTER_ROOT } from '../../api';
import type { IEditorServices } from '../editor';
import type { Drafts } from '../fields/drafts';
import type { Filling } from '../filling';
import { queueFor, type Run } from '../queues';
import { Message } from './message';
import { ScanPicker } from './scan-picker';
import { TemplateFields, useFilling } from './template-fields';

export interface ITemplateViewProps {
  context: DocumentRegistry.IContext<DocumentRegistry.ICodeModel>;
  services: IEditorServices;
  filling: Filling;
  drafts: Drafts;
}

interface IFound {
  place: IPlace;
  list: IProcessList;
}

/** A `.savu` file: the values for a process list, in a form, and what can be done with them. */
export function TemplateView(props: ITemplateViewProps): JSX.Element {
  const { context, services } = props;
  const { client, trans } = services;
  const [found, setFound] = useState<IFound | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [attempt, tryAgain] = useReducer((count: number) => count + 1, 0);

  useEffect(() => {
    let isCurrent = true;
    const find = async () => {
      await context.ready;
      const place = { root: JUPYTER_ROOT, path: context.localPath };
      const { named, list } = await client.listOfTemplate(place);
      if (!list) {
        throw new Error(
          named === null
            ? trans.__(
                'The file does not say which process list it is for (process_list).'
              )
            : trans.__(
                'Its process list %1 is not there, and there is none of that name beside it. Put the list beside this file.',
                named
              )
        );
      }
      const stored = await client.processList(list);
      if (isCurrent) {
        setFound({ place: list, list: stored.list });
        setFailure(null);
      }
    };
    find().catch((error: Error) => isCurrent && setFailure(error.message));
    return () => {
      isCurrent = false;
    };
  }, [client, context, trans, attempt]);

  if (failure !== null) {
    return (
      <Message
        title={trans.__(
          '%1 cannot be filled in',
          PathExt.basename(context.localPath)
        )}
        text={failure}
        action={{ label: trans.__('Try again'), run: tryAgain }}
      />
    );
  }
  return found ? (
    <Form {...props} found={found} />
  ) : (
    <p className="jp-SavuTemplate">{trans.__('Looking for the list…')}</p>
  );
}

function Form(props: ITemplateViewProps & { found: IFound }): JSX.Element {
  const { context, services, filling, drafts, found } = props;
  const { client, catalogue, documents, scans, jobs, trans } = services;
  const { place, list } = found;
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const [isChoosing, setChoosing] = useState(false);
  const { model } = context;
  useFilling(filling, list, model.toString());

  useEffect(() => {
    const signals = [model.contentChanged, scans.changed, catalogue.changed];
    signals.forEach(signal => signal.connect(draw));
    jobs?.changed.connect(draw);
    void scans.guess(place.path);
    return () => {
      signals.forEach(signal => signal.disconnect(draw));
      jobs?.changed.disconnect(draw);
    };
  }, [model, scans, catalogue, jobs, place.path]);

  const scan = scans.get(place.path);
  const filled = filling.template?.list ?? null;
  const saveAs = async () => {
    drafts.flush();
    const stem = PathExt.basename(context.localPath, '.savu');
    const asked = await InputDialog.getText({
      title: trans.__('Save the filled list as'),
      label: trans.__('Name, in the folder of this file'),
      text: `${stem}_filled.nxs`,
      okLabel: trans.__('Save')
    });
    const name = asked.button.accept ? asked.value?.trim() : null;
    if (!name || !filled) {
      return;
    }
    const path = PathExt.join(PathExt.dirname(context.localPath), name);
    try {
      await client.createProcessList({ root: JUPYTER_ROOT, path }, filled);
      documents?.openOrReveal(path);
    } catch (error) {
      Notification.error(
        trans.__('%1 was not written. %2', name, (error as Error).message)
      );
    }
  };
  const runButton = (run: Run, label: string) => {
    const queue = queueFor(jobs?.queues ?? [], run);
    const obstacle = !queue
      ? trans.__('The server offers no queue for this.')
      : !scan
        ? trans.__('Choose a scan first.')
        : !filled
          ? trans.__('A value is missing or not right.')
          : null;
    return (
      <button
        type="button"
        className={`jp-SavuButton ${run === 'preview' ? 'jp-mod-primary' : 'jp-mod-outlined'}`}
        aria-disabled={obstacle !== null}
        title={obstacle ?? trans.__('Runs the list with these values')}
        onClick={() => {
          if (obstacle === null && queue && scan && filled) {
            void jobs?.submit(
              queue.name,
              {
                path: place.path,
                content: filled
              },
              scan
            );
          }
        }}
      >
        {run === 'preview' && (
          <runIcon.react tag="span" className="jp-SavuButton-icon" />
        )}
        {label}
      </button>
    );
  };
  return (
    <div className="jp-SavuTemplate">
      <h2>
        {trans.__('Values for')}{' '}
        <button
          type="button"
          className="jp-SavuTemplate-list"
          title={trans.__('Open the list %1', place.path)}
          onClick={() => documents?.openOrReveal(place.path)}
        >
          {PathExt.basename(place.path)}
        </button>
      </h2>
      <TemplateFields
        filling={filling}
        list={list}
        path={place.path}
        scan={scan}
        services={services}
        drafts={drafts}
      />
      <div className="jp-SavuTemplate-buttons">
        <button
          type="button"
          className="jp-SavuButton"
          disabled={!filled}
          onClick={() => void saveAs()}
        >
          {trans.__('Save the filled list…')}
        </button>
        <span className="jp-SavuTemplate-space" />
        <button
          type="button"
          className="jp-SavuButton jp-SavuList-scan"
          aria-label={trans.__('Choose scan')}
          aria-expanded={isChoosing}
          title={scan ? trans.__('Runs on %1', scan.path) : undefined}
          onClick={() => setChoosing(!isChoosing)}
        >
          <span className="jp-SavuList-scanName">
            {scan ? PathExt.basename(scan.path) : trans.__('Choose a scan')}
          </span>
          <caretDownEmptyIcon.react tag="span" className="jp-SavuButton-icon" />
        </button>
        {runButton('preview', trans.__('Preview'))}
        {runButton('full', trans.__('Full'))}
        {isChoosing && (
          <ScanPicker
            editor={{ path: place.path, services }}
            onClose={() => setChoosing(false)}
            onLeave={() => setChoosing(false)}
          />
        )}
      </div>
    </div>
  );
}
