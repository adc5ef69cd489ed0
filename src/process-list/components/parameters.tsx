import {
  caretDownEmptyThinIcon,
  caretUpEmptyThinIcon,
  copyIcon,
  deleteIcon
} from '@jupyterlab/ui-components';
import React, { useEffect, useRef } from 'react';

import type {
  IParameter,
  IPlugin,
  IPluginFacts,
  IProblem,
  ITuning
} from '../../api';
import type { ListEditor } from '../editor';
import { surroundingsOf } from '../surroundings';
import {
  defaultBeside,
  isAtLevel,
  isOfUse,
  LEVELS,
  type Level,
  sameValue
} from '../values';
import { EngineBadges } from './badges';
import { IconButton } from './buttons';
import { replaceIcon } from './icons';
import { Message, ParameterRow } from './parameter-row';

export interface IParametersProps {
  editor: ListEditor;
  /** Takes the keyboard back to the list. */
  onEscape: () => void;
}

/** The selected plugin: what it does and its parameters. */
export function Parameters({
  editor,
  onEscape
}: IParametersProps): JSX.Element | null {
  const { catalogue, preferences, trans } = editor.services;
  const { selected } = editor;
  const plugin = editor.list.plugins[selected];
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (panel.current) {
      panel.current.scrollTop = 0;
    }
  }, [selected]);
  if (!plugin) {
    return null;
  }
  const facts = catalogue.facts(plugin.name);
  const problems = editor.problemsOf(selected);
  const { tunings } = editor.checks;
  const surroundings = JSON.stringify(
    surroundingsOf(editor.list.plugins, selected, editor.scan)
  );
  const shown = shownParameters(editor, plugin, facts, problems);
  const rest = (facts?.parameters ?? []).filter(
    parameter =>
      !shown.includes(parameter) &&
      parameter.visibility !== 'hidden' &&
      isOfUse(parameter, plugin.parameters)
  ).length;
  return (
    <section
      ref={panel}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          onEscape();
        }
      }}
      className="jp-SavuParameters"
      aria-label={trans.__('Parameters of %1 %2', plugin.position, plugin.name)}
    >
      <Header editor={editor} plugin={plugin} facts={facts} />
      {problems
        .filter(
          ({ parameter }) => !shown.some(({ name }) => name === parameter)
        )
        .map((problem, index) => (
          <Message key={index} problem={problem} />
        ))}
      <div className="jp-SavuParameters-rows">
        {shown.map(parameter => (
          <ParameterRow
            key={`${selected} ${parameter.name}`}
            editor={editor}
            index={selected}
            position={plugin.position}
            plugin={plugin.name}
            parameter={parameter}
            value={plugin.parameters[parameter.name] ?? parameter.default}
            fallback={defaultBeside(parameter, plugin.parameters)}
            problem={problems.find(one => one.parameter === parameter.name)}
            values={
              tunings.find(one => isOf(one, selected, parameter.name))
                ?.values ?? 0
            }
            others={tunings
              .filter(one => !isOf(one, selected, parameter.name))
              .map(({ values }) => values)
              .join(' ')}
            surroundings={surroundings}
            disabled={editor.isReadOnly}
          />
        ))}
      </div>
      {rest > 0 && (
        <button
          type="button"
          className="jp-SavuParameters-more"
          title={trans.__('Raises the level')}
          onClick={() => preferences.setLevel(nextLevel(preferences.level))}
        >
          {trans._n(
            '%1 more at a higher level',
            '%1 more at a higher level',
            rest
          )}
        </button>
      )}
    </section>
  );
}

interface IHeaderProps {
  editor: ListEditor;
  plugin: IPlugin;
  facts: IPluginFacts | null | undefined;
}

