/** A page of its own that shows files in the browser alone: no JupyterLab, and no server. */
import '../../../style/base.css';
import '../../../style/static.css';

import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { createRoot } from 'react-dom/client';

import { openMenu } from '../../menu';
import { CommandIDs, type IDataTarget } from '../../tokens';
import { browserCentreServices, type INoTrials } from '../centre/services';
import { DataViewer } from '../dataView';
import { localContext } from '../local/context';
import { acceptFiles } from '../local/drop';
import { chooseFiles } from '../local/choosing';
import { LocalFiles } from '../local/files';
import { LocalOpener } from '../local/opener';
import type { IViewerServices } from '../service';
import { Demo, type IDemoFile } from './demo';
import { Notices } from './notices';

const GIB = 2 ** 30;
const LARGEST_FILE = 4 * GIB;

const trans = nullTranslator.load('jupyterlab_savu');

const NO_TRIALS: INoTrials = {
  why: trans.__(
    'Trial reconstructions need a server: open the scan in JupyterLab with jupyterlab-savu.'
  ),
  remedy: null
};

interface IPageProps {
  demo: Demo;
  files: LocalFiles;
}

function Page({ demo, files }: IPageProps): JSX.Element {
  const [target, setTarget] = React.useState(demo.target(demo.files[0]));
  const [generation, reload] = React.useReducer(
    (count: number) => count + 1,
    0
  );
  const node = React.useRef<HTMLElement>(null);
  const commands = React.useMemo(() => {
    const commands = new CommandRegistry();
    commands.addCommand(CommandIDs.openData, {
      describedBy: { args: { type: 'object', properties: {} } },
      execute: args =>
        setTarget({ root: String(args.root), path: String(args.path) })
    });
    return commands;
  }, []);
  const opener = React.useMemo(
    () => new LocalOpener(files, commands, trans, () => LARGEST_FILE),
    [files]
  );
  const services = React.useMemo(
    (): IViewerServices => ({
      acceptFiles: () => {
        throw new Error('The whole page takes files.');
      },
      access: (place, show) =>
        demo.has(place) ? demo.access(place) : files.access(place.path, show),
      openMenu,
      regionActs: () => null,
      centre: () => () => browserCentreServices(commands, NO_TRIALS),
      context: localContext,
      elsewhere: () => []
    }),
    [demo, files]
  );
  React.useEffect(() => {
    const dropped = acceptFiles(
      node.current!,
      trans.__('Drop to look at it in this browser. Nothing is uploaded.'),
      chosen => void opener.open(chosen)
    );
    return () => dropped.dispose();
  }, [opener]);
  const isOwn = !demo.has(target);
  return (
    <main ref={node} className="jp-SavuPage">
      <header>
        <h1>{document.title}</h1>
        <select
          className="jp-SavuField-text"
          aria-label={trans.__('File')}
          value={isOwn ? '' : target.path}
          onChange={event =>
            setTarget(
              demo.target(
                demo.files.find(({ path }) => path === event.target.value)!
              )
            )
          }
        >
          {isOwn && <option value="">{target.path.split('/').pop()}</option>}
          {demo.files.map(({ path, title }) => (
            <option key={path} value={path}>
              {title}
            </option>
          ))}
        </select>
        <button
          className="jp-SavuButton jp-mod-outlined"
          onClick={() =>
            void chooseFiles(true).then(chosen => opener.open(chosen))
          }
        >
          {trans.__('Open a file of yours…')}
        </button>
        <p>
          {trans.__(
            'Drop a NeXus or HDF5 file anywhere. It is read in this browser; nothing is sent.'
          )}
        </p>
      </header>
      <div className="jp-SavuViewer">
        <DataViewer
          trans={trans}
          services={services}
          target={target}
          compared={null}
          generation={generation}
          onReload={reload}
          onModel={() => undefined}
          onTarget={(next: IDataTarget) => setTarget(next)}
        />
      </div>
      <Notices trans={trans} />
    </main>
  );
}

async function start(): Promise<void> {
  const answer = await fetch('demo/files.json');
  if (!answer.ok) {
    throw new Error(`demo/files.json: ${answer.status}`);
  }
  const listed: IDemoFile[] = await answer.json();
  createRoot(document.getElementById('page')!).render(
    <Page demo={new Demo(listed, trans)} files={new LocalFiles(trans, null)} />
  );
}

start().catch(error => {
  document.getElementById('page')!.textContent = trans.__(
    'The demo could not be loaded (%1). Serve the whole folder, and reload the page.',
    (error as Error).message
  );
});
