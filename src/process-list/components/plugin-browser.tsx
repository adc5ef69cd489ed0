import { Notification } from '@jupyterlab/apputils';
import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useEffect, useMemo, useState } from 'react';

import type { IPluginSummary } from '../../api';
import { newPlugin } from '../catalogue';
import { whenDragged } from '../../dragging';
import { dragPlugins } from '../drag';
import type { ListEditor } from '../editor';
import { findPlugins } from '../search';
import { EngineBadges } from './badges';
import { Picker } from './picker';
import { PluginDetails } from './plugin-details';

export interface IPluginBrowserProps {
  editor: ListEditor;
  /** Whether the plugin takes the place of the selected one. */
  isReplacing: boolean;
  onClose: () => void;
  onLeave: () => void;
}

/** Finds a plugin, and puts it in behind the selected one or in its place. */
export function PluginBrowser(props: IPluginBrowserProps): JSX.Element {
  const { editor, isReplacing, onClose } = props;
  const { catalogue, trans } = editor.services;
  const [query, setQuery] = useState('');
  const [category, setCategory] = useState('');
  const [isRunning, setRunning] = useState(false);
  const [plugins, setPlugins] = useState<IPluginSummary[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    catalogue.summaries().then(setPlugins, error => setFailure(error.message));
  }, [catalogue]);

  // The first plugin of a list has to load the data.
  const startsWithLoader =
    editor.list.length === 0 && query === '' && category === '';
  const found = useMemo(() => {
    const wanted = plugins?.filter(
      ({ kind, category: own, engines }) =>
        (!startsWithLoader || kind === 'loader') &&
        isWithin(own, category) &&
        (!isRunning || engines.length > 0)
    );
    return wanted ? inGroups(findPlugins(wanted, query), query) : null;
  }, [plugins, query, category, isRunning, startsWithLoader]);

  const onPick = ({ name }: IPluginSummary) => {
    onClose();
    (isReplacing ? editor.replace(name) : editor.add(name)).catch(
      (error: Error) =>
        Notification.error(
          isReplacing
            ? trans.__('Nothing was replaced by %1. %2', name, error.message)
            : trans.__('%1 was not added. %2', name, error.message)
        )
    );
  };

  let message = failure;
  if (!message && !found) {
    message = trans.__('Loading the plugins…');
  } else if (!message && found?.length === 0) {
    message = query
      ? trans.__('No plugin matches “%1”. Try fewer letters.', query)
      : trans.__('No plugin of this category runs here.');
  }
  const plugin = editor.list.plugins[editor.selected];
  return (
    <Picker
      label={
        isReplacing
          ? trans.__('Find a plugin to replace %1', plugin?.name)
          : trans.__('Find a plugin')
      }
      placeholder={
        startsWithLoader
          ? trans.__('A loader comes first. Name, category or purpose')
          : trans.__('Name, category, purpose or parameter')
      }
      query={query}
      onQuery={setQuery}
      items={found}
      keyOf={({ name }) => name}
      groupOf={({ category: own }) => (query ? null : categoryText(own))}
      render={one => (
        <div className="jp-SavuPicker-line">
          <span className="jp-SavuPicker-name">{one.name}</span>
          <EngineBadges engines={one.engines} trans={trans} />
        </div>
      )}
      tools={
        <>
          <Categories
            plugins={plugins ?? []}
            value={category}
            label={trans.__('Category')}
            all={trans.__('All categories')}
            onChange={setCategory}
          />
          <label className="jp-SavuPicker-check">
            <input
              type="checkbox"
              checked={isRunning}
              onChange={event => setRunning(event.target.checked)}
            />
            {trans.__('Runs here')}
          </label>
        </>
      }
      details={one => (
        <PluginDetails plugin={one} catalogue={catalogue} trans={trans} />
      )}
      onPress={(event, { name }) => {
        const picker = event.currentTarget.closest('.jp-SavuPicker');
        whenDragged(event.nativeEvent, (x, y) => {
          const facts = catalogue.facts(name);
          if (facts) {
            // The list below has to be in reach.
            picker?.classList.add('jp-mod-dragging');
            const excerpt = { plugins: [newPlugin(facts)], groups: [] };
            void dragPlugins(excerpt, 'copy', null, x, y).then(onClose);
          }
        });
      }}
      message={message}
      footer={footer(props)}
      onPick={onPick}
      onClose={onClose}
      onLeave={props.onLeave}
    />
  );
}

function footer({ editor, isReplacing }: IPluginBrowserProps): string {
  const { trans } = editor.services;
  const plugin = editor.list.plugins[editor.selected];
  if (!plugin) {
    return trans.__('Enter adds it to the list');
  }
  return isReplacing
    ? trans.__('Enter puts it in the place of %1', plugin.position)
    : trans.__(
        'Enter adds it after %1; or drag it to its place',
        plugin.position
      );
}

interface ICategoriesProps {
  plugins: readonly IPluginSummary[];
  value: string;
  label: string;
  all: string;
  onChange: (category: string) => void;
}

function Categories(props: ICategoriesProps): JSX.Element {
  const counts = new Map<string, number>();
  for (const { category } of props.plugins) {
    const [top] = category.split('.');
    counts.set(top, (counts.get(top) ?? 0) + 1);
  }
  return (
    <HTMLSelect
      className="jp-SavuPicker-category"
      aria-label={props.label}
      title={`${props.label} (savu_config: coll)`}
      value={props.value}
      onChange={event => props.onChange(event.target.value)}
    >
      <option value="">{props.all}</option>
      {[...counts].sort().map(([category, count]) => (
        <option key={category} value={category}>
          {`${categoryText(category)} (${count})`}
        </option>
      ))}
    </HTMLSelect>
  );
}

/** `loaders.full_field_loaders` → `loaders › full field loaders`. */
export function categoryText(category: string): string {
  return category.replaceAll('_', ' ').replaceAll('.', ' › ');
}

function isWithin(category: string, chosen: string): boolean {
  return (
    chosen === '' || category === chosen || category.startsWith(`${chosen}.`)
  );
}

/** Without words the plugins stand by category, what runs here before what does not. */
function inGroups(found: IPluginSummary[], query: string): IPluginSummary[] {
  if (query) {
    return found;
  }
  const runs = ({ engines }: IPluginSummary) => engines.length > 0;
  const running = new Set(found.filter(runs).map(({ category }) => category));
  const rank = (one: IPluginSummary) =>
    `${running.has(one.category) ? 0 : 1} ${one.category} ${runs(one) ? 0 : 1}`;
  // The order by name stays within each rank.
  return [...found].sort((a, b) => rank(a).localeCompare(rank(b), 'en'));
}
