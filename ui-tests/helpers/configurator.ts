/** What the commands of savu_config make of a list, asked of the shell's own grammar. */
import { execFileSync } from 'node:child_process';

import type { IProcessList } from '../../src/api';
import { tool } from '../../scripts/lib/paths.mjs';

const SCRIPT = `
import json, sys
from savu_core.commands import Session, run
from savu_core.files import read_process_list

path, cases = json.load(sys.stdin)
made = {}
for name, lines in cases.items():
    session = Session(read_process_list(path)[0])
    for line in lines:
        session = run(session, line)
    made[name] = session.plist.to_json()
json.dump(made, sys.stdout)
`;

/** The list in a file after the command lines of each case. */
export function afterCommands(
  file: string,
  cases: Record<string, readonly string[]>
): Record<string, IProcessList> {
  const output = execFileSync(tool('python'), ['-c', SCRIPT], {
    input: JSON.stringify([file, cases]),
    encoding: 'utf8'
  });
  return JSON.parse(output);
}

/** What a list does, apart from what else its file holds. */
export function meaning({ plugins, groups }: IProcessList) {
  return {
    groups,
    plugins: plugins.map(({ position, name, active, parameters }) => ({
      position,
      name,
      active,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([key, text]) => [key, JSON.parse(text)])
      )
    }))
  };
}
