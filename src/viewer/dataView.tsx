import { ReactWidget } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { refreshIcon, UseSignal } from '@jupyterlab/ui-components';
import { type ISignal, Signal } from '@lumino/signaling';
import React from 'react';

import { ApiError, type SavuClient } from '../api';
import type { IDataTarget } from '../tokens';
import { findDefaultView, type IDefaultView } from './defaultView';
import type { Explorer } from './explorer';
import { Hdf5Reader } from './reader';
import { describeTrouble, type ITrouble } from './trouble';

/** Shows the data of one file; the file can be exchanged. */
export class DataView extends ReactWidget {
  constructor(
    private _client: SavuClient,
    private _trans: TranslationBundle,
    target: IDataTarget
  ) {
    super();
    this._target = target;
    this.addClass('jp-SavuViewer');
  }

  get target(): IDataTarget {
    return this._target;
  }
  set target(target: IDataTarget) {
    this._target = target;
    this.reload();
    this._targetChanged.emit();
  }

  get targetChanged(): ISignal<DataView, void> {
    return this._targetChanged;
  }

  /** Reads the file again. */
  reload(): void {
    this._generation++;
    this._changed.emit();
  }

  protected render(): JSX.Element {
    return (
      <UseSignal signal={this._changed}>
        {() => (
          <DataViewer
            client={this._client}
            trans={this._trans}
            target={this._target}
            generation={this._generation}
            onReload={() => this.reload()}
          />
        )}
      </UseSignal>
    );
  }

  private _changed = new Signal<DataView, void>(this);
  private _generation = 0;
  private _target: IDataTarget;
  private _targetChanged = new Signal<DataView, void>(this);
}

interface IDataViewerProps {
  client: SavuClient;
  trans: TranslationBundle;
  target: IDataTarget;
  generation: number;
  onReload: () => void;
}

type Content =
  | { is: 'loading' }
  | { is: 'trouble'; trouble: ITrouble }
  | {
      is: 'ready';
      key: string;
      target: IDataTarget;
      view: IDefaultView;
      generation: number;
      component: typeof Explorer;
    };

function DataViewer(props: IDataViewerProps): JSX.Element {
  const { client, trans, target, generation, onReload } = props;
  const [content, setContent] = React.useState<Content>({ is: 'loading' });
  const node = React.useRef<HTMLDivElement>(null);
  const width = useFirstWidth(node);
  const isSeen = width > 0;
  const name = PathExt.basename(target.path);
  const key = [target.root, target.path, target.dataset ?? ''].join('\n');

  React.useEffect(() => {
    if (!isSeen) {
      return;
    }
    let current = true;
    const show = (next: Content) => current && setContent(next);
    // What is shown stays while the same file is read again.
    setContent(old =>
      old.is === 'ready' && old.key === key ? old : { is: 'loading' }
    );
    load(client, target).then(
      ([view, component]) =>
        show({ is: 'ready', key, target, view, generation, component }),
      error =>
        show({ is: 'trouble', trouble: describeTrouble(error, name, trans) })
    );
    return () => {
      current = false;
    };
  }, [client, key, generation, isSeen]);

  return (
    <div className="jp-SavuViewer-content" ref={node}>
      {content.is === 'loading' && <Loading name={name} trans={trans} />}
      {content.is === 'trouble' && (
        <Trouble trouble={content.trouble} trans={trans} onRetry={onReload} />
      )}
      {content.is === 'ready' && (
        <>
          <content.component
            key={content.key}
            client={client}
            place={content.target}
            view={content.view}
            generation={content.generation}
            width={width}
          />
          <ReloadButton trans={trans} onReload={onReload} />
        </>
      )}
    </div>
  );
}

/** The width of an element when it is first seen; 0 while its tab is behind others. */
function useFirstWidth(node: React.RefObject<HTMLElement>): number {
  const [width, setWidth] = React.useState(0);
  React.useEffect(() => {
    if (width > 0 || !node.current) {
      return;
    }
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setWidth(contentRect.width)
    );
    observer.observe(node.current);
    return () => observer.disconnect();
  }, [node, width]);
  return width;
}

/** Finds what to show while the explorer is fetched. */
async function load(
  client: SavuClient,
  target: IDataTarget
): Promise<[IDefaultView, typeof Explorer]> {
  const { root, path, dataset } = target;
  const find = async () => {
    const { problem } = await client.file({ root, path });
    if (problem) {
      throw new ApiError(problem, 422, 'invalid');
    }
    return findDefaultView(new Hdf5Reader(client, { root, path }), dataset);
  };
  const [view, explorer] = await Promise.all([find(), import('./explorer')]);
  return [view, explorer.Explorer];
}

/** Lies in the corner that the style sheet keeps free in h5web's upper bar. */
function ReloadButton(props: {
  trans: TranslationBundle;
  onReload: () => void;
}): JSX.Element {
  const label = props.trans.__('Read the file again');
  return (
    <button
      className="jp-SavuViewer-reload"
      aria-label={label}
      title={label}
      onClick={props.onReload}
    >
      <refreshIcon.react tag="span" aria-hidden="true" />
    </button>
  );
}

function Loading(props: {
  name: string;
  trans: TranslationBundle;
}): JSX.Element {
  return (
    <div className="jp-SavuViewer-message jp-mod-loading" role="status">
      <div className="jp-SavuViewer-bar" />
      <p>{props.trans.__('Opening %1…', props.name)}</p>
    </div>
  );
}

function Trouble(props: {
  trouble: ITrouble;
  trans: TranslationBundle;
  onRetry: () => void;
}): JSX.Element {
  const { trouble, trans, onRetry } = props;
  return (
    <div className="jp-SavuViewer-message" role="alert">
      <h2>{trouble.title}</h2>
      <p>{trouble.advice}</p>
      {trouble.detail && (
        <p className="jp-SavuViewer-detail">{trouble.detail}</p>
      )}
      <button className="jp-SavuButton jp-mod-primary" onClick={onRetry}>
        {trans.__('Retry')}
      </button>
    </div>
  );
}
