import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { cssVariables, dark, light } from './tokens';

const eyeshine: MantineColorsTuple = [
  '#FAFFE5',
  '#F2FCC9',
  '#E9F8A6',
  '#E0F482',
  '#D9F26B',
  '#D2F05A',
  '#C4E83A',
  '#9DBD22',
  '#748D14',
  '#4F6700',
];

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  primaryColor: 'eyeshine',
  primaryShade: { dark: 5, light: 6 },
  autoContrast: true,
  colors: { eyeshine },
  defaultRadius: 6,
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '14px', xl: '20px' },
  cursorType: 'pointer',
  focusRing: 'auto',
});

export const resolver: CSSVariablesResolver = () => ({
  variables: {},
  dark: {
    ...cssVariables(dark),
    '--mantine-color-body': dark.app,
    '--mantine-color-text': dark.t1,
    '--mantine-color-dimmed': dark.t3,
    '--mantine-color-default': dark.s1,
    '--mantine-color-default-hover': dark.s3,
    '--mantine-color-default-border': dark.l2,
    '--mantine-color-placeholder': dark.t3,
  },
  light: {
    ...cssVariables(light),
    '--mantine-color-body': light.app,
    '--mantine-color-text': light.t1,
    '--mantine-color-dimmed': light.t3,
    '--mantine-color-default': light.s1,
    '--mantine-color-default-hover': light.s3,
    '--mantine-color-default-border': light.l2,
    '--mantine-color-placeholder': light.t3,
  },
});
