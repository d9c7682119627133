/** The colour roles of the design, both themes of one shape. Everything else refers to these by role. */
export interface Tokens {
  canvas: string;
  app: string;
  s1: string;
  s2: string;
  s3: string;
  l1: string;
  l2: string;
  l3: string;
  brand: string;
  brandInk: string;
  brandSoft: string;
  brandText: string;
  t1: string;
  t2: string;
  t3: string;
  allow: string;
  allowSoft: string;
  deny: string;
  denySoft: string;
  pass: string;
  passSoft: string;
  staged: string;
  stagedSoft: string;
  threat: string;
  threatSoft: string;
  warn: string;
  warnSoft: string;
  info: string;
  infoSoft: string;
  edge: string;
  /** Groups that mean nothing by themselves, in charts, always next to their names. Graphics only. */
  c1: string;
  c2: string;
  c3: string;
  c4: string;
  c5: string;
  c6: string;
  c7: string;
  c8: string;
}

export const dark: Tokens = {
  canvas: '#090C11',
  app: '#0D1117',
  s1: '#121820',
  s2: '#18202A',
  s3: '#212B38',
  l1: '#1D2530',
  l2: '#2D3846',
  l3: '#66768B',
  brand: '#D2F05A',
  brandInk: '#12180A',
  brandSoft: '#222C14',
  brandText: '#D2F05A',
  t1: '#E9EEF5',
  t2: '#AAB6C6',
  t3: '#8594A9',
  allow: '#46D9C2',
  allowSoft: '#0F2F2D',
  deny: '#FF6F5B',
  denySoft: '#3A1A18',
  pass: '#9DB0C8',
  passSoft: '#202A38',
  staged: '#BBA2FF',
  stagedSoft: '#29213F',
  threat: '#FF5AA5',
  threatSoft: '#3C1329',
  warn: '#F2B544',
  warnSoft: '#352812',
  info: '#7DB7FF',
  infoSoft: '#14273F',
  edge: '#4A858A',
  c1: '#5B9BD5',
  c2: '#4FB0A5',
  c3: '#C99A5B',
  c4: '#8E87D6',
  c5: '#7E9A6C',
  c6: '#C47F9E',
  c7: '#6F8FA3',
  c8: '#A8A15C',
};

export const light: Tokens = {
  canvas: '#F1F4F7',
  app: '#F8FAFB',
  s1: '#FFFFFF',
  s2: '#F4F6F9',
  s3: '#E7ECF1',
  l1: '#E1E7ED',
  l2: '#C8D1DB',
  l3: '#788698',
  brand: '#C4E83A',
  brandInk: '#12180A',
  brandSoft: '#EEF8C9',
  brandText: '#4F6700',
  t1: '#0F1620',
  t2: '#435064',
  t3: '#5C6A7E',
  allow: '#007568',
  allowSoft: '#D8F1EC',
  deny: '#C92A17',
  denySoft: '#FDE8E3',
  pass: '#4E6079',
  passSoft: '#E6ECF3',
  staged: '#6640C9',
  stagedSoft: '#ECE5FC',
  threat: '#A1045C',
  threatSoft: '#FBE0EF',
  warn: '#7A4F00',
  warnSoft: '#FBEBC8',
  info: '#1A5FB4',
  infoSoft: '#E0EDFB',
  edge: '#4E8C89',
  c1: '#2F72B5',
  c2: '#1D8378',
  c3: '#9A6A1F',
  c4: '#665BBC',
  c5: '#577A41',
  c6: '#9C4A70',
  c7: '#4C6E84',
  c8: '#6F6A1E',
};

/** `{ '--t1': '#E9EEF5', … }` */
export function cssVariables(tokens: Tokens): Record<string, string> {
  return Object.fromEntries(Object.entries(tokens).map(([name, value]) => [`--${name}`, value]));
}
