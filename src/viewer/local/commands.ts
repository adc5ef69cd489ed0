import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { ILauncher } from '@jupyterlab/launcher';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { fileUploadIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';

import type { IPlace } from '../../api';
import { CommandIDs, type IDataTarget } from '../../tokens';
import type { INoTrials } from '../centre/services';
import { previewOf } from '../slices/acts';
import type { IRegionActs } from '../slices/components/panel';
import type { SliceModel } from '../slices/model';
import { chooseFiles } from './choosing';
import { acceptFiles } from './drop';
import { LocalFiles } from './files';
import { LocalOpener } from './opener';
import { Uploader } from './uploading';

const GIB = 2 ** 30;

interface ILocalServices {
  id: string;
  trans: TranslationBundle;
  browser: IDefaultFileBrowser | null;
  launcher: ILauncher | null;
  palette: ICommandPalette | null;
  settings: ISettingRegistry | null;
}

export interface ILocal {
  files: LocalFiles;
  /** What can be done with a region; the server has to see the file first. */
  regionActs: (target: IDataTarget) => IRegionActs | null;
  /** Why no centres of rotation can be tried, and what changes that. */
  noTrials: (target: IDataTarget) => INoTrials;
  accept: (node: HTMLElement) => IDisposable;
}

/** Lets files from the user's computer be opened: by a command, the launcher, or by dropping them. */
export function addLocalFiles(
  app: JupyterFrontEnd,
  { id, trans, browser, launcher, palette, settings }: ILocalServices
): ILocal {
  let current: ISettingRegistry.ISettings | null = null;
  void settings?.load(id).then(
    loaded => (current = loaded),
    // The limits are those that are built in.
    () => undefined
  );
  const limit = (name: string, fallback: number) => () =>
    Number(current?.composite[name] ?? fallback) * GIB;
  const uploader = browser
    ? new Uploader(
        browser.model,
        app.serviceManager.contents,
        trans,
        limit('largestUpload', 1)
      )
    : null;
  const files = new LocalFiles(trans, uploader);
  const opener = new LocalOpener(
    files,
    app.commands,
    trans,
    limit('largestFile', 4)
  );
  const accept = (node: HTMLElement) =>
    acceptFiles(
      node,
      trans.__('Drop to look at it in this browser. Nothing is uploaded.'),
      dropped => void opener.open(dropped)
    );

  const command = CommandIDs.openLocal;
  const category = trans.__('Savu');
  app.commands.addCommand(command, {
    label: args =>
      args.isLauncher
        ? trans.__('Scan from This Computer')
        : trans.__('Open Scan from This Computer…'),
    caption: trans.__(
      'Look at a scan or a result in this browser, without uploading it'
    ),
    icon: fileUploadIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          isLauncher: {
            type: 'boolean',
            description: 'Whether the label is that of the launcher'
          }
        }
      }
    },
    execute: async () => opener.open(await chooseFiles(true))
  });
  palette?.addItem({ command, category });
  launcher?.add({ command, category, rank: 2, args: { isLauncher: true } });
  void app.started.then(() => {
    const main = document.getElementById('jp-main-dock-panel');
    if (main) {
      accept(main);
    }
  });
  const regionActs = (target: IDataTarget): IRegionActs | null =>
    uploader && uploadedRegionActs(app.commands, files, target, trans);
  const noTrials = ({ path }: IDataTarget): INoTrials => ({
    why: trans.__(
      'Trial reconstructions run on the server, which does not see this file.'
    ),
    remedy: uploader && {
      label: trans.__('Upload…'),
      run: () =>
        void files.upload(
          path,
          trans.__('Trials run where the server sees the file.')
        )
    }
  });
  return { files, accept, regionActs, noTrials };
}

/**
 * Lets a region of a file that is only in the browser become what the open process list loads: of
 * the copy on the server, on which the list then runs.
 */
export function uploadedRegionActs(
  commands: CommandRegistry,
  files: Pick<LocalFiles, 'upload'>,
  { root, path }: IDataTarget,
  trans: TranslationBundle
): IRegionActs {
  const command = CommandIDs.setPreview;
  const of = (model: SliceModel) => {
    const preview = previewOf(model);
    if (!preview) {
      return null;
    }
    const args = (place: IPlace) => ({
      root: place.root,
      path: place.path,
      preview,
      choosesScan: true
    });
    const isTaken = commands.isEnabled(command, args({ root, path }));
    const upload = async () => {
      const stored = await files.upload(
        path,
        isTaken
          ? trans.__(
              'The open process list will run on the copy, with this region as its preview.'
            )
          : trans.__(
              'A process list loads a region of a file that the server sees. Open one, and draw the region there again.'
            )
      );
      if (stored && isTaken) {
        await commands.execute(command, args(stored));
      }
    };
    return {
      label: trans.__('Upload to load only this region…'),
      hint:
        (isTaken && commands.caption(command, args({ root, path }))) || null,
      run: () => void upload()
    };
  };
  return { changed: commands.commandChanged, of };
}