function Header({ editor, plugin, facts }: IHeaderProps): JSX.Element {
  const { trans } = editor.services;
  const { selection, isReadOnly, list } = editor;
  const isAlone = selection.length === 1;
  const what = isAlone ? plugin.name : trans.__('%1 plugins', selection.length);
  const last = selection[selection.length - 1];
  return (
    <header className="jp-SavuParameters-header">
      <div className="jp-SavuParameters-title">
        <h2>
          <span className="jp-SavuCard-number">{plugin.position}</span>
          {plugin.name}
        </h2>
        <span className="jp-SavuParameters-actions">
          <IconButton
            icon={caretUpEmptyThinIcon}
            label={trans.__('Move %1 up', what)}
            keys="Alt+↑"
            command="move"
            disabled={isReadOnly || last === selection.length - 1}
            onClick={() => editor.shift(-1)}
          />
          <IconButton
            icon={caretDownEmptyThinIcon}
            label={trans.__('Move %1 down', what)}
            keys="Alt+↓"
            command="move"
            disabled={
              isReadOnly || selection[0] === list.length - selection.length
            }
            onClick={() => editor.shift(1)}
          />
          <IconButton
            icon={replaceIcon}
            label={trans.__('Replace %1', plugin.name)}
            keys="Shift+R"
            command="replace"
            disabled={isReadOnly || !isAlone}
            onClick={() => {
              editor.overlay = 'replace';
            }}
          />
          <IconButton
            icon={copyIcon}
            label={trans.__('Duplicate %1', what)}
            keys="D"
            command="dupl"
            disabled={isReadOnly}
            onClick={() => editor.duplicate()}
          />
          <IconButton
            icon={deleteIcon}
            label={trans.__('Remove %1', what)}
            keys="Delete"
            command="rem"
            disabled={isReadOnly}
            onClick={() => editor.remove()}
          />
        </span>
      </div>
      {!isAlone && (
        <p className="jp-SavuParameters-summary" role="status">
          {trans.__(
            '%1 plugins are selected. The parameters are those of %2.',
            selection.length,
            plugin.name
          )}
        </p>
      )}
      {facts && (
        <p className="jp-SavuParameters-summary">
          {facts.summary && <span>{facts.summary} </span>}
          <span className="jp-SavuParameters-category">{facts.category}</span>
          <EngineBadges engines={facts.engines} trans={trans} />
        </p>
      )}
      {facts === null && (
        <p className="jp-SavuParameters-summary">
          {trans.__(
            'This plugin is not known here. It is kept in the list as it is; its values are shown as they are stored.'
          )}
        </p>
      )}
    </header>
  );
}

function isOf(tuning: ITuning, plugin: number, parameter: string): boolean {
  return tuning.plugin === plugin && tuning.parameter === parameter;
}

function nextLevel(level: Level): Level {
  return LEVELS[Math.min(LEVELS.indexOf(level) + 1, LEVELS.length - 1)];
}

/**
 * The parameters of the level that are of use; those that were changed or have
 * a problem are never hidden.
 */
function shownParameters(
  editor: ListEditor,
  plugin: IPlugin,
  facts: IPluginFacts | null | undefined,
  problems: readonly IProblem[]
): IParameter[] {
  if (facts === undefined) {
    return [];
  }
  const { level } = editor.services.preferences;
  const known = (facts?.parameters ?? []).filter(parameter => {
    const { name, visibility } = parameter;
    if (visibility === 'hidden') {
      return false;
    }
    const value = plugin.parameters[name] ?? parameter.default;
    const isSpecial =
      !sameValue(value, defaultBeside(parameter, plugin.parameters)) ||
      problems.some(problem => problem.parameter === name);
    return (
      isOfUse(parameter, plugin.parameters) &&
      (isSpecial || isAtLevel(parameter, level))
    );
  });
  const names = new Set(facts?.parameters.map(({ name }) => name));
  const unknown = Object.keys(plugin.parameters)
    .filter(name => !names.has(name))
    .map(rawParameter);
  return [...known, ...unknown];
}

/** Stands for a parameter of which nothing is known. */
function rawParameter(name: string): IParameter {
  return {
    name,
    dtype: '',
    visibility: 'basic',
    default: '',
    display: true,
    description: ''
  };
}
