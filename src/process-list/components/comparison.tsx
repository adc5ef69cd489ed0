import type { TranslationBundle } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import type { ILoopPair, IPluginPair, IProcessList } from '../../api';
import type { Catalogue } from '../catalogue';
import {
  type ComparisonModel,
  differences,
  type IFound,
  type ISide
} from '../comparing';
import { toText } from '../values';
import { IconButton } from './buttons';
import { Message } from './message';
import { swapIcon } from './icons';
import { Switch } from './switch';

export interface IComparisonProps {
  model: ComparisonModel;
  catalogue: Catalogue;
  trans: TranslationBundle;
}

/** Two lists side by side, by plugin and parameter. */
export function Comparison(props: IComparisonProps): JSX.Element {
  const { model, trans } = props;
  const [onlyDifferences, setOnly] = useState(true);
  const { found, failure, left, right } = model;
  const count = found ? differences(found) : 0;
  let summary = trans.__('Comparing…');
  if (found) {
    summary = found.equal
      ? trans.__('Both lists do the same')
      : trans._n('%1 difference', '%1 differences', count);
  }
  return (
    <div className="jp-SavuCompare">
      <div
        className="jp-SavuCompare-bar"
        role="toolbar"
        aria-label={trans.__('Comparison')}
      >
        <IconButton
          icon={swapIcon}
          label={trans.__('Swap the sides')}
          onClick={() => model.swap()}
        />
        <IconButton
          icon={refreshIcon}
          label={trans.__('Read both lists again')}
          onClick={() => void model.run()}
        />
        <span className="jp-SavuCompare-only">
          <Switch
            label={trans.__('Only differences')}
            checked={onlyDifferences}
            onChange={setOnly}
          />
          <span aria-hidden={true}>{trans.__('Only differences')}</span>
        </span>
        <span className="jp-SavuCompare-summary" role="status">
          {failure === null ? summary : ''}
        </span>
      </div>
      {failure !== null && (
        <Message
          title={trans.__('The lists cannot be compared')}
          text={failure}
          action={{ label: trans.__('Try again'), run: () => void model.run() }}
        />
      )}
      {found && (
        <div
          className="jp-SavuCompare-scroll"
          tabIndex={0}
          role="region"
          aria-label={trans.__('Differences')}
        >
          <table>
            <thead>
              <tr>
                <td />
                <SideHeader side={left} />
                <SideHeader side={right} />
              </tr>
            </thead>
            {found.plugins
              .filter(({ differs }) => differs || !onlyDifferences)
              .map(pair => (
                <Pair
                  key={`${pair.left} ${pair.right}`}
                  {...props}
                  found={found}
                  pair={pair}
                  onlyDifferences={onlyDifferences}
                />
              ))}
            <Loops
              loops={found.loops.filter(
                ({ differs }) => differs || !onlyDifferences
              )}
              trans={trans}
            />
          </table>
          {found.equal && onlyDifferences && (
            <Message
              title={trans.__('No differences')}
              text={trans.__(
                'The same plugins with the same values, in the same order.'
              )}
            />
          )}
        </div>
      )}
    </div>
  );
}

function SideHeader({ side }: { side: ISide }): JSX.Element {
  return (
    <th scope="col" title={side.detail}>
      {side.title}
      {side.detail !== side.title && <span>{side.detail}</span>}
    </th>
  );
}

interface IPairProps extends IComparisonProps {
  found: IFound;
  pair: IPluginPair;
  onlyDifferences: boolean;
}

function Pair(props: IPairProps): JSX.Element {
  const { pair, found, catalogue, trans, onlyDifferences } = props;
  const { name, left, right } = pair;
  const facts = catalogue.facts(name);
  const typeOf = (parameter: string) =>
    facts?.parameters.find(one => one.name === parameter)?.dtype ?? '';
  // What stands on one side alone has no values to compare.
  const isAlone = left === null || right === null;
  const rows = pair.parameters.filter(
    ({ differs }) => !onlyDifferences || (differs && !isAlone)
  );
  return (
    <tbody className={pair.differs ? 'jp-mod-differs' : ''}>
      <tr className="jp-SavuCompare-plugin">
        <th scope="rowgroup">
          <Mark differs={pair.differs} trans={trans} />
          <Breakable name={name} />
        </th>
        <td>{place(found.left, left, pair, trans)}</td>
        <td>{place(found.right, right, pair, trans)}</td>
      </tr>
      {rows.map(parameter => {
        const text = (value: string | null) =>
          value === null ? (
            <em>{trans.__('none')}</em>
          ) : (
            <code>{toText(value, typeOf(parameter.name)) || "''"}</code>
          );
        const differs = parameter.differs && !isAlone;
        return (
          <tr key={parameter.name} className={differs ? 'jp-mod-differs' : ''}>
            <th scope="row">
              <Mark differs={differs} trans={trans} />
              <Breakable name={parameter.name} />
            </th>
            <td>{left === null ? '' : text(parameter.left)}</td>
            <td>{right === null ? '' : text(parameter.right)}</td>
          </tr>
        );
      })}
    </tbody>
  );
}

/** A name that breaks between its parts where there is little room. */
function Breakable({ name }: { name: string }): JSX.Element {
  return (
    <>
      {name.split(/(?<=_)|(?<=[a-z0-9])(?=[A-Z])/).map((part, index) => (
        <React.Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </React.Fragment>
      ))}
    </>
  );
}

/** Where a plugin stands in a list, and whether it is on. */
function place(
  list: IProcessList,
  index: number | null,
  pair: IPluginPair,
  trans: TranslationBundle
): JSX.Element {
  if (index === null) {
    return <em>{trans.__('not in this list')}</em>;
  }
  const { position, active } = list.plugins[index];
  const remarks = [
    pair.left === null || pair.right === null ? trans.__('only here') : '',
    pair.moved ? trans.__('moved') : '',
    active ? (pair.switched ? trans.__('on') : '') : trans.__('off')
  ].filter(Boolean);
  return (
    <>
      {position}
      {remarks.map(remark => (
        <span key={remark} className="jp-SavuBadge">
          {remark}
        </span>
      ))}
    </>
  );
}

interface ILoopsProps {
  loops: readonly ILoopPair[];
  trans: TranslationBundle;
}

function Loops({ loops, trans }: ILoopsProps): JSX.Element | null {
  const text = (loop: ILoopPair['left']) =>
    loop
      ? trans.__('%1 to %2, × %3', loop.start, loop.end, loop.iterations)
      : trans.__('none');
  return loops.length === 0 ? null : (
    <tbody>
      {loops.map(({ left, right, differs }, index) => (
        <tr key={index} className={differs ? 'jp-mod-differs' : ''}>
          <th scope="row">
            <Mark differs={differs} trans={trans} />
            {trans.__('Repeated plugins')}
          </th>
          <td>{text(left)}</td>
          <td>{text(right)}</td>
        </tr>
      ))}
    </tbody>
  );
}

/** Says by shape, and to screen readers, what the colour says. */
function Mark(props: {
  differs: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  return (
    <span
      className="jp-SavuCompare-mark"
      role={props.differs ? 'img' : undefined}
      aria-label={props.differs ? props.trans.__('differs') : undefined}
    >
      {props.differs ? '≠' : ''}
    </span>
  );
}
