import { readLiteral } from '../literal';
import {
  fromText,
  isAtLevel,
  isOfUse,
  isTuned,
  sameValue,
  stepped,
  toText
} from '../values';

const parameter = (dtype: string, fallback = '""') => ({
  dtype,
  default: fallback
});

describe('readLiteral', () => {
  it.each([
    ['84', '84'],
    ['84.', '84.0'],
    ['-.5', '-0.5'],
    ['1e-3', '1e-3'],
    ['007', '7'],
    ['[1, 2.50, None]', '[1, 2.50, null]'],
    ['(\'a\', "b",)', '["a", "b"]'],
    ['{0: 84.5, 10: 85.0}', '{"0": 84.5, "10": 85.0}'],
    ['[]', '[]'],
    ['[tomo, True]', '["tomo", true]'],
    ["'it\\'s'", '"it\'s"']
  ])('reads %s', (text, json) => {
    expect(readLiteral(text)).toBe(json);
  });

  it.each(['', '[1, 2', '1 2', '{1}', "'open", '[,]', 'a]'])(
    'refuses %s',
    text => {
      expect(readLiteral(text)).toBeNull();
    }
  );
});

describe('fromText', () => {
  it.each([
    ['float', '84', '84.0'],
    ['float', '84.50', '84.50'],
    ['int', '84', '84'],
    ['int', '84.0', '84.0'],
    ['[None,float]', '3', '3.0'],
    ['[None,float]', 'None', 'null'],
    ['[str, int]', '3', '3'],
    ['[str, int]', 'fixed', '"fixed"'],
    ['float', '80:87:1;', '"80:87:1;"'],
    ['str', 'np.log(a); b', '"np.log(a); b"'],
    ['str', '84', '"84"'],
    ['str', 'None', '"None"'],
    ['list[float,float]', '[0, 1.5]', '[0, 1.5]'],
    ['preview', '[:, 60:68, :]', '[":", "60:68", ":"]'],
    ['preview', '[]', '[]'],
    ['preview', '[:, mid', '"[:, mid"'],
    ['int', 'rubbish', '"rubbish"']
  ])('a %s typed as %s is %s', (dtype, text, json) => {
    expect(fromText(text, parameter(dtype))).toBe(json);
  });

  it('keeps what is shown as it was', () => {
    const values: [string, string][] = [
      ['[None,float]', 'null'],
      ['float', '84.0'],
      ['int', '84'],
      ['bool', 'true'],
      ['list', '[1, "a \'b\'", [null, 2.50]]'],
      ['[str,dict]', '{"0": 84.5}'],
      ['preview', '[":", "mid-2:mid+3", ":"]'],
      ['[preview, dict{str:preview}, dict{}]', '{"a": [":", "1:2"]}'],
      ['str', '"np.nan_to_num(-np.log(sino))"'],
      ['str', '""']
    ];
    for (const [dtype, json] of values) {
      expect(fromText(toText(json, dtype), parameter(dtype))).toBe(json);
    }
  });
});

describe('values', () => {
  it('compare by what they mean', () => {
    expect(sameValue('84.0', '84')).toBe(true);
    expect(sameValue('[1,2]', '[1, 2]')).toBe(true);
    expect(sameValue('"a"', '"b"')).toBe(false);
    expect(sameValue('NaN', 'NaN')).toBe(true);
    expect(sameValue('NaN', '0')).toBe(false);
  });

  it('step by one, or in the last decimal of a fraction', () => {
    expect(stepped('84.0', 1)).toBe('85.0');
    expect(stepped('0.95', 1)).toBe('0.96');
    expect(stepped('84.5', -10)).toBe('83.5');
    expect(stepped('0', -1)).toBe('-1');
    expect(stepped('"1;2;3"', 1)).toBeNull();
  });

  it('are tuned when they hold several', () => {
    expect(isTuned('"1;2"', 'float')).toBe(true);
    expect(isTuned('"1;2"', 'preview')).toBe(false);
    expect(isTuned('"abc"', 'str')).toBe(false);
  });
});

describe('a parameter', () => {
  const make = (more: object) => ({
    name: 'n_iterations',
    dtype: 'int',
    visibility: 'basic' as const,
    default: '1',
    display: false,
    description: '',
    ...more
  });

  it('is of use with the named values of its parent', () => {
    const child = make({ dependency: { algorithm: ['"SIRT"', '"SART"'] } });
    expect(isOfUse(child, { algorithm: '"SIRT"' })).toBe(true);
    expect(isOfUse(child, { algorithm: '"FBP"' })).toBe(false);
    expect(isOfUse(child, {})).toBe(false);
  });

  it('is of use while a bare parent has a value', () => {
    const child = make({ dependency: { mask: null } });
    expect(isOfUse(child, { mask: 'null' })).toBe(false);
    expect(isOfUse(child, { mask: '"a.h5"' })).toBe(true);
  });

  it('is shown from its level on, and never when hidden', () => {
    expect(isAtLevel(make({}), 'basic')).toBe(true);
    expect(isAtLevel(make({ visibility: 'datasets' }), 'basic')).toBe(false);
    expect(isAtLevel(make({ visibility: 'datasets' }), 'intermediate')).toBe(
      true
    );
    expect(isAtLevel(make({ visibility: 'advanced' }), 'intermediate')).toBe(
      false
    );
    expect(isAtLevel(make({ visibility: 'hidden' }), 'advanced')).toBe(false);
  });
});
