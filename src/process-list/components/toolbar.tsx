import { PathExt } from '@jupyterlab/coreutils';
import {
  addIcon,
  caretDownEmptyIcon,
  ellipsesIcon,
  HTMLSelect,
  redoIcon,
  runIcon,
  undoIcon
} from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../../tokens';
import type { ListEditor, Overlay } from '../editor';
import { LIST_COMMANDS } from '../list-commands';
import type { Run } from '../queues';
import { LEVELS, type Level } from '../values';
import { hint, IconButton } from './buttons';
import { openMenu } from '../../menu';
import { ProblemSummary } from './problems';
import { SavuPicker } from './savu-picker';

/** What can be done with the list as a whole. */
export function Toolbar({ editor }: { editor: ListEditor }): JSX.Element {
  const { trans, preferences } = editor.services;
  const { overlay } = editor;
  const toggle = (one: Overlay) => {
    editor.overlay = overlay === one ? null : one;
  };
  const levels: Record<Level, string> = {
    basic: trans.__('Basic'),
    intermediate: trans.__('Intermediate'),
    advanced: trans.__('Advanced')
  };
  return (
    <div
      className="jp-SavuList-toolbar"
      role="toolbar"
      aria-label={trans.__('Process list')}
    >
      <div className="jp-SavuList-toolbarGroup">
        <button
          type="button"
          className="jp-SavuButton"
          aria-label={trans.__('Add plugin')}
          aria-expanded={overlay === 'add'}
          title={hint(
            trans.__('Add a plugin after the selected one'),
            'A',
            'add'
          )}
          disabled={editor.isReadOnly}
          onClick={() => toggle('add')}
        >
          <addIcon.react tag="span" className="jp-SavuButton-icon" />
          {trans.__('Add')}
        </button>
        <IconButton
          icon={undoIcon}
          label={trans.__('Undo')}
          keys="Ctrl+Z"
          command="history"
          disabled={editor.isReadOnly || !editor.list.canUndo()}
          onClick={() => editor.list.undo()}
        />
        <IconButton
          icon={redoIcon}
          label={trans.__('Redo')}
          keys="Ctrl+Shift+Z"
          command="history"
          disabled={editor.isReadOnly || !editor.list.canRedo()}
          onClick={() => editor.list.redo()}
        />
        <HTMLSelect
          className="jp-SavuList-level"
          aria-label={trans.__('Level')}
          title={hint(
            trans.__('How many of the parameters are shown'),
            undefined,
            'level'
          )}
          value={preferences.level}
          onChange={event => preferences.setLevel(event.target.value as Level)}
        >
          {LEVELS.map(level => (
            <option key={level} value={level}>
              {levels[level]}
            </option>
          ))}
        </HTMLSelect>
        <SavuPicker editor={editor} />
        <MoreButton editor={editor} />
        <ProblemSummary
          editor={editor}
          isOpen={overlay === 'problems'}
          onToggle={() => toggle('problems')}
        />
        {editor.running.marks > 0 && (
          <button
            type="button"
            className="jp-SavuButton"
            aria-expanded={overlay === 'fill'}
            title={trans.__('What is to be filled in before a run')}
            onClick={() =>
              overlay === 'fill' ? toggle('fill') : editor.running.fillIn.open()
            }
          >
            {trans.__('Fill in %1', editor.running.marks)}
          </button>
        )}
      </div>
      <div className="jp-SavuList-toolbarGroup jp-mod-run">
        <button
          type="button"
          className="jp-SavuButton jp-SavuList-scan"
          aria-label={trans.__('Choose scan')}
          aria-expanded={overlay === 'scan'}
          title={
            editor.scan
              ? trans.__('Runs on %1', editor.scan.path)
              : trans.__('Choose the scan that the list runs on')
          }
          onClick={() => toggle('scan')}
        >
          <span className="jp-SavuList-scanName">
            {editor.scan
              ? PathExt.basename(editor.scan.path)
              : trans.__('Choose a scan')}
          </span>
          <caretDownEmptyIcon.react tag="span" className="jp-SavuButton-icon" />
        </button>
        <RunButton
          editor={editor}
          run="preview"
          label={trans.__('Preview')}
          purpose={trans.__('Try the list on a few rows of the scan')}
        />
        <div className="jp-SavuList-split">
          <RunButton
            editor={editor}
            run="full"
            label={trans.__('Full run')}
            purpose={trans.__('Run the list on the whole scan')}
          />
          {editor.running.fullQueues.length > 1 && (
            <QueueButton editor={editor} />
          )}
        </div>
      </div>
    </div>
  );
}

