import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IDataTarget } from '../tokens';
import type { IFileAccess } from './access';
import { findDefaultView, type IDefaultView } from './defaultView';
import type { Explorer } from './explorer';
import { Loading, Trouble } from './messages';
import { describeTrouble, type ITrouble } from './trouble';

interface IBrowserProps {
  access: IFileAccess;
  target: IDataTarget;
  /** Another number reads everything again; what is looked at stays. */
  generation: number;
  /** In pixels, when it is first drawn. */
  width: number;
  name: string;
  trans: TranslationBundle;
}

type Content =
  | { is: 'loading' }
  | { is: 'trouble'; trouble: ITrouble }
  | { is: 'ready'; view: IDefaultView; component: typeof Explorer };

/** Everything in a file, by h5web, which is fetched when it is first wanted. */
export function Browser(props: IBrowserProps): JSX.Element {
  const { access, target, generation, width, name, trans } = props;
  const [content, setContent] = React.useState<Content>({ is: 'loading' });
  const [attempt, retry] = React.useReducer((value: number) => value + 1, 0);
  React.useEffect(() => {
    let isCurrent = true;
    const show = (next: Content) => isCurrent && setContent(next);
    Promise.all([
      findDefaultView(access.reader, target.dataset),
      import('./explorer')
    ]).then(
      ([view, { Explorer: component }]) =>
        show({ is: 'ready', view, component }),
      error =>
        show({ is: 'trouble', trouble: describeTrouble(error, name, trans) })
    );
    return () => {
      isCurrent = false;
    };
  }, [access, target, attempt]);
  switch (content.is) {
    case 'loading':
      return <Loading name={name} trans={trans} />;
    case 'trouble':
      return (
        <Trouble trouble={content.trouble} trans={trans} onRetry={retry} />
      );
    case 'ready':
      return (
        <content.component
          access={access}
          path={target.path}
          view={content.view}
          generation={generation}
          width={width}
        />
      );
  }
}
