import { PathExt } from '@jupyterlab/coreutils';
import { FileDialog } from '@jupyterlab/filebrowser';
import { folderIcon } from '@jupyterlab/ui-components';
import { Notification } from '@jupyterlab/apputils';
import React from 'react';

import { JUPYTER_ROOT } from '../../../api';
import { kindsOf } from '../../fields/dtypes';
import { IconButton } from '../buttons';
import { type IFieldHost, useHost } from './host';
import { TextField } from './simple';
import type { IFieldProps } from './types';

/** The path of a file or folder, typed or chosen; it is written as programs on the server find it. */
export function PathField(props: IFieldProps): JSX.Element {
  const host = useHost();
  const { trans, documents } = host;
  const kinds = kindsOf(props.type);
  const choose = async (ofFolder: boolean) => {
    try {
      const path = await chosenPath(host, kinds, ofFolder, props.label);
      if (path !== null) {
        const location = await host.client.location({
          root: JUPYTER_ROOT,
          path
        });
        props.onChange(JSON.stringify(location), false);
      }
    } catch (error) {
      Notification.error(
        trans.__('No path was set. %1', (error as Error).message)
      );
    }
  };
  return (
    <span className="jp-SavuField-path">
      <TextField {...props} />
      {documents &&
        kinds
          .filter(kind => kind !== 'str')
          .map(kind => (
            <IconButton
              key={kind}
              icon={folderIcon}
              label={
                kind === 'dir'
                  ? trans.__('Choose a folder for %1', props.label)
                  : trans.__('Choose a file for %1', props.label)
              }
              disabled={props.disabled}
              onClick={() => void choose(kind === 'dir')}
            />
          ))}
    </span>
  );
}

/** The path below Jupyter's folder that the user chooses; null when none. */
async function chosenPath(
  { documents, path, trans }: IFieldHost,
  kinds: readonly string[],
  ofFolder: boolean,
  label: string
): Promise<string | null> {
  const isYaml = kinds.includes('yamlfilepath');
  const options = {
    manager: documents!,
    title: trans.__('Choose for %1', label),
    defaultPath: PathExt.dirname(path)
  };
  const result = ofFolder
    ? await FileDialog.getExistingDirectory(options)
    : await FileDialog.getOpenFiles({
        ...options,
        filter: model =>
          isYaml && model.type !== 'directory' && !/\.ya?ml$/i.test(model.name)
            ? null
            : {}
      });
  const [chosen] = (result.button.accept && result.value) || [];
  return chosen && (ofFolder || chosen.type !== 'directory')
    ? chosen.path
    : null;
}