interface IRunButtonProps {
  editor: ListEditor;
  run: Run;
  label: string;
  purpose: string;
}

function RunButton(props: IRunButtonProps): JSX.Element {
  const { editor, run, label, purpose } = props;
  const { trans } = editor.services;
  const queue = editor.running.queueFor(run);
  const obstacle = editor.running.obstacle(queue);
  const unsaved = editor.context.model.dirty
    ? ` ${trans.__('Runs what is shown, unsaved edits included.')}`
    : '';
  const marks =
    editor.running.marks > 0
      ? ` ${trans.__('Asks first for what is to be filled in.')}`
      : '';
  const reason = obstacle ?? `${purpose}.${marks}${unsaved}`;
  return (
    <button
      type="button"
      className={`jp-SavuButton ${run === 'preview' ? 'jp-mod-primary' : 'jp-mod-outlined'}`}
      aria-label={label}
      // Still in reach of keyboard and pointer, so that the reason can be read.
      aria-disabled={obstacle !== null}
      title={reason}
      onClick={event =>
        // with Shift, how it runs is asked first
        void (event.shiftKey && queue && obstacle === null
          ? editor.services.commands.execute(CommandIDs.submitWithOptions, {
              queue: queue.name
            })
          : editor.running.submit(queue))
      }
    >
      {run === 'preview' && (
        <runIcon.react tag="span" className="jp-SavuButton-icon" />
      )}
      {run === 'preview' ? label : trans.__('Full')}
    </button>
  );
}

/** What is done with the list as a whole, and less often. */
function MoreButton({ editor }: { editor: ListEditor }): JSX.Element {
  const { trans, commands } = editor.services;
  const label = trans.__('More');
  return (
    <button
      type="button"
      className="jp-SavuButton jp-mod-icon"
      aria-label={label}
      aria-haspopup="menu"
      title={hint(label, undefined, 'cite, history, clear, ref, mod -g, help')}
      onClick={event =>
        openMenu(
          event.currentTarget,
          LIST_COMMANDS.map(id => ({
            label: commands.label(id),
            isEnabled: commands.isEnabled(id),
            run: () => void commands.execute(id)
          }))
        )
      }
    >
      <ellipsesIcon.react tag="span" className="jp-SavuButton-icon" />
    </button>
  );
}

/** The arrow of the button for full runs: which queues there are. */
function QueueButton({ editor }: { editor: ListEditor }): JSX.Element {
  const { trans, commands } = editor.services;
  const { running } = editor;
  const label = trans.__('Choose a queue');
  const obstacles = running.fullQueues.map(queue => running.obstacle(queue));
  // Where one engine cannot run the list, that of another queue may.
  const obstacle = obstacles.includes(null) ? null : obstacles[0];
  return (
    <button
      type="button"
      className="jp-SavuButton jp-mod-outlined jp-mod-icon"
      aria-label={label}
      aria-haspopup="menu"
      aria-disabled={obstacle !== null}
      title={obstacle ?? label}
      onClick={event =>
        obstacle === null &&
        openMenu(event.currentTarget, [
          ...running.fullQueues.map((queue, index) => {
            const about = obstacles[index] ?? queue.description;
            return {
              label: about
                ? trans.__('%1: %2', queue.title, about)
                : queue.title,
              isEnabled: obstacles[index] === null,
              run: () => void running.submit(queue)
            };
          }),
          {
            label: trans.__('With options…'),
            run: () => void commands.execute(CommandIDs.submitWithOptions)
          }
        ])
      }
    >
      <caretDownEmptyIcon.react tag="span" className="jp-SavuButton-icon" />
    </button>
  );
}
