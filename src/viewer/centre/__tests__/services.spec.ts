import { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../../../tokens';
import { browserCentreServices } from '../services';

const NO_TRIALS = { why: 'It is not on the server.', remedy: null };

/** Commands that set the centre of a list, which has 80 by now. */
function withLists(): { commands: CommandRegistry; ran: unknown[] } {
  const commands = new CommandRegistry();
  const ran: unknown[] = [];
  commands.addCommand(CommandIDs.setCentre, {
    caption: ({ centre }) => `centre_of_rotation ${centre}`,
    isToggled: ({ centre }) => centre === 80,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: args => void ran.push(args)
  });
  return { commands, ran };
}

it('sets the centre in the open list, whatever scan that runs on', () => {
  const { commands, ran } = withLists();
  const services = browserCentreServices(commands, NO_TRIALS);
  expect(services.setting(82)).toEqual({
    isPossible: true,
    isDone: false,
    told: 'centre_of_rotation 82'
  });
  expect(services.setting(80)?.isDone).toBe(true);
  services.set(82);
  expect(ran).toEqual([{ centre: 82 }]);
});

it('makes no trials, and says why', () => {
  const { commands } = withLists();
  const { noTrials, running } = browserCentreServices(commands, NO_TRIALS);
  expect(noTrials).toBe(NO_TRIALS);
  expect(running()).toMatchObject({ isPossible: false, told: NO_TRIALS.why });
});

it('sets nothing where there are no lists', () => {
  const services = browserCentreServices(new CommandRegistry(), NO_TRIALS);
  expect(services.setting(82)).toBeNull();
});
