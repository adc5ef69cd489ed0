import { Notification } from '@jupyterlab/apputils';
import React, { useEffect, useMemo, useState } from 'react';

import type { IPluginSummary } from '../../api';
import { findPlugins } from '../search';
import type { ListEditor } from '../editor';
import { EngineBadges } from './badges';
import { Picker } from './picker';

export interface IAddPluginProps {
  editor: ListEditor;
  onClose: () => void;
  onLeave: () => void;
}

/** Finds a plugin and puts it in behind the selected one. */
export function AddPlugin(props: IAddPluginProps): JSX.Element {
  const { editor, onClose } = props;
  const { catalogue, trans } = editor.services;
  const [query, setQuery] = useState('');
  const [plugins, setPlugins] = useState<IPluginSummary[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    catalogue.summaries().then(setPlugins, error => setFailure(error.message));
  }, [catalogue]);

  // The first plugin of a list has to load the data.
  const startsWithLoader = editor.list.length === 0 && query === '';
  const found = useMemo(
    () =>
      plugins &&
      findPlugins(plugins, query).filter(
        ({ kind }) => !startsWithLoader || kind === 'loader'
      ),
    [plugins, query, startsWithLoader]
  );

  const onPick = (plugin: IPluginSummary) => {
    onClose();
    editor
      .add(plugin.name)
      .catch((error: Error) =>
        Notification.error(
          trans.__('%1 was not added. %2', plugin.name, error.message)
        )
      );
  };

  let message = failure;
  if (!message && !found) {
    message = trans.__('Loading the plugins…');
  } else if (!message && found?.length === 0) {
    message = trans.__('No plugin matches “%1”. Try fewer letters.', query);
  }
  return (
    <Picker
      label={trans.__('Find a plugin')}
      placeholder={
        startsWithLoader
          ? trans.__('A loader comes first. Name, category or purpose')
          : trans.__('Name, category or purpose')
      }
      query={query}
      onQuery={setQuery}
      items={found}
      keyOf={({ name }) => name}
      render={plugin => <PluginRow plugin={plugin} editor={editor} />}
      message={message}
      footer={
        editor.selected < 0
          ? trans.__('Enter adds it to the list')
          : trans.__('Enter adds it after %1', editor.selected + 1)
      }
      onPick={onPick}
      onClose={onClose}
      onLeave={props.onLeave}
    />
  );
}

interface IPluginRowProps {
  plugin: IPluginSummary;
  editor: ListEditor;
}

function PluginRow({ plugin, editor }: IPluginRowProps): JSX.Element {
  const { trans } = editor.services;
  return (
    <>
      <div className="jp-SavuPicker-line">
        <span className="jp-SavuPicker-name">{plugin.name}</span>
        <EngineBadges engines={plugin.engines} trans={trans} />
      </div>
      <div className="jp-SavuPicker-detail">
        {plugin.summary || plugin.category}
      </div>
    </>
  );
}
